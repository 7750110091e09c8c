"""What a dataset is: its rows, and what its card says about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class Level:
    """One level of the structure: pupils, schools.

    `column` identifies a unit; at the lowest level it need only do so within the unit above,
    and may be empty, when every row is a unit. Where a row stands for many units, as a state
    does for its people, `count` is the column that says how many. `within` names the levels
    directly above: one if nested, several if these are crossed, none at the top.
    """

    name: str
    plural: str
    column: str = ""
    count: str = ""
    within: tuple[str, ...] = ()


@dataclass(frozen=True)
class Variable:
    """One column: its label, its unit or the labels of its codes, and where it varies.

    `level` is the lowest level at which the values differ. `missing` gives the reason for
    absent values, and is empty when there are none.
    """

    label: str
    level: str
    unit: str = ""
    values: Mapping[int, str] = field(default_factory=dict)
    missing: str = ""

    @property
    def scale(self) -> str:
        """What a number in the column means: `points`, or `0 = boy; 1 = girl`."""
        codes = [f"{str(code).replace('-', '−')} = {label}" for code, label in self.values.items()]
        return self.unit or "; ".join(codes)


@dataclass(frozen=True)
class Derived(Variable):
    """A column worked out from others: a `formula` of columns in its own row, such as `age ** 2`,
    or the `mean` of a column over the rows of each unit of its level, or of the groups that the
    columns `over` tell apart.
    """

    formula: str = ""
    mean: str = ""
    over: tuple[str, ...] = ()


@dataclass(frozen=True)
class Model:
    """What a lesson starts from: an outcome, a predictor, a grouping factor.

    A dataset may have several, told apart by `name`. `fixed` is the right-hand side of its full
    model, `compared` the predictor whose slope within groups is set beside the one between them
    (`predictor` if empty), `group_predictor` one that describes groups, `time` what orders the
    rows of a group. `better` says which end of the outcome is wanted, "higher" or "lower".
    """

    outcome: str
    predictor: str
    group: str
    name: str = ""
    title: str = ""
    story: str = ""
    fixed: str = ""
    compared: str = ""
    group_predictor: str = ""
    time: str = ""
    better: str = ""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Rows and the card that explains them; `levels` run from the smallest unit up.

    `synthetic` marks simulated data, which must never be reported as findings. Where they were made
    to give a published table, `unmet` lists its figures that they do not give, and what they give
    instead. `card` is the card's own text.
    """

    name: str
    title: str
    story: str
    source: str
    citation: str
    terms: str
    note: str
    synthetic: bool
    unmet: Mapping[str, str]
    levels: tuple[Level, ...]
    variables: Mapping[str, Variable]
    derived: Mapping[str, Derived]
    models: tuple[Model, ...]
    card: str = field(repr=False)
    _rows: pd.DataFrame = field(repr=False)

    @property
    def frame(self) -> pd.DataFrame:
        """A copy of the rows, the caller's own: datasets are shared between all sessions."""
        return self._rows.copy()

    @property
    def model(self) -> Model | None:
        """The first of the models, which lessons start from unless told otherwise."""
        return self.models[0] if self.models else None

    @property
    def extended(self) -> pd.DataFrame:
        """The rows with the derived columns, in the order of the card."""
        return self.columns((*self._rows.columns, *self.derived))

    def columns(self, names: Iterable[str]) -> pd.DataFrame:
        """The rows of these columns and of those that derived ones are worked out from; a copy.

        Names that no column has are passed over.
        """
        wanted = set(names)
        for column, made in reversed([*self.derived.items()]):
            wanted |= self.sources(made) if column in wanted else set()
        frame = self._rows[[column for column in self._rows if column in wanted]].copy()
        for column, made in self.derived.items():
            if column not in wanted:
                continue
            if made.mean:
                groups = frame.groupby(list(self.grouping(made)))
                frame[column] = groups[made.mean].transform("mean")
            else:
                frame[column] = frame.eval(made.formula)
        return frame

    def variable(self, column: str) -> Variable:
        """What the card says of a column, or of a derived one."""
        return self.variables[column] if column in self.variables else self.derived[column]

    def grouping(self, made: Derived) -> tuple[str, ...]:
        """The columns that tell apart the groups over which a derived column's mean is taken."""
        return made.over or (self.level(made.level).column,)

    def sources(self, made: Derived) -> set[str]:
        """The columns that a derived column is worked out from."""
        if made.mean:
            return {made.mean, *self.grouping(made)}
        return set(re.findall(r"[^\W\d]\w*", made.formula))

    def csv(self) -> str:
        """The rows as comma-separated text, every number to its last digit."""
        return str(self._rows.to_csv(index=False))

    def level(self, name: str) -> Level:
        return next(level for level in self.levels if level.name == name)
