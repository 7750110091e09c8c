"""A study repeated 1,000 times, five estimators each, beside statsmodels doing the same.

``make bench`` writes the table to ``bench/results/replication.md``. statsmodels repeats it 10 times
and is taken to need a hundredfold for 1,000. ``python -m bench.replication --quick`` leaves it and
the file out.
"""

import argparse
import os
import platform
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from bench.engine import duration, seconds, times
from mlcore import GroupStudy, RowStudy, bootstrap, design, lmm, replicate, simulate

RESULTS = Path(__file__).parent / "results" / "replication.md"
SEED = 20_260_101
N, PEER_N, RUNS = 1000, 10, 5
SCHOOLS, PUPILS, ICC = 65, 62, 0.05
MODELS = {"OLS": "y ~ x", "multilevel": "y ~ x + (1 | school)"}


def schools() -> pd.DataFrame:
    """65 schools of 62 pupils, and a predictor of the schools that has no effect."""
    data = pd.DataFrame({"school": np.repeat(np.arange(SCHOOLS), PUPILS)})
    x = np.random.default_rng(SEED).standard_normal(SCHOOLS)
    data["x"] = x[data["school"]]
    truth = {"beta": [0.0, 0.0], "tau": ICC**0.5, "sigma": (1.0 - ICC) ** 0.5}
    return data.assign(y=simulate(MODELS["multilevel"], data, seed=SEED, **truth))


def refitting(data: pd.DataFrame) -> RowStudy:
    fitted = {name: design(text, data) for name, text in MODELS.items()}
    covariance = np.array([[ICC]])
    sigma = (1.0 - ICC) ** 0.5
    return RowStudy(fitted["multilevel"], np.zeros(2), covariance, sigma, "x", fitted)


def statsmodels(data: pd.DataFrame) -> float:
    """Seconds for one replication: least squares, two sandwiches, `MixedLM` for z and t."""
    import statsmodels.formula.api as smf

    def once() -> None:
        groups = data["school"]
        plain = smf.ols("y ~ x", data)
        plain.fit()
        for use_correction in (False, True):
            options = {"groups": groups, "use_correction": use_correction}
            plain.fit(cov_type="cluster", cov_kwds=options)
        smf.mixedlm("y ~ x", data, groups=groups).fit(reml=True)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return sum(seconds(once) for _ in range(PEER_N)) / PEER_N


def measure(work: Callable[[], object]) -> float:
    work()
    return median(seconds(work) for _ in range(RUNS))


def all_of(study: GroupStudy | RowStudy) -> Callable[[], object]:
    return lambda: [found.n for found in replicate(study, N, seed=SEED)]


HEADER = "| 1,000 replications | time | statsmodels, for 1,000 | faster |\n|---|--:|--:|--:|"


def rows(*, quick: bool) -> list[str]:
    data = schools()
    closed = measure(all_of(GroupStudy(SCHOOLS, PUPILS, ICC)))
    refits = measure(all_of(refitting(data)))
    fit = lmm("y ~ x + (1 | school)", data)
    draws = measure(lambda: bootstrap(fit, N, seed=SEED))
    peer = float("nan") if quick else N * statsmodels(data)
    return [
        f"| {name} | {duration(ours)} | {said} |"
        for name, ours, said in (
            ("five estimators, in closed form", closed, compared(peer, closed)),
            ("five estimators, from rows", refits, compared(peer, refits)),
            ("parametric bootstrap, random intercept", draws, "| "),
        )
    ]


def compared(peer: float, ours: float) -> str:
    return f"{duration(peer)} | {times(peer / ours)}" if np.isfinite(peer) else "| "


def report(table: list[str]) -> str:
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "as many as there are")
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "statsmodels"))
    return f"""# A study repeated

{SCHOOLS} schools of {PUPILS} pupils, a predictor of the schools without effect, ICC {ICC}; least
squares, CR0 with z, CR1 with t, multilevel with z and with t.
{os.cpu_count()} cores, BLAS threads: {threads}; Python {platform.python_version()}, {packages}.

{HEADER}
{chr(10).join(table)}

- *In closed form*: groups are balanced, so that means and a sum of squares are all that is drawn.
- *From rows*: 4,030 responses are drawn and fitted each time, as for any design.
- statsmodels fits {PEER_N} times; drawing responses is not counted against it.
"""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true", help="without statsmodels; write nothing")
    quick = asked.parse_args().quick
    table = rows(quick=quick)
    print("\n".join([HEADER, *table]))
    if not quick:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(report(table), encoding="utf-8")


if __name__ == "__main__":
    main()
