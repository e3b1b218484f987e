"""What AWS's services are documented to do as a role, before anybody wrote a policy for them."""
