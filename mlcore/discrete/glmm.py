"""The generalised linear mixed model: design, outcome, marginal likelihood, its maximum."""

import numpy as np
import pandas as pd

from mlcore.arrays import Array
from mlcore.discrete.arrow import Effects
from mlcore.discrete.generalised import GlmmFit, ModalEffects
from mlcore.discrete.marginal import Grid, Marginal, grid, marginal
from mlcore.discrete.merging import merge
from mlcore.discrete.outcomes import Outcome
from mlcore.discrete.predictor import Predictor, predictor
from mlcore.discrete.responses import respond
from mlcore.discrete.search import Maximum, maximise, noise
from mlcore.discrete.separation import refuse_separation
from mlcore.discrete.start import fixed_mode, starting_point
from mlcore.errors import DataError, FormulaError, UnsupportedError
from mlcore.gaussian.effects import boundary_messages
from mlcore.gaussian.scaling import standardise
from mlcore.language.design import Design, Grouping
from mlcore.progress import watched

MOST_CELLS = 5_000  # points of a grid
ENDLESS = 20.0  # standard deviation, on the scale of a logit: odds of e^20 between groups


def glmm(
    formula: str,
    data: pd.DataFrame,
    *,
    family: str = "binomial",
    link: str | None = None,
    n_quad: int = 1,
    trials: str | None = None,
) -> GlmmFit:
    """Fit a binary outcome or a count with random effects, `popular ~ sex + (1 | class)`.

    `family` is "binomial", with link "logit" or "probit", or "poisson", with "log". A binomial
    response is 0 or 1, or the number of successes in as many trials as the column `trials` says.
    `n_quad` = 1 is Laplace's approximation, for any random terms; more are that many points of
    adaptive Gauss-Hermite quadrature in each direction, for one grouping factor.
    """
    model, outcome = respond(formula, data, family=family, link=link, trials=trials)
    return fit_generalised(model, outcome, n_quad=n_quad)


def fit_generalised(model: Design, outcome: Outcome, *, n_quad: int = 1) -> GlmmFit:
    """Fit a formula that has been applied to data."""
    check_random(model, outcome)
    made = standardise(model)
    layout = merge(predictor(model, made, made.X, outcome))
    start, _, found = fixed_mode(layout.X, layout.outcome)
    if not found:
        refuse_separation(model.names, model.X, outcome)
    maximum = search(layout, start, n_quad, constant=outcome.constant)
    still = at_boundary(layout, maximum)
    T = made.scaling.fixed
    spread, remarks = estimated_covariance(layout, maximum)
    return GlmmFit(
        design=model,
        method=method(n_quad),
        beta=made.scaling.beta(maximum.at.phi[layout.beta], 0.0),
        covariance=T @ spread[layout.beta, layout.beta] @ T.T,
        df=np.full(len(T), np.inf),
        sigma=np.nan,
        loglik=outcome.constant - 0.5 * maximum.at.deviance,
        df_model=layout.size,
        effects=modal_effects(model, layout, maximum),
        converged=maximum.converged,
        boundary=bool(still),
        messages=model.messages + still + remarks,
        family=outcome.family,
        outcome=outcome,
        predictor=layout,
        maximum=maximum,
        n_quad=n_quad,
    )


def search(layout: Predictor, beta: Array, n_quad: int, *, constant: float) -> Maximum:
    """The maximum of the marginal likelihood, sought from the beta of a model without effects.

    `constant` is that of the log-likelihood of unmerged rows, for whoever watches.
    Laplace's approximation may have a second maximum, below the one without any variance.
    """
    points = None if n_quad == 1 else quadrature(layout, n_quad)

    def value(phi: Array, start: Effects) -> Marginal | None:
        return marginal(phi, layout, points, start)

    evaluate = watched(value, lambda at: at.deviance - 2.0 * constant if at else np.inf)
    zeros = tuple(np.zeros((f.q, f.J)) for f in layout.factors)
    start = evaluate(starting_point(layout, beta), zeros)
    if start is None:
        start = evaluate(starting_point(layout, np.zeros_like(beta)), zeros)
    if start is None:
        raise DataError(
            "the likelihood cannot be computed: is the response of a plausible size?", "huge"
        )
    found = maximise(evaluate, start, layout)
    still = starting_point(layout, beta, spread=0.0)
    loglik, _ = layout.outcome.slope(layout.X @ beta, layout.kappa(still))
    if not found.at.deviance > -2.0 * float(loglik.sum()) + noise(found.at):
        return found
    without = evaluate(still, zeros)
    return found if without is None else maximise(evaluate, without, layout)


def quadrature(layout: Predictor, n_quad: int) -> Grid:
    """The points, unless there would be too many or they would not suit the model."""
    if n_quad != int(n_quad) or n_quad < 1:
        raise UnsupportedError(f"n_quad is a number of points, 1 or more, not {n_quad!r}")
    if len(layout.factors) > 1:
        names = " and ".join(f.grouping.name for f in layout.factors)
        raise UnsupportedError(
            f"quadrature is for one grouping factor, here are {names}: use n_quad=1 (Laplace)",
            "quadrature",
        )
    q = layout.factors[0].q
    if n_quad**q > MOST_CELLS:
        raise UnsupportedError(
            f"{n_quad} points for each of {q} random effects are {n_quad**q:,} a group: "
            f"use n_quad={int(MOST_CELLS ** (1 / q))} or fewer",
            "quadrature",
        )
    return grid(n_quad, q)


def modal_effects(model: Design, layout: Predictor, maximum: Maximum) -> dict[str, ModalEffects]:
    """By grouping factor, in the formula's order, the effects in the user's units."""
    at = maximum.at
    variances = at.modes.curvature.variances() if layout.factors else ()
    made = {}
    for f, Lambda, b, V in zip(
        layout.factors, layout.lambdas(at.phi), at.modes.b, variances, strict=True
    ):
        root = f.back @ Lambda
        made[f.grouping.name] = ModalEffects(
            grouping=f.grouping,
            names=f.names,
            pattern=f.pattern,
            back=f.back,
            root=f.pattern.matrix(f.pattern.theta(root)),
            values=(root @ b).T,
            conditional=root @ np.moveaxis(V, -1, 0) @ root.T,
        )
    return {part.group: made[part.group] for part in model.random}


def estimated_covariance(layout: Predictor, maximum: Maximum) -> tuple[Array, tuple[str, ...]]:
    """The covariance matrix of all estimates, and what there is to say against it."""
    said: tuple[str, ...] = ()
    if not maximum.converged:
        said = (f"not converged after {len(maximum.path)} evaluations: do not use the estimates",)
    lambdas = layout.lambdas(maximum.at.phi)
    if any(float(np.abs(Lambda).max()) > ENDLESS for Lambda in lambdas):
        said += (
            "the variance of the random effects is so large that they tell the outcome of whole "
            "groups without error: drop a random term, or collect more rows a group",
        )
    if np.isfinite(maximum.covariance).all():
        return maximum.covariance, said
    return maximum.covariance, (
        *said,
        "the likelihood is flat in some direction: there are no standard errors; a predictor may "
        "tell the outcome of some groups without error, or there are more terms than the data bear",
    )


def at_boundary(layout: Predictor, maximum: Maximum) -> tuple[str, ...]:
    """Which variances are zero, in words."""
    return tuple(
        message
        for f, Lambda in zip(layout.factors, layout.lambdas(maximum.at.phi), strict=True)
        for message in boundary_messages(Lambda, f.pattern, f.grouping.name, f.names)
    )


def method(n_quad: int) -> str:
    return "Laplace" if n_quad == 1 else f"quadrature, {n_quad} points"


def check_random(model: Design, outcome: Outcome) -> None:
    """That there are random terms, and that rows can tell them from chance."""
    text = model.formula.text
    if not model.random:
        raise FormulaError(
            f"no random effects in {text!r}: add a term such as (1 | school), or use glm",
            text,
            len(text),
        )
    for part in model.random:
        alone = len(model.groupings[part.group].levels) == model.n
        if alone and outcome.single:
            raise FormulaError(
                f"every row is a group of its own in {part.group}: single outcomes of 0 or 1, or "
                "categories, do not say how groups vary; choose a factor with several rows a group",
                text,
                part.term.position,
                kind="single rows",
                about=[part.group],
            )
        if outcome.single and never_varies(model.y, model.groupings[part.group]):
            raise FormulaError(
                f"the response never varies within {part.group}: the groups tell it without error, "
                "and their variance would grow for ever; choose a factor within which it varies",
                text,
                part.term.position,
                kind="never varies",
                about=[part.group],
            )


def never_varies(y: Array, group: Grouping) -> bool:
    J = len(group.levels)
    lowest, highest = np.full(J, np.inf), np.full(J, -np.inf)
    np.minimum.at(lowest, group.codes, y)
    np.maximum.at(highest, group.codes, y)
    return bool((lowest == highest).all())
