"""What answers behind an endpoint: the real toolkit where it can, a stand-in that says so."""
