"""What five estimators ask of the same data, in the words and numbers of now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor, log10

from datasets import Case
from ui.pictures.moved import Answer, Term
from ui.stage.layout import Equation
from ui.stage.quantity import Quantity, absolute, control, where
from ui.stage.text import Choose, Text, text

SHOWN = {
    "ols": "OLS",
    "robust": "robust",
    "fe": "fixed",
    "re": "random",
    "rewb": "within–between",
}
AT_REST = {"delta": 0.0, "shift": 0.0, "group": 0.0, "estimator": 0.0, "revealed": 1.0}

Found = Mapping[str, Answer]


def form(found: Found) -> str:
    """The format that gives the smallest standard error two digits."""
    least = min(float(answer.se.evaluate(AT_REST)) for answer in found.values())
    digits = min(max(1 - floor(log10(least)), 1), 4)
    return {2: "share", 3: "share3"}.get(digits, str(digits))


def one_of(texts: Sequence[str | Text]) -> Choose:
    """The text of the estimator shown."""
    return Choose(control("estimator"), texts)


def named(row: str) -> str:
    """A row of the plot in a sentence of its own."""
    return f"within–between, {row}" if row in ("within", "between") else row


def compared(it: Case, term: Term) -> str:
    """What the coefficient sets side by side: `girl against boy`, `per point`."""
    values = it.data.variables[term.variable].values
    if term.level is not None:
        return f"{values[term.level]} against {next(iter(values.values()))}"
    if len(values) == 2:
        zero, one = values.values()
        return f"{one} against {zero}"
    return f"per {it.measure(term.variable).removesuffix('s')}"


def finding(it: Case, term: Term, found: Found, added: Quantity) -> Text:
    """At rest what the estimator shown does; once something is added, who follows."""
    f, units, group, groups = form(found), it.unit.plural, it.group.name, it.group.plural
    b = {row: answer.estimate for row, answer in found.items()}
    ratio = found["cluster-robust"].half / found["OLS"].half
    width: list[str | Text] = [
        text("{p:percent} as wide", p=ratio),
        text("{r:1} times as wide", r=ratio),
        "nearly as wide as before",
    ]
    still: list[str | Text] = [
        text(f"OLS compares any two {units}: {{b:{f}}}.", b=b["OLS"]),
        text(
            "Robust errors keep the line; its interval is {w}.",
            w=Choose(where(ratio > 1.05, 1, where(ratio < 0.95, 0, 2)), width),
        ),
    ]
    if term.shared:
        still += [
            f"Fixed effects say nothing: each {group}’s own level has taken what it shares.",
            text(
                f"Random effects compare {groups} rather than {units}: {{b:{f}}}.",
                b=b["random effects"],
            ),
            text(f"Among {groups} with like means: {{b:{f}}}.", b=b["between"]),
        ]
    else:
        way = (b["random effects"] - b["within"]) / (b["between"] - b["within"])
        still += [
            text(f"Fixed effects compare {units} of one {group}: {{b:{f}}}.", b=b["within"]),
            text(
                f"Random effects: {{b:{f}}}, {{w}}.",
                b=b["random effects"],
                w=Choose(
                    (way >= 0) & (way <= 1),
                    [
                        "outside within and between, as the other predictors may have it",
                        text("{p:percent} of the way from within to between", p=way),
                    ],
                ),
            ),
            text(
                f"Two slopes: {{w:{f}}} within {groups}, {{b:{f}}} between them.",
                w=b["within"],
                b=b["between"],
            ),
        ]
    follow = text(
        f"OLS follows by {{o:{f}}}, random effects by {{r:{f}}}, fixed effects not at all.",
        o=found["OLS"].moved,
        r=found["random effects"].moved,
    )
    shown = where(absolute(added) > 0, len(still), control("estimator"))
    return text("{t}", t=Choose(shown, [*still, follow]))


def asked(it: Case, term: Term) -> Text:
    """Who is compared with whom by the estimator shown."""
    unit, units = it.unit.name, it.unit.plural
    group, groups = it.group.name, it.group.plural
    if term.shared:
        texts = [
            f"any two {units} of {groups} that differ in this. Each {unit} counts the same, so "
            f"large {groups} count for more.",
            f"whom OLS compares. The interval allows for {units} of one {group} going together.",
            f"{units} of one {group}. In this they do not differ, so there is nothing to compare.",
            f"{groups} that differ in this. The more {groups} differ otherwise, the more equally "
            "they count, whatever their size.",
            f"{groups} that differ in this and have the same means of the other predictors.",
        ]
    else:
        texts = [
            f"any two {units}, of one {group} or of two.",
            f"whom OLS compares. The interval allows for {units} of one {group} going together.",
            f"{units} of one {group}. What the {group} is like plays no part.",
            f"{units} of one {group} and {units} of two, each comparison as far as it can be "
            "trusted.",
            f"{units} of one {group}, and beside that whole {groups} by their means.",
        ]
    names = ["OLS compares", "Robust errors go with", "Fixed effects compare",
             "Random effects compare", "Within–between compares"]  # fmt: skip
    return text("**{who}** {whom}", who=one_of(names), whom=one_of(texts))


def equation(term: Term, found: Found, added: Text) -> Equation:
    """The model of the estimator shown, with the coefficients of now; `added` to the outcome."""
    f, x = form(found), "x_j" if term.shared else "x_ij"
    b = {row: answer.estimate for row, answer in found.items()}
    rest, random = " + … + [within|e_ij]", " + … + [between|u_j] + [within|e_ij]"

    def part(row: str, role: str, of: str) -> Text:
        return text(f" + [{role}|{{b:{f}}}]\u2009{of}", b=b[row])

    line: list[str | Text] = ["β_0", part("OLS", "fixed", x), "", rest]
    mixed: list[str | Text] = ["β_0", part("random effects", "predicted", x), "", random]
    if term.shared:
        fixed: list[str | Text] = ["[between|α_j]", "", "", rest]
        split: list[str | Text] = ["β_0", "", part("between", "between", "x_j"), random]
    else:
        fixed = ["[between|α_j]", part("within", "within", x), "", rest]
        split = [
            "β_0",
            part("within", "within", "(x_ij − x̄_j)"),
            part("between", "between", "x̄_j"),
            random,
        ]
    models = [line, line, fixed, mixed, split]
    right = [text("{p}", p=one_of([model[i] for model in models])) for i in range(len(line))]
    left = Text(f"y_ij{added.template} = ", added.values)
    spoken = Text(
        "{name}: " + "".join(f"{{p{i}}}" for i in range(len(right))),
        {"name": one_of([*SHOWN.values()])}
        | {f"p{i}": each.values["p"] for i, each in enumerate(right)},
    )
    return Equation([left, *right], spoken)
