"""A formula applied to data whose response is binary, a count, or one of ordered categories."""

from dataclasses import replace

import numpy as np
import pandas as pd

from mlcore.arrays import Array, Flags
from mlcore.discrete.ordered import Ordered
from mlcore.discrete.outcomes import Binomial, Logit, Outcome, Poisson, Probit
from mlcore.errors import DataError, FormulaError, UnsupportedError
from mlcore.language import checks
from mlcore.language.design import Design, design
from mlcore.language.encoding import Levels
from mlcore.language.expressions import FACTOR_FUNCTIONS, Call, Name, names_in
from mlcore.language.formula import Formula, parse

MOST_CATEGORIES = 30
LINKS = {"binomial": ("logit", "probit"), "poisson": ("log",)}


def respond(
    formula: str,
    data: pd.DataFrame,
    *,
    family: str,
    link: str | None = None,
    trials: str | None = None,
    cluster: str | None = None,
) -> tuple[Design, Outcome]:
    """The design and its response as an outcome, or what stands in the way."""
    link = chosen_link(family, link)
    read = parse(formula)
    if trials is None:
        model = design(read, data, cluster=cluster, residual=False)
        return model, outcome(model, family, link, None)
    if family != "binomial":
        raise UnsupportedError(f"trials belong to a binomial outcome: {family} has none")
    checks.columns_exist(read, [Name(trials)], data)
    if not pd.api.types.is_numeric_dtype(data[trials]):
        raise DataError(f"{trials} has to hold numbers of trials, not {data[trials].dtype} values")
    rows, said = present(data, Name(trials))
    model = design(read, rows.reset_index(drop=True), cluster=cluster, residual=False)
    m = rows[trials].to_numpy(dtype=float)[model.index]
    model = replace(model, index=rows.index[model.index], messages=said + model.messages)
    return model, outcome(model, family, link, m, trials)


def respond_ordered(formula: str, data: pd.DataFrame) -> tuple[Design, Ordered, tuple[str, ...]]:
    """The design, the response as ranks from 0, and what the ranks are called."""
    read = parse(formula)
    name = response_name(read)
    if () not in read.fixed:
        wrong = "thresholds take the place of the intercept: leave '0 +' out"
        raise FormulaError(wrong, read.text, 0)
    checks.columns_exist(read, [name], data)
    rows, said = present(data, name)
    model = design(read, rows.reset_index(drop=True), response=False, residual=False)
    column = rows[name.name].iloc[model.index]
    levels = Levels.of(column)
    if not 2 <= len(levels.values) <= MOST_CATEGORIES:
        raise DataError(
            f"{name} has {len(levels.values)} categories: an ordered outcome needs 2 to "
            f"{MOST_CATEGORIES}; for measurements use lmm",
            "outcome",
            [name.name],
        )
    ranks = levels.values.get_indexer(pd.Index(column)).astype(float)
    model = replace(model, y=ranks, index=rows.index[model.index], messages=said + model.messages)
    return model, Ordered(ranks), tuple(levels.labels)


def response_name(read: Formula) -> Name:
    """The column that is meant by `y` or `factor(y)`."""
    response = read.response
    if isinstance(response, Name):
        return response
    if isinstance(response, Call) and response.function in FACTOR_FUNCTIONS:
        return names_in(response)[0]
    wrong = "an ordered response is a column, or factor() of one"
    raise FormulaError(wrong, read.text, response.position)


def present(data: pd.DataFrame, name: Name) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The rows in which a column has a value, and a message that counts the others."""
    known = data[name.name].notna().to_numpy()
    if len(known) and not known.any():
        raise DataError(
            f"every value of {name} is missing: nothing can be fitted", "all missing", [name.name]
        )
    lacking = int((~known).sum())
    said = (f"{lacking} of {len(data)} rows dropped for missing {name}",) if lacking else ()
    return data[known], said


def chosen_link(family: str, link: str | None) -> str:
    """The link asked for, or the family's own."""
    if family not in LINKS:
        raise UnsupportedError(f"family is one of {', '.join(LINKS)}, not {family!r}")
    if link is None:
        return LINKS[family][0]
    if link not in LINKS[family]:
        raise UnsupportedError(f"link for {family} is {' or '.join(LINKS[family])}, not {link!r}")
    return link


def outcome(
    model: Design, family: str, link: str, trials: Array | None, column: str = ""
) -> Outcome:
    """The response, checked for what its family may be."""
    y, label = model.y, str(model.formula.response)
    if family == "poisson":
        forbid((y < 0.0) | (y != np.floor(y)), model, f"{label} is not a count", "0, 1, 2, ...")
        return Poisson(y)
    if trials is None:
        forbid(
            (y != 0.0) & (y != 1.0),
            model,
            f"{label} is neither 0 nor 1",
            "a column of 0 and 1, or name the column of trials if these are counts of successes",
        )
        trials = np.ones_like(y)
    whole = (y == np.floor(y)) & (trials == np.floor(trials))
    forbid(
        ~(whole & (y >= 0.0) & (y <= trials) & (trials > 0.0)),
        model,
        f"{label} is not a number of successes among its trials",
        "whole numbers from 0 to the number of trials",
    )
    kinds: dict[str, type[Binomial]] = {"logit": Logit, "probit": Probit}
    return kinds[link](y, trials, column)


def forbid(bad: Flags, model: Design, wrong: str, wanted: str) -> None:
    if bad.any():
        first = int(np.flatnonzero(bad)[0])
        raise DataError(
            f"the response {wrong} in {int(bad.sum())} of {model.n} rows "
            f"(first: {model.y[first]:g} in row {model.index[first]}): use {wanted}",
            "outcome",
            [str(model.formula.response)],
        )
