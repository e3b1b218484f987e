"""How a model is served."""
