"""The kinds of deployment: a model package or a container."""
