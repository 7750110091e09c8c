"""Nested and crossed grouping factors."""
