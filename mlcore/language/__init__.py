"""From a formula's text to columns of numbers."""
