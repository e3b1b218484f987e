"""What the local AWS downloads once: it is prepared in a cache folder, and used again."""
