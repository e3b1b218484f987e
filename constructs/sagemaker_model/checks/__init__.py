"""What is checked before anything is deployed: small pure rules, each with an id."""
