"""What is known of models before they are deployed: ``models.lock.json``."""
