"""What least squares was asked: which rows it fits, and whose errors go together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeGuard, cast

import numpy as np

from mlcore import Fit, LinearFit, PanelFit
from mlcore.arrays import Array

Estimator = Literal["ols", "pooled", "within", "between", "random", "first_difference"]
Least = LinearFit | PanelFit
_CLUSTERED = re.compile(r"(CR[012]) by (.+)$")


@dataclass(frozen=True)
class Asked:
    """`entity` is the column of the groups, `time` what orders their rows, where there are such."""

    estimator: Estimator
    entity: str = ""
    time: str = ""
    cluster: str = ""
    correction: str = ""
    two_ways: bool = False

    @property
    def group(self) -> str:
        """The groups that the estimate or its standard errors are about."""
        return self.entity or self.cluster

    @property
    def index(self) -> str:
        """Of a row: `ij`, row i of group j; `ti`, time t of group i; `i` without groups."""
        return "ti" if self.time else "ij" if self.group else "i"


def is_least(fit: Fit) -> TypeGuard[Least]:
    return isinstance(fit, (LinearFit, PanelFit))


def asked(fit: Least) -> Asked:
    found = _CLUSTERED.search(fit.method)
    correction, cluster = found.groups() if found else ("", "")
    if isinstance(fit, LinearFit):
        return Asked("ols", cluster=cluster, correction=correction)
    time = fit.panel.time.name if fit.panel.time else ""
    ways = fit.panel.ways is not None
    entity = fit.panel.entity.name
    estimator = cast(Estimator, fit.estimator)
    return Asked(estimator, entity, time, cluster, correction, ways)


def requested(estimator: str, group: str = "", time: str = "") -> Asked | None:
    """What a request for `cluster`, `difference` and so on asks; None for other models."""
    if estimator in ("ols", "cluster"):
        return Asked("ols", cluster=group if estimator == "cluster" else "", correction="CR1")
    known = {"difference": "first_difference"}.get(estimator, estimator)
    if known in ("within", "between", "random", "first_difference"):
        return Asked(cast(Estimator, known), entity=group, time=time)
    return None


def clusters(fit: Least) -> int:
    """How many groups the standard errors count; 0 where they count rows."""
    of = asked(fit).cluster
    return len(fit.design.groupings[of].levels) if of else 0


def classical(fit: LinearFit) -> Array:
    """Standard errors as if the errors of all rows were independent."""
    X = fit.design.X
    se: Array = np.sqrt(np.diagonal(np.linalg.inv(X.T @ X))) * fit.sigma
    return se
