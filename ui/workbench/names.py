"""What columns and groups are called where they are chosen."""

from __future__ import annotations

from ui.workbench.survey import Survey


def of_column(column: str, survey: Survey) -> str:
    """Its label, and its name where that differs: `Exam score at 16 (gcse)`."""
    known = survey.dataset.variables
    label = known[column].label if column in known else column
    return label if label == column else f"{label} ({column})"


def of_groups(factor: str) -> str:
    """`hospital × ward` for groups of two columns."""
    return " × ".join(factor.split(":"))
