"""Binary outcomes and counts with random effects, beside statsmodels' variational Bayes.

``make bench`` writes the table to ``bench/results/glmm.md``. statsmodels has no maximum likelihood
for these models; its `BinomialBayesMixedGLM` and `PoissonBayesMixedGLM` are the nearest it offers.
``python -m bench.glmm --quick`` leaves statsmodels and the file out.
"""

import argparse
import os
import platform
import warnings
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from bench.engine import duration, seconds, times
from datasets import load
from mlcore import GlmmFit, fit_generalised, glmm
from mlcore.discrete.responses import respond

RESULTS = Path(__file__).parent / "results" / "glmm.md"


@dataclass(frozen=True)
class Model:
    """A random intercept for `group` and, if there is a `slope`, that of one predictor too."""

    name: str
    fixed: str
    group: str
    slope: str | None = None
    family: str = "binomial"
    n_quad: int = 1
    runs: int = 51
    peer_runs: int = 3

    @property
    def formula(self) -> str:
        varying = f"1 + {self.slope}" if self.slope else "1"
        return f"{self.fixed} + ({varying} | {self.group})"

    def components(self) -> dict[str, str]:
        """The same for statsmodels, without a correlation, which it does not have."""
        slope = {"slope": f"0 + C({self.group}):{self.slope}"} if self.slope else {}
        return {"intercept": f"0 + C({self.group})"} | slope


POPULAR, WELL = "high ~ sex + Cextrav + Ctexp", "well ~ agegpt + sex"
CLASSES = (
    Model("popular, intercept, Laplace", POPULAR, "`class`"),
    Model("popular, intercept, 7 points", POPULAR, "`class`", n_quad=7),
    Model("popular, slope, Laplace", POPULAR, "`class`", "Cextrav"),
    Model("votes, intercept, Laplace", "votes ~ sex + Cextrav + Ctexp", "`class`", None, "poisson"),
)
CENSUS = (
    Model("census, intercept, Laplace", WELL, "cell", runs=21, peer_runs=1),
    Model("census, slope, Laplace", WELL, "cell", "agegpt", runs=21, peer_runs=1),
)


def classes() -> pd.DataFrame:
    """2,000 pupils: popular or not, and popularity cut to a count."""
    data = load("popularity").frame
    cuts = (5, 6, 6.5, 7, 7.5, 8)
    votes = sum((data["popular"] > cut).astype(int) for cut in cuts)
    return data.assign(high=(data["popular"] > 5).astype(int), votes=votes)


def census() -> pd.DataFrame:
    """63,388 people in 118 cells of occupation by industry: in good health or not."""
    data = load("census").frame
    cell = data["occupat1t"].fillna(0) * 100 + data["indus1ts"].fillna(0)
    return data.assign(cell=cell.astype(int), well=(data["health1"] <= 2).astype(int))


def statsmodels(model: Model, data: pd.DataFrame) -> tuple[float, str]:
    """Seconds, and the SD of the intercepts that it finds."""
    from statsmodels.genmod import bayes_mixed_glm as bayes

    kind = {
        "binomial": bayes.BinomialBayesMixedGLM,
        "poisson": bayes.PoissonBayesMixedGLM,
    }[model.family]
    found: list[float] = []

    def fit() -> None:
        plain = data.rename(columns={"class": "classroom"})
        parts = {k: v.replace("`class`", "classroom") for k, v in model.components().items()}
        peer = kind.from_formula(model.fixed, parts, plain).fit_vb()
        found.append(float(np.exp(peer.vcp_mean[0])))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        took = min(seconds(fit) for _ in range(model.peer_runs))
    return took, f"{found[-1]:.3f}"


def row(model: Model, data: pd.DataFrame, *, quick: bool) -> str:
    def ours() -> GlmmFit:
        return glmm(model.formula, data, family=model.family, n_quad=model.n_quad)

    fit = ours()
    made, outcome = respond(model.formula, data, family=model.family)
    from_design = min(
        seconds(lambda: fit_generalised(made, outcome, n_quad=model.n_quad))
        for _ in range(model.runs)
    )
    from_formula = min(seconds(ours) for _ in range(model.runs))
    peer, sd = (float("nan"), "") if quick else statsmodels(model, data)
    cells = [
        model.name,
        f"{fit.n:,}",
        str(*fit.n_groups.values()),
        str(len(fit.maximum.path)),
        duration(from_design),
        duration(from_formula),
        "" if quick else duration(peer),
        "" if quick else times(peer / from_formula),
        f"{fit.variance_components['sd'].iloc[0]:.3f}",
        sd,
    ]
    return f"| {' | '.join(cells)} |"


HEADER = (
    "| model | rows | groups | evaluations | design to estimates | formula to fit | statsmodels "
    "| faster | SD of intercepts | statsmodels' |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


def report(rows: list[str]) -> str:
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "as many as there are")
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "statsmodels"))
    return f"""# Binary outcomes and counts with random effects

{os.cpu_count()} cores, BLAS threads: {threads}; Python {platform.python_version()}, {packages}.
The best of several runs (ours 51, of the census 21; statsmodels' 3, of the census 1); both start
from the same data frame.

{HEADER}
{chr(10).join(rows)}

- *Design to estimates*: from the parsed formula's matrices to estimates, standard errors and modes.
  *Formula to fit*: all that `glmm` does. *Faster*: statsmodels' time over that.
- *Evaluations*: of the marginal likelihood and its gradient, those for the Hessian not counted.
- statsmodels has no maximum likelihood for these models: what is shown is its variational Bayes,
  with its default priors, an approximation to something else, and without correlated slopes. Its
  search starts at random, so that time and SD vary from run to run.
"""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true", help="without statsmodels; write nothing")
    quick = asked.parse_args().quick
    print(HEADER)
    rows = []
    for models, make in ((CLASSES, classes), (CENSUS, census)):
        data = make()
        for model in models:
            rows.append(row(model, data, quick=quick))
            print(rows[-1], flush=True)
    if not quick:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(report(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
