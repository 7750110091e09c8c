"""What the core estimates for the columns of a refit, under the names that a refit has for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mlcore import Fit, MultilevelError, lmm, ols
from mlcore.arrays import Indices
from ui.stage.operations import Value

INTERCEPT = "(Intercept)"


def estimates(X: list[Value], Z: list[Value], y: Value, group: Indices, *, reml: bool) -> Estimates:
    """Fit y ~ X + (Z | group), or least squares without Z; what cannot be fitted has no fit."""
    frame = pd.DataFrame({"y": y, "group": group})
    fixed, random = _named(X, frame), _named(Z, frame)
    formula = f"y ~ {_sum(fixed)}"
    fit: Fit | None = None
    try:
        if Z:
            fit = lmm(f"{formula} + ({_sum(random)} | group)", frame, reml=reml)
        else:
            fit = ols(formula, frame)
    except MultilevelError:
        pass
    return Estimates(fit, fixed, random, int(group.max()) + 1, reml)


@dataclass(frozen=True, eq=False)
class Estimates:
    """A fit by the core, or none; `fixed` and `random` are the core's names for our terms."""

    fit: Fit | None
    fixed: list[str]
    random: list[str]
    n_groups: int
    reml: bool

    def of(self, name: str, term: int) -> Any:
        """One of the estimates, NaN without a fit."""
        fit = self.fit
        if fit is None:
            q = len(self.random)
            size = {"u": self.n_groups, "se_u": self.n_groups, "theta": q * (q + 1) // 2}
            return np.full(size[name], np.nan) if name in size else np.nan
        match name:
            case "deviance":
                return fit.deviance if self.random else self._least_squares(fit)
            case "loglik":
                return -0.5 * self.of("deviance", 0)
            case "sigma":
                return fit.sigma * self._shrunk(fit)
            case "theta":
                return fit.theta
            case "icc":
                variance = self.of("sd", 0) ** 2
                return variance / (variance + fit.sigma**2)
            case "beta" | "se":
                place = fit.design.names.index(self.fixed[term])
                variance = fit.covariance[place, place]
                return fit.beta[place] if name == "beta" else np.sqrt(variance) * self._shrunk(fit)
            case "u" | "se_u":
                column = ("" if name == "u" else "se_") + self.random[term]
                effects = fit.ranef["group"][column]
                absent = 0.0 if name == "u" else self.of("sd", term)
                return effects.reindex(range(self.n_groups), fill_value=absent).to_numpy()
        covariance = fit.random_covariance["group"].loc[self.random, self.random].to_numpy()
        sd = np.sqrt(np.diagonal(covariance))
        return sd[term] if name == "sd" else np.divide(covariance[0, 1], sd[0] * sd[1])

    def _shrunk(self, fit: Fit) -> float:
        """Maximum likelihood divides the residual squares by n, least squares by n − p."""
        return 1.0 if self.random or self.reml else float(np.sqrt(1.0 - len(self.fixed) / fit.n))

    def _least_squares(self, fit: Fit) -> float:
        """-2 log-likelihood without random effects, or the REML criterion."""
        if not self.reml:
            return fit.deviance
        nu = fit.n - len(self.fixed)
        _, log_det = np.linalg.slogdet(fit.design.X.T @ fit.design.X)
        return nu * (1.0 + float(np.log(2.0 * np.pi * fit.sigma**2))) + float(log_det)


def _named(columns: list[Value], frame: pd.DataFrame) -> list[str]:
    """Put columns into the frame, each once; return the name by which a formula calls each."""
    names = []
    for values in columns:
        if (values == 1.0).all():
            names.append(INTERCEPT)
            continue
        known = [str(name) for name in frame.columns[2:] if (frame[name] == values).all()]
        name = known[0] if known else f"x{frame.shape[1]}"
        frame[name] = values
        names.append(name)
    return names


def _sum(names: list[str]) -> str:
    """The terms as lme4 writes them."""
    slopes = [name for name in names if name != INTERCEPT]
    return " + ".join(["1" if len(slopes) < len(names) else "0", *slopes])
