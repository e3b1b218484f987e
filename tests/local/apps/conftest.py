"""Apps are run by the CDK CLI with a context of theirs, and are no tests."""

collect_ignore_glob = ["*"]
