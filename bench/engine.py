"""Mixed models beside statsmodels' `MixedLM`: the same models and data, in one run.

``make bench`` writes the table to ``bench/results/engine.md``. ``python -m bench.engine --quick``
prints the rows of the school data only and writes nothing: statsmodels needs minutes for the rest.
"""

import argparse
import gc
import os
import platform
import time
import tracemalloc
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from datasets import load
from mlcore import Fit, design, fit_design, lmm, refit, simulate

RESULTS = Path(__file__).parent / "results" / "engine.md"
SEED = 20_260_101
REFITS = 4_000


@dataclass(frozen=True)
class Model:
    """A random intercept for `group` and, if there is a `slope`, that of one predictor too."""

    name: str
    fixed: str
    group: str
    slope: str | None
    runs: int
    peer_runs: int

    @property
    def formula(self) -> str:
        varying = f"1 + {self.slope}" if self.slope else "1"
        return f"{self.fixed} + ({varying} | {self.group})"


@dataclass(frozen=True)
class Measured:
    """Seconds of ours and of the peer, megabytes, and the peer's log-likelihood less ours."""

    model: Model
    fit: Fit
    from_design: float
    from_formula: float
    peer: float
    memory: float
    difference: float
    remark: str


SCHOOL = (
    Model("school, intercept", "gcse ~ lrt + girl + C(schgend)", "school", None, 101, 7),
    Model("school, slope", "gcse ~ lrt + girl + C(schgend)", "school", "lrt", 101, 7),
)
PANEL = (
    Model("panel, intercept", "y ~ x", "person", None, 21, 1),
    Model("panel, slope", "y ~ x", "person", "x", 21, 1),
)
MILLION = (
    Model("million rows, intercept", "y ~ x", "person", None, 9, 1),
    Model("million rows, slope", "y ~ x", "person", "x", 9, 1),
)


def panel(rows: int, people: int) -> pd.DataFrame:
    """People seen a varying number of times, at least once; x is measured, and never repeats."""
    rng = np.random.default_rng(SEED)
    weight = rng.gamma(4.0, size=people)
    more = rng.choice(people, rows - people, p=weight / weight.sum())
    person = np.sort(np.concatenate([np.arange(people), more]))
    x = 0.5 * rng.standard_normal(people)[person] + rng.standard_normal(rows)
    data = pd.DataFrame({"person": person, "x": x})
    data["y"] = simulate(
        "y ~ x + (1 + x | person)",
        data,
        beta=[1.0, 0.5],
        covariance=[[1.0, 0.1], [0.1, 0.25]],
        sigma=2.0,
        seed=SEED,
    )
    return data


def measure(model: Model, data: pd.DataFrame) -> Measured:
    """One model by both, ours first, so that nothing of the peer's is in our memory."""
    gc.collect()
    made = design(model.formula, data)
    memory = peak(lambda: lmm(model.formula, data))
    fit = lmm(model.formula, data)
    from_design = median(seconds(lambda: fit_design(made)) for _ in range(model.runs))
    from_formula = median(seconds(lambda: lmm(model.formula, data)) for _ in range(model.runs))
    peer = MixedLM(model, data)
    times = [seconds(peer.fit) for _ in range(model.peer_runs)]
    return Measured(
        model,
        fit,
        from_design,
        from_formula,
        median(times),
        memory,
        peer.loglik - fit.loglik,
        peer.remark,
    )


class MixedLM:
    """The peer; it keeps the log-likelihood that it reports and what it says of itself."""

    def __init__(self, model: Model, data: pd.DataFrame) -> None:
        self.model, self.data = model, data
        self.loglik, self.remark = float("nan"), ""

    def fit(self) -> None:
        import statsmodels.formula.api as smf

        slope = self.model.slope
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                fit = smf.mixedlm(
                    self.model.fixed,
                    self.data,
                    groups=self.data[self.model.group],
                    re_formula=f"~{slope}" if slope else None,
                ).fit(reml=True)
            except (ValueError, np.linalg.LinAlgError) as error:
                self.remark = f"stops with {type(error).__name__}"
                return
        self.loglik = float(fit.llf)
        self.remark = "" if fit.converged else "says it has not converged"


def seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def peak(call: Callable[[], object]) -> float:
    """Megabytes held at once during a call, over what was held before."""
    tracemalloc.start()
    call()
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return highest / 1e6


def refits_per_second(model: Model, data: pd.DataFrame) -> float:
    fit = lmm(model.formula, data)
    responses = simulate(fit, seed=SEED, size=REFITS)
    return REFITS / median(seconds(lambda: refit(fit, responses)) for _ in range(5))


def two_digits(value: float) -> float:
    return float(f"{value:.2g}")


def duration(value: float) -> str:
    return f"{two_digits(value * 1e3):g} ms" if value < 0.1 else f"{two_digits(value):g} s"


def times(ratio: float) -> str:
    return f"{two_digits(ratio):,.0f} ×"


def row(m: Measured) -> str:
    cells = [
        m.model.name,
        f"{m.fit.n:,}",
        f"{m.fit.n_groups[m.model.group]:,}",
        str(len(m.fit.path)),
        duration(m.from_design),
        times(m.peer / m.from_design),
        duration(m.from_formula),
        times(m.peer / m.from_formula),
        duration(m.peer),
        f"{m.memory:.0f} MB" if m.memory >= 1 else f"{m.memory:.1f} MB",
        f"{m.difference:+.2g}{', ' + m.remark if m.remark else ''}",
    ]
    return f"| {' | '.join(cells)} |"


HEADER = (
    "| model (REML) | rows | groups | evaluations | design to estimates | faster "
    "| formula to `Fit` | faster | statsmodels | peak memory | log-likelihood |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|"
)


def report(rows: list[str], rates: list[float]) -> str:
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "as many as there are")
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "statsmodels"))
    return f"""# Mixed models beside statsmodels

{os.cpu_count()} cores, BLAS threads: {threads}; Python {platform.python_version()}, {packages}.
Medians; both start from the same data frame, statsmodels always from its formula.

{HEADER}
{chr(10).join(rows)}

- *Design to estimates*: from the parsed formula's matrices to θ, β, σ and the log-likelihood.
  *Formula to `Fit`*: all that `lmm` does. *Faster*: statsmodels' time over ours.
- *Evaluations*: of the deviance. *Peak memory*: over that of the data, from formula to `Fit`.
- *Log-likelihood*: statsmodels' less ours; below 0, it stopped before the maximum.
- The panels are simulated, their predictor is measured and never repeats: groups that share their
  x, as in a balanced growth curve, are faster still.
- Refits of {REFITS:,} simulated responses on the school design, a second: {rates[0]:,.0f} with a
  random intercept, {rates[1]:,.0f} with a random slope.
"""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true", help="the school data only; write nothing")
    quick = asked.parse_args().quick
    school = load("school").frame
    work: list[tuple[tuple[Model, ...], Callable[[], pd.DataFrame]]] = [(SCHOOL, lambda: school)]
    if not quick:
        work += [
            (PANEL, lambda: panel(103_306, 21_000)),
            (MILLION, lambda: panel(1_000_000, 100_000)),
        ]
    rates = [refits_per_second(model, school) for model in SCHOOL]
    print(f"refits a second: {rates[0]:,.0f} (intercept), {rates[1]:,.0f} (slope)\n\n{HEADER}")
    rows = []
    for models, make in work:
        data = make()
        for model in models:
            rows.append(row(measure(model, data)))
            print(rows[-1], flush=True)
    if not quick:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(report(rows, rates), encoding="utf-8")


if __name__ == "__main__":
    main()
