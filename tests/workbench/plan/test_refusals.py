"""Every refusal says what happened, what it means and what to try, and its buttons help."""

import ast
import pickle
import re
from pathlib import Path

import pytest

import mlcore
from mlcore import DataError, FormulaError, MultilevelError
from tests.workbench.plan.material import FAULTY
from workbench.plan import Problem, Request, fit, refused
from workbench.plan.refusals import KINDS


def problem(request: Request) -> Problem:
    with pytest.raises(MultilevelError) as caught:
        fit(FAULTY, request)
    return refused(caught.value, FAULTY, request)


def mixed(formula: str, kind: str = "continuous", by: str = "") -> Request:
    return Request(formula, kind, by or ("reml" if kind == "continuous" else "laplace"))


def panel(formula: str, by: str, group: str = "school", time: str = "") -> Request:
    return Request(formula, "continuous", by, group, time)


S = "(1 | school)"
REFUSED = [
    # request, kind, words of what happened, the request of the first button
    (mixed("gcse ~ lrt +"), "formula", "ends too early", None),
    (
        mixed(f"gcse ~ Lrt + Lrt:girl + {S}"),
        "unknown column",
        "no column Lrt",
        f"gcse ~ lrt + lrt:girl + {S}",
    ),
    (mixed(f"gcse ~ `a b` + {S}"), "unknown column", "no column a b", None),
    (mixed(f"gcse ~ one + {S}"), "one value", "one has the same", f"gcse ~ 1 + {S}"),
    (mixed(f"gcse ~ C(one) + {S}"), "one value", "one has", f"gcse ~ 1 + {S}"),
    (mixed(f"gcse ~ copy + lrt + {S}"), "collinear", "lrt can", f"gcse ~ copy + {S}"),
    (mixed(f"gcse ~ gone + {S}"), "all missing", "no value", f"gcse ~ 1 + {S}"),
    (
        mixed(f"gcse ~ early + late + girl + {S}"),
        "none complete",
        "No row has a value in all",
        f"gcse ~ late + girl + {S}",
    ),
    (mixed(f"gcse ~ log(lrt) + {S}"), "not finite", "log(lrt) is", f"gcse ~ 1 + {S}"),
    (
        mixed(f"gcse ~ center(word) + {S}"),
        "not a number",
        "word holds words",
        f"gcse ~ C(word) + {S}",
    ),
    (mixed(f"word ~ lrt + {S}"), "not a number", "word", f"word ~ lrt + {S}"),
    (mixed(f"one ~ lrt + {S}"), "constant outcome", "one has the same value", None),
    (mixed(f"lrt ~ copy + {S}"), "exact", "without any error", f"lrt ~ 1 + {S}"),
    (
        mixed(f"gcse ~ names + {S}"),
        "many levels",
        "1,200 categories",
        "gcse ~ 1 + (1 | school) + (1 | names)",
    ),
    (mixed("gcse ~ lrt + (1 | row)"), "single rows", "of its own in row", f"gcse ~ lrt + {S}"),
    (mixed("high ~ lrt + (1 | row)", "binary"), "single rows", "row", f"high ~ lrt + {S}"),
    (mixed("gcse ~ lrt + (1 | one)"), "one group", "one group of one", "gcse ~ lrt"),
    (
        mixed("gcse ~ lrt + (1 | school) + (1 | twin)"),
        "same groups",
        "school and twin",
        f"gcse ~ lrt + {S}",
    ),
    (
        mixed("gcse ~ lrt + (1 + lrt + copy | school)"),
        "collinear slopes",
        "copy can be worked out from lrt",
        "gcse ~ lrt + (1 + lrt | school)",
    ),
    (
        mixed("gcse ~ lrt + (1 | school) + (1 + lrt | school)"),
        "varies twice",
        "intercept varies over school",
        None,
    ),
    (
        mixed("gcse ~ lrt + (1 + lrt | pair)"),
        "too many slopes",
        "769 groups with 2 random effects",
        "gcse ~ lrt + (1 | pair)",
    ),
    (mixed(f"two ~ lrt + {S}", "binary"), "outcome", "0 or 1 in", f"I(two - 1) ~ lrt + {S}"),
    (mixed(f"gcse ~ lrt + {S}", "count"), "outcome", "a count in", f"gcse ~ lrt + {S}"),
    (mixed(f"gcse ~ lrt + {S}", "ordered"), "outcome", "67", f"gcse ~ lrt + {S}"),
    (mixed(f"sector ~ lrt + {S}", "binary"), "never varies", "school", "sector ~ lrt"),
    (
        mixed("high ~ lrt + (1 | school) + (1 | vrband)", "binary", "quadrature"),
        "quadrature",
        "does not suit",
        "high ~ lrt + (1 | school) + (1 | vrband)",
    ),
    (panel("gcse ~ lrt", "difference"), "time", "in order", "gcse ~ lrt"),
    (panel("gcse ~ lrt", "difference", time="girl"), "same time", "girl", "gcse ~ lrt"),
    (panel("gcse ~ schav", "within"), "no change", "changes within school", "gcse ~ schav"),
    (panel("gcse ~ lrt", "within", "one"), "one group", "one", None),
    (
        mixed(f"gcse ~ word_within_school + {S}"),
        "unknown column",
        "word has no mean",
        f"gcse ~ 1 + {S}",
    ),
    (mixed(f"count ~ lrt + {S}", "count", "reml"), "other", "Laplace", f"count ~ lrt + {S}"),
    (Request("gcse ~ lrt"), "other", "needs a term such as", "gcse ~ lrt"),
    (panel(f"gcse ~ lrt + {S}", "ols"), "other", "leave", f"gcse ~ lrt + {S}"),
    (Request("gcse ~ lrt", estimator="cluster"), "other", "which rows", "gcse ~ lrt"),
]


@pytest.mark.parametrize(
    ("request_", "kind", "words", "first"), REFUSED, ids=[str(case[0].formula) for case in REFUSED]
)
def test_a_refusal_is_explained(
    request_: Request, kind: str, words: str, first: str | None
) -> None:
    found = problem(request_)
    assert found.kind == kind
    assert words in found.happened
    assert found.meaning
    assert found.grave
    for part in (found.happened, found.meaning, found.attempt):
        assert part == "" or part.endswith((".", "?"))
        assert not re.search(r"lmm|glmm|n_quad|reml=", part)
    if first is None:
        assert found.remedies == ()
    else:
        assert found.remedies[0].request.formula == first


@pytest.mark.parametrize(
    "request_",
    [
        case[0]
        for case in REFUSED
        if case[3] and case[0].formula != "gcse ~ C(names) + (1 + lrt | row)"
    ],
    ids=lambda r: r.formula,
)
def test_the_first_button_helps(request_: Request) -> None:
    remedy = problem(request_).remedies[0]
    assert fit(FAULTY, remedy.request).n > 0


def test_a_formula_is_marked_where_reading_stopped() -> None:
    found = problem(Request("gcse ~ lrt + (1 | school))"))
    assert found.formula[found.position :] == ")"


def test_separation_names_what_separates() -> None:
    request = mixed("high ~ sure + lrt + (1 | school)", "binary")
    error = DataError("...", "separation", ["sure"])
    found = refused(error, FAULTY, request)
    assert found.happened.startswith("sure can tell")
    assert [each.words for each in found.remedies] == ["Leave sure out"]


def test_a_formula_beyond_the_choices_is_explained_without_buttons() -> None:
    found = problem(Request("gcse ~ one + lrt:C(codes) + (1 | school)"))
    assert (found.kind, found.remedies) == ("one value", ())


def test_what_has_no_kind_is_told_in_the_core_s_words() -> None:
    request = mixed("gcse ~ lrt + (1 | school)")
    found = refused(DataError("something else is wrong"), FAULTY, request)
    assert found.happened == "Something else is wrong."


# Where the kind stands among the arguments of an error.
PLACE = {"DataError": 1, "UnsupportedError": 1, "FormulaError": 3}
OF_COMPARISONS = {  # `workbench.plan.nesting` has words for them, or rules them out before
    "REML",
    "fits worse",
    "no likelihood",
    "no more parameters",
    "not nested",
    "other likelihood",
    "other response",
    "other rows",
}


def named(call: ast.Call) -> str | None:
    """The kind of an error that is raised there, if it has one."""
    place = PLACE.get(call.func.id) if isinstance(call.func, ast.Name) else None
    if place is None:
        return None
    given = [keyword.value for keyword in call.keywords if keyword.arg == "kind"]
    kind = [*given, *call.args[place : place + 1]]
    return kind[0].value if kind and isinstance(kind[0], ast.Constant) else None


def test_every_kind_that_the_core_knows_is_explained() -> None:
    found = set()
    for path in Path(mlcore.__file__).parent.rglob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        found |= {named(node) for node in nodes if isinstance(node, ast.Call)}
    assert found - {None} - OF_COMPARISONS == set(KINDS) - {"formula"}


def test_an_error_keeps_its_kind_between_processes() -> None:
    for error in (
        DataError("no", "collinear", ["x"]),
        FormulaError("no", "y ~ x", 4, kind="one group", about=["g"]),
    ):
        again = pickle.loads(pickle.dumps(error))
        assert (str(again), again.kind, again.about) == (str(error), error.kind, error.about)
