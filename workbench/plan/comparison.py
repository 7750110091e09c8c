"""Models side by side: a table, tests of neighbours, and what must not be compared.

    compare(dataset, [Model("1", request, fit), Model("2", other, another)]).table

Log-likelihood, AIC and BIC are those of ML where REML fits have different fixed parts, and the
notes say so; estimates are always those of the fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import pandas as pd

from datasets import Dataset
from mlcore import Fit, GeeFit, OrdinalFit, PanelFit
from workbench.plan.fitting import fit as fitted
from workbench.plan.nesting import Model, Pair, Refit, beyond, needs_ml, weighed
from workbench.plan.problems import listed
from workbench.plan.request import Request

RESIDUAL = "SD residual"
WHOLE = ("rows", "groups", "parameters", "log-likelihood", "AIC", "BIC")


@dataclass(frozen=True, eq=False)
class Comparison:
    """The models, the fits that their likelihoods are of, and the tests of neighbours.

    `notes` are sentences about the table. `shared` are the labels of the rows that all models
    used, None if they used the same rows anyway.
    """

    models: tuple[Model, ...]
    scored: tuple[Fit, ...]
    pairs: tuple[Pair, ...]
    notes: tuple[str, ...]
    shared: pd.Index | None

    @cached_property
    def effects(self) -> pd.DataFrame:
        """A row for each coefficient; columns (model, "estimate") and (model, "se")."""
        return side_by_side({m.name: coefficients(m.fit) for m in self.models})

    @cached_property
    def spreads(self) -> pd.DataFrame:
        """A row for each standard deviation or correlation, a column for each model."""
        found = side_by_side({m.name: spreads(m.fit) for m in self.models})
        return found.loc[sorted(found.index, key=RESIDUAL.__eq__)]

    @cached_property
    def whole(self) -> pd.DataFrame:
        """Rows, groups, parameters, log-likelihood, AIC and BIC; a column for each model."""
        judged = zip(self.models, self.scored, strict=True)
        found = side_by_side({m.name: whole(m, scored) for m, scored in judged})
        return found.loc[sorted(found.index, key=lambda label: WHOLE.index(label.split(" ")[0]))]

    @cached_property
    def table(self) -> pd.DataFrame:
        """All of it as text; the index is (part, label), parts "effects", "spreads", "whole"."""
        names = [m.name for m in self.models]
        rows: dict[tuple[str, str], list[str]] = {}
        for term, line in self.effects.iterrows():
            cells = [with_error(line[name, "estimate"], line[name, "se"]) for name in names]
            rows["effects", str(term)] = cells
        for part, numbers in (("spreads", self.spreads), ("whole", self.whole)):
            for label, line in numbers.iterrows():
                rows[part, str(label)] = [as_text(str(label), line[name]) for name in names]
        index = pd.MultiIndex.from_tuples(rows, names=["part", "label"])
        return pd.DataFrame(list(rows.values()), index=index, columns=names)


def compare(dataset: Dataset, models: Sequence[Model], refit: Refit | None = None) -> Comparison:
    """Set fits of one dataset side by side, in the order given.

    `refit(request, rows)` fits a request to the rows with these labels, where a test needs it.
    """

    def again(request: Request, rows: pd.Index) -> Fit:
        return fitted(dataset, request, rows=rows)

    refit = refit or again
    by_ml = any(needs_ml(one, two) for one, two in pairwise(models))
    same = all(one.rows.equals(two.rows) for one, two in pairwise(models))
    return Comparison(
        models=tuple(models),
        scored=tuple((m.by_ml(refit) if by_ml else m).fit for m in models),
        pairs=tuple(weighed(one, two, refit) for one, two in pairwise(models)),
        notes=tuple(notes(models, same=same, by_ml=by_ml)),
        shared=None if same else common([m.rows for m in models]),
    )


def common(rows: Sequence[pd.Index]) -> pd.Index:
    """The labels that all have, in the order of the first."""
    found = rows[0]
    for other in rows[1:]:
        found = found[found.isin(other)]
    return found


def notes(models: Sequence[Model], *, same: bool, by_ml: bool) -> list[str]:
    """What has to be known to read the table."""
    said = []
    reml = [m.name for m in models if m.request.estimator == "reml"]
    if by_ml:
        said.append(
            f"Log-likelihood, AIC and BIC of model {listed(reml)} are those of the same model by "
            "ML: by REML, models with different fixed parts cannot be compared. The estimates "
            "shown are REML’s."
        )
    if not same:
        counts = listed(f"{m.fit.n:,}" for m in models)
        said.append(
            f"The models were fitted to different rows ({counts}): their log-likelihoods, AIC and "
            "BIC cannot be compared."
        )
    outcomes = {(m.request.kind, str(m.fit.design.formula.response)) for m in models}
    if len(outcomes) > 1:
        said.append("The models have different outcomes: compare neither estimates nor AIC.")
    elif {type(m.fit) is GeeFit for m in models} == {True, False} and mixed_binary(models):
        said.append(
            "Coefficients of a population average are smaller than those for one group: they "
            "answer different questions."
        )
    return said


def mixed_binary(models: Sequence[Model]) -> bool:
    return any(m.request.kind == "binary" and m.request.mixed for m in models)


# numbers ------------------------------------------------------------------------------------------


def coefficients(fit: Fit) -> pd.DataFrame:
    """Estimates and standard errors; of ordered categories, the thresholds too."""
    found = fit.coefficients[["estimate", "se"]]
    return pd.concat([found, fit.thresholds]) if isinstance(fit, OrdinalFit) else found


def spreads(fit: Fit) -> pd.Series:
    """Standard deviations and correlations by a label such as `SD school, lrt`."""
    found: dict[str, float] = {}
    if isinstance(fit, PanelFit) and np.isfinite(fit.sigma_u):
        found[f"SD {fit.panel.entity.name}, intercept"] = fit.sigma_u
    for _, line in fit.variance_components.iterrows():
        one, two = (spelt(line[key]) for key in ("term1", "term2"))
        if line["group"] == "Residual":
            found[RESIDUAL] = line["sd"]
        elif two:
            found[f"correlation {line['group']}, {one} and {two}"] = line["correlation"]
        else:
            found[f"SD {line['group']}, {one}"] = line["sd"]
    if isinstance(fit, GeeFit):
        found["working correlation"] = fit.alpha
    return pd.Series(found, dtype=float)


def spelt(term: str) -> str:
    return "intercept" if term == "(Intercept)" else term


def whole(model: Model, scored: Fit) -> pd.Series:
    """Counts, and the likelihood of the fit that the model is judged by, if it has one."""
    fit = model.fit
    found: dict[str, float] = {"rows": fit.n}
    found |= {f"groups of {group}": count for group, count in fit.n_groups.items()}
    found |= {"parameters": fit.df_model}
    if not beyond(model):
        found |= {"log-likelihood": scored.loglik, "AIC": scored.aic, "BIC": scored.bic}
    return pd.Series(found, dtype=float)


def side_by_side(columns: dict[str, pd.DataFrame] | dict[str, pd.Series]) -> pd.DataFrame:
    """Columns with the rows of all, each row at its first place; NaN where a model has none."""
    labels = list(dict.fromkeys(label for column in columns.values() for label in column.index))
    return pd.concat({name: column.reindex(labels) for name, column in columns.items()}, axis=1)


# text ---------------------------------------------------------------------------------------------


def with_error(estimate: float, se: float) -> str:
    """`0.564 (0.012)`: an estimate to the second digit of its standard error."""
    if not np.isfinite(estimate):
        return ""
    if not (np.isfinite(se) and se > 0.0):
        return minus(f"{estimate:.4g}")
    decimals = int(np.clip(1 - np.floor(np.log10(se)), 0, 8))
    return minus(f"{estimate:,.{decimals}f} ({se:,.{decimals}f})")


def as_text(label: str, value: float) -> str:
    """Counts whole, likelihoods to two decimals, spreads to three digits."""
    if not np.isfinite(value):
        return ""
    if label.split(" ")[0] in ("rows", "groups", "parameters"):
        return f"{value:,.0f}"
    if label in WHOLE or "correlation" in label:
        return minus(f"{value:,.2f}")
    return f"{value:,.0f}" if value >= 1000.0 else f"{value:.3g}"


def minus(text: str) -> str:
    return text.replace("-", "−")
