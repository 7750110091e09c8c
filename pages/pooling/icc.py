"""ICC: how alike are the units of a group?

Every unit in the strip of its group, the variance as a bar cut in two, and pairs from the same
group. Then the labels are shuffled, a predictor is added, and the sample is counted again.
"""

from functools import partial

import streamlit as st

from mlcore import design_effect, effective_size, explained
from ui import (
    beside,
    cache,
    check,
    controls,
    glossary,
    key,
    lesson,
    notation,
    predict,
    puzzle,
    variant,
)
from ui.lens import panel as lens
from ui.pictures import alike, chance, icc
from ui.predict import Option, Scale
from ui.prose import fixed, percent, share
from ui.puzzle import Condition
from ui.reproduced import fitted
from ui.stage import scene

DATA = tuple(
    "school hsb nurses nurses-hospitals ghq_households popularity pupils pupils-secondary".split()
)
MOST_EFFECT = 3

guess = predict.made("icc.pair")
heading, corner = st.columns([3, 1], vertical_alignment="bottom")
name = "school"
if guess is not None:
    with corner:
        name = controls.dataset(DATA, leaves=("sigma_u", "sigma_e"))
it, rows = cache.case(name), alike.rows(name)
measure = it.measure(it.model.outcome)
unit, units, group, groups = it.unit.name, it.unit.plural, it.group.name, it.group.plural
heading.title(f"How alike are a {group}’s {units}?", anchor=False)

school = cache.case("school")
null, full = (cache.fit(formula, "school") for formula in (school.null, school.intercepts))
schools = alike.rows("school").sizes
tau, sigma = null.variance_components["sd"]
truth = float(null.icc.iloc[0])
in_sds = tau / (tau + sigma)

# ---- Every pupil in the strip of a school ----------------------------------------------------

lesson.step("how alike?")
shuffled, added = (predict.made(f"icc.{task}") for task in ("zero", "added"))
if guess is None:
    scene.ask(
        icc.strips("school", shuffle=False, predictor=False),
        "icc.pair",
        story=f"<p>Every dot is one of {null.n:,} London pupils, placed by exam score, in the "
        f"strip of one of {len(schools)} schools. Schools stand in the order of their means, "
        "the blue discs. Now draw a school, and two of its pupils. If you know the score of one, "
        "how much do you know about the other?</p>",
        question="<h2>How alike are the two?</h2><p>Place their correlation on the line below the "
        "strips: 0 if the school says nothing, 1 if its pupils are all alike.</p>",
    )
    predict.bar(
        "icc.pair",
        partial(
            predict.placed_number,
            "icc.pair",
            Scale(0, 1, 0.01, (0, 0.2, 0.4, 0.6, 0.8, 1), "", 2),
            truth,
            near=0.04,
            below=((0.08, "overlap"), (0.25, None), (0.42, "icc-from-sds"), (2, "sorted-means")),
        ),
        question="How strongly do the exam scores of two pupils of one school correlate?",
        truth=share(truth),
    )
else:
    said = "<p>"
    placed = guess.value if name == "school" and isinstance(guess.value, float) else None
    if placed is not None:
        said += (
            f"You said <span class='you'>{share(placed)}</span>; it is "
            f"<strong>{share(truth)}</strong>. "
        )
    said += (
        "Drag <strong>σ<sub>u</sub></strong> and <strong>σ<sub>e</sub></strong>: strips, bar and "
        "pairs follow.</p>"
    )
    stage = icc.strips(
        name, shuffle=shuffled is not None, predictor=added is not None, guess=placed
    )
    values = scene.show(stage, gap=said)
    key.answer(f"{share(truth)}, within .04.")
    predict.again("icc.pair")
    if name == "school":
        rulers = (
            f" The rulers alone would give {fixed(tau, 1)} / ({fixed(tau, 1)} + {fixed(sigma, 1)}) "
            f"= {share(in_sds)}."
        )
        st.markdown(
            predict.tempting(guess.misconception)
            + (rulers if guess.misconception == "icc-from-sds" else "")
        )
    else:
        lesson.story(it)
    if rows.apart:
        st.markdown(
            "The answers are whole numbers. In the picture the dots are moved apart a little, so "
            "that they do not hide each other."
        )
    if rows.sampled:
        alone = int((rows.sizes == 1).sum())
        st.markdown(
            f"Drawn are {alike.DRAWN} of the {groups} with two {units} or more "
            f"(seed {alike.SEED}); pairs and estimates come from all {len(rows.sizes):,}. The "
            f"{alone:,} {units} who are alone in their {group} say nothing about how alike {units} "
            f"of one {group} are."
        )

    # ---- Make it so --------------------------------------------------------------------------

    wanted = variant.pick("icc.small", 0.2, (0.1, 0.12, 0.15, 0.18, 0.2))
    mean_size = float(rows.sizes.mean())
    set_icc = values["sigma_u"] ** 2 / (values["sigma_u"] ** 2 + values["sigma_e"] ** 2)
    effect = float(design_effect(mean_size, set_icc))
    as_given = values.numbers.get("shuffle", 0) == 0 and values.numbers.get("predictor", 0) == 0
    most = (MOST_EFFECT - 1) / wanted + 1
    ratio = (wanted / (1 - wanted)) ** 0.5
    puzzle.pose(
        "icc.small",
        f"An ICC of {share(wanted)}, to within .01, with a design effect below {MOST_EFFECT}.",
        [
            Condition(as_given, "leave the labels as they are, and nothing added to the model."),
            Condition(
                abs(set_icc - wanted) <= 0.01 + 1e-9, f"the ICC is {share(set_icc, 3)} here."
            ),
            Condition(
                effect < MOST_EFFECT,
                f"the design effect is {fixed(effect, 1)}, with {fixed(mean_size, 1)} {units} to a "
                f"{group}.",
            ),
        ],
        [
            "The design effect depends on the ICC and on something that no handle moves.",
            f"With an ICC of {share(wanted)} the groups may have {fixed(most, 1)} units at most, "
            "on average. Choose other data, at the top.",
            "Take nurses in wards, and draw $\\sigma_u$ to "
            f"{'half' if wanted == 0.2 else share(ratio)} of $\\sigma_e$.",
        ],
        f"With {fixed(mean_size, 1)} {units} to a {group}, an ICC of {share(set_icc)} multiplies "
        f"the variance of a mean by {fixed(effect, 1)}. In the London schools it would be "
        f"{fixed(float(design_effect(schools.mean(), set_icc)), 1)}. An ICC by itself says "
        "neither that clustering matters nor that it does not.",
        answer="Nurses in wards, and $\\sigma_u$ at "
        f"{share(ratio)} of $\\sigma_e$; or people in households.",
    )

# ---- One question from an earlier lesson -----------------------------------------------------

less = variant.pick("icc.recall.n", 10, (5, 8, 10, 12, 15))
more = variant.pick("icc.recall.many", 100, (60, 80, 100, 120))
with (
    corner.popover("Recall Pooling")
    if guess is None
    else st.expander("A question from the lesson Pooling")
):
    check.question(
        "icc.recall",
        f"Two schools lie equally far above the mean of all, one with {less} pupils, one with "
        f"{more}. Then you learn that schools differ much less than you thought. What happens to "
        "the model’s estimates of the two?",
        [
            check.Option(
                f"Both move closer to the mean, the school of {less} by more",
                "A smaller spread between schools makes every school’s own mean count for less, "
                "and that of a small school counts for least.",
            ),
            check.Option(
                "Both move closer to the mean by the same share",
                f"The spread is shared, the sizes are not: {more} pupils hold their school to its "
                "own mean.",
                "all-alike",
            ),
            check.Option(
                "Nothing: their own means are what was measured",
                "To keep the own means whatever the others are like is to say that schools differ "
                "without limit.",
                "infinite-groups",
            ),
        ],
    )

# ---- One number, two readings ----------------------------------------------------------------

if guess is not None:
    own_null = cache.fit(it.null, name)
    own = float(own_null.icc.iloc[0])
    lesson.step("one number, two readings", "One number, two readings")
    st.markdown(
        notation.tex(
            f"Each score is the mean of all, plus what the {group} has, plus what the {unit} has: "
            r"$y_{ij} = \beta_0 + u_j + e_{ij}$. The variances of the two parts add up, and the "
            f"{glossary.term('icc', 'intraclass correlation')} is the share between {groups},\n\n"
            r"$$\rho = \dfrac{\sigma_u^2}{\sigma_u^2 + \sigma_e^2}.$$"
            f"\n\nTwo {units} of one {group} share their $u_j$ and nothing else. So their "
            r"covariance is $\sigma_u^2$, each has the variance $\sigma_u^2 + \sigma_e^2$, and the "
            f"same fraction is their correlation. Here it is {share(own, 3)}. The standard "
            f"deviations, {fixed(own_null.variance_components['sd'].iloc[0])} and "
            f"{fixed(own_null.variance_components['sd'].iloc[1])} {measure}, are what you see as "
            f"spread; only their squares add up. (The {alike.PAIRS} pairs in the picture are "
            f"drawn with seed {alike.SEED}; others would have another correlation, and ± says by "
            "how much. The model takes $\\rho$ from all.)"
        )
    )
    with st.expander("The fitted model, read in five ways"):
        lens.show(f"icc.lens.{name}", it.null, name)

# ---- Shuffle the labels ----------------------------------------------------------------------

if guess is not None:
    lesson.step("shuffle the labels", "Shuffle the labels")
    zero = cache.shuffles("school", chance.SHUFFLES, alike.SEED).zero
    st.markdown(
        "Take the school’s name off every pupil, mix the names, and hand them out again. Now the "
        "schools are lists of strangers, of the same sizes as before. Fit the model to that."
    )
    shuffled = predict.number(
        "icc.zero",
        "In how many of 100 shuffles is the estimated ICC exactly 0?",
        Scale(0, 100, 1, (0, 20, 40, 60, 80, 100), "of 100", 0),
        100 * zero,
        near=10,
        below=((25, "never-zero"), (75.5, None), (101, "always-zero")),
    )
    if shuffled is not None:
        st.markdown(predict.tempting(shuffled.misconception))
        lesson.step("what chance gives")
        scene.show(chance.shuffles(name))
        drawn = cache.shuffles(name, chance.SHUFFLES, alike.SEED)
        st.markdown(
            f"In {percent(drawn.zero)} of {chance.SHUFFLES} shuffles (seed {alike.SEED}) the "
            f"variance between {groups} is estimated as exactly 0: their means happen to differ "
            "less than means of strangers do on average, and a variance cannot be negative. In the "
            "others they happen to differ more. So an ICC of 0 does not prove that groups are all "
            "alike, and a small one not that they differ.\n\n"
            "The means themselves always differ: their SD is "
            f"{fixed(rows.means.std(ddof=1))} {measure} with the labels as they are, and still "
            f"{fixed(drawn.means.std(axis=1, ddof=1).mean())} after a shuffle. **Shuffle the "
            "labels** yourself, with the button that the picture at the top now has: sorted means "
            "climb even then."
        )

# ---- Add a predictor -------------------------------------------------------------------------

if guess is not None:
    lesson.step("add a predictor", "Add a predictor")
    t2, s2 = full.variance_components["variance"]
    outcomes = {
        "rises": tau**2 / (tau**2 + s2),
        "stays": truth,
        "falls": float(full.icc.iloc[0]),
        "gone": 0.0,
    }
    st.markdown(
        "When these pupils came to their schools, at 11, they had taken a reading test. Put its "
        "score into the model. The ICC is then the correlation of two pupils of one school whose "
        "reading scores are the same."
    )
    added = predict.choice(
        "icc.added",
        f"The ICC was {share(truth)}. What is it with the reading score, a pupil’s own, in the "
        "model?",
        {
            "rises": Option(
                "Higher: it explains pupils, not schools",
                "So it would be if the score took variance only from within schools. But schools "
                "differ in whom they take in, and the variance between them falls as well.",
                "unit-predictor",
            ),
            "falls": Option(
                "Lower: both variances fall, that between schools by more",
                f"Between schools from {fixed(tau**2, 1)} to {fixed(t2, 1)}, by "
                f"{percent(1 - t2 / tau**2)}; within from {fixed(sigma**2, 1)} to {fixed(s2, 1)}, "
                f"by {percent(1 - s2 / sigma**2)}.",
            ),
            "stays": Option(
                "The same: the ICC belongs to the schools",
                "It belongs to a model of the schools. With something held constant it is another "
                "correlation.",
                "icc-fixed",
            ),
            "gone": Option(
                "Next to 0: schools differ by the pupils they take in",
                f"By them too. But {percent(t2 / tau**2)} of the variance between schools is still "
                "there.",
                "gone-with-intake",
            ),
        },
        "falls",
        values=outcomes,
        unit="of correlation",
        digits=3,
    )
    if added is not None:
        plain, joined = ({each: alike.iccs(each)[k] for each in DATA} for k in (0, 1))
        rise = {each: joined[each] - plain[each] for each in DATA}
        own_full = cache.fit(it.intercepts, name)
        before, after = own_null.variance_components, own_full.variance_components
        most_rising = max(rise, key=rise.__getitem__)
        other = cache.case(most_rising)
        lesson.step("up or down?")
        st.markdown(
            "**Add the reading score** yourself: the picture at the top has a switch for it now. "
            "The dots are then what the score leaves, the bar shrinks by what it says. The answer "
            "is this one for these pupils and this score. Other data give other answers, and so do "
            f"other groups: two nurses of one ward correlate at {share(plain['nurses'])}, two of "
            f"one hospital, the very same nurses, at {share(plain['nurses-hospitals'])}."
        )
        puzzle.pose(
            "icc.rise",
            "With the spreads as estimated and the labels as they are: find data in which the ICC "
            "rises by .05 or more when the predictor is added.",
            [
                Condition(
                    values.numbers.get("predictor", 0) == 1, "the predictor is not in the model."
                ),
                Condition(values.numbers.get("shuffle", 0) == 0, "the labels are shuffled."),
                Condition(
                    values["sigma_u"] == rows.estimated[1]
                    and values["sigma_e"] == rows.estimated[2],
                    "the spreads are not at their estimates. Go back to the start.",
                ),
                Condition(
                    rise[name] >= 0.05,
                    f"in *{it.title}* the ICC goes from {share(own, 3)} to "
                    f"{share(own + rise[name], 3)}.",
                ),
            ],
            [
                "The ICC rises where the predictor takes more from within than from between.",
                "That needs a predictor that matters among the units of a group, in groups whose "
                "means of it say nothing good about their means of the outcome.",
                f"Choose *{other.title}*.",
            ],
            f"Within a {group} the variance falls from {fixed(before['variance'].iloc[1])} to "
            f"{fixed(after['variance'].iloc[1])}, between {groups} it even rises, from "
            f"{fixed(before['variance'].iloc[0])} to {fixed(after['variance'].iloc[0])}: "
            f"{groups} that should differ by their {units}’ extraversion do not, so they differ in "
            "something that makes up for it. The variance that a predictor “explains” between "
            "groups can be negative.",
            answer=f"*{other.title}*, with the predictor added.",
        )

# ---- What the rows are worth -----------------------------------------------------------------

if guess is not None:
    worth = effective_size(rows.sizes, own)
    lesson.step("what are they worth?", f"What are {worth.rows:,} {units} worth?")
    st.markdown(
        notation.tex(
            rf"""
{units.capitalize()} of one {group} tell in part the same. For a mean of all, groups of $n$ units
count as fewer independent ones, by the {glossary.term("design-effect")}
"""
            r"""
$$d = 1 + (n - 1)\,\rho.$$
"""
            rf"""
With {fixed(worth.rows / len(rows.sizes), 1)} {units} to a {group} on average and an ICC of
{share(own, 3)} it is {fixed(worth.design_effect, 1)}, so that the {worth.rows:,} are worth
{worth.average:,.0f}: their {glossary.term("effective-n")}. More {units} of the same {groups} help
little: with ever more of them it would not pass {len(rows.sizes) / own:,.0f}, the number of
{groups} over $\rho$. The sizes here go from {rows.sizes.min():.0f} to {rows.sizes.max():.0f}, and
what that means depends on how {groups} are weighted:
"""
        )
        + f"\n\n| {groups.capitalize()} | worth, independent {units} |\n|---|---:|\n"
        f"| taken as all of the mean size | {worth.average:,.0f} |\n"
        f"| as they are, each {unit} counted once | {worth.plain:,.0f} |\n"
        f"| as they are, weighted as the multilevel model does | {worth.weighted:,.0f} |\n\n"
        f"All this is about a mean, or about what is the same for a whole {group}, such as its "
        f"type. The slope of something that differs within {groups} can be known better than that."
    )

# ---- Explained, but of what? -----------------------------------------------------------------

if guess is not None:
    lesson.step("explained, but of what?", "Explained, but what share of what?")
    first, second = (fitted("hsb-means", model) for model in ("null", "meanses"))
    gone = float(explained(first, second)["reduction"].iloc[0])
    at_first, then = (float(model.icc.iloc[0]) for model in (first, second))
    st.markdown(
        f"In {len(alike.rows('hsb').sizes)} American high schools the ICC of a mathematics score "
        f"is {share(at_first)}. The mean socio-economic status (SES) of a school is the same for "
        "all its pupils, so it can say nothing about how they differ. Between schools it takes "
        f"{percent(gone)} of the variance, and leaves an ICC of {share(then)}. That is much of "
        f"what lies between schools, and {percent(gone * at_first, 1)} of the variance of the "
        f"scores: a predictor of schools can have no more than the {percent(at_first)} there are."
    )
    beside.show("hsb-means")
    with st.expander("The lecture’s null model beside ours"):
        beside.show("hsb-null")

# ---- Check yourself --------------------------------------------------------------------------

lesson.step("check yourself", "Check yourself")
SPREADS = ((3, 9), (1, 3), (2, 6), (3, 6), (4, 8), (2, 4), (5, 10))
a, b = variant.pick("icc.sds.spreads", SPREADS[0], SPREADS)
check.question(
    "icc.sds",
    f"A program prints “SD (Intercept) {a}, SD Residual {b}”. What is the ICC?",
    [
        check.Option(
            share(a / (a + b)),
            f"That is {a} / ({a} + {b}). Standard deviations do not add up: together they make "
            f"{fixed((a * a + b * b) ** 0.5, 1)}, not {a + b}.",
            "icc-from-sds",
        ),
        check.Option(
            share(a * a / (a * a + b * b)),
            f"{a}² / ({a}² + {b}²) = {a * a} / {a * a + b * b}.",
        ),
        check.Option(
            share(a / b),
            "That is one ruler measured by the other. The ICC is a share of the whole, and of "
            "variances.",
            "icc-from-sds",
        ),
    ],
)
rho = variant.pick("icc.share.icc", 0.18, (0.10, 0.12, 0.15, 0.18, 0.20, 0.25))
reduction = variant.pick("icc.share.part", 0.7, (0.4, 0.5, 0.6, 0.7, 0.8))
check.question(
    "icc.share",
    f"The ICC of a test score is {share(rho)}. The type of school takes {percent(reduction)} of "
    "the variance between schools. How much of the variance of the scores goes with the type of "
    "school?",
    [
        check.Option(
            percent(reduction),
            "That is its share of the variance between schools, which is itself a share of "
            f"{percent(rho)}.",
            "icc-explains",
        ),
        check.Option(
            percent(rho),
            "So much lies between schools, whatever the reason. The type of school is one of "
            "several.",
            "icc-explains",
        ),
        check.Option(
            percent(rho * reduction, 1),
            f"{percent(reduction)} of {percent(rho)}. Whether the type of school is the cause is "
            "another question.",
        ),
    ],
)
each = variant.number("icc.small.n", 62, (42, 52, 62, 72, 82))
hundredths = variant.number("icc.small.icc", 4, (2, 3, 4))
multiplied = float(design_effect(each, hundredths / 100))
check.question(
    "icc.few",
    f"A study has 65 schools of {each} pupils each and an ICC of {share(hundredths / 100)}. May "
    "one compare types of school by least squares, as if all pupils were independent?",
    [
        check.Option(
            f"No: the standard error would be too small by a factor of {fixed(multiplied**0.5, 1)}",
            f"The design effect is 1 + ({each} − 1) × {share(hundredths / 100)} = "
            f"{fixed(multiplied)}, and the standard error goes with its root.",
        ),
        check.Option(
            "Yes: the ICC is below 5 %",
            f"It is small, the schools are not. The design effect is {fixed(multiplied)}.",
            "icc-ignorable",
        ),
        check.Option(
            f"Yes: {65 * each:,} pupils are enough for anything",
            "There are 65 schools, and types of school are compared by schools. The pupils are "
            f"worth {65 * each / multiplied:,.0f} independent ones.",
            "big-n",
        ),
    ],
)

lesson.take_away(
    [
        "The ICC is the share of the variance between groups, and the correlation of two units of "
        "one group: of variances, not of standard deviations.",
        "It belongs to a model. Predictors of units and of groups change both variances, and so "
        "the ICC, up or down.",
        "What clustering costs is $d = 1 + (n - 1)\\rho$: the ICC and the size of groups together.",
    ],
    limits="It does not say why units of one group are alike: they may have become so there, or "
    "have come alike. It cannot be negative in this model, though members of a group can be less "
    "alike than strangers, where they compete for something. And with few groups it is known "
    "badly: an estimate of exactly 0 is then common.",
    opinions="Some skip the multilevel model where the design effect is below 2, a rule often "
    "traced to Muthén and Satorra. Lai and Kwok find conditions in which standard errors go wrong "
    "below it. Gelman and Hill would model the groups all the same, since the estimate itself says "
    "how much they matter; a common practice in econometrics is to leave the model alone and "
    "cluster the standard errors. And what the share means is disputed: the Coleman report took a "
    "small share between schools for a sign that schools can do little; Raudenbush and Willms hold "
    "that such a share mixes what a school does with whom it takes in, and measures neither.",
    sources=[
        "Coleman, J. S., et al. (1966). *Equality of Educational Opportunity*. U.S. Government "
        "Printing Office.",
        "Gelman, A., & Hill, J. (2007). *Data Analysis Using Regression and "
        "Multilevel/Hierarchical Models*, ch. 12. Cambridge University Press.",
        "Kish, L. (1965). *Survey Sampling*, ch. 5. Wiley.",
        "Lai, M. H. C., & Kwok, O. (2015). Examining the rule of thumb of not using multilevel "
        "modeling: The “design effect smaller than two” rule. *Journal of Experimental Education*, "
        "83(3), 423–438.",
        "Muthén, B. O., & Satorra, A. (1995). Complex sample data in structural equation modeling. "
        "*Sociological Methodology*, 25, 267–316.",
        "Raudenbush, S. W., & Bryk, A. S. (2002). *Hierarchical Linear Models* (2nd ed.), ch. 4. "
        "Sage.",
        "Raudenbush, S. W., & Willms, J. D. (1995). The estimation of school effects. *Journal of "
        "Educational and Behavioral Statistics*, 20(4), 307–335.",
        "Snijders, T. A. B., & Bosker, R. J. (2012). *Multilevel Analysis* (2nd ed.), ch. 3. Sage.",
    ],
)
