"""How answers are read: by their shape, which is the same for several engines."""
