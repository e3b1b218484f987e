"""What containers and builds write to CloudWatch Logs."""
