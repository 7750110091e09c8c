"""Models fitted to means and cross-products."""
