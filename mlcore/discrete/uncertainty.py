"""How sure a generalised mixed model is of its spreads, in the coordinates of Stata's intervals.

The search ends at theta and beta with the Hessian of -2 log L; with S = Lambda Lambda' in the
user's units, log SDs and artanh correlations follow theta by

    dS = T (dLambda Lambda' + Lambda dLambda') T',
    d log sd_a = dS_aa / 2 S_aa,      d rho_ab = dS_ab / (sd_a sd_b) - rho_ab d log(sd_a sd_b),

so that their covariance is J C J', C being twice the Hessian's inverse. Fixed effects and spreads
are estimated together: that of a spread allows for the fixed effects', and theirs for it.

Reference: Rabe-Hesketh & Skrondal (2022), Multilevel and Longitudinal Modeling Using Stata, 10.
"""

from collections.abc import Callable

import numpy as np

from mlcore.arrays import Array
from mlcore.discrete.generalised import GlmmFit
from mlcore.discrete.predictor import Factor


def spread_errors(fit: GlmmFit) -> dict[str, Array]:
    """By grouping factor, standard errors of log SDs and artanh correlations, in theta's order.

    NaN where a variance is on the boundary or the likelihood is flat.
    """
    return errors(fit, coordinates)


def component_errors(fit: GlmmFit) -> dict[str, Array]:
    """The same of variances and covariances, as Stata prints them."""
    return errors(fit, lambda f, Lambda: changes(f, Lambda)[:, *f.pattern.places].T)


def errors(fit: GlmmFit, jacobian: Callable[[Factor, Array], Array]) -> dict[str, Array]:
    """Of what has these derivatives (rows) in theta (columns)."""
    layout, at, found = fit.predictor, fit.maximum.at, {}
    for f, part, Lambda in zip(layout.factors, layout.thetas, layout.lambdas(at.phi), strict=True):
        theta = fit.maximum.covariance[part, part]
        if fit.boundary:
            found[f.grouping.name] = np.full(len(theta), np.nan)
        else:
            J = jacobian(f, Lambda)
            found[f.grouping.name] = np.sqrt(np.diagonal(J @ theta @ J.T))
    return {group: found[group] for group in fit.effects}


def coordinates(f: Factor, Lambda: Array) -> Array:
    """Derivatives of log SDs and artanh correlations (rows) in theta (columns), shape (m, m)."""
    (r, c), change = f.pattern.places, changes(f, Lambda)
    root = f.back @ Lambda
    S = root @ root.T
    sd = np.sqrt(np.diagonal(S))
    log_sd = np.diagonal(change, axis1=1, axis2=2) / (2.0 * sd**2)
    rho = S[r, c] / (sd[r] * sd[c])
    slope = change[:, r, c] / (sd[r] * sd[c]) - rho * (log_sd[:, r] + log_sd[:, c])
    diagonal = f.pattern.diagonal
    found: Array = np.where(diagonal, log_sd[:, r], slope / np.where(diagonal, 1.0, 1.0 - rho**2)).T
    return found


def changes(f: Factor, Lambda: Array) -> Array:
    """DS / d theta, shape (m, q, q)."""
    r, c = f.pattern.places
    step = np.zeros((len(r), *Lambda.shape))
    step[np.arange(len(r)), r, c] = 1.0
    half = f.back @ step @ Lambda.T @ f.back.T
    change: Array = half + half.mT
    return change
