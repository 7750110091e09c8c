"""Crossed groups: pupils belong to a primary and a secondary school, which do not nest."""

from mlcore import lr_test
from ui.labs.lab import Found, Lab, Step, table
from ui.labs.material import Material, estimate, variance
from ui.prose import chance, fixed, percent, share
from workbench.plan import Request

PRIMARY = Request("achiev ~ 1 + (1 | pschool)")
CROSSED = Request("achiev ~ 1 + (1 | pschool) + (1 | sschool)")
NESTED = Request("achiev ~ 1 + (1 | pschool) + (1 | pschool:sschool)")
FULL = Request(
    "achiev ~ pupsex + pupses + pdenom + (1 | pschool) + (1 | sschool)", "continuous", "reml"
)


def primary(on: Material) -> Found:
    fit = on.fit(PRIMARY)
    return Found(
        f"{share(float(fit.icc['pschool']))}: two pupils who left one primary school still "
        "correlate that much in secondary school. With secondary schools left out, what they do is "
        f"counted as a difference of pupils: {fixed(variance(fit), 3)}."
    )


def both(on: Material) -> Found:
    one, fit = on.fit(PRIMARY), on.fit(CROSSED)
    p, s, e = variance(fit, "pschool"), variance(fit, "sschool"), variance(fit)
    return Found(
        f"Secondary schools have a variance of {fixed(s, 3)}. Nearly all of it was with the "
        f"pupils, whose variance falls from {fixed(variance(one), 3)} to {fixed(e, 3)}; that of "
        f"primary schools stays ({fixed(variance(one, 'pschool'), 3)} and {fixed(p, 3)}), since "
        "the two kinds of school are spread over each other. The primary school, left behind "
        "years ago, has more to do with achievement than the secondary school.",
        table(
            ("Variance", "primary only", "both"),
            ("primary school", fixed(variance(one, "pschool"), 3), fixed(p, 3)),
            ("secondary school", "–", fixed(s, 3)),
            ("pupil", fixed(variance(one), 3), fixed(e, 3)),
        ),
    )


def pairs(on: Material) -> Found:
    fit = on.fit(CROSSED)
    p, s = fit.icc["pschool"], fit.icc["sschool"]
    return Found(
        "Add the variances that the two share and divide by all.",
        table(
            ("Two pupils of", "correlation"),
            ("the same primary school only", share(p)),
            ("the same secondary school only", share(s)),
            ("the same primary and the same secondary", share(p + s)),
            ("neither", "0"),
        ),
    )


def secondary(on: Material) -> Found:
    found = lr_test(on.fit(PRIMARY), on.fit(CROSSED))
    return Found(
        f"LR = {fixed(found.statistic, 1)}, {chance(found.p)}. One variance is added, which "
        "cannot be negative: the reference is half a point mass at 0 and half χ² with 1 degree "
        "of freedom, so p is half of what a table of χ² says. Here it makes no difference; near "
        ".05 it does."
    )


def nested(on: Material) -> Found:
    right, wrong = on.fit(CROSSED), on.fit(NESTED)
    cells, schools = wrong.n_groups["pschool:sschool"], right.n_groups["sschool"]
    return Found(
        f"The model takes each pair of schools for a school of its own: {cells} of them instead "
        f"of {schools}. Their variance is {fixed(variance(wrong, 'pschool:sschool'), 3)} instead "
        f"of {fixed(variance(right, 'sschool'), 3)}, the residual variance "
        f"{fixed(variance(wrong), 3)} instead of {fixed(variance(right), 3)}, and the "
        f"log-likelihood is lower by {fixed(right.loglik - wrong.loglik, 1)} with as many "
        "parameters. The numbers look sensible; only the count of groups gives it away. Whether "
        "groups nest is a fact about the pupils, which the page “Your data” shows before you fit.",
        table(
            ("Variance", "crossed", "nested, wrongly"),
            (
                "primary school",
                fixed(variance(right, "pschool"), 3),
                fixed(variance(wrong, "pschool"), 3),
            ),
            (
                "secondary school",
                fixed(variance(right, "sschool"), 3),
                fixed(variance(wrong, "pschool:sschool"), 3),
            ),
            ("pupil", fixed(variance(right), 3), fixed(variance(wrong), 3)),
            ("Number of secondary schools", str(schools), str(cells)),
        ),
    )


def full(on: Material) -> Found:
    before, fit = on.fit(CROSSED), on.fit(FULL)
    p0, p1 = (variance(each, "pschool") for each in (before, fit))
    se = fit.coefficients["se"]
    return Found(
        f"That of the denominational school, {fixed(se['pdenom'], 3)}, beside "
        f"{fixed(se['pupses'], 3)} for a point of family status and {fixed(se['pupsex'], 3)} for "
        f"girls: it is known from "
        f"{fit.n_groups['pschool']} schools only. The variance between primary schools falls by "
        f"{percent(1 - p1 / p0)}.",
        table(
            ("Predictor", "level", "estimate (SE)"),
            *(
                (on.dataset.variables[t].label, on.dataset.variables[t].level, estimate(fit, t, 3))
                for t in ("pupsex", "pupses", "pdenom")
            ),
        ),
    )


LAB = Lab(
    name="crossed",
    title="Crossed groups",
    purpose="Ask which school still shows in a pupil’s achievement, the primary or the secondary "
    "one. Pupils of one primary school go on to many secondary schools, so that neither level lies "
    "within the other.",
    minutes=20,
    data="pupils",
    lessons=(),
    steps=(
        Step(
            "Primary schools only",
            "Choose `achiev` as the outcome, no predictors, and `pschool` as the group.",
            PRIMARY,
            "How alike are two pupils who left the same primary school?",
            primary,
        ),
        Step(
            "Both schools",
            "Add `sschool` as a second group, crossed with the first.",
            CROSSED,
            "Where does the variance of secondary schools come from: that of primary schools or "
            "that of pupils?",
            both,
        ),
        Step(
            "Four kinds of pairs",
            "Stay with this model.",
            CROSSED,
            "How strongly do two pupils correlate who share the primary school, the secondary "
            "school, both, or neither?",
            pairs,
        ),
        Step(
            "Is the second school needed?",
            "Fit the models of steps 1 and 2, if you have not, and read the likelihood-ratio test "
            "under “Compare”.",
            CROSSED,
            "The larger model has one parameter more, a variance. How does that change p?",
            secondary,
        ),
        Step(
            "Nested by mistake",
            "Choose secondary within primary, `pschool:sschool`, as the second group.",
            NESTED,
            "How many secondary schools does the model find, and what happens to their variance?",
            nested,
        ),
        Step(
            "Predictors of either level",
            "Take the crossed groups again. Add `pupsex`, `pupses` and `pdenom`, which is a "
            "property of the primary school.",
            FULL,
            "Which of the three has by far the largest standard error?",
            full,
        ),
    ),
)
