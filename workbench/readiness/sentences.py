"""What stands at the top of the page about a table: what it could be, and what to look at first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from datasets import Dataset
from workbench.readiness.candidates import CARD, FEW, Candidate, candidates
from workbench.readiness.factors import grouped
from workbench.readiness.profiles import profiles
from workbench.readiness.relation import LONGEST, Relation, Trap, relation

SHOWN = 4  # candidates whose relations are looked at
ALONE = 0.25  # share of groups with one row that is worth a warning


@dataclass(frozen=True)
class Sentence:
    """A plain sentence; a `warning` is about something to decide before a model is fitted."""

    text: str
    warning: bool = False


def sentences(
    frame: pd.DataFrame,
    dataset: Dataset | None = None,
    *,
    group: str = "",
    outcome: str = "",
    used: Sequence[str] = (),
    found: Sequence[Candidate] | None = None,
) -> tuple[Sentence, ...]:
    """How ready the rows are: for the most plausible groups, or for `group`, if it is chosen.

    With an `outcome`, whether it varies within groups; of the columns `used`, what missing values
    would cost. What is already known of candidates can be given as `found`.
    """
    found = candidates(frame, dataset) if found is None else found
    plausible = [each for each in found if each.plausible]
    said = [Sentence(f"{rows(len(frame))} and {columns(frame.shape[1])}. {offer(found)}")]
    said += [Sentence(each.sentence) for each in relations(frame, plausible)]
    said += [Sentence(each.sentence, warning=True) for each in traps(frame, found)]
    chosen = group or (plausible[0].column if plausible else "")
    if chosen:
        said += about_groups(frame, chosen)
        if outcome:
            said += about_outcome(frame, outcome, chosen)
    return (*said, *about_missing(frame, [*used, *([outcome] if outcome else [])]))


def offer(found: Sequence[Candidate]) -> str:
    plausible = [each for each in found if each.plausible]
    if not plausible and found and found[0].points >= CARD:
        return (
            f"Each row is a group of its own, one of {found[0].groups:,} of `{found[0].column}`: "
            "how rows within groups differ is not in this table."
        )
    if not plausible:
        return (
            "No column looks like groups. A multilevel model needs one that says which rows belong "
            "together, such as a school or a person; choose it if it is there."
        )
    first, *others = plausible
    text = f"`{first.column}` could be the groups: {first.sizes}."
    if others:
        more = [f"`{each.column}` ({each.groups:,} groups)" for each in others[: SHOWN - 1]]
        text += f" So could {' and '.join([', '.join(more[:-1]), more[-1]] if more[1:] else more)}."
    return text


def relations(frame: pd.DataFrame, plausible: Sequence[Candidate]) -> tuple[Relation, ...]:
    """How the first plausible candidates lie in each other."""
    names = [each.column for each in plausible[:SHOWN]]
    return tuple(relation(frame, a, b) for k, a in enumerate(names) for b in names[k + 1 :])


def traps(frame: pd.DataFrame, found: Sequence[Candidate]) -> tuple[Trap, ...]:
    """Numbers that may start again in each group of a plausible candidate."""
    outer = [each for each in found if each.plausible][:SHOWN]
    small = [each for each in found if each.groups <= LONGEST and each not in outer]
    asked = [
        relation(frame, inner.column, each.column).trap
        for inner in [*small, *outer]
        for each in outer
        if inner.column != each.column and inner.groups <= each.largest
    ]
    return tuple({(t.inner, t.outer): t for t in asked if t is not None}.values())


def about_groups(frame: pd.DataFrame, group: str) -> list[Sentence]:
    """Few groups, many of one row, rows without any."""
    groups = grouped(frame, group)
    said = []
    if groups.count < FEW:
        said.append(
            f"{groups.count:,} groups of `{group}` are few: a variance between so few is poorly "
            "known, and tests of predictors that describe groups are too optimistic."
        )
    alone = int((groups.sizes == 1).sum())
    if alone > ALONE * groups.count:
        said.append(
            f"{alone:,} of {groups.count:,} groups of `{group}` have one row. They say nothing "
            "about variation within groups, and slopes cannot vary between them."
        )
    absent = len(frame) - groups.rows
    if absent:
        verb = "has" if absent == 1 else "have"
        said.append(f"{rows(absent)} {verb} no `{group}` and would be left out.")
    return [Sentence(text, warning=True) for text in said]


def about_outcome(frame: pd.DataFrame, outcome: str, group: str) -> list[Sentence]:
    """Whether there is anything to explain within groups, and between them."""
    if outcome not in frame.columns:
        return []
    (profile,) = profiles(frame[[outcome]].assign(**{group: grouped(frame, group).codes}), group)[
        :1
    ]
    if profile.level == group:
        return [
            Sentence(
                f"`{outcome}` never varies within `{group}`: it describes groups. Use one row for "
                "each group and an ordinary regression, or choose another outcome.",
                warning=True,
            )
        ]
    if np.isnan(profile.icc):
        return []
    if profile.between == 0.0:
        text = (
            f"Groups of `{group}` differ in `{outcome}` no more than chance would make them: the "
            "variance between them is estimated as 0."
        )
        return [Sentence(text, warning=True)]
    share = f"{100 * profile.icc:.0f}" if profile.icc >= 0.01 else "less than 1"
    return [Sentence(f"{share} % of the variance of `{outcome}` lies between groups of `{group}`.")]


def about_missing(frame: pd.DataFrame, used: Sequence[str]) -> list[Sentence]:
    """What missing values cost: of the columns in use, or of those that lack most."""
    columns = [name for name in dict.fromkeys(used) if name in frame.columns]
    lacking = frame[columns or list(frame.columns)].isna()
    counts = lacking.sum()
    some = counts[counts > 0].sort_values(ascending=False)
    if some.empty:
        return []
    lost = int(lacking.to_numpy().any(axis=1).sum())
    most = ", ".join(f"`{name}` {count:,}" for name, count in some.head(3).items())
    more = f" and {len(some) - 3:,} more columns" if len(some) > 3 else ""
    which = "these columns" if columns else "every column"
    text = f"Values are missing ({most}{more}): a model of {which} would leave out {rows(lost)}."
    return [Sentence(text, warning=True)]


def columns(count: int) -> str:
    return f"{count:,} column{'s'[: count != 1]}"


def rows(count: int) -> str:
    return f"{count:,} row{'s'[: count != 1]}"
