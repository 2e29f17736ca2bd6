"""The API calls the generator knows, by service; each as CloudTrail would record it."""
