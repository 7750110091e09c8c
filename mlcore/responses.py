"""A formula applied to data whose response is binary or a count."""

from dataclasses import replace

import numpy as np
import pandas as pd

from mlcore import checks
from mlcore.arrays import Array, Flags
from mlcore.design import Design, design
from mlcore.errors import DataError, UnsupportedError
from mlcore.expressions import Name
from mlcore.formula import parse
from mlcore.outcomes import Binomial, Logit, Outcome, Poisson, Probit

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
    known = data[trials].notna().to_numpy()
    rows = data[known]
    model = design(read, rows.reset_index(drop=True), cluster=cluster, residual=False)
    m = rows[trials].to_numpy(dtype=float)[model.index]
    lacking = int((~known).sum())
    said = (f"{lacking} of {len(data)} rows dropped for missing {trials}",) if lacking else ()
    model = replace(model, index=rows.index[model.index], messages=said + model.messages)
    return model, outcome(model, family, link, m)


def chosen_link(family: str, link: str | None) -> str:
    """The link asked for, or the family's own."""
    if family not in LINKS:
        raise UnsupportedError(f"family is one of {', '.join(LINKS)}, not {family!r}")
    if link is None:
        return LINKS[family][0]
    if link not in LINKS[family]:
        raise UnsupportedError(f"link for {family} is {' or '.join(LINKS[family])}, not {link!r}")
    return link


def outcome(model: Design, family: str, link: str, trials: Array | None) -> Outcome:
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
    return kinds[link](y, trials)


def forbid(bad: Flags, model: Design, wrong: str, wanted: str) -> None:
    if bad.any():
        first = int(np.flatnonzero(bad)[0])
        raise DataError(
            f"the response {wrong} in {int(bad.sum())} of {model.n} rows "
            f"(first: {model.y[first]:g} in row {model.index[first]}): use {wanted}"
        )
