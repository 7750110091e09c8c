"""A mixed model that is fitted again while a handle moves: by `refit.js` there, by the core here.

    fit = Refit(
        {"lrt": lrt, "gcse": gcse},
        codes,
        fixed={"(Intercept)": {"1": 1}, "lrt": {"lrt": 1, "1": -control("c")}},
        random={"(Intercept)": {"1": 1}, "lrt": {"lrt": 1, "1": -control("c")}},
        response={"gcse": 1},
    )
    fit["correlation"], fit["u:lrt"]

The columns of X, Z and y are combinations of base columns, the constant "1" among them, with
coefficients that may follow controls. All that the browser needs are therefore cross-products of
the base columns by group, k (k + 1) / 2 numbers each. If a base column or the grouping is a
quantity, these are formed there, from the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mlcore import Fit, MultilevelError, lmm, ols
from mlcore.arrays import sums_by
from ui.stage.expression import Data, Operand, Quantity, quantity
from ui.stage.operations import Value
from ui.stage.packing import packed

Combination = Mapping[str, Operand]

ONE = "1"  # the base column that is always there
WHOLE = ("deviance", "loglik", "sigma", "theta", "correlation", "icc")
OF_FIXED = ("beta", "se")
OF_RANDOM = ("sd", "u", "se_u")


class Refit:
    """A Gaussian model with one grouping factor and up to two correlated random terms.

    `columns` are base columns (N,), `groups` the code 0, 1, … of each row's group. `fixed` and
    `random` say for each term which combination of base columns it is, `response` the same of the
    outcome, where a coefficient may also be a vector with a number for each group. Without random
    terms it is least squares.
    """

    def __init__(
        self,
        columns: Mapping[str, Operand],
        groups: Operand,
        *,
        fixed: Mapping[str, Combination],
        random: Mapping[str, Combination],
        response: Combination,
        reml: bool = True,
    ) -> None:
        if len(random) > 2:
            raise ValueError(f"a refit has two random terms at most, not {len(random)}")
        bases = [ONE, *columns]
        combinations = [*fixed.values(), response, *random.values()]
        if unknown := {b for combination in combinations for b in combination} - set(bases):
            raise ValueError(f"no base column {sorted(unknown)[0]!r}: there are {bases}")
        places = [(c, bases.index(b)) for c, given in enumerate(combinations) for b in given]
        coefficients = [quantity(v) for combination in combinations for v in combination.values()]
        self.fixed, self.random = tuple(fixed), tuple(random)
        self._answers: dict[str, Quantity] = {}
        self._fit = Estimation(
            "refit",
            (_products(columns, groups), *coefficients),
            places=places,
            p=len(fixed),
            q=len(random),
            reml=reml,
        )

    def __getitem__(self, name: str) -> Quantity:
        """`deviance`, `loglik`, `sigma`, `theta`, `icc`, `correlation`, or `beta:<term>`,
        `se:<term>` of a fixed term, `sd:<term>`, `u:<term>`, `se_u:<term>` of a random one.
        """
        kind, _, term = name.partition(":")
        terms = {**dict.fromkeys(OF_FIXED, self.fixed), **dict.fromkeys(OF_RANDOM, self.random)}
        allowed = [w for w in WHOLE if {"icc": 1, "correlation": 2}.get(w, self._q) == self._q]
        allowed += [f"{kind}:{term}" for kind in terms for term in terms[kind]]
        if name not in allowed:
            raise KeyError(f"a refit has no {name!r}: choose among {', '.join(allowed)}")
        place = terms[kind].index(term) if term else 0
        return self._answers.setdefault(
            name, Estimate("result", (self._fit,), name=kind, term=place)
        )

    @property
    def _q(self) -> int:
        return len(self.random)


def _products(columns: Mapping[str, Operand], groups: Operand) -> Quantity:
    """Cross-products by group; a node with arguments if they are to be formed in the browser."""
    args = tuple(quantity(operand) for operand in (groups, *columns.values()))
    if all(isinstance(arg, Data) for arg in args):
        return Products("products", held=args)
    return Products("products", args, held=())


@dataclass(frozen=True, eq=False, kw_only=True)
class Products(Quantity):
    """The groups' codes and base columns, which are `held` where no control changes them."""

    held: tuple[Quantity, ...]

    def compute(self, controls: Mapping[str, float], *args: Any) -> tuple[Value, ...]:
        return args or tuple(node.compute(controls) for node in self.held)

    def own(self) -> dict[str, Any]:
        if not self.held:
            return {}
        codes, *columns = self.compute({})
        rows = np.stack([np.ones(len(codes)), *columns])
        means = np.array([0.0, *rows[1:].mean(axis=1)])
        scales = np.array([1.0, *rows[1:].std(axis=1)])
        scales[scales == 0.0] = 1.0
        rows = (rows - means[:, None]) / scales[:, None]
        pairs = [(a, b) for a in range(len(rows)) for b in range(a + 1)]
        group = codes.astype(np.intp)
        J = int(group.max()) + 1
        sums = np.stack([sums_by(group, rows[a] * rows[b], J) for a, b in pairs], axis=1)
        base = {"means": packed(means), "scales": packed(scales), "sums": packed(sums.ravel())}
        return {"base": {"n": len(codes), **base}}


@dataclass(frozen=True, eq=False, kw_only=True)
class Estimation(Quantity):
    """The model at its coefficients: `places` (column, base) say where each of these belongs.

    Columns are the `p` fixed terms, the response, the `q` random terms. What cannot be fitted, as
    an outcome without variation, has no estimates: they are NaN.
    """

    places: list[tuple[int, int]]
    p: int
    q: int
    reml: bool

    def own(self) -> dict[str, Any]:
        return {"places": self.places, "p": self.p, "q": self.q, "reml": self.reml}

    def compute(self, controls: Mapping[str, float], *args: Any) -> Estimates:
        (codes, *columns), *coefficients = args
        group = codes.astype(int)
        bases = [np.ones(len(group)), *columns]
        made = [np.zeros(len(group)) for _ in range(self.p + 1 + self.q)]
        for (column, b), coefficient in zip(self.places, coefficients, strict=True):
            made[column] += (coefficient[group] if np.ndim(coefficient) else coefficient) * bases[b]
        frame = pd.DataFrame({"y": made[self.p], "group": group})
        fixed = _named(made[: self.p], frame)
        random = _named(made[self.p + 1 :], frame)
        formula = f"y ~ {_sum(fixed)}"
        try:
            if self.q:
                fit = lmm(f"{formula} + ({_sum(random)} | group)", frame, reml=self.reml)
            else:
                fit = ols(formula, frame)
        except MultilevelError:
            return Estimates(None, fixed, random, group.max() + 1, self.reml)
        return Estimates(fit, fixed, random, group.max() + 1, self.reml)


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
            size = {"u": self.n_groups, "se_u": self.n_groups, "theta": _free(len(self.random))}
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


@dataclass(frozen=True, eq=False, kw_only=True)
class Estimate(Quantity):
    """One number of a fit, or a vector with one for each group."""

    name: str
    term: int

    def compute(self, controls: Mapping[str, float], *args: Estimates) -> Value:
        return np.asarray(args[0].of(self.name, self.term), dtype=float)

    def own(self) -> dict[str, Any]:
        return {"name": self.name, "term": self.term}


def _named(columns: list[Value], frame: pd.DataFrame) -> list[str]:
    """Put columns into the frame, each once; return the name by which a formula calls each."""
    names = []
    for values in columns:
        if (values == 1.0).all():
            names.append("(Intercept)")
            continue
        known = [str(name) for name in frame.columns[2:] if (frame[name] == values).all()]
        name = known[0] if known else f"x{frame.shape[1]}"
        frame[name] = values
        names.append(name)
    return names


def _sum(names: list[str]) -> str:
    """The terms as lme4 writes them."""
    slopes = [name for name in names if name != "(Intercept)"]
    return " + ".join(["1" if len(slopes) < len(names) else "0", *slopes])


def _free(q: int) -> int:
    return q * (q + 1) // 2
