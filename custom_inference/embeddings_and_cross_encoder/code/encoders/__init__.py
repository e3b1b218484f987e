"""Models that turn texts into numbers, and what the handlers ask of them."""
