"""One design, many responses: what a bootstrap or a simulation study fits.

Everything that does not depend on y is shared, and the descents run side by side: the profile and
the steps are those of a single fit, with one more axis in front.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from mlcore.arrays import Array, Flags, Indices, inverse
from mlcore.discrete.generalised import GlmmFit
from mlcore.discrete.glmm import fit_generalised
from mlcore.errors import DataError, MultilevelError, UnsupportedError
from mlcore.fit import Fit
from mlcore.gaussian.batched import forward
from mlcore.gaussian.blocks import Blocks, blocks, indicator, only_grouping
from mlcore.gaussian.covariance import Pattern
from mlcore.gaussian.mixed import fit_design, start
from mlcore.gaussian.optimise import ENOUGH, MOST, NEAR, noise, propose, secant, shorten
from mlcore.gaussian.profile import Profile, profile
from mlcore.gaussian.scaling import Standardised, block_diagonal, standardise
from mlcore.language.design import Design, Grouping
from mlcore.several.factors import grouped_by

NUMBERS_AT_ONCE = 250_000  # as many as stay in the processor's cache


@dataclass(frozen=True, eq=False)
class Refits:
    """Estimates for B responses.

    `beta` and its standard errors `se` (B, p), `covariance` (B, q, q) of the random effects, those
    of one grouping factor after those of another, `sigma`, `deviance` and `converged` (B,).
    """

    beta: Array
    se: Array
    covariance: Array
    sigma: Array
    deviance: Array
    converged: Flags


def refit(model: Fit | Design, responses: ArrayLike, *, reml: bool | None = None) -> Refits:
    """Fit the model to each column of `responses` (n, B); by the fit's own method by default."""
    if isinstance(model, Fit) and model.serial:
        raise UnsupportedError(
            "refit takes residuals to be independent: fit responses that remember one by one, by "
            "growth"
        )
    made = model.design if isinstance(model, Fit) else model
    Y = np.asarray(responses, dtype=float)
    if Y.ndim != 2 or len(Y) != made.n:
        raise DataError(f"responses have to be a matrix with {made.n} rows, one response a column")
    if not np.isfinite(Y).all():
        raise DataError("responses have to be finite numbers")
    if not made.random:
        raise DataError(f"{made.formula.text!r} has no random effects: there is nothing to refit")
    if isinstance(model, Fit) and type(model) not in (Fit, GlmmFit):
        raise UnsupportedError(f"fits by lmm and glmm are refitted, not {model.method}")
    if isinstance(model, GlmmFit):
        return generalised_refits(model, Y)
    if reml is None:
        reml = not isinstance(model, Fit) or model.method == "REML"
    if len(grouped_by(made)) > 1:
        return one_by_one(made, Y, reml=reml)
    shared, columns = blocks(made), standardise(made)
    size = max(1, NUMBERS_AT_ONCE // shared.stack.size)
    parts = [Y[:, k : k + size] for k in range(0, Y.shape[1], size)]
    found = [refit_some(made, shared, columns, part, reml=reml) for part in parts]
    return Refits(
        **{name: np.concatenate([vars(r)[name] for r in found]) for name in vars(found[0])}
    )


def one_by_one(made: Design, Y: Array, *, reml: bool) -> Refits:
    """Several grouping factors: each response is a fit of its own."""
    fits = [fit_design(replace(made, y=np.ascontiguousarray(y)), reml=reml) for y in Y.T]
    return Refits(
        beta=np.array([fit.beta for fit in fits]),
        se=np.sqrt([np.diagonal(fit.covariance) for fit in fits]),
        covariance=np.array(
            [block_diagonal([e.covariance for e in fit.effects.values()]) for fit in fits]
        ),
        sigma=np.array([fit.sigma for fit in fits]),
        deviance=np.array([fit.deviance for fit in fits]),
        converged=np.array([fit.converged for fit in fits]),
    )


def generalised_refits(model: GlmmFit, Y: Array) -> Refits:
    """Binary outcomes and counts, one by one; NaN for a response that cannot be fitted, all 0."""
    p, q = len(model.beta), sum(len(e.names) for e in model.effects.values())
    nothing = np.full(p, np.nan), np.full(p, np.nan), np.full((q, q), np.nan), np.nan, False
    rows: list[tuple[Array, Array, Array, float, bool]] = []
    for y in Y.T:
        outcome = replace(model.outcome, y=np.ascontiguousarray(y))
        try:
            fit = fit_generalised(model.design, outcome, n_quad=model.n_quad)
        except MultilevelError:
            rows.append(nothing)
            continue
        covariance = block_diagonal([e.covariance for e in fit.effects.values()])
        se = np.sqrt(np.diagonal(fit.covariance))
        rows.append((fit.beta, se, covariance, fit.deviance, fit.converged))
    beta, se, covariance, deviance, converged = (np.array(part) for part in zip(*rows, strict=True))
    return Refits(beta, se, covariance, np.full(len(rows), np.nan), deviance, converged)


def refit_some(
    made: Design, shared: Blocks, columns: Standardised, Y: Array, *, reml: bool
) -> Refits:
    scale = shared.scaling
    centre = Y.mean(axis=0) if made.has_intercept else np.zeros(Y.shape[1])
    many = with_responses(shared, columns, only_grouping(made), Y - centre)

    def evaluate(theta: Array, which: Indices) -> Profile:
        if len(which) == Y.shape[1]:
            return profile(theta, many, reml=reml)
        some = replace(many, within=many.within[which], stack=many.stack[which])
        return profile(theta, some, reml=reml)

    first = np.tile(start(shared), (Y.shape[1], 1))
    at, converged = minimise_many(evaluate, first, shared.pattern)
    root = scale.random @ at.Lambda
    half = scale.fixed @ inverse(at.fixed_root).mT
    return Refits(
        beta=scale.beta(at.beta, centre),
        se=np.sqrt(at.variance[:, None] * np.sum(half**2, axis=-1)),
        covariance=at.variance[:, None, None] * (root @ root.mT),
        sigma=np.sqrt(at.variance),
        deviance=at.deviance,
        converged=converged,
    )


def with_responses(
    shared: Blocks, columns: Standardised, group: Grouping, responses: Array
) -> Blocks:
    """The blocks of a design with other responses, centred (n, B)."""
    K, p, B = shared.K, shared.p, responses.shape[1]
    Y = np.ascontiguousarray(responses)
    a = np.empty((B, shared.q, len(group.levels)))
    for c, place in enumerate(columns.random):
        a[:, c] = (indicator(group, columns.column(place)) @ Y).T
    L = shared.stack[K:].copy()
    diagonal = np.einsum("ccj->cj", L)
    diagonal[diagonal == 0.0] = np.inf  # directions without extent, as in `factor`
    forward(L, a)
    stack = np.tile(shared.stack, (B, 1, 1, 1))
    stack[:, p] = a
    within = np.tile(shared.within, (B, 1, 1))
    flat = a.reshape(B, -1)
    crossed = Y.T @ columns.X - flat @ shared.stack[:p].reshape(p, -1).T
    within[:, p, :p] = within[:, :p, p] = crossed * (np.diagonal(shared.within)[:p] > 0)
    within[:, p, p] = np.einsum("ib,ib->b", Y, Y) - np.einsum("bi,bi->b", flat, flat)
    return replace(shared, within=within, stack=stack)


def minimise_many(
    evaluate: Callable[[Array, Indices], Profile], first: Array, pattern: Pattern
) -> tuple[Profile, Flags]:
    """The descent of `gaussian.optimise` from the rows of `first`, and which of them converged.

    `evaluate(theta, which)` gives the profiles of the responses `which`; those that have arrived
    are set aside.
    """
    which = np.arange(len(first))
    here = evaluate(first, which)
    learned = np.zeros((*first.shape, first.shape[1]))
    arrived: list[tuple[Indices, Profile]] = []
    for _ in range(MOST):
        proposal, gain, in_psi = propose(here, learned, pattern)
        going = gain >= ENOUGH
        if not going.all():
            arrived.append((which[~going], here.at(~going)))
            which, here, learned = which[going], here.at(going), learned[going]
            proposal, gain, in_psi = proposal[going], gain[going], in_psi[going]
        if not len(which):
            break
        there = evaluate(proposal, which)
        while (worse := there.deviance > here.deviance + noise(here)).any():
            shorter = shorten(here, proposal, in_psi, pattern)
            proposal = np.where(worse[:, None], shorter, proposal)
            there = evaluate(proposal, which)
        updated = secant(here, there, learned, pattern)
        learned = np.where((gain < NEAR)[:, None, None], updated, learned)
        here = there
    converged = ~np.isin(np.arange(len(first)), which)
    arrived.append((which, here))
    order = np.argsort(np.concatenate([rows for rows, _ in arrived]))
    names = vars(here)
    together = {k: np.concatenate([vars(part)[k] for _, part in arrived]) for k in names}
    return Profile(**together).at(order), converged
