"""Proof that an endpoint answers: asked when it is made or updated, and while it is rolled out."""
