"""How two grouping factors lie in each other: nested, crossed, or the same groups twice.

b holds a if no group of a has rows in two groups of b; they are crossed if neither holds the other.
Wards that are numbered 1, 2, 3 within every hospital look crossed and are nested: the same code
stands for another ward in each hospital. That cannot be seen from the two columns alone; it is
asked where codes start again in most groups of the other factor and a cell of the two looks like a
unit: other columns never vary within it, which do within either, or its rows stand together in the
file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from workbench.readiness import names
from workbench.readiness.candidates import as_groups, describing
from workbench.readiness.factors import Groups, crossed, grouped

Kind = Literal["nested", "crossed", "same", "apart"]
MOST = 0.9  # share of groups in which codes start again, or of cells that stand together
STRAYS = 0.05  # share of groups that lie in several of the other: errors, or movers
LONGEST = 100  # numbers that start again in each group stay small


@dataclass(frozen=True)
class Trap:
    """Codes of `inner` that start again in each group of `outer`: a question, not a verdict.

    `code` is one of them, found in `occurs` groups of `outer`. If these are different, there are
    `cells` of them, not `codes`, and the factor is `factor`.
    """

    inner: str
    outer: str
    code: str
    occurs: int
    codes: int
    cells: int
    sign: str

    @property
    def factor(self) -> str:
        return f"{self.outer}:{self.inner}"

    @property
    def question(self) -> str:
        """That of a ward numbered 1 which occurs in 25 hospitals: the same ward?"""
        return (
            f"`{self.inner}` {self.code} occurs in {self.occurs:,} groups of `{self.outer}`: is it "
            f"the same `{self.inner}` each time?"
        )

    @property
    def sentence(self) -> str:
        """The question, what speaks for it, and what changes."""
        return (
            f"{self.question} {self.sign} If they are different, there are {self.cells:,} groups "
            f"and not {self.codes:,}, and the factor to use is `{self.factor}`."
        )


@dataclass(frozen=True)
class Relation:
    """Factors `a` and `b`, their numbers of groups, and the `cells` in which both have rows.

    `inner` and `outer` are set if they are nested; `strays` are groups of `inner` that have rows in
    several of `outer`, and count as errors while they are few. Factors that are "apart" share no
    row. `single` if no cell has more than one.
    """

    a: str
    b: str
    kind: Kind
    groups_a: int
    groups_b: int
    cells: int
    inner: str = ""
    outer: str = ""
    strays: int = 0
    single: bool = False
    trap: Trap | None = None

    @property
    def filled(self) -> float:
        """The share of all pairs of groups that have rows."""
        return self.cells / max(self.groups_a * self.groups_b, 1)

    @property
    def sentence(self) -> str:
        a, b = self.a, self.b
        match self.kind:
            case "apart":
                return f"No row has both `{a}` and `{b}`."
            case "same":
                same = f"the same {self.groups_a:,} groups"
                return f"`{a}` and `{b}` put the rows in {same}: use one of them."
            case "nested":
                counts = {a: self.groups_a, b: self.groups_b}
                inside = f"`{self.inner}` is nested in `{self.outer}`: each of its"
                text = f"{inside} {counts[self.inner]:,} groups lies in one group of `{self.outer}`"
                if self.strays:
                    text += (
                        f", but for {self.strays:,} that have rows in several, by error or because "
                        "they moved"
                    )
                return f"{text}."
        share = f"{100 * self.filled:.0f}" if self.filled >= 0.01 else "less than 1"
        pairs = f"{self.cells:,} of {self.groups_a * self.groups_b:,} pairs"
        each = ", one each" if self.single else ""
        return f"`{a}` and `{b}` are crossed: {pairs} of groups have rows ({share} %){each}."


def relation(frame: pd.DataFrame, a: str, b: str) -> Relation:
    """How the groups of columns `a` and `b` lie in each other; either may be `hospital:ward`."""
    one, other = grouped(frame, a), grouped(frame, b)
    cells = crossed([one, other])
    J, K, both = one.count, other.count, cells.count
    if both == 0:
        return Relation(a, b, "apart", J, K, 0)
    in_b, in_a = homes(one, cells), homes(other, cells)
    strays_a, strays_b = int((in_b > 1).sum()), int((in_a > 1).sum())
    if not strays_a and not strays_b:
        return Relation(a, b, "same", J, K, both)
    if strays_a <= STRAYS * J and J > K:
        return Relation(a, b, "nested", J, K, both, inner=a, outer=b, strays=strays_a)
    if strays_b <= STRAYS * K and K > J:
        return Relation(a, b, "nested", J, K, both, inner=b, outer=a, strays=strays_b)
    inner, outer = (one, other) if J <= K else (other, one)
    found = trap(frame, inner, outer, cells)
    return Relation(a, b, "crossed", J, K, both, single=both == cells.rows, trap=found)


def homes(groups: Groups, cells: Groups) -> np.ndarray:
    """In how many cells each group has rows."""
    first = np.full(cells.count, -1, dtype=np.intp)
    first[cells.codes[cells.known]] = groups.codes[cells.known]
    return np.bincount(first, minlength=groups.count)


def trap(frame: pd.DataFrame, inner: Groups, outer: Groups, cells: Groups) -> Trap | None:
    """The question whether codes mean the same in each group of `outer`, if it arises."""
    if names.says_time(inner.factor) or inner.count >= cells.count or cells.rows < 2 * cells.count:
        return None
    if inner.count > LONGEST or not starts_again(inner, outer, cells):
        return None
    sign = sign_of_units(frame, inner, outer, cells)
    if not sign:
        return None
    occurs = homes(inner, cells)
    most = int(np.argmax(occurs))
    return Trap(
        inner=inner.factor,
        outer=outer.factor,
        code=str(inner.labels[most]),
        occurs=int(occurs[most]),
        codes=inner.count,
        cells=cells.count,
        sign=sign,
    )


def starts_again(inner: Groups, outer: Groups, cells: Groups) -> bool:
    """Whether codes within most groups of `outer` are 1, 2, ... or 0, 1, ... without a gap."""
    if not pd.api.types.is_integer_dtype(inner.labels):
        return False
    start = int(inner.labels[0])
    if start not in (0, 1):
        return False
    known = cells.known
    values = inner.labels.to_numpy()[inner.codes[known]] - start
    highest = np.full(outer.count, -1, dtype=np.intp)
    np.maximum.at(highest, outer.codes[known], values)
    there = homes(outer, cells)
    present = there > 0
    gapless = (highest + 1 == there)[present]
    return bool(gapless.mean() >= MOST and np.median(there[present]) > 1)


def sign_of_units(frame: pd.DataFrame, inner: Groups, outer: Groups, cells: Groups) -> str:
    """What makes a cell look like a unit of its own, in a sentence; empty if nothing does."""
    others = [as_groups(frame[column], str(column)) for column in frame.columns]
    some = [o for o in others if o is not None and o.factor not in (inner.factor, outer.factor)]
    for each in some:
        if each.count == cells.count == crossed([each, cells]).count:
            return f"`{each.factor}` gives each pair of the two a value of its own."
    found = describing(cells, some)
    chosen = [each for each in some if each.factor in found]
    known = {*describing(inner, chosen), *describing(outer, chosen)}
    alike = [name for name in found if name not in known]
    if alike:
        which = " and ".join(f"`{name}`" for name in alike[:2])
        verb = "never varies" if len(alike) == 1 else "never vary"
        return f"{which} {verb} within a pair of the two, as if it were one unit."
    together = cells.count >= MOST * cells.runs and inner.runs > inner.count
    if together and names.says_group(inner.factor):
        return "The rows of each pair of the two stand together in the file."
    return ""
