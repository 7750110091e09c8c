"""Nested and crossed models beside statsmodels' `MixedLM`, and what they take when they are large.

``make bench`` writes the table to ``bench/results/crossed.md``. statsmodels fits crossed factors as
variance components within a single group of all rows: possible for the small designs only.
``python -m bench.crossed --quick`` prints these and writes nothing.
"""

import argparse
import os
import platform
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from bench.engine import SEED, duration, peak, seconds, times
from datasets import load
from mlcore import cost, design, fit_design, lmm, simulate

PEER_RUNS = 7
RESULTS = Path(__file__).parent / "results" / "crossed.md"


@dataclass(frozen=True)
class Model:
    """A model with several factors; the peer's `components` vary within its `groups`, or in all."""

    name: str
    fixed: str
    random: str
    runs: int
    data: Callable[[], pd.DataFrame]
    groups: str | None = None
    components: tuple[str, ...] = ()

    @property
    def formula(self) -> str:
        return f"{self.fixed} + {self.random}"


def frame(name: str) -> Callable[[], pd.DataFrame]:
    return lambda: load(name).frame


def simulated(rows: int, levels: dict[str, int]) -> Callable[[], pd.DataFrame]:
    """Rows that meet a level of every factor at random."""

    def draw() -> pd.DataFrame:
        rng = np.random.default_rng(SEED)
        data = pd.DataFrame({name: rng.integers(0, J, rows) for name, J in levels.items()})
        return with_response(data, rng)

    return draw


def nested() -> pd.DataFrame:
    """A million pupils in 50,000 classes of 5,000 schools."""
    rng = np.random.default_rng(SEED)
    pupil = rng.integers(0, 50_000, 1_000_000)
    return with_response(
        pd.DataFrame({"a": pupil, "b": rng.integers(0, 5_000, 50_000)[pupil]}), rng
    )


def movers() -> pd.DataFrame:
    """100,000 people seen five times in one of 1,000 firms; one in ten times it is another one."""
    rng = np.random.default_rng(SEED)
    person = np.repeat(np.arange(100_000), 5)
    firm = rng.integers(0, 1_000, 100_000)[person]
    moved = rng.random(len(person)) < 0.1
    firm[moved] = rng.integers(0, 1_000, moved.sum())
    return with_response(pd.DataFrame({"a": person, "b": firm}), rng)


def with_response(data: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    data = data.assign(x=rng.standard_normal(len(data)))
    y = simulate("y ~ x + (1 | a) + (1 | b)", data, beta=[1.0, 0.5], tau={"a": 0.7, "b": 0.4},
                 sigma=1.0, seed=SEED)  # fmt: skip
    return data.assign(y=y)


NURSES = "stress ~ expcon + age + gender + experien + wardtype + hospsize"
PUPILS = "achiev ~ pupsex + pupses + pdenom + sdenom"
SMALL = (
    Model("nurses, three levels", NURSES, "(1 | hospital) + (1 | wardid)", 51, frame("nurses"),
          "hospital", ("wardid",)),
    Model("pupils, crossed", PUPILS, "(1 | pschool) + (1 | sschool)", 51, frame("pupils"),
          None, ("pschool", "sschool")),
)  # fmt: skip
LARGE = (
    Model("200 × 100 crossed", "y ~ x", "(1 | a) + (1 | b)", 9,
          simulated(20_000, {"a": 200, "b": 100})),
    Model("1,000 × 200 crossed", "y ~ x", "(1 | a) + (1 | b)", 9,
          simulated(100_000, {"a": 1_000, "b": 200})),
    Model("three levels, 50,000 in 5,000", "y ~ x", "(1 | a) + (1 | b)", 5, nested),
    Model("movers, 100,000 × 1,000", "y ~ x", "(1 | a) + (1 | b)", 1, movers),
    Model("10,000 × 1,000 crossed", "y ~ x", "(1 | a) + (1 | b)", 1,
          simulated(1_000_000, {"a": 10_000, "b": 1_000})),
)  # fmt: skip


def peer(model: Model, data: pd.DataFrame) -> tuple[float, float]:
    """Seconds, and the log-likelihood that is reported."""
    import statsmodels.formula.api as smf

    groups = data[model.groups] if model.groups else np.ones(len(data))
    parts = {name: f"0 + C({name})" for name in model.components}
    found: list[float] = []

    def fit() -> None:
        again = smf.mixedlm(model.fixed, data, groups=groups, vc_formula=parts,
                            re_formula="1" if model.groups else "0").fit(reml=True)  # fmt: skip
        found.append(float(again.llf))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return median(seconds(fit) for _ in range(PEER_RUNS)), found[0]


def row(model: Model) -> str:
    data = model.data()
    made = design(model.formula, data)
    expected = cost(made)
    memory = peak(lambda: fit_design(made))
    fit = fit_design(made)
    ours = median(seconds(lambda: fit_design(made)) for _ in range(model.runs))
    whole = median(seconds(lambda: lmm(model.formula, data)) for _ in range(model.runs))
    theirs = ["", "", ""]
    if model.components:
        taken, loglik = peer(model, data)
        theirs = [duration(taken), times(taken / whole), f"{loglik - fit.loglik:+.2g}"]
    cells = [
        model.name,
        f"{fit.n:,}",
        str(len(fit.path)),
        duration(ours),
        duration(whole),
        f"{memory:,.0f} MB" if memory >= 1 else f"{memory:.1f} MB",
        duration(expected.seconds),
        *theirs,
    ]
    return f"| {' | '.join(cells)} |"


HEADER = (
    "| model (REML) | rows | evaluations | design to estimates | formula to `Fit` | peak memory "
    "| expected | statsmodels | faster | log-likelihood |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|---|"
)


def report(rows: list[str]) -> str:
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "as many as there are")
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "statsmodels"))
    return f"""# Nested and crossed models

{os.cpu_count()} cores, BLAS threads: {threads}; Python {platform.python_version()}, {packages}.
Medians, of one run where it takes seconds.

{HEADER}
{chr(10).join(rows)}

- *Expected*: what `cost(design)` says before the fit is begun.
- *Peak memory*: over that of the design.
- *statsmodels*: its variance components, from the formula; *faster* compares with ours from the
  formula. *Log-likelihood*: statsmodels' less ours; below 0, it stopped before the maximum.
- *Three levels*: a million pupils in classes in schools. *Movers*: people who sometimes change
  firms, so that most of the table of people by firms is empty.
"""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true", help="the small designs; write nothing")
    quick = asked.parse_args().quick
    print(HEADER)
    rows = []
    for model in SMALL if quick else SMALL + LARGE:
        rows.append(row(model))
        print(rows[-1], flush=True)
    if not quick:
        RESULTS.write_text(report(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
