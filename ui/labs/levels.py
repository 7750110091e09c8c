"""Three levels: nurses in wards in hospitals, and a level left out."""

from mlcore import lr_test
from ui.labs.lab import Found, Lab, Step, table
from ui.labs.material import Material, estimate, estimates, variance
from ui.prose import chance, fixed, percent
from workbench.plan import Request

CONTROLS = "expcon + age + gender + experien"
WARD = "hospital:ward"
NULL = Request("stress ~ 1 + (1 | hospital) + (1 | hospital:ward)")
TRAP = Request("stress ~ 1 + (1 | hospital) + (1 | ward)")
WARDS = Request("stress ~ 1 + (1 | hospital:ward)")
HOSPITALS = Request("stress ~ 1 + (1 | hospital)")
EXPERIMENT = Request(
    f"stress ~ {CONTROLS} + (1 | hospital) + (1 | hospital:ward)", "continuous", "reml"
)
NO_WARDS = Request(f"stress ~ {CONTROLS} + (1 | hospital)")
DIFFERS = Request(
    f"stress ~ {CONTROLS} + (1 + expcon | hospital) + (1 | hospital:ward)", "continuous", "reml"
)


def null(on: Material) -> Found:
    fit = on.fit(NULL)
    parts = {name: variance(fit, name) for name in ("hospital", WARD, "Residual")}
    total = sum(parts.values())
    same_hospital = parts["hospital"] / total
    same_ward = (parts["hospital"] + parts[WARD]) / total
    names = ("between hospitals", "between wards of a hospital", "between nurses of a ward")
    return Found(
        f"With the ward: {percent(parts[WARD] / total)} lies between wards of one hospital, "
        f"{percent(same_hospital)} between hospitals. Two nurses of one ward "
        f"correlate at {fixed(same_ward)}, since they share the hospital too; two of one hospital "
        f"but different wards at {fixed(same_hospital)}.",
        table(
            ("Variance", "estimate", "share"),
            *(
                (name, fixed(part, 3), percent(part / total))
                for name, part in zip(names, parts.values(), strict=True)
            ),
        ),
    )


def trap(on: Material) -> Found:
    right, wrong = on.fit(NULL), on.fit(TRAP)
    return Found(
        f"The program takes ward 1 of one hospital and ward 1 of the next for the same ward: it "
        f"finds {wrong.n_groups['ward']} wards instead of {right.n_groups[WARD]}, crossed with the "
        f"hospitals. The log-likelihood falls from {fixed(right.loglik, 1)} to "
        f"{fixed(wrong.loglik, 1)}, and what lay between wards is now with nurses and hospitals. "
        "Nothing warns you but the number of groups: read it, always. `hospital:ward` says that a "
        "ward is known by its hospital and its number; `wardid` numbers the wards across all "
        "hospitals and does the same.",
        table(
            ("Variance", "wards told apart", "wards mixed up"),
            (
                "hospital",
                fixed(variance(right, "hospital"), 3),
                fixed(variance(wrong, "hospital"), 3),
            ),
            ("ward", fixed(variance(right, WARD), 3), fixed(variance(wrong, "ward"), 3)),
            ("nurse", fixed(variance(right), 3), fixed(variance(wrong), 3)),
            ("Number of wards", str(right.n_groups[WARD]), str(wrong.n_groups["ward"])),
        ),
    )


def top_gone(on: Material) -> Found:
    full, fit = on.fit(NULL), on.fit(WARDS)
    both = variance(full, "hospital") + variance(full, WARD)
    return Found(
        f"To the wards: their variance rises from {fixed(variance(full, WARD), 3)} to "
        f"{fixed(variance(fit, WARD), 3)}, next to the sum of both, {fixed(both, 3)}. That of "
        f"nurses stays at {fixed(variance(fit), 3)}. Leave out the highest level and the one below "
        "takes what it had, since wards differ for both reasons; only the standard error of the "
        f"mean suffers, {fixed(float(fit.coefficients['se'].iloc[0]), 3)} instead of "
        f"{fixed(float(full.coefficients['se'].iloc[0]), 3)}."
    )


def middle_gone(on: Material) -> Found:
    full, fit = on.fit(NULL), on.fit(HOSPITALS)
    up = variance(fit, "hospital") - variance(full, "hospital")
    down = variance(fit) - variance(full)
    return Found(
        f"Both ways: {fixed(down, 3)} down to the nurses, whose variance is now "
        f"{fixed(variance(fit), 3)}, and {fixed(up, 3)} up to the hospitals, which have "
        f"{fixed(variance(fit, 'hospital'), 3)} now. Hospitals’ means differ by which wards they "
        "happen to have; without wards in the model that counts as a difference of hospitals.",
        table(
            ("Variance", "three levels", "no hospitals", "no wards"),
            (
                "hospital",
                fixed(variance(full, "hospital"), 3),
                "–",
                fixed(variance(fit, "hospital"), 3),
            ),
            ("ward", fixed(variance(full, WARD), 3), fixed(variance(on.fit(WARDS), WARD), 3), "–"),
            (
                "nurse",
                fixed(variance(full), 3),
                fixed(variance(on.fit(WARDS)), 3),
                fixed(variance(fit), 3),
            ),
        ),
    )


def experiment(on: Material) -> Found:
    full, less = on.fit(EXPERIMENT), on.fit(NO_WARDS)
    ratio = float(full.coefficients["se"]["expcon"] / less.coefficients["se"]["expcon"])
    return Found(
        f"It makes it {fixed(ratio, 1)} times smaller, and wrong: the training was given to wards, "
        "so wards are what is counted, and a model that does not know them counts nurses. "
        "Clustering on any level will not do; it has to be the level that was treated. With all "
        "three levels the training lowers stress by "
        f"{estimate(full, 'expcon', 3).replace('−', '')} points.",
        table(
            ("Estimate (SE)", "three levels", "no wards"),
            *estimates({"expcon": "training", "experien": "experience"}, full, less),
        ),
    )


def differs(on: Material) -> Found:
    small, large = on.fit(EXPERIMENT), on.fit(DIFFERS)
    found = lr_test(small, large)
    spread = variance(large, "hospital", "expcon") ** 0.5
    se = [float(fit.coefficients["se"]["expcon"]) for fit in (small, large)]
    return Found(
        f"It rises, from {fixed(se[0], 3)} to {fixed(se[1], 3)}: if the effect is not the same "
        f"everywhere, its mean is known from {large.n_groups['hospital']} of them, not from "
        f"{large.n_groups[WARD]} wards. And they do differ: the effect has a standard deviation of "
        f"{fixed(spread)} between hospitals, beside a mean of "
        f"{fixed(large.coefficients['estimate']['expcon'])} (LR = {fixed(found.statistic, 1)}, "
        f"{chance(found.p)} by the mixture). In some hospitals it may do nothing, or harm."
    )


LAB = Lab(
    name="levels",
    title="Three levels",
    purpose="Find out whether stress goes with the nurse, the ward or the hospital, and whether a "
    "training programme for wards helps. On the way you leave a level out, and fall into the trap "
    "of wards that are numbered afresh in each hospital.",
    minutes=30,
    data="nurses",
    lessons=(),
    steps=(
        Step(
            "Where stress sits",
            "Choose `stress` as the outcome, no predictors, and two groups: `hospital`, and ward "
            "within hospital, `hospital:ward`.",
            NULL,
            "With which of the three does most of the variance go: hospital, ward, nurse?",
            null,
        ),
        Step(
            "The trap of numbers",
            "Choose `ward` as the second group in place of `hospital:ward`. Wards are numbered 1 "
            "to 4 in each hospital.",
            TRAP,
            "How many wards will the model find, and where will their variance go?",
            trap,
        ),
        Step(
            "Without hospitals",
            "Choose `hospital:ward` as the only group.",
            WARDS,
            "Where does the hospitals’ variance go?",
            top_gone,
        ),
        Step(
            "Without wards",
            "Choose `hospital` as the only group.",
            HOSPITALS,
            "And the wards’ variance: up, down, or both ways?",
            middle_gone,
        ),
        Step(
            "The experiment",
            "Take both groups again. Add the training programme, `expcon`, with `age`, `gender` "
            "and `experien`; then leave the wards out once more.",
            EXPERIMENT,
            "Half of the wards had the training. What does leaving the wards out do to its "
            "standard error?",
            experiment,
        ),
        Step(
            "Does it help everywhere?",
            "Let the effect of `expcon` vary between hospitals.",
            DIFFERS,
            "If it varies, does the standard error of its mean rise or fall?",
            differs,
        ),
    ),
)
