"""A formula read back into choices, so that what is typed and what is chosen stay in step."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from mlcore import parse
from mlcore.language.expressions import FACTOR_FUNCTIONS, Call, Expression, Name, Operation
from mlcore.language.formula import Formula, RandomTerm
from workbench.plan.columns import Made, factors_of, group_mean, meaning
from workbench.plan.plan import Plan, Predictor, Varying, expression
from workbench.plan.request import Request


class NotChosenError(ValueError):
    """A valid formula that says more than the choices can show; it can be fitted as it is."""


def planned(request: Request, columns: Collection[str] = ()) -> Plan:
    """The choices that give a request's formula; `planned(plan.request)` is the plan again.

    With the `columns` of the data, a name such as x_mean_school that is one of them is that column.
    Raises `FormulaError` where the formula cannot be read, `NotChosenError` where it can but the
    choices cannot show it.
    """
    read = parse(request.formula)
    alone = [term[0] for term in read.fixed if len(term) == 1]
    predictors = read_predictors(alone, factors_of(read, request.group), columns)
    known = {term: name for each in predictors for name, term in each.terms.items()}
    return Plan(
        outcome=outcome(read.response),
        predictors=predictors,
        interactions=tuple(
            tuple(called(part, known) for part in term) for term in read.fixed if len(term) > 1
        ),
        random=read_random(read, known),
        kind=request.kind,
        estimator=request.estimator,
        group=request.group,
        time=request.time,
        intercept=() in read.fixed,
    )


def outcome(response: Expression) -> str:
    """A column's name, or a function of columns as typed."""
    if isinstance(response, Operation):
        response = Call("I", (response,))
    return safe(response)


def read_predictors(
    terms: Iterable[Expression], factors: tuple[str, ...], columns: Collection[str]
) -> tuple[Predictor, ...]:
    """Coding and centring, where they can be told; else the term as typed."""
    terms = list(terms)
    names = {term.name for term in terms if isinstance(term, Name)}
    read = {name: meaning(name, factors, columns) for name in names}
    within = {
        made.column: made
        for made in read.values()
        if made and made.part == "within" and made.column not in names
    }
    means = {group_mean(made.column, made.factor) for made in within.values()} & names
    found: list[Predictor] = []
    taken = {name for name in names if name not in means and read[name] not in within.values()}
    for term in terms:
        if isinstance(term, Name) and term.name in means:
            continue
        predictor = coded(term, taken) or centred(term, within, means)
        taken.add(predictor.column)
        found.append(predictor)
    return tuple(found)


def coded(term: Expression, taken: set[str]) -> Predictor | None:
    """`C(x)` and `center(x)`, unless x is a predictor as well."""
    if not isinstance(term, Call) or not isinstance(term.arguments[0], Name):
        return None
    column = term.arguments[0].name
    if column in taken or isinstance(expression(column), Call):
        return None
    if term.function in FACTOR_FUNCTIONS:
        return Predictor(column, categorical=True)
    return Predictor(column, centring="grand") if term.function == "center" else None


def centred(term: Expression, within: Mapping[str, Made], means: set[str]) -> Predictor:
    """A deviation from a group's mean; anything else as it is."""
    made = next(
        (m for m in within.values() if isinstance(term, Name) and m.name == term.name), None
    )
    if made is None:
        return Predictor(safe(term))
    both = group_mean(made.column, made.factor) in means
    return Predictor(made.column, centring="both" if both else "group", over=made.factor)


def called(term: Expression, known: Mapping[Expression, str]) -> str:
    """What the choices call a part of an interaction, or a slope."""
    if term in known:
        return known[term]
    name = safe(term)
    if isinstance(term, Name) and name not in known.values():
        return name
    raise NotChosenError(
        f"{term} is not among the predictors in this form: the choices cannot show it in an "
        "interaction or a random slope. The formula can be fitted as it is."
    )


def read_random(read: Formula, known: Mapping[Expression, str]) -> tuple[Varying, ...]:
    """Terms that were one bracket with `||` are one choice again."""
    brackets: dict[tuple[int, str], list[RandomTerm]] = {}
    for term in read.random:
        brackets.setdefault((term.position, term.factor), []).append(term)
    found = []
    for (_, factor), parts in brackets.items():
        terms = [term for part in parts for term in part.terms]
        if any(len(term) > 1 for term in terms):
            raise NotChosenError(
                f"a slope that varies over {factor} belongs to an interaction: the choices cannot "
                "show that. The formula can be fitted as it is."
            )
        slopes = tuple(called(term[0], known) for term in terms if term)
        for part in parts[0].group:
            safe(part, colon=False)
        found.append(Varying(factor, slopes, correlated=len(parts) == 1, intercept=() in terms))
    return tuple(found)


def safe(term: Expression, *, colon: bool = True) -> str:
    """A name of the choices, unless it could be taken for something else."""
    name = term.name if isinstance(term, Name) else str(term)
    if isinstance(term, Name) and (
        isinstance(expression(name), Call) or (not colon and ":" in name)
    ):
        raise NotChosenError(
            f"the column {term} has a name that the choices cannot tell from a formula: rename it. "
            "The formula can be fitted as it is."
        )
    return name
