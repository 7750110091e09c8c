"""Random lines seen from another origin: the same model, other variances of the intercept.

    y = (beta_0 + u_0) + (beta_1 + u_1) x,      Var(u_0 + u_1 x) = tau_00 + 2 tau_01 x + tau_11 x^2.

With the origin moved to c the intercept is the height at x = c, so that

    tau_00(c) = Var(u_0 + u_1 c),      tau_01(c) = tau_01 + tau_11 c,      tau_11(c) = tau_11:

slopes, lines and likelihood stay, and the correlation of intercepts and slopes runs from -1 to 1.
It is 0 where lines lie closest, at x = -tau_01 / tau_11.

A model that leaves the covariance out says that this place is the origin, c. It is another model at
each c, with the relative covariance factor Lambda = [a, -c b; 0, b] of (u_0, u_1) at x = 0.

Reference: Snijders & Bosker (2012), Multilevel Analysis, section 5.1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mlcore.arrays import Array
from mlcore.errors import UnsupportedError
from mlcore.fit import Fit
from mlcore.gaussian.effects import Effects
from mlcore.gaussian.profile import profile


@dataclass(frozen=True)
class RandomLines:
    """Variances of intercepts and slopes, `tau00, tau11`, their covariance, and the residual SD."""

    tau00: float
    tau01: float
    tau11: float
    sigma: float

    def at(self, origin: float) -> "RandomLines":
        """The same lines with x counted from `origin`."""
        return RandomLines(
            float(self.variance(origin)),
            self.tau01 + self.tau11 * origin,
            self.tau11,
            self.sigma,
        )

    def variance(self, x: ArrayLike) -> Array:
        """Between groups at x."""
        x = np.asarray(x, dtype=float)
        between: Array = self.tau00 + 2.0 * self.tau01 * x + self.tau11 * x * x
        return np.maximum(between, 0.0)

    def total(self, x: ArrayLike) -> Array:
        """Of a response at x: what random slopes say of heteroscedasticity."""
        return self.variance(x) + self.sigma**2

    def icc(self, x: ArrayLike) -> Array:
        """The correlation of two rows of one group at x."""
        return self.variance(x) / self.total(x)

    def correlation_at(self, origin: ArrayLike) -> Array:
        """Of intercepts and slopes with the origin there; NaN where one of them does not vary."""
        c = np.asarray(origin, dtype=float)
        size = np.sqrt(self.variance(c) * self.tau11)
        with np.errstate(invalid="ignore", divide="ignore"):
            found: Array = np.where(size > 0.0, (self.tau01 + self.tau11 * c) / size, np.nan)
        return found

    @property
    def correlation(self) -> float:
        return float(self.correlation_at(0.0))

    @property
    def narrowest(self) -> float:
        """The x at which groups differ least, and the correlation is 0."""
        return -self.tau01 / self.tau11 if self.tau11 > 0.0 else np.nan

    @property
    def least(self) -> float:
        """The variance between groups there."""
        return float(self.variance(self.narrowest)) if self.tau11 > 0.0 else self.tau00

    def pattern(self, low: float, high: float) -> str:
        """What the lines do from low to high: "fan out", "fan in", "cross" or "parallel".

        They cross where they are narrowest well inside, in the middle third of the range.
        """
        if self.tau11 <= 0.0:
            return "parallel"
        place = (self.narrowest - low) / (high - low)
        if 1 / 3 <= place <= 2 / 3:
            return "cross"
        return "fan out" if place < 1 / 3 else "fan in"


def random_lines(fit: Fit) -> RandomLines:
    """The random lines of a fit of `y ~ x + (1 + x | group)`, or of `(1 | group)`."""
    (effects,) = fit.effects.values() if len(fit.effects) == 1 else (None,)
    if effects is None or effects.names[0] != "(Intercept)" or len(effects.names) > 2:
        raise UnsupportedError(
            f"random lines have an intercept and one slope over one factor, not {fit.formula!r}"
        )
    S = effects.covariance
    if len(S) == 1:
        return RandomLines(float(S[0, 0]), 0.0, 0.0, fit.sigma)
    return RandomLines(float(S[0, 0]), float(S[0, 1]), float(S[1, 1]), fit.sigma)


def loglik_without_covariance(fit: Fit, origins: ArrayLike) -> Array:
    """The log-likelihood with independent intercepts and slopes, x counted from each origin.

    `fit` is that of `y ~ x + (1 + x | group)`; ML or REML as there. Shape of `origins`.
    """
    from scipy.optimize import minimize

    tau = random_lines(fit)
    (effects,) = fit.effects.values()
    if tau.tau11 * tau.least <= 0.0 or not isinstance(effects, Effects):
        raise UnsupportedError(f"intercepts and slopes do not both vary in {fit.formula!r}")
    products, reml = effects.blocks, fit.method == "REML"
    units = np.sqrt([tau.least, tau.tau11]) / tau.sigma
    found, at = [], np.ones(2)
    for c in np.atleast_1d(np.asarray(origins, dtype=float)):
        roots = units[:, None, None] * np.array([[[1.0, 0.0], [0.0, 0.0]], [[0.0, -c], [0.0, 1.0]]])
        ways = np.linalg.solve(products.scaling.random, roots)

        def deviance(ab: Array, ways: Array = ways) -> tuple[float, Array]:
            root = np.tensordot(ab, ways, 1)
            here = profile(products.pattern.theta(root), products, reml=reml)
            return float(here.deviance), 2.0 * np.einsum("ij,kij->k", here.slope @ root, ways)

        best = minimize(deviance, at, jac=True, method="L-BFGS-B", options={"ftol": 1e-13})
        found.append(-0.5 * best.fun)
        at = np.maximum(np.abs(best.x), 1e-2)
    return np.reshape(found, np.shape(origins))
