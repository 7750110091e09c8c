"""A file of one's own: what to look at, in which order, tried out on a file that is known."""

from mlcore import parse
from ui.labs.lab import Found, Lab, Step, table
from ui.labs.levels import EXPERIMENT, NULL, TRAP
from ui.labs.material import Material, estimates, variance
from ui.prose import counted, fixed, percent, sentence, words
from workbench import readiness
from workbench.plan import Request

FIRST = Request("stress ~ 1 + (1 | wardid)")
LOOKED_AT = ("stress", "experien", "age", "wardtype", "expcon", "hospsize")
BEYOND = 0.0027  # of a normal distribution, further than three standard deviations
KEPT = Request("stress ~ expcon + age + gender + experien + (1 | wardid)")


def read(on: Material) -> Found:
    rows = on.rows[list(on.dataset.variables)]
    missing = int(rows.isna().sum().sum())
    return Found(
        f"{len(rows):,} rows, {words(len(rows.columns))} columns, "
        f"{'no missing values' if not missing else counted(missing, 'missing value')}, comma "
        "between columns and point as the decimal mark. With a file of your own check these "
        "first: a wrong decimal mark turns numbers into text, and codes such as −9 for “no "
        "answer” into numbers.",
    )


def groups(on: Material) -> Found:
    rows = on.rows[list(on.dataset.variables)]
    found = {each.column: each for each in readiness.candidates(rows, on.dataset)}
    (trap,) = readiness.traps(rows, tuple(found.values()))
    return Found(
        "Hospitals and wards, `wardid`, each of which lies in one hospital. The one that must not "
        f"is `{trap.inner}`: its {words(trap.codes)} numbers stand for {trap.cells} wards, since "
        f"each occurs again in up to {trap.occurs} hospitals. The page asks about it and offers "
        "the repair. Of every candidate ask: how many groups, how many rows in each, any with a "
        "single row, and does it lie within another?",
        table(
            ("Column", "groups", "rows in the smallest", "in the largest"),
            *(
                (name, str(each.groups), str(each.smallest), str(each.largest))
                for name, each in ((name, found[name]) for name in ("hospital", "wardid", "ward"))
            ),
        ),
    )


def spread(on: Material) -> Found:
    rows = on.rows[["hospital", "wardid", *LOOKED_AT]]
    found = {each.column: each for each in readiness.profiles(rows, ("wardid", "hospital"))}
    above = sum(found[name].level != "row" for name in LOOKED_AT)
    levels = {"row": "nurse", "wardid": "ward", "hospital": "hospital"}
    return Found(
        f"{sentence(words(above))} of these {words(len(LOOKED_AT))} never vary within a ward or a "
        "hospital: only the number of wards or hospitals counts for them. Of the others the share "
        "between wards is the ICC of the variable itself; a predictor that has one may need its "
        "mean in the model (see the lab Within and between).",
        table(
            ("Variable", "level", "share between wards"),
            *(
                (on.dataset.variables[n].label, levels[found[n].level], percent(found[n].icc))
                for n in LOOKED_AT
            ),
        ),
    )


def null(on: Material) -> Found:
    two, three = on.fit(FIRST), on.fit(NULL)
    parts = [variance(three, name) for name in ("hospital", "hospital:ward", "Residual")]
    return Found(
        f"{percent(float(two.icc['wardid']))} of the variance of stress lies between wards. Of "
        f"that, the model with three levels gives {percent(parts[0] / (parts[0] + parts[1]))} to "
        "the hospitals. An ICC near 0 does not yet mean that groups can be forgotten: predictors "
        "and standard errors may still depend on them.",
    )


def model(on: Material) -> Found:
    fit, two = on.fit(EXPERIMENT), on.fit(KEPT)
    names = {
        str(term[0]): on.dataset.variables[str(term[0])].label
        for term in parse(EXPERIMENT.formula).fixed
        if term
    }
    return Found(
        "The predictors’ effects hardly depend on whether hospitals are in the model; the "
        f"variance between wards does: {fixed(variance(two, 'wardid'), 3)} with wards only, "
        f"{fixed(variance(fit, 'hospital:ward'), 3)} beside hospitals. Write down which models "
        "you fitted, and why you stopped.",
        table(
            ("Estimate (SE)", "wards", "wards in hospitals"),
            *estimates(names, two, fit),
        ),
    )


def checked(on: Material) -> Found:
    fit, wrong = on.fit(EXPERIMENT), on.fit(TRAP)
    left = fit.residuals()
    far = int((left.abs() > 3 * fit.sigma).sum())
    return Found(
        f"{fixed(1000 * BEYOND, 1)}; of these {fit.n:,} nurses it is "
        f"{words(far) if far else 'none'}. Before you report: the number of groups is right "
        f"({fit.n_groups['hospital:ward']} wards, not {wrong.n_groups['ward']}); rows were not "
        f"lost to missing values without your noticing ({fit.n:,} here); nothing is on a boundary; "
        "and the sentence about each number says between whom it compares."
    )


LAB = Lab(
    name="own",
    title="A file of your own",
    purpose="A checklist for the first hour with new data. Go through it once with a file whose "
    "answers are known, the nurses, saved and read back as if it were yours; then with your own.",
    minutes=30,
    data="nurses",
    lessons=(),
    steps=(
        Step(
            "Read the file",
            "On the page Data, save the rows of *Stress among nurses* as a CSV file, and open "
            "that file on the page “Your data”. The link below opens the same data without a file.",
            None,
            "How many rows and columns should have arrived? What would a wrong decimal mark look "
            "like?",
            read,
        ),
        Step(
            "Find the groups",
            "Look at the candidates for groups, before any model.",
            None,
            "Three columns could be groups. Which of them must not be one by itself?",
            groups,
        ),
        Step(
            "Find the level of each variable",
            "Look at where each variable varies: within groups, between them, or both.",
            None,
            "Which predictors are the same for all nurses of a ward?",
            spread,
        ),
        Step(
            "The null model",
            "Fit the outcome, `stress`, with the group alone; then with all groups that there are.",
            FIRST,
            "How much of the variance is there to explain between groups?",
            null,
        ),
        Step(
            "Predictors",
            "Add `expcon`, `age`, `gender` and `experien`, and compare the model with the one that "
            "has hospitals too.",
            KEPT,
            "Which numbers will change when hospitals come in: effects, standard errors, "
            "variances?",
            model,
        ),
        Step(
            "Check and report",
            "Look at the diagnostic pictures of the model with all levels.",
            EXPERIMENT,
            "How many of a thousand normal residuals lie beyond three standard deviations?",
            checked,
        ),
    ),
)
