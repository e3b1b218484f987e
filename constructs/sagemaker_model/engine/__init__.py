"""The engines that serve models: what each one is told, and in which variables."""
