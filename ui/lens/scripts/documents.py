"""A script as a document: Quarto for the one in R, a Jupyter notebook for the one in Python."""

from __future__ import annotations

import json


def of(key: str, title: str, script: str) -> list[dict[str, str]]:
    """The documents that are offered beside the script of a program; none for most."""
    stem = "model"
    if key == "r":
        return [{"name": f"{stem}.qmd", "text": quarto(title, script)}]
    if key == "python":
        return [{"name": f"{stem}.ipynb", "text": notebook(title, script)}]
    return []


def quarto(title: str, script: str) -> str:
    """A Quarto document that fits the model when it is rendered."""
    safe = title.replace('"', "'")
    return f'---\ntitle: "{safe}"\nformat: html\n---\n\n```{{r}}\n{script}\n```\n'


def notebook(title: str, script: str) -> str:
    """A notebook, format 4.5: the title, then the script, cut where it has an empty line."""
    cells = [_cell(0, "markdown", f"# {title}")]
    cells += [_cell(i, "code", part) for i, part in enumerate(script.split("\n\n"), 1)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps(
        {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5},
        indent=1,
        ensure_ascii=False,
    )


def _cell(place: int, kind: str, text: str) -> dict[str, object]:
    lines = text.splitlines(keepends=True)
    if kind == "code":
        return {**_bare(place, kind), "execution_count": None, "outputs": [], "source": lines}
    return {**_bare(place, kind), "source": lines}


def _bare(place: int, kind: str) -> dict[str, object]:
    return {"cell_type": kind, "id": f"cell-{place}", "metadata": {}}
