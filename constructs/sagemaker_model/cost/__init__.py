"""What the endpoints of an app cost by the hour."""
