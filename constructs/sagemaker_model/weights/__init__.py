"""Where a model's weights come from: the Hub or S3."""
