"""One grouping factor, and least squares."""
