"""Printed tables refitted: what `datasets.printed` keeps, computed by the core from the data.

    found = reproduced("school-slope")
    found.badge       # 18 of 49 figures agree …, or: agrees with the lecture to every printed digit
    found.frame()     # printed beside computed, as text

Each model of a table is fitted as the table says; what a row shows is a term's estimate, a
parameter such as `sd(school,lrt)`, or one of the `VALUES` of a fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

import mlcore
from datasets import Comparison, Figure, Table, printed
from mlcore import Fit
from ui import cache, countries

FITS: Mapping[str, Callable[..., Fit]] = MappingProxyType(
    {"ols": mlcore.ols, "lmm": mlcore.lmm, "panel": mlcore.panel, "glm": mlcore.glm,
     "glmm": mlcore.glmm}
)  # fmt: skip


@lru_cache(maxsize=32)
def reproduced(name: str) -> Comparison:
    """The table called `name` beside what the data of its dataset give."""
    table = printed(name)
    figures = {}
    for figure, (row, column) in table.cells.items():
        line, head = table.rows[row], table.columns[column]
        text = table.text(row, column)
        value, p, se = quantity(table, head.model, line.of or row, head.of)
        figures[figure] = Figure(figure, text, value, p if table.stars else None, table.within * se)
    return Comparison(table, MappingProxyType(figures))


def quantity(table: Table, model: str, what: str, of: str) -> tuple[float, float | None, float]:
    """A number of a model; of a coefficient also its p-value and standard error."""
    if table.models[model]["call"] == "scores":
        return float(scores(table.name)[1][of][what]), None, 0.0
    fit = fitted(table.name, model)
    if what == "rows":
        return float(len(rows(table.name))), None, 0.0
    if what in VALUES and of == "estimate":
        return float(VALUES[what](fit)), None, 0.0
    if what in fit.coefficients.index:
        found = fit.coefficients
        value, p, se = (float(found[name][what]) for name in (of, "p", "se"))
        return value, p, se
    return float(mlcore.wald_intervals(fit)[of][what]), None, 0.0


@lru_cache(maxsize=64)
def fitted(name: str, model: str) -> Fit:
    """One of the models of a table, which a lesson may go on with."""
    table = printed(name)
    options = dict(table.models[model])
    call, formula = options.pop("call"), options.pop("formula")
    return FITS[call](formula, rows(name, options.pop("sample", None)), **options)


def rows(name: str, sample: str | None = None) -> Any:
    """The rows that a table's models are fitted to: with scores, or as a sample's moments."""
    table = printed(name)
    if sample is not None:
        return countries.SAMPLES[sample]()
    return scores(name)[0] if table.scores else cache.rows(table.dataset)


@lru_cache(maxsize=8)
def scores(name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows with a table's scores and their standardised copies; the scores by group.

    The last line of the second, `total`, has means over all rows, and all rows with a response.
    """
    table = printed(name)
    given = tuple((score, each["formula"], each["of"]) for score, each in table.scores.items())
    return scored_rows(table.dataset, given)


@lru_cache(maxsize=8)
def scored_rows(
    dataset: str, given: tuple[tuple[str, str, str], ...]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    frame = cache.rows(dataset)
    found = {score: mlcore.lmm(formula, frame) for score, formula, _ in given}
    by_group = pd.DataFrame(
        {score: np.exp(mlcore.effect_scores(found[score])[of]) for score, _, of in given}
    )
    by_group["N"] = mlcore.effect_scores(found[given[0][0]])["n"]
    (group,) = found[given[0][0]].effects
    for score, *_ in given:
        frame = mlcore.scored(frame, group, score, by_group[score])
    total = frame[[score for score, *_ in given]].mean()
    by_group.loc["total"] = total.reindex(by_group.columns).fillna(by_group["N"].sum())
    return frame, by_group.set_axis(by_group.index.astype(str))


def covariance(fit: Fit) -> Any:
    (effects,) = fit.effects.values()
    return effects.covariance


def sizes(fit: Fit) -> Any:
    (grouping,) = fit.design.groupings.values()
    return grouping.sizes


def null_of(fit: Fit) -> Fit:
    """The same response and random intercept without predictors."""
    made = fit.design
    only = replace(made, X=np.ones((made.n, 1)), names=("(Intercept)",))
    return mlcore.fit_design(only)


def by_ml(fit: Fit) -> Fit:
    return mlcore.fit_design(fit.design, reml=False)


def wald(fit: Fit) -> float:
    """All slopes at once, as chi-square."""
    b, V = fit.beta[1:], fit.covariance[1:, 1:]
    return float(b @ np.linalg.solve(V, b))


def r2(fit: Any) -> float:
    """A panel estimator's own: within entities, between them or overall."""
    if isinstance(fit, mlcore.LinearFit):
        return float(fit.r2)
    return float(fit.r2[fit.estimator if fit.estimator in ("within", "between") else "overall"])


def deviance_given(fit: Any) -> float:
    """-2 log-likelihood of binary responses given the random effects, as lme4 prints it."""
    chance = fit.fitted.to_numpy()
    return float(-2.0 * np.log(np.where(fit.observed == 1.0, chance, 1.0 - chance)).sum())


def r2_pseudo(fit: Any) -> float:
    """McFadden's: 1 - ll / ll of a constant."""
    share = fit.observed.mean()
    constant = fit.n * (share * np.log(share) + (1 - share) * np.log(1 - share))
    return float(1.0 - fit.loglik / constant)


def dic(fit: Fit) -> float:
    """As arm::display has it: the deviance of the ML fit, twice, less the REML criterion."""
    if isinstance(fit, mlcore.GlmmFit):
        return 2.0 * deviance_given(fit) + 2.0 * fit.loglik
    return 2.0 * by_ml(fit).deviance - fit.deviance


VALUES: Mapping[str, Callable[[Any], float]] = MappingProxyType(
    {
        "n": lambda fit: fit.n,
        "groups": lambda fit: next(iter(fit.n_groups.values())),
        "moment_groups": lambda fit: len(sizes(fit)),
        "smallest": lambda fit: sizes(fit).min(),
        "mean_size": lambda fit: sizes(fit).mean(),
        "largest": lambda fit: sizes(fit).max(),
        "loglik": lambda fit: fit.loglik,
        "aic": lambda fit: fit.aic,
        "bic": lambda fit: fit.bic,
        "deviance_ml": lambda fit: by_ml(fit).deviance,
        "deviance_given": deviance_given,
        "dic": dic,
        "wald": wald,
        "f": lambda fit: fit.f_test.statistic,
        "r2": r2,
        "r2_adjusted": lambda fit: fit.r2_adjusted,
        "r2_pseudo": r2_pseudo,
        "r2x1000": lambda fit: 1000.0 * r2_pseudo(fit),
        "ss_model": lambda fit: fit.ss_model,
        "ss_residual": lambda fit: fit.ss_residual,
        "ss_total": lambda fit: fit.ss_total,
        "ms_model": lambda fit: fit.ss_model / fit.f_test.df1,
        "ms_residual": lambda fit: fit.sigma**2,
        "ms_total": lambda fit: fit.ss_total / (fit.n - 1),
        "sigma": lambda fit: fit.sigma,
        "sigma2": lambda fit: fit.sigma**2,
        "log_sigma": lambda fit: np.log(fit.sigma),
        "sd_group": lambda fit: np.sqrt(covariance(fit)[0, 0]),
        "log_sd_group": lambda fit: 0.5 * np.log(covariance(fit)[0, 0]),
        "tau00": lambda fit: covariance(fit)[0, 0],
        "tau11": lambda fit: covariance(fit)[1, 1],
        "tau01": lambda fit: covariance(fit)[0, 1],
        "icc": lambda fit: fit.icc.iloc[0],
        "icc_percent": lambda fit: 100.0 * fit.icc.iloc[0],
        "explained": lambda fit: 1.0 - covariance(fit)[0, 0] / covariance(null_of(fit))[0, 0],
    }
)
