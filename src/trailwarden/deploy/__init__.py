"""A stack to AWS: the built-in stack as CloudFormation and as Terraform."""
