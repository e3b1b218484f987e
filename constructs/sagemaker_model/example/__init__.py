"""Examples of requests and answers, which a served or deployed endpoint is tested with."""
