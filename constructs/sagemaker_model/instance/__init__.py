"""Instance types: what each one has, and where it is offered."""
