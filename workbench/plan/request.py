"""What is asked of a learner's data: a formula, the kind of outcome, an estimator.

    Request("gcse ~ lrt + (1 | school)", kind="continuous", estimator="reml")

It is all that an address has to hold for a model to be fitted again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from mlcore import FormulaError, parse

KINDS = {
    "continuous": "a measurement",
    "binary": "0 or 1",
    "count": "a count",
    "ordered": "ordered categories",
}
ESTIMATORS = {
    "continuous": ("reml", "ml", "ols", "cluster", "within", "between", "random", "difference"),
    "binary": ("laplace", "quadrature", "glm", "glm-cluster", "gee"),
    "count": ("laplace", "quadrature", "glm", "glm-cluster", "gee"),
    "ordered": ("laplace", "quadrature"),
}
PANEL = ("within", "between", "random", "difference")
MIXED = {"reml", "ml", "laplace", "quadrature"}  # those that take terms such as (1 | school)
GROUPED = {"cluster", *PANEL, "glm-cluster", "gee"}
WITHOUT_EFFECTS = {"continuous": "ols", "binary": "glm", "count": "glm", "ordered": "laplace"}
INSTEAD = {  # what comes nearest to an estimator when the outcome is of another kind
    "continuous": {"glm": "ols", "glm-cluster": "cluster", "gee": "cluster"},
    "binary": {"ols": "glm", "cluster": "glm-cluster", **dict.fromkeys(PANEL, "gee")},
    "count": {"ols": "glm", "cluster": "glm-cluster", **dict.fromkeys(PANEL, "gee")},
    "ordered": {},
}
WORDS = {
    "reml": "mixed model, REML",
    "ml": "mixed model, ML",
    "ols": "least squares",
    "cluster": "least squares, standard errors by group",
    "within": "within groups (fixed effects)",
    "between": "between groups",
    "random": "random effects (Swamy–Arora)",
    "difference": "first differences",
    "laplace": "mixed model, Laplace",
    "quadrature": "mixed model, quadrature with 7 points",
    "glm": "maximum likelihood without groups",
    "glm-cluster": "maximum likelihood, standard errors by group",
    "gee": "population average (GEE)",
}


@dataclass(frozen=True)
class Request:
    """`group` says whose rows go together where no term of the formula does; `time` orders them.

    `time` is for first differences only.
    """

    formula: str
    kind: str = "continuous"
    estimator: str = "reml"
    group: str = ""
    time: str = ""

    @property
    def mixed(self) -> bool:
        return self.estimator in MIXED

    def of_kind(self, kind: str) -> Request:
        """The same formula for an outcome of another kind, by the estimator that comes nearest."""
        allowed = ESTIMATORS[kind]
        known = self.estimator in allowed
        nearest = self.estimator if known else INSTEAD[kind].get(self.estimator, allowed[0])
        if nearest in MIXED and "|" not in self.formula:
            nearest = WITHOUT_EFFECTS[kind]
        return replace(self, kind=kind, estimator=nearest)

    @property
    def address(self) -> dict[str, str]:
        """What an address holds: the formula as `model`, and `outcome`, `by`, `group`, `time`.

        What is the first choice, and what is empty, is left out.
        """
        known = self.kind in ESTIMATORS
        usual = known and self.estimator == ESTIMATORS[self.kind][0]
        given = {
            "model": self.formula,
            "outcome": "" if self.kind == "continuous" else self.kind,
            "by": "" if usual else self.estimator,
            "group": self.group,
            "time": self.time,
        }
        return {name: value for name, value in given.items() if value}

    def problems(self) -> tuple[str, ...]:
        """What is wrong with the request whatever the data: sentences, none if it can be tried."""
        if self.kind not in KINDS:
            return (f"There is no outcome {self.kind!r}: choose {listed(KINDS)}.",)
        if self.estimator not in ESTIMATORS[self.kind]:
            known = listed(f"“{WORDS[each]}”" for each in ESTIMATORS[self.kind])
            return (f"For an outcome that is {KINDS[self.kind]} choose {known} as estimator.",)
        try:
            read = parse(self.formula)
        except FormulaError as error:
            return (f"The formula cannot be read: {error.reason}.",)
        said = []
        name = WORDS[self.estimator]
        if self.mixed and not read.random and self.kind != "ordered":
            said.append(f"A {name}, needs a term such as (1 | school).")
        if not self.mixed and read.random:
            term = read.random[0].factor
            said.append(f"“{name}” has no random effects: leave (… | {term}) out of the formula.")
        if self.estimator in GROUPED and not self.group:
            said.append(f"“{name}” needs the column that says which rows belong together.")
        return tuple(said)


def listed(words: object) -> str:
    """`reml, ml or ols`"""
    *most, last = [str(word) for word in words]  # type: ignore[attr-defined]
    return f"{', '.join(most)} or {last}" if most else last
