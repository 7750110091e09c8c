"""Panels, and residuals that remember."""
