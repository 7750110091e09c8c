"""What builds, photographs and examines the house; nothing here is needed to run it."""
