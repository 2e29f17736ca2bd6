"""Where records come from: folders, S3, SQS, CloudWatch Logs."""
