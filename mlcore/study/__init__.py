"""What is drawn from a model, and fitted again."""
