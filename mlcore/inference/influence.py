"""What leaving a group out would change, with the variances held.

Without the rows of group j the estimates are those of what is left of the cross-products,

    S = W'V^-1 W,      beta_(j) = (S_(j) x x)^-1 S_(j) x y,      W = [X y].

Where V has a block for each group, S_(j) = S - W_j'V_j^-1 W_j. Where rows of other groups share
effects with it (wards of one hospital, crossed factors), the random-effects system M = I + U'U
loses U_j'U_j as well; with T the effects that the group touches, C = (M^-1)_TT and D = U_j'U_j,

    (M - D)^-1 = M^-1 + M^-1_.T (I - D C)^-1 D M^-1_T.

Cook's distance is the change of all coefficients at once,

    C_j = (beta - beta_(j))' (X'V^-1 X) (beta - beta_(j)) / (p sigma^2),

and the group's leverage is what its predictors contribute to the estimates, whatever its responses:

    h_j = p - tr((X'V^-1 X)^-1 S_(j) x x),

the sum of its rows' leverages in least squares; those of all groups that share no effects add to p.

Reference: Demidenko & Stukel (2005), Statistics in Medicine 24, 893-909; for generalised models in
one step Pregibon (1981), Annals of Statistics 9, 705-724.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlcore.arrays import Array, Indices
from mlcore.errors import DataError, MultilevelError, UnsupportedError
from mlcore.fit import Fit
from mlcore.inference.spreads import named
from mlcore.inference.working import Part, Working, grouped, working
from mlcore.language.design import Grouping

MOST = 3_000  # effects of several factors, whose system is inverted as a whole
DEPENDENT = 1e-9  # the least eigenvalue of scaled cross-products that have an inverse


@dataclass(frozen=True, eq=False)
class Influence:
    """By group of `grouping` what changes without it; `held` says what is held, if anything.

    `table` has its rows `n`, its `leverage` and Cook's distance `cook`, NaN for a group without
    which a coefficient could not be estimated; `changes` and `shifts` have a column for each
    coefficient, in its own units and in its standard errors. `exact` is whether this is what a fit
    without the group would give; otherwise it is one step towards it.
    """

    grouping: Grouping
    table: pd.DataFrame
    changes: pd.DataFrame
    shifts: pd.DataFrame
    held: str
    exact: bool

    @property
    def group(self) -> str:
        return self.grouping.name

    @property
    def threshold(self) -> float:
        """Four over the number of groups: a distance above deserves a look, no more."""
        return 4.0 / len(self.table)

    def largest(self, most: int = 3) -> pd.Index:
        """The groups with the largest distances."""
        return self.table["cook"].sort_values(ascending=False, kind="stable").dropna().index[:most]


def influence(fit: Fit, group: str | Grouping) -> Influence:
    """What leaving out each group of rows would change in the fixed effects."""
    grouping, found = named(fit, group), working(fit)
    codes = grouped(found, grouping)
    J, p = len(grouping.levels), found.W.shape[1] - 1
    if J <= 1:
        raise DataError(f"{grouping.name} has one level only: nothing would be left without it")
    whole, without = cross_products(found, codes, J, grouping.name)
    b = np.linalg.solve(whole[:p, :p], whole[:p, p])
    change = solved(without, p) - b
    informed = np.linalg.solve(whole[:p, :p], without[:, :p, :p])
    leverage = p - np.trace(informed, axis1=1, axis2=2)
    cook = np.einsum("ja,ab,jb->j", change, whole[:p, :p], change) / (p * found.variance)
    changes = change @ found.back.T
    names = list(fit.design.names)
    se = fit.coefficients["se"].to_numpy()
    return Influence(
        grouping=grouping,
        table=pd.DataFrame(
            {"n": grouping.sizes, "leverage": leverage, "cook": cook}, index=grouping.levels
        ),
        changes=pd.DataFrame(changes, index=grouping.levels, columns=names),
        shifts=pd.DataFrame(changes / se, index=grouping.levels, columns=names),
        held=found.held,
        exact=found.exact,
    )


def cross_products(found: Working, codes: Indices, J: int, group: str) -> tuple[Array, Array]:
    """S of all rows (K, K), and of those without each group (J, K, K)."""
    if not found.parts:
        own = products(found.W, found.W, codes, J)
    elif len(found.parts) == 1 and found.parts[0].name == group:
        own = within_blocks(found, found.parts[0])
    else:
        return from_system(found, codes, J)
    whole = own.sum(axis=0)
    return whole, whole - own


def products(A: Array, B: Array, codes: Indices, J: int) -> Array:
    """A_j'B_j for each group, (J, a, b)."""
    sums = np.empty((A.shape[1], B.shape[1], J))
    for a in range(A.shape[1]):
        for b in range(B.shape[1]):
            sums[a, b] = np.bincount(codes, A[:, a] * B[:, b], J)
    return np.moveaxis(sums, -1, 0)


def within_blocks(found: Working, only: Part) -> Array:
    """W_j'V_j^-1 W_j where groups share no effects."""
    W, codes, J = found.W, only.codes, only.J
    across = products(only.U, W, codes, J)
    M = np.eye(only.q) + products(only.U, only.U, codes, J)
    return products(W, W, codes, J) - across.mT @ np.linalg.solve(M, across)


def from_system(found: Working, codes: Indices, J: int) -> tuple[Array, Array]:
    """The same where rows of several groups share effects."""
    from scipy.sparse import csr_array

    W, m = found.W, len(codes)
    starts = np.cumsum([0, *(part.q * part.J for part in found.parts)])
    Q = int(starts[-1])
    if Q > MOST:
        raise UnsupportedError(
            f"{Q:,} random effects that groups share are too many to leave groups out one by one: "
            f"{MOST:,} at most, or leave out the groups of the only factor"
        )
    place = np.hstack(
        [
            start + part.codes[:, None] * part.q + np.arange(part.q)
            for start, part in zip(starts[:-1], found.parts, strict=True)
        ]
    )
    U = np.hstack([part.U for part in found.parts])
    sparse = csr_array((U.ravel(), place.ravel(), np.arange(m + 1) * U.shape[1]), shape=(m, Q))
    across = sparse.T @ W
    inverse = np.linalg.inv(np.eye(Q) + (sparse.T @ sparse).toarray())
    solution = inverse @ across
    whole = W.T @ W - across.T @ solution
    without = np.empty((J, *whole.shape))
    order = np.argsort(codes, kind="stable")
    for j, rows in enumerate(np.split(order, np.cumsum(np.bincount(codes, minlength=J))[:-1])):
        touched, local = np.unique(place[rows], return_inverse=True)
        Uj = np.zeros((len(rows), len(touched)))
        np.put_along_axis(Uj, local.reshape(place[rows].shape), U[rows], axis=1)
        Wj, D, C = W[rows], Uj.T @ Uj, inverse[np.ix_(touched, touched)]
        b = Uj.T @ Wj
        g = solution[touched] - C @ b
        gone = Wj.T @ Wj - solution[touched].T @ b - b.T @ g
        lost = g.T @ np.linalg.solve(np.eye(len(touched)) - D @ C, D @ g)
        without[j] = whole - gone - lost
    return whole, without


def solved(S: Array, p: int) -> Array:
    """Coefficients (J, p) of each of the cross-products (J, K, K); NaN where there are none."""
    size = np.sqrt(np.maximum(np.diagonal(S, axis1=1, axis2=2)[:, :p], np.finfo(float).tiny))
    scaled = S[:, :p, :p] / size[:, :, None] / size[:, None, :]
    known = np.linalg.eigvalsh(scaled)[:, 0] > DEPENDENT
    b = np.full((len(S), p), np.nan)
    b[known] = np.linalg.solve(scaled[known], (S[known, :p, p] / size[known])[..., None])[..., 0]
    return b / size


def refitted(
    fit: Fit,
    found: Influence,
    data: pd.DataFrame,
    again: Callable[[pd.DataFrame], Fit],
    *,
    most: int = 3,
) -> pd.DataFrame:
    """The changes that leaving out the most influential groups makes in fact, variances and all.

    `again` fits the model to the rows it is given. A row for each group and coefficient: `group`,
    `term`, the `change` with variances held and the one that was `found`, and `problem`, which says
    why a fit could not be made.
    """
    codes = found.grouping.find(data)
    lines = []
    for name in found.largest(most):
        place = found.grouping.levels.get_loc(name)
        changes, problem = dict.fromkeys(fit.design.names, np.nan), ""
        try:
            other = again(data[codes != place])
            moved = other.coefficients["estimate"] - fit.coefficients["estimate"]
            changes |= {term: float(moved.get(term, np.nan)) for term in changes}
        except MultilevelError as error:
            problem = str(error).partition("\n")[0]
        held = found.changes.loc[name]
        lines += [(name, term, held[term], changes[term], problem) for term in fit.design.names]
    return pd.DataFrame(lines, columns=["group", "term", "change", "found", "problem"])
