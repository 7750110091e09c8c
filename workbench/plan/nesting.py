"""Two fits side by side: a likelihood-ratio test where one is valid, else why there is none.

A test needs the same rows, the same outcome, one kind of likelihood, and a model that contains the
other. REML likelihoods of different fixed parts are those of different data: these fits are made
again by ML, as R's `anova` does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from mlcore import Fit, LikelihoodRatio, MultilevelError, PanelFit, lr_test
from workbench.plan.problems import listed, sentence
from workbench.plan.request import WORDS, Request

Refit = Callable[[Request, pd.Index], Fit]


@dataclass(frozen=True, eq=False)
class Model:
    """A fit with the request that it answers and the name it goes by in a table."""

    name: str
    request: Request
    fit: Fit

    @property
    def rows(self) -> pd.Index:
        return self.fit.design.index

    def by_ml(self, refit: Refit) -> Model:
        """The same model by ML, if it was estimated by REML."""
        if self.request.estimator != "reml":
            return self
        request = replace(self.request, estimator="ml")
        return replace(self, request=request, fit=refit(request, self.rows))


@dataclass(frozen=True)
class Pair:
    """The models by name, the smaller first; `result` is None where no test is valid.

    `words` are the test's sentence or the reason, and what to compare instead. `refitted` says that
    the likelihoods are those of ML fits made for the test, `other_rows` that the models would have
    to be fitted to the rows that they share first.
    """

    small: str
    large: str
    words: str
    result: LikelihoodRatio | None = None
    refitted: bool = False
    other_rows: bool = False


def weighed(one: Model, two: Model, refit: Refit) -> Pair:
    """The test of two models, whichever is the smaller."""
    small, large = sorted((one, two), key=lambda model: model.fit.df_model)
    reason = beyond_likelihood(small, large)
    if reason:
        return Pair(small.name, large.name, reason)
    if not small.rows.equals(large.rows):
        return Pair(small.name, large.name, other_rows(small, large), other_rows=True)
    unfinished = [model.name for model in (small, large) if not model.fit.converged]
    if unfinished:
        reason = f"The search for model {listed(unfinished)} did not end: nothing can be compared."
        return Pair(small.name, large.name, reason)
    again = needs_ml(small, large)
    if again:
        small, large = small.by_ml(refit), large.by_ml(refit)
    try:
        result = lr_test(small.fit, large.fit)
    except MultilevelError as error:
        return Pair(small.name, large.name, why_not(error, small, large), refitted=again)
    said = " Both were fitted again by ML for this test." if again else ""
    if small.fit.boundary:
        said += (
            f" A variance of model {small.name} is estimated as zero: there the mixture is a guide "
            "only."
        )
    return Pair(small.name, large.name, f"{result.sentence}{said}", result, refitted=again)


def needs_ml(small: Model, large: Model) -> bool:
    """Whether a REML fit stands beside one with another fixed part, or of another likelihood."""
    by = {small.request.estimator, large.request.estimator}
    if "reml" not in by:
        return False
    same = small.fit.design.names == large.fit.design.names
    return by != {"reml"} or not (same and np.array_equal(small.fit.design.X, large.fit.design.X))


def beyond_likelihood(small: Model, large: Model) -> str:
    """What rules out a test of likelihoods from the start; empty if nothing does."""
    if small.request.kind != large.request.kind or outcome(small) != outcome(large):
        return (
            "The models have different outcomes: neither their likelihoods nor AIC and BIC can be "
            "compared."
        )
    return beyond(small) or beyond(large)


def beyond(model: Model) -> str:
    """Why a model has no likelihood of the data; empty if it has."""
    by = WORDS[model.request.estimator]
    if isinstance(model.fit, PanelFit):
        return (
            f"“{by}” fits transformed rows, whose likelihood is not that of the data. Compare the "
            "slopes and their standard errors; where those within groups differ from the others, "
            "groups differ in ways that go with the predictors."
        )
    if model.request.estimator in ("cluster", "glm-cluster", "gee"):
        return (
            f"“{by}” takes rows of one group as related without saying how, so that there is no "
            "likelihood to test with. Compare estimates with their standard errors, or test "
            "coefficients by their z."
        )
    return ""


def outcome(model: Model) -> str:
    return str(model.fit.design.formula.response)


def other_rows(small: Model, large: Model) -> str:
    both = len(small.rows.intersection(large.rows))
    return (
        f"The models were fitted to different rows, {small.fit.n:,} and {large.fit.n:,}: "
        "likelihoods of different data cannot be compared, nor AIC and BIC. Fit both to the "
        f"{both:,} rows that they share."
    )


def why_not(error: MultilevelError, small: Model, large: Model) -> str:
    """The reason in words, and what to compare instead."""
    match error.kind:
        case "no more parameters":
            count = small.fit.df_model
            return (
                f"Both models have {count} parameters: neither contains the other. Compare AIC and "
                "BIC: the smaller, the better it would predict."
            )
        case "not nested":
            return (
                f"Model {large.name} lacks {listed(error.about)}, which model {small.name} has: "
                "neither contains the other. Compare AIC and BIC."
            )
        case "other likelihood":
            return (
                f"“{WORDS[small.request.estimator]}” and “{WORDS[large.request.estimator]}” work "
                "out the likelihood in two ways. Fit both in the same way."
            )
        case "fits worse":
            return (
                f"Model {large.name} contains model {small.name} and yet fits worse: one of the "
                "searches has not come to its end. See what is said of each fit."
            )
    return f"{sentence(str(error))} Compare the estimates."
