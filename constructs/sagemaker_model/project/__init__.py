"""What ``init`` writes: a CDK app that deploys a model, and inference code for it."""
