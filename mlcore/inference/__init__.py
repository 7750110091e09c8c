"""Tests, intervals, shares of variance, scores."""
