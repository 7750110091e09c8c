"""Panel estimators and growth curves beside statsmodels, on 103,306 rows of 21,000 people.

``make bench`` writes the table to ``bench/results/panel.md``. statsmodels has no panel estimators:
what a reader would do in its place is measured, means taken with pandas and `OLS` on what is left.
"""

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from bench.engine import duration, seconds
from bench.engine import panel as people
from mlcore import Fit, growth, lmm, panel
from mlcore.arrays import Array

RESULTS = Path(__file__).parent / "results" / "panel.md"
RUNS = 9


@dataclass(frozen=True)
class Task:
    """One estimate by us and, where it has a way, by the peer: its slope, and the slope's SE."""

    name: str
    ours: Callable[[], Fit]
    peer: Callable[[], tuple[float, float]] | None


def tasks(data: pd.DataFrame) -> list[Task]:
    def fit(estimator: str, cluster: str | None = None) -> Callable[[], Fit]:
        return lambda: panel(
            "y ~ x", data, entity="person", time="wave", estimator=estimator, cluster=cluster
        )

    def serial() -> Fit:
        return growth("y ~ x + (1 | person)", data, time="wave")

    return [
        Task("pooled, clustered", fit("pooled", "person"), lambda: peer_pooled(data)),
        Task("within, clustered", fit("within", "person"), lambda: peer_within(data)),
        Task("between", fit("between"), lambda: peer_between(data)),
        Task("first difference", fit("first_difference"), lambda: peer_difference(data)),
        Task("random, Swamy–Arora", fit("random"), None),
        Task("random intercept by REML", lambda: lmm("y ~ x + (1 | person)", data), None),
        Task("the same with AR(1)", serial, None),
    ]


def slope(y: Array, X: Array, clusters: Array | None = None) -> tuple[float, float]:
    import statsmodels.api as sm

    asked = {} if clusters is None else {"cov_type": "cluster", "cov_kwds": {"groups": clusters}}
    fit = sm.OLS(y, X).fit(**asked)
    return float(fit.params[-1]), float(fit.bse[-1])


def with_constant(x: "pd.Series[float]") -> Array:
    return np.column_stack([np.ones(len(x)), x])


def peer_pooled(data: pd.DataFrame) -> tuple[float, float]:
    return slope(data["y"].to_numpy(), with_constant(data["x"]), data["person"].to_numpy())


def peer_within(data: pd.DataFrame) -> tuple[float, float]:
    columns = data[["y", "x"]]
    left = columns - columns.groupby(data["person"]).transform("mean")
    return slope(left["y"].to_numpy(), with_constant(left["x"]), data["person"].to_numpy())


def peer_between(data: pd.DataFrame) -> tuple[float, float]:
    means = data.groupby("person")[["y", "x"]].mean()
    return slope(means["y"].to_numpy(), with_constant(means["x"]))


def peer_difference(data: pd.DataFrame) -> tuple[float, float]:
    ordered = data.sort_values(["person", "wave"])
    changes = ordered.groupby("person")[["y", "x"]].diff().dropna()
    return slope(changes["y"].to_numpy(), with_constant(changes["x"]))


def row(task: Task) -> str:
    ours = task.ours()
    own = median(seconds(task.ours) for _ in range(RUNS))
    if task.peer is None:
        return f"| {task.name} | {duration(own)} | | | |"
    there = task.peer()
    table = ours.coefficients.loc["x"]
    apart = max(abs(table["estimate"] / there[0] - 1.0), abs(table["se"] / there[1] - 1.0))
    peer = median(seconds(task.peer) for _ in range(RUNS))
    return (
        f"| {task.name} | {duration(own)} | {duration(peer)} | {peer / own:.1f} × | {apart:.0e} |"
    )


HEADER = "| estimator | ours | statsmodels | faster | apart |\n|---|--:|--:|--:|--:|"


def report(rows: list[str], data: pd.DataFrame) -> str:
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "as many as there are")
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "pandas", "statsmodels"))
    return f"""# Panel estimators beside statsmodels

{len(data):,} rows of {data["person"].nunique():,} people, simulated. {os.cpu_count()} cores, BLAS
threads: {threads}; Python {platform.python_version()}, {packages}. Medians of {RUNS}, from the data
frame to the `Fit`.

{HEADER}
{chr(10).join(rows)}

- *statsmodels*: means or differences taken with pandas, then `OLS`. It has no random effects by
  Swamy and Arora, and no mixed model with serial correlation; its `MixedLM` is in
  [engine.md](engine.md).
- Ours reads a formula and looks for missing values, repeated times and collinear columns;
  statsmodels is given clean columns.
- *Apart*: the greater relative difference of the slope and of its standard error.
"""


def main() -> None:
    data = people(103_306, 21_000)
    data["wave"] = data.groupby("person").cumcount()
    print(HEADER)
    rows = []
    for task in tasks(data):
        rows.append(row(task))
        print(rows[-1], flush=True)
    RESULTS.write_text(report(rows, data), encoding="utf-8")


if __name__ == "__main__":
    main()
