"""Binary outcomes, counts, categories."""
