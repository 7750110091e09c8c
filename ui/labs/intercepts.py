"""Random intercepts: the spread of exam results between schools and within them."""

from typing import Any

from mlcore import design_effect, shrinkage
from ui.labs.lab import Found, Lab, Step, table
from ui.labs.material import Material, estimate, estimates, variance
from ui.prose import fixed, percent, share, words
from workbench.plan import Request

NULL = Request("gcse ~ 1 + (1 | school)")
NO_SCHOOLS = Request("gcse ~ 1", "continuous", "ols")
READING = Request("gcse ~ lrt + (1 | school)")
TYPES = Request("gcse ~ lrt + C(schgend) + (1 | school)")
TYPES_OLS = Request("gcse ~ lrt + C(schgend)", "continuous", "ols")


def null(on: Material) -> Found:
    fit = on.fit(NULL)
    (between, within), icc = parts(fit), float(fit.icc["school"])
    return Found(
        f"The variance between schools is {fixed(between)}, that within schools {fixed(within)}. "
        f"The share between schools is {share(icc, 3)}: the **intraclass correlation**, which is "
        "also the correlation of two pupils drawn from one school. Most of what there is to "
        "explain lies within schools; but schools are far from all alike.",
        table(
            ("Variance", "estimate", "SD", "share"),
            ("between schools", fixed(between), fixed(between**0.5), percent(icc)),
            ("within schools", fixed(within), fixed(within**0.5), percent(1 - icc)),
        ),
    )


def parts(fit: Any) -> tuple[float, float]:
    """The variances between schools and within them."""
    return variance(fit, "school"), variance(fit)


def no_schools(on: Material) -> Found:
    naive, fit = (on.fit(r).coefficients["se"].iloc[0] for r in (NO_SCHOOLS, NULL))
    null = on.fit(NULL)
    size = null.n / null.n_groups["school"]
    effect = float(design_effect(size, float(null.icc["school"])))
    return Found(
        f"Smaller: {fixed(naive)} instead of {fixed(fit)}. Least squares takes {null.n:,} pupils "
        "for as many independent ones; but what a school does to one pupil it does to the next. "
        f"With {fixed(size, 1)} pupils to a school the **design effect** is 1 + ({fixed(size, 1)} "
        f"− 1) × {share(float(null.icc['school']), 3)} = {fixed(effect, 1)}; the ratio of the two "
        f"standard errors, squared, is {fixed((fit / naive) ** 2, 1)}. (The first takes schools to "
        "be of one size.)"
    )


def reading(on: Material) -> Found:
    before, after = on.fit(NULL), on.fit(READING)
    (u0, e0), (u1, e1) = parts(before), parts(after)
    return Found(
        f"Both fall: within schools by {percent(1 - e1 / e0)}, between schools by "
        f"{percent(1 - u1 / u0)}. The score is a pupil’s own; but schools differ in whom they take "
        "in, so that their means differ in it too. A point of reading at 11 goes with "
        f"{estimate(after, 'lrt')} points of exam score. The ICC is now "
        f"{share(float(after.icc['school']), 3)}: the correlation of two pupils of one school who "
        "read equally well.",
        table(
            ("Variance", "null model", "with reading", "explained"),
            ("between schools", fixed(u0), fixed(u1), percent(1 - u1 / u0)),
            ("within schools", fixed(e0), fixed(e1), percent(1 - e1 / e0)),
        ),
    )


def types(on: Material) -> Found:
    before, after = on.fit(READING), on.fit(TYPES)
    (u0, e0), (u1, e1) = parts(before), parts(after)
    return Found(
        f"Only that between schools: it falls from {fixed(u0)} to {fixed(u1)}, by "
        f"{percent(1 - u1 / u0)}; within schools it stays at {fixed(e0)} and {fixed(e1)}. Type of "
        "school is the same for all pupils of a school, so it cannot tell them apart. Pupils of "
        f"girls’ schools (type 3) are {estimate(after, 'C(schgend)3')} points above those of mixed "
        "schools who read equally well.",
        table(
            ("Variance", "with reading", "and type of school"),
            ("between schools", fixed(u0), fixed(u1)),
            ("within schools", fixed(e0), fixed(e1)),
        ),
    )


def least_squares(on: Material) -> Found:
    mixed, plain = on.fit(TYPES), on.fit(TYPES_OLS)
    terms = {"lrt": "reading score", "C(schgend)2": "boys’ school", "C(schgend)3": "girls’ school"}
    se = {t: [float(fit.coefficients["se"][t]) for fit in (plain, mixed)] for t in terms}
    ratio = se["C(schgend)2"][1] / se["C(schgend)2"][0]
    (schools,) = mixed.n_groups.values()
    return Found(
        f"That of type of school: with random intercepts it is {fixed(ratio, 1)} times as large "
        f"for boys’ schools. There are {mixed.n:,} pupils but {schools} schools, and least squares "
        "counts pupils. The standard error of the reading score, which differs between the pupils "
        "of a school, hardly changes.",
        table(
            ("Estimate (SE)", "least squares", "random intercepts"),
            *estimates(terms, plain, mixed),
        ),
    )


def schools(on: Material) -> Found:
    effects = shrinkage(on.fit(READING)).sort_values("n")
    smallest, largest = effects.iloc[0], effects.iloc[-1]
    apart = int((effects["estimate"].abs() > 1.96 * effects["se"]).sum())
    return Found(
        f"School {effects.index[0]}, with {words(int(smallest['n']))} pupils, keeps "
        f"{percent(smallest['lambda'])} of its own distance from the line; school "
        f"{effects.index[-1]}, with {largest['n']:.0f}, keeps {percent(largest['lambda'])}. That "
        "is **shrinkage**: the less a school’s own pupils say, the more the model says what it "
        f"knows of schools in general. {apart} of {len(effects)} intervals of 95 % leave out 0.",
        table(
            ("School", "pupils", "own", "model’s", "kept"),
            *(
                (
                    str(name),
                    f"{row['n']:.0f}",
                    fixed(row["mean"]),
                    fixed(row["estimate"]),
                    percent(row["lambda"]),
                )
                for name, row in effects.iloc[[0, len(effects) // 2, -1]].iterrows()
            ),
        ),
    )


LAB = Lab(
    name="intercepts",
    title="Random intercepts",
    purpose="Split the spread of exam results into a part between schools and a part within them, "
    "and see what predictors do to each. Every multilevel analysis begins like this.",
    minutes=25,
    data="school",
    lessons=("pooling", "icc", "shrinkage"),
    steps=(
        Step(
            "The null model",
            "Choose the exam score at 16, `gcse`, as the outcome, no predictors, and `school` as "
            "the group.",
            NULL,
            "How much of the variance of exam scores lies between schools: a twentieth, a sixth, "
            "a half?",
            null,
        ),
        Step(
            "Forget the schools",
            "Take the group away and fit by least squares.",
            NO_SCHOOLS,
            "The intercept is the mean of all pupils. Is its standard error now smaller or "
            "larger than in the null model?",
            no_schools,
        ),
        Step(
            "A predictor of pupils",
            "Put the group back and add the reading score at 11, `lrt`.",
            READING,
            "What do you expect to happen to the variance within schools, and to that between "
            "them?",
            reading,
        ),
        Step(
            "A predictor of schools",
            "Add the type of school, `schgend`, as a category: mixed, boys’, girls’.",
            TYPES,
            "Which of the two variances can it explain?",
            types,
        ),
        Step(
            "The same by least squares",
            "Keep the predictors, take the group away.",
            TYPES_OLS,
            "Whose standard error comes out too small: that of the reading score, or that of the "
            "type of school?",
            least_squares,
        ),
        Step(
            "The schools themselves",
            "Go back to the model of step 3 and look at the schools’ effects, smallest school "
            "first.",
            READING,
            "The smallest school has very few pupils. How much of its own distance from the line "
            "does the model believe?",
            schools,
        ),
    ),
)
