"""Mixed models beside lme4, where R and lme4 are installed; both from their formulas, in one run.

``make bench`` writes the table to ``bench/results/lme4.md``. Without R it says so and leaves the
last table as it is.
"""

import os
import platform
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import pandas as pd

from bench.engine import duration, seconds
from datasets import load
from mlcore import Fit, glmm, lmm

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "lme4.md"
RUNS = 11


@dataclass(frozen=True)
class Model:
    """A formula that both read, the family, and the number of quadrature points."""

    name: str
    dataset: str
    formula: str
    family: str = "gaussian"
    points: int = 1


FULL = "gcse ~ lrt + girl + sch_2 + sch_3"
NURSES = "stress ~ expcon + age + gender + experien + wardtype + hospsize"
POPULAR = "high ~ sex + Cextrav + Ctexp + (1 | class)"
MODELS = (
    Model("school, intercept", "school", f"{FULL} + (1 | school)"),
    Model("school, slope", "school", f"{FULL} + (1 + lrt | school)"),
    Model("nurses, three levels", "nurses", f"{NURSES} + (1 | wardid) + (1 | hospital)"),
    Model("pupils, crossed", "pupils", "achiev ~ pupsex + pupses + (1 | pschool) + (1 | sschool)"),
    Model("panel, intercept", "ghq_panel", "ghq ~ lninc + fem + age + (1 | pid)"),
    Model("popular, Laplace", "popularity", POPULAR, "binomial"),
    Model("popular, 7 points", "popularity", POPULAR, "binomial", 7),
)


def rows(model: Model) -> pd.DataFrame:
    data = load(model.dataset).frame
    if model.family == "binomial":
        data["high"] = (data["popular"] > 5).astype(int)
    return data


def ours(model: Model, data: pd.DataFrame) -> Fit:
    if model.family == "gaussian":
        return lmm(model.formula, data)
    return glmm(model.formula, data, n_quad=model.points)


def lme4(model: Model, data: pd.DataFrame) -> tuple[float, float]:
    """Seconds of a fit, and its log-likelihood."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "data.csv"
        data.to_csv(table, index=False)
        asked = [str(table), model.formula, model.family, str(model.points), str(RUNS)]
        done = subprocess.run(
            ["Rscript", str(HERE / "lme4.R"), *asked], capture_output=True, text=True, check=True
        )
    spent, loglik = map(float, done.stdout.split())
    return spent, loglik


def installed() -> bool:
    if shutil.which("Rscript") is None:
        return False
    asked = ["Rscript", "-e", "quit(status = !requireNamespace('lme4', quietly = TRUE))"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def main() -> None:
    if not installed():
        print("R with lme4 is not installed: no comparison (on Debian: r-base-core, r-cran-lme4)")
        return
    lines = [
        "| model | rows | ours | lme4 | faster | log-likelihood |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for model in MODELS:
        data = rows(model)
        spent = median(seconds(partial(ours, model, data)) for _ in range(RUNS))
        peer, loglik = lme4(model, data)
        less = loglik - ours(model, data).loglik
        lines.append(
            f"| {model.name} | {len(data):,} | {duration(spent)} | {duration(peer)} "
            f"| {peer / spent:.0f} × | {less:+.1e} |"
        )
    said = subprocess.run(
        ["Rscript", "-e", "cat(R.version.string, as.character(packageVersion('lme4')))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    table = "\n".join(lines)
    print(table)
    RESULTS.write_text(
        f"# Mixed models beside lme4\n\n{os.cpu_count()} cores; Python "
        f"{platform.python_version()}; {said.rpartition(' ')[0]}, lme4 {said.rpartition(' ')[2]}. "
        f"Medians of {RUNS} fits, both from formula to fit.\n\n{table}\n\n"
        "- *Log-likelihood*: lme4's less ours; below 0, it stopped before the maximum.\n"
    )


if __name__ == "__main__":
    main()
