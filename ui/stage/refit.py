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
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np

from mlcore.arrays import sums_by
from ui.stage.estimates import Estimates, estimates
from ui.stage.expression import Data, Operand, Quantity, quantity
from ui.stage.operations import Value
from ui.stage.packing import packed

Combination = Mapping[str, Operand]

ONE = "1"  # the base column that is always there
KEPT = 4  # fits
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
        self._bases = (ONE, *columns)
        self._products = _products(columns, groups)
        self._begin(fixed, random, response, reml)

    def also(
        self,
        *,
        fixed: Mapping[str, Combination],
        random: Mapping[str, Combination],
        response: Combination,
        reml: bool = True,
    ) -> Refit:
        """Another model of the same rows: their cross-products are sent once."""
        other = object.__new__(Refit)
        other._bases, other._products = self._bases, self._products
        other._begin(fixed, random, response, reml)
        return other

    def _begin(
        self,
        fixed: Mapping[str, Combination],
        random: Mapping[str, Combination],
        response: Combination,
        reml: bool,
    ) -> None:
        if len(random) > 2:
            raise ValueError(f"a refit has two random terms at most, not {len(random)}")
        bases = self._bases
        combinations = [*fixed.values(), response, *random.values()]
        if unknown := {b for combination in combinations for b in combination} - set(bases):
            raise ValueError(f"no base column {sorted(unknown)[0]!r}: there are {[*bases]}")
        places = [(c, bases.index(b)) for c, given in enumerate(combinations) for b in given]
        coefficients = [quantity(v) for combination in combinations for v in combination.values()]
        self.fixed, self.random = tuple(fixed), tuple(random)
        self._answers: dict[str, Quantity] = {}
        self._fit = Fitted(
            "refit",
            (self._products, *coefficients),
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
        return self._answers.setdefault(name, Answer("result", (self._fit,), name=kind, term=place))

    @property
    def _q(self) -> int:
        return len(self.random)


def _products(columns: Mapping[str, Operand], groups: Operand) -> Quantity:
    """Cross-products by group; a node with arguments if they are to be formed in the browser."""
    args = tuple(quantity(operand) for operand in (groups, *columns.values()))
    still = [arg for arg in args if isinstance(arg, Data)]
    for name, arg in zip(("groups", *columns), args, strict=True):
        if isinstance(arg, Data) and not np.isfinite(arg.values).all():
            raise ValueError(f"{name} has missing values: leave out these rows first")
    if len({len(arg.values) for arg in still}) > 1:
        raise ValueError("groups and columns must have the same number of rows")
    if len(still) == len(args):
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
class Fitted(Quantity):
    """The model at its coefficients: `places` (column, base) say where each of these belongs.

    Columns are the `p` fixed terms, the response, the `q` random terms. What cannot be fitted, as
    an outcome without variation, has no estimates: they are NaN. The last few fits are kept, since
    each number on a page is asked for by itself.
    """

    places: list[tuple[int, int]]
    p: int
    q: int
    reml: bool
    kept: dict[bytes, Estimates] = field(default_factory=dict)

    def own(self) -> dict[str, Any]:
        return {"places": self.places, "p": self.p, "q": self.q, "reml": self.reml}

    def compute(self, controls: Mapping[str, float], *args: Any) -> Estimates:
        rows, *coefficients = args
        key = blake2b(b"".join(np.asarray(a).tobytes() for a in (*rows, *coefficients))).digest()
        found = self.kept.get(key)
        if found is None:
            while len(self.kept) >= KEPT:
                self.kept.pop(next(iter(self.kept)), None)
            found = self.kept[key] = self._fitted(rows, coefficients)
        return found

    def _fitted(self, rows: tuple[Value, ...], coefficients: list[Value]) -> Estimates:
        codes, *columns = rows
        group = codes.astype(np.intp)
        bases = [np.ones(len(group)), *columns]
        made = [np.zeros(len(group)) for _ in range(self.p + 1 + self.q)]
        for (column, b), coefficient in zip(self.places, coefficients, strict=True):
            made[column] += (coefficient[group] if np.ndim(coefficient) else coefficient) * bases[b]
        y = made.pop(self.p)
        return estimates(made[: self.p], made[self.p :], y, group, reml=self.reml)


@dataclass(frozen=True, eq=False, kw_only=True)
class Answer(Quantity):
    """One number of a fit, or a vector with one for each group."""

    name: str
    term: int

    def compute(self, controls: Mapping[str, float], *args: Estimates) -> Value:
        return np.asarray(args[0].of(self.name, self.term), dtype=float)

    def own(self) -> dict[str, Any]:
        return {"name": self.name, "term": self.term}
