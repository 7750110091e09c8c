"""The likelihood with the random effects integrated out, and its exact gradient.

    L(phi) = integral over b of prod_i p(y_i | eta_i) N(b; 0, I)

Around the mode b^ with curvature H = (R R')^-1, adaptive Gauss-Hermite quadrature evaluates a group
at the points b^ + R z_k; the Laplace approximation is the single point z = 0:

    log L = log|R| + log sum_k omega_k exp(-h(b^ + R z_k) + z_k'z_k / 2).

Mode and curvature move with phi, and the gradient follows them by the implicit function theorem.
With <.> for averages over the points, by their shares in the sum, and g_k for the slope of -h,

    C = R (I + N) R',      N the upper triangle of R'<g z'>, mirrored,
    d_i = third_i a_i'C a_i,      c = H^-1 (A'd - 2 <g>),      r = d - W A c - 2 <score>,

the derivatives of -2 log L are X'r in beta and, in Lambda,

    Z' [ r b^' - 2 <score (b - b^)'> + score c' + 2 W A C ].

With one point C = H^-1, and <g> and <score (b - b^)'> are 0.

Reference: Pinheiro & Bates (1995), JCGS 4, 12-35; Skaug & Fournier (2006), CSDA 51, 699-709.
"""

from dataclasses import dataclass

import numpy as np

from mlcore.arrays import Array, sums_by
from mlcore.discrete.arrow import Arrow, Effects
from mlcore.discrete.modes import Modes, find_modes, spread
from mlcore.discrete.predictor import Predictor


@dataclass(frozen=True, eq=False)
class Grid:
    """Points `z` (K, q) and log weights (K,) for q independent standard normal variables."""

    z: Array
    log_weights: Array


def grid(points: int, q: int) -> Grid:
    """Gauss-Hermite points, the same number in each of q directions."""
    z, weights = np.polynomial.hermite_e.hermegauss(points)
    places = np.indices((points,) * q).reshape(q, -1)
    return Grid(z[places].T, np.log(weights / weights.sum())[places].sum(axis=0))


@dataclass(frozen=True, eq=False)
class Marginal:
    """-2 log L at `phi`, without the outcome's constant, its gradient there, and the modes."""

    phi: Array
    deviance: float
    gradient: Array
    modes: Modes


@dataclass(frozen=True, eq=False)
class Averages:
    """What the points add up to: log L, and averages that its slope needs.

    `score` (n,) is <score>, `moment` (q, n) is <score (b - b^)'>, `pull` (q, J) is <g> and `skew`
    (q, q, J) is N; `kappa` is the sum of the rows' slopes in kappa.
    """

    loglik: float
    score: Array
    kappa: Array
    moment: Array | float = 0.0
    pull: Array | float = 0.0
    skew: Array | float = 0.0


def marginal(phi: Array, model: Predictor, points: Grid | None, start: Effects) -> Marginal | None:
    """-2 log L by quadrature or, without points, by Laplace; None where it is not finite."""
    with np.errstate(all="ignore"):
        modes = find_modes(phi, model, start)
        if modes is None:
            return None
        sums = (
            at_mode(modes, phi, model) if points is None else at_points(modes, phi, model, points)
        )
        if not np.isfinite(sums.loglik):
            return None
        return Marginal(phi, -2.0 * sums.loglik, gradient(phi, model, modes, sums), modes)


def at_mode(modes: Modes, phi: Array, model: Predictor) -> Averages:
    """Laplace's approximation."""
    ones = np.ones_like(modes.eta)
    return Averages(
        loglik=modes.value - 0.5 * modes.curvature.log_det,
        score=modes.local.score,
        kappa=model.outcome.kappa_slope(modes.eta, model.kappa(phi), ones),
    )


def at_points(modes: Modes, phi: Array, model: Predictor, points: Grid) -> Averages:
    """Quadrature over the effects of one grouping factor."""
    (f,), (b,), (rows,) = model.factors, modes.b, modes.rows
    z, R, kappa = points.z, modes.curvature.R, model.kappa(phi)
    K = len(z)
    moved = np.einsum("arj,kr->kaj", R, z)
    eta = modes.eta + sum(rows[a] * moved[:, a].take(f.codes, axis=1) for a in range(f.q))
    loglik, score = model.outcome.slope(eta, kappa)

    cells = (f.codes + f.J * np.arange(K)[:, None]).ravel()
    height = sums_by(cells, loglik.ravel(), K * f.J).reshape(K, f.J)
    height -= 0.5 * np.sum((b + moved) ** 2, axis=1)
    height += (points.log_weights + 0.5 * np.sum(z**2, axis=1))[:, None]
    top = height.max(axis=0)
    share = np.exp(height - top)
    total = share.sum(axis=0)
    share /= total

    weights = share.take(f.codes, axis=1)
    weighted = weights * score
    mean, along = weighted.sum(axis=0), z.T @ weighted
    z_mean = z.T @ share
    second = np.einsum("kr,ks,kj->rsj", z, z, share)
    pull = f.sums(rows * mean) - b - np.einsum("arj,rj->aj", R, z_mean)
    gz = np.stack([f.sums(rows[a] * along) for a in range(f.q)])
    gz -= b[:, None] * z_mean + np.einsum("arj,rsj->asj", R, second)
    skew = np.einsum("arj,asj->rsj", R, gz)
    upper = np.triu(np.ones((f.q, f.q)))[..., None]
    strictly = np.triu(np.ones((f.q, f.q)), 1)[..., None]
    return Averages(
        loglik=float(np.sum(top + np.log(total))) - 0.5 * modes.curvature.log_det,
        score=mean,
        kappa=model.outcome.kappa_slope(eta, kappa, weights),
        moment=np.stack([np.sum(R[a].take(f.codes, axis=1) * along, axis=0) for a in range(f.q)]),
        pull=pull,
        skew=skew * upper + np.swapaxes(skew * strictly, 0, 1),
    )


def gradient(phi: Array, model: Predictor, modes: Modes, sums: Averages) -> Array:
    """The derivatives of -2 log L in theta, beta and kappa."""
    local, rows, factors = modes.local, modes.rows, model.factors
    t = covariances(modes.curvature, sums.skew, rows, model)
    variance = np.zeros_like(modes.eta)
    for row, part in zip(rows, t, strict=True):
        variance += np.einsum("an,an->n", row, part)
    d = local.third * variance
    tug = [f.sums(row * d) for f, row in zip(factors, rows, strict=True)]
    if tug:
        tug[0] = tug[0] - 2.0 * sums.pull
    c = modes.curvature.solve(tug)
    drift = spread(c, rows, factors)
    r = d - local.weight * drift - 2.0 * sums.score

    parts = []
    for k, f in enumerate(factors):
        inside = r * modes.b[k].take(f.codes, axis=1) + local.score * c[k].take(f.codes, axis=1)
        inside += 2.0 * local.weight * t[k]
        if k == 0:
            inside = inside - 2.0 * sums.moment
        parts.append((f.Z @ inside.T)[f.pattern.places])
    kappa = model.outcome.kappa_curvature(modes.eta, model.kappa(phi), variance, drift)
    return np.concatenate([*parts, r @ model.X, kappa - 2.0 * sums.kappa])


def covariances(
    H: Arrow, skew: Array | float, rows: tuple[Array, ...], model: Predictor
) -> list[Array]:
    """C a_i, of which each row's own groups: by factor (q, n)."""
    if not model.factors:
        return []
    first, others = model.factors[0], model.factors[1:]
    own, across, rest = H.blocks(skew)
    t = [np.einsum("abn,an->bn", own.take(first.codes, axis=2), rows[0])]
    if not others:
        return t
    flat = [place for places in model.places for place in places]
    entries = [row for part in rows[1:] for row in part]
    for place, entry in zip(flat, entries, strict=True):
        t[0] += entry * across[place, :, first.codes].T
    second = [
        np.einsum("na,an->n", across[place, :, first.codes], rows[0])
        + sum(e * rest[place, p] for p, e in zip(flat, entries, strict=True))
        for place in flat
    ]
    ends = np.cumsum([f.q for f in others])[:-1]
    return [*t, *np.split(np.stack(second), ends)]
