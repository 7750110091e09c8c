"""One coefficient by several models of rows that belong to people.

For a trend: random intercepts, random slopes, residuals that remember, occasions that hit
everybody, and none of it. For a predictor in the panel: the lecture's columns, and three that go
on from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import floor, log10

import numpy as np

from mlcore import Fit, GrowthFit, growth, lmm, ols, panel
from ui import cache
from ui.prose import fixed, share
from ui.reproduced import fitted


@dataclass(frozen=True)
class Line:
    """What a model asks, its name, the coefficient, its standard error, and what else it finds."""

    asks: str
    model: str
    estimate: float
    se: float
    also: str = ""


@lru_cache(maxsize=4)
def trends(name: str) -> tuple[Line, ...]:
    """The trend of a case with a time, by five models."""
    it = cache.case(name)
    m, rows = it.model, cache.rows(name)
    line, person = f"{m.outcome} ~ {m.predictor}", f"(1 | {m.group})"
    unit, time = it.measure(m.outcome), per(name)

    def sd(fit: Fit, group: str, place: int, form: int = 2) -> str:
        spreads = np.sqrt(np.diagonal(fit.random_covariance[group]))
        return f"{fixed(float(spreads[place]), form)} {unit}"

    models: list[tuple[str, str, Fit, Callable[[Fit], str]]] = [
        (
            "People differ in height",
            "random intercept",
            cache.fit(it.intercepts, name),
            lambda fit: f"SD of heights {sd(fit, m.group, 0)}",
        ),
        (
            "People differ in height and in trend",
            "growth curve",
            cache.fit(it.slopes, name),
            lambda fit: f"SD of trends {sd(fit, m.group, 1, digits(name))}",
        ),
        (
            f"A bad {time} lasts into the next",
            "random intercept, AR(1)",
            growth(f"{line} + {person}", rows, time=m.time, correlation="exponential"),
            remembered,
        ),
        (
            f"A bad {time} is bad for all",
            f"people crossed with {time}s",
            lmm(f"{line} + {person} + (1 | {m.time})", rows),
            lambda fit: f"SD of {time}s {sd(fit, m.time, 0)}",
        ),
        (
            "Rows of a person go together, never mind how",
            "least squares, cluster-robust",
            ols(line, rows, cluster=m.group),
            lambda fit: f"{len(it.sizes):,} clusters",
        ),
    ]
    return tuple(
        Line(asks, model, *of(fit, m.predictor), also(fit)) for asks, model, fit, also in models
    )


def per(name: str) -> str:
    """The unit of a case's time: `day`, `year`."""
    it = cache.case(name)
    return it.measure(it.model.predictor).removesuffix("s")


@lru_cache(maxsize=4)
def digits(name: str) -> int:
    """Decimals that show two significant digits of the trend's standard error."""
    _, se = of(cache.fit(cache.case(name).intercepts, name), cache.model(name).predictor)
    return max(0, 1 - floor(log10(se)))


def remembered(fit: Fit) -> str:
    assert isinstance(fit, GrowthFit)
    return f"φ = {share(fit.phi)}"


@lru_cache(maxsize=1)
def movers() -> tuple[int, int]:
    """In the GHQ panel: people whose "no qualification" ever changes, and all people."""
    each = cache.rows("ghq_panel").groupby("pid")["noed"]
    return int((each.max() > each.min()).sum()), each.ngroups


@lru_cache(maxsize=1)
def incomes() -> tuple[Line, ...]:
    """Log income in the GHQ panel: the lecture's five columns, then three more."""
    rows = cache.rows("ghq_panel")
    changing = "ghq ~ lninc + hied + noed + convot + labvot"
    within = "ghq ~ lninc + age + age2 + hied + noed + convot + labvot"
    asks = {
        "lin2": ("any two interviews", "least squares"),
        "clus2": ("any two interviews", "cluster-robust"),
        "be2": ("two people’s means", "between"),
        "fe2": ("one person, a year against their own mean", "fixed effects"),
        "re2": ("a weighted mean of the two before", "random effects"),
    }
    more = [
        (
            "one person, a wave against the one before",
            "first differences",
            panel(changing, rows, entity="pid", time="year", estimator="first_difference",
                  cluster="pid"),
        ),
        (
            "one person, each year’s mean taken out",
            "fixed effects, two ways",
            panel(within, rows, entity="pid", time="year", estimator="within", effects="twoways"),
        ),
        (
            "as random effects, years drawn too",
            "crossed random effects",
            lmm(f"{within} + fem + (1 | pid) + (1 | year)", rows),
        ),
    ]  # fmt: skip
    lines = [Line(*words, *of(fitted("ghq_panel", name), "lninc")) for name, words in asks.items()]
    return (*lines, *(Line(what, model, *of(fit, "lninc")) for what, model, fit in more))


def of(fit: Fit, term: str) -> tuple[float, float]:
    """A coefficient and its standard error."""
    place = list(fit.coefficients.index).index(term)
    found = fit.coefficients[["estimate", "se"]].to_numpy(dtype=float)[place]
    return float(found[0]), float(found[1])
