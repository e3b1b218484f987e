"""Whether a model fits on an instance: arithmetic on what is known of both."""
