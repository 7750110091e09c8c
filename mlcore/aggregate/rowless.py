"""A formula applied to moments: the columns of X and Z, of which only moments are known.

Each column is a variable, or 1, times what is the same for all rows of a group,

    x_ik = g_jk v_ik,

so that its moments within a group follow from the variable's. A term may hold one variable and any
number of columns that describe groups: `educ + cpi + educ:cpi`. Functions and factors, `log(cpi)`,
are for the latter; what they learn from data, as `scale` does, counts every group once.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from mlcore.aggregate.moments import Moments
from mlcore.arrays import Array, Indices
from mlcore.errors import DataError, FormulaError, UnsupportedError
from mlcore.language import checks
from mlcore.language.design import Design, Grouping, RandomPart
from mlcore.language.encoding import Encoder
from mlcore.language.expressions import Name, names_in
from mlcore.language.formula import Formula, Term, parse

CONSTANT = -1  # the place of the variable 1


@dataclass(frozen=True, eq=False, kw_only=True)
class MomentDesign(Design):
    """A design without rows: where others have y and X, there are moments of their columns.

    For the columns of [X y Z] in each group, `means` (J, c) and centred `products` (J, c, c).
    """

    y: Array = field(init=False, repr=False)
    X: Array = field(init=False, repr=False)
    sizes: Array
    means: Array
    products: Array

    def __getattr__(self, name: str) -> Array:
        if name in ("X", "y"):
            raise UnsupportedError(
                "a fit to moments has no rows, which fitted values, residuals and comparisons of "
                "rows need; predict() takes rows that you give it"
            )
        raise AttributeError(name)

    @property
    def n(self) -> int:
        return int(self.sizes.sum())


def moment_design(formula: str, data: Moments, *, cluster: str | None = None) -> MomentDesign:
    """Apply a formula to moments, or say what stands in the way."""
    read = parse(formula)
    readable(read, data)
    if cluster not in (None, data.group):
        raise DataError(f"moments by {data.group} can be clustered by {data.group} only")
    data = complete(read, data)
    encoder = Encoder()
    names, g, v = columns(read.fixed, encoder, data)
    parts = [(term, *columns(term.terms, encoder, data)) for term in read.random]
    one = np.ones((len(data.n), 1))
    G = np.column_stack([g, one, *(part[2] for part in parts)])
    V = np.concatenate([v, [data.place(str(read.response))], *(part[3] for part in parts)])
    estimable(read, data, [part[1] for part in parts])

    size = len(data.variables) + 1  # the last is the constant
    means = np.column_stack([data.means, one])
    products = np.zeros((len(data.n), size, size))
    products[:, :-1, :-1] = data.products
    codes = np.repeat(np.arange(len(data.n)), data.n.astype(int))
    return MomentDesign(
        formula=read,
        names=names,
        random=tuple(RandomPart(term, n, np.empty((0, len(n)))) for term, n, _, _ in parts),
        groupings={data.group: Grouping((Name(data.group),), codes, data.groups.index)},
        index=pd.RangeIndex(0),
        encoder=encoder,
        messages=data.messages,
        sizes=data.n,
        means=G * means[:, V],
        products=G[:, :, None] * products[:, V[:, None], V] * G[:, None, :],
    )


def readable(read: Formula, data: Moments) -> None:
    """Complain about a formula that moments do not suffice for."""
    known = data.groups.assign(**dict.fromkeys(data.variables, 1.0))
    checks.columns_exist(read, read.variables(), known)
    if str(read.response) not in data.variables:
        raise FormulaError(
            f"the response has to be one of the variables {', '.join(data.variables)} as it is",
            read.text,
            read.response.position,
        )
    for term in [*read.fixed, *(term for r in read.random for term in r.terms)]:
        within = [f for f in term if any(n.name in data.variables for n in names_in(f))]
        if len(within) > 1 or any(not isinstance(f, Name) for f in within):
            raise FormulaError(
                f"moments do not tell what {':'.join(map(str, term))} is in each row: name it as "
                "one of the variables when moments are made",
                read.text,
                within[-1].position,
            )
    for random in read.random:
        if random.factor != data.group:
            raise FormulaError(
                f"the moments are by {data.group}: effects can vary over nothing else",
                read.text,
                random.position,
            )


def complete(read: Formula, data: Moments) -> Moments:
    """The groups whose description has no gaps."""
    used = [n for n in read.variables() if n.name not in data.variables]
    lacking = checks.missing(data.groups, used)
    if not lacking.any():
        return data
    if lacking.all():
        raise DataError(f"no {data.group} has a value in all of {', '.join(map(str, used))}")
    said = f"{lacking.sum()} of {len(lacking)} groups dropped for missing values"
    return replace(data.only(~lacking), messages=(*data.messages, said))


def columns(
    terms: tuple[Term, ...], encoder: Encoder, data: Moments
) -> tuple[tuple[str, ...], Array, Indices]:
    """For every coefficient its name, g (J, k), and the place of its variable (k,).

    With every variable set to 1, a column is its g; a column doubles with the variable it holds.
    """
    alike = data.groups.assign(**dict.fromkeys(data.variables, 1.0))
    coded = encoder.columns(terms, alike)
    g = np.column_stack([column for _, column in coded])
    places = np.full(len(coded), CONSTANT)
    for k, variable in enumerate(data.variables):
        doubled = encoder.columns(terms, alike.assign(**{variable: 2.0}))
        other = np.column_stack([column for _, column in doubled])
        places[(other != g).any(axis=0)] = k
    return tuple(name for name, _ in coded), g, places


def estimable(read: Formula, data: Moments, effects: list[tuple[str, ...]]) -> None:
    """Complain where effects vary twice, or groups are too few, or too small, for them."""
    names = [name for part in effects for name in part]
    J, q = len(data.n), len(names)
    place = read.text, read.random[-1].position if read.random else 0
    for name in names:
        if names.count(name) > 1:
            raise FormulaError(f"{name} varies over {data.group} in two random terms", *place)
    if q and (q >= J or data.n.sum() <= J * q):
        raise FormulaError(
            f"{J} groups of {data.group} are too few, or too small, for {q} random effects each: "
            "drop random terms",
            *place,
        )
