"""ESRES: which score of a group predicts the people one did not see?

Jobs in the census first, scored by the health of a sample and held to the rest. Then the lecture's
qualifications: small groups, controls, the reference, and scores as predictors of something else.
"""

from functools import partial

import numpy as np
import streamlit as st

from mlcore import pooling_weight
from ui import (
    beside,
    cache,
    check,
    controls,
    gap,
    glossary,
    key,
    lesson,
    notation,
    predict,
    prose,
    puzzle,
    reproduced,
    variant,
)
from ui.lens import panel as lens
from ui.pictures import esres, groups, qualifications, two_way
from ui.predict import Option, Scale
from ui.prose import fixed, percent, share
from ui.puzzle import Condition
from ui.stage import scene

heading, corner = st.columns([3, 1.15], vertical_alignment="bottom")
heading.title("Which score predicts the people you did not see?", anchor=False)

# ---- Jobs in the census --------------------------------------------------------------------

census = groups.OF["census"]
whole = groups.sweep("census", controls=False)
people, large = int(whole.size.sum()), int((whole.size >= census.judged).sum())
errors = esres.at_start("census")
truth = sorted(errors, key=errors.__getitem__)
items = {
    "raw": "each group’s own mean",
    "none": "one mean for all, no groups",
    "esres": "the model’s score, ESRES",
}
orders = {
    "right": truth,
    "raw-information": ["raw", "esres", "none"],
    "groups-always-help": ["esres", "raw", "none"],
    "groups-are-noise": ["none", "esres", "raw"],
}
suspect = partial(lesson.suspect, orders=orders, right="right")
guess = predict.made("esres.order", items)
opening = corner.popover("Recall Pooling") if guess is None else None
lesson.step("which score misses by least?")
if guess is None:
    st.markdown(
        f"The census asks {people:,} people how healthy they are, from 1, very good, to 5, very "
        f"bad. Their jobs make {len(whole.size)} groups. You see {census.start} % of the people, "
        f"about {np.nanmedian(whole.n[esres.start(census)]):.0f} in a group, and score each group: "
        "by its own mean, by one mean for all, or by a multilevel model, which pulls each mean in "
        "(ESRES). The scores are held against the people you did not see, in the "
        f"{large} groups of {census.judged} people and more."
    )
    predict.ranking(
        "esres.order",
        "Which score misses the people you did not see by least, which by most?",
        items,
        truth,
        first="least",
        last="most",
        suspect=suspect,
    )
else:
    belief, sentence = None, ""
    if isinstance(guess.value, list):
        belief = suspect(guess.value)
        wrong = gap.ordering(guess.value, truth)
        first = {"raw": "raw means", "none": "no groups", "esres": "ESRES"}[guess.value[0]]
        sentence = (
            f"You put <span class='you'>{first}</span> first. "
            f"{wrong.reversed or 'None'} of your {wrong.pairs} pairs "
            f"come{'s' if wrong.reversed == 1 else ''} out the other way round."
        )
    with corner:
        name = controls.choose(
            "data", "Dataset", {each: of.title for each, of in groups.OF.items()}, labelled=False
        )
    of = groups.OF[name]
    answered = name == "census" and isinstance(guess.value, list)
    values = scene.show(
        esres.guessed(tuple(guess.value)) if answered else esres.scores(name),
        gap=sentence if name == "census" else "",
    )
    if name == "census":
        st.markdown(predict.tempting(belief))
    else:
        lesson.story(cache.load(of.data))
        st.markdown(of.remark)
    st.caption(
        f"One sample (seed {groups.SEED}) in the picture. The error is the root mean square of the "
        "groups’ differences, each group counted once; the mean over "
        f"{groups.SAMPLES} samples. The rest of a small group is itself only a few people, so that "
        "no score meets it. Without controls the reference is the mean."
    )
    key.answer(f"From least to most error: {prose.listing([items[each] for each in truth])}.")
    predict.again("esres.order")

    # ---- Make it so ------------------------------------------------------------------------

    smallest = variant.pick("esres.crossing", 100, (50, 100, 200))
    at = round(values["least"])
    now = {method: values.at(esres.error_now(name, method)) for method in errors}
    before = {**values.numbers, "share": values["share"] - 1}
    less = {m: esres.error_now(name, m).evaluate(before) for m in ("raw", "none")}
    lowest = esres.ends(of)[0]
    crossing, anywhere = st.columns(2, gap="large")
    with crossing:
        puzzle.pose(
            "esres.crossing",
            "In the census, without controls, how many per cent must you see before raw means "
            f"beat no groups, judged by groups of {smallest} people and more? Stop at the first "
            "whole number.",
            [
                Condition(name == "census", "these are not the jobs in the census."),
                Condition(
                    values["held"] < 0.5, f"{of.held} are held; the question is about raw means."
                ),
                Condition(
                    of.least[at] == smallest,
                    f"groups of {smallest} people and more are to be judged.",
                ),
                Condition(
                    now["raw"] < now["none"],
                    f"raw means miss by {share(now['raw'], 3)}, no groups by "
                    f"{share(now['none'], 3)}.",
                ),
                Condition(
                    less["raw"] >= less["none"],
                    f"at {fixed(values['share'] - 1, 0)} % raw means are already better.",
                ),
            ],
            [
                "Drag the share of people you see to the right until the bars change their order.",
                "The two curves cross where the chance in a raw mean is as large as what groups "
                "differ by.",
                "Come from the left, one step of the arrow keys at a time.",
            ],
            f"From {fixed(values['share'], 0)} % on a group’s own mean is worth more than nothing.",
            answer=f"{esres.crossing('census', smallest)} %.",
        )
    with anywhere:
        puzzle.pose(
            "esres.anywhere",
            "In one of the datasets raw means beat no groups even in the smallest sample, with all "
            "groups judged. Find it and show it.",
            [
                Condition(
                    now["raw"] < now["none"],
                    f"here raw means miss by {share(now['raw'])}, no groups by "
                    f"{share(now['none'])}.",
                ),
                Condition(at == 0, "small groups are not judged."),
                Condition(
                    values["share"] <= lowest, f"the smallest sample here is {lowest:.0f} %."
                ),
            ],
            [
                "Raw means are good where groups differ more than the people in them.",
                "Look for data with a large intraclass correlation.",
                "Wards differ more in stress than the nurses of one ward do.",
            ],
            f"Among {of.groups} the groups’ own means say most of what there is to say.",
            answer="Nurses in wards, the share at its left end, wards of any size judged.",
        )

# ---- A reference and an effect -------------------------------------------------------------

lesson.step("a reference and an effect", "A reference and an effect")
null = cache.fit("health1 ~ 1 + (1 | cell)", "census")
between, within = null.variance_components["variance"]
st.markdown(
    notation.tex(
        rf"""
A raw mean used as a score is an
{glossary.term("effect-proportional-score", "effect-proportional score")}. Its rival is an
{glossary.term("esres", "effect score from random-effects residuals")}: a reference plus the
model’s estimate of the group’s effect,
"""
        r"""
$$\mathrm{ESRES}_j = \beta_0 + \hat u_j = \beta_0 + \lambda_j (\bar y_j - \beta_0),$$

$$\lambda_j = \frac{n_j}{n_j + \sigma_e^2 / \sigma_u^2}.$$
"""
    )
)
if guess is not None:
    st.markdown(
        notation.tex(
            f"In the census $\\sigma_u^2 = {share(between, 3)}$ and $\\sigma_e^2 = "
            f"{share(within, 3)}$: a job needs {fixed(within / between, 0)} people before it keeps "
            "half of its distance. A raw mean misses the others by the chance in its own $n_j$ "
            "people, $\\sigma_e^2 / n_j$ on average, squared. No groups miss by what groups differ "
            "by, $\\sigma_u^2$. So raw means are worse than nothing where $n_j < \\sigma_e^2 / "
            "\\sigma_u^2$. The model’s score is drawn to whichever of the two the data support."
        )
    )
if guess is not None and (name != "qualifications" or predict.made("esres.small") is not None):
    with st.expander("The fitted model, read in five ways"):
        noun = ("job", "jobs") if name == "census" else None
        lens.show(f"esres.lens.{name}", of.null, of.data, noun=noun)

# ---- Twenty people, and four thousand ------------------------------------------------------

lesson.step("twenty people", "Twenty people, and four thousand")
pay = qualifications.table().set_index("short")
few, many = pay.loc["Welsh Bacc."], pay.loc["first degree"]
middle = float(np.exp(qualifications.model("ESRES_null").beta[0]))
st.markdown(
    f"The lecture scores {len(pay)} qualifications by log pay. A first degree is held by "
    f"{many.n:,} people with a pay; their raw score is £{many.eps:,.0f} a month, and the model "
    f"leaves it at £{many.null:,.0f}. The Welsh Baccalaureate is held by {few.n}. These data are "
    "synthetic, calibrated to the lecture’s tables."
)
small = predict.number(
    "esres.small",
    f"The raw score of the Welsh Baccalaureate is £{few.eps:,.0f}, from {few.n} people. The "
    f"reference, the mean of all qualifications, is £{middle:,.0f}. Where does the model put it?",
    Scale(1500, 1700, 1, (1500, 1550, 1600, 1650, 1700), "pounds a month", 0),
    float(few.null),
    near=12,
    below=(
        (middle + 0.2 * (few.eps - middle), "few-say-nothing"),
        (few.eps - 0.2 * (few.eps - middle), None),
        (1701, "raw-information"),
    ),
    reference=(float(few.eps), "its raw score"),
)
if small is not None:
    ratio = float(np.divide(*qualifications.model("ESRES_null").variance_components["variance"]))
    st.markdown(
        f"Twenty people keep {percent(few.kept)} of the distance of their log pay: 20 / (20 + "
        f"{fixed(1 / ratio, 0)}). {many.n:,} keep {percent(many.kept, 1)}. "
        + predict.tempting(small.misconception)
    )

# ---- Controls ------------------------------------------------------------------------------

lesson.step("with controls", "Hold sex and age: up or down?")
scored, by_code = reproduced.scores("qualifications-scores")
plain, held = (float(by_code.loc["total", f"ESRES_{how}"]) for how in ("null", "controls"))
st.markdown(
    "Pay differs by sex and age, and so do the people who hold each qualification. The lecture "
    "puts sex, age and its square into the model, counts age from 30, and adds the effect of each "
    "qualification to the intercept again."
)
raised = predict.number(
    "esres.controls",
    f"Without controls the mean score of all people is £{plain:,.0f}. What is it with sex and age "
    "held?",
    Scale(1500, 2100, 5, (1500, 1600, 1700, 1800, 1900, 2000, 2100), "pounds a month", 0),
    held,
    near=35,
    below=((plain - 20, "controls-take-away"), (plain + 40, "score-of-group"), (2101, None)),
    reference=(plain, "without controls"),
)
if raised is None or small is None:
    st.markdown("The scores appear when you have made or skipped both predictions.")
else:
    st.markdown(
        "The intercept is now a man of 30, who earns more than the mean person. Every score is "
        "what he would earn with that qualification. The reference moved; the differences between "
        "most qualifications hardly did. " + predict.tempting(raised.misconception)
    )
    lesson.step("seventeen qualifications")
    on_stage = scene.show(qualifications.scores())
    puzzle.pose(
        "esres.reference",
        f"Hold sex and age, and keep the mean score of all people within £20 of £{plain:,.0f}.",
        [
            Condition(on_stage["held"] > 0.5, "sex and age are not held."),
            Condition(
                on_stage["origin"] < 0.5,
                f"the mean score is £{held:,.0f}, {percent(held / plain - 1)} higher.",
            ),
        ],
        [
            "The mean moves when the reference does.",
            "Which person has the mean of all controls?",
            "Switch off “score a man of 30”: then the reference is the mean person.",
        ],
        "The effects are those with controls, the reference is the mean person: on the whole the "
        "scores stay where they were.",
        answer="“hold sex and age” on, “score a man of 30” off.",
    )
    with st.expander("The model of pay, read in five ways"):
        held_too = st.toggle("with sex and age", value=True, key="esres.pay.held")
        pay_model = qualifications.model("ESRES_controls" if held_too else "ESRES_null")
        lens.show("esres.pay", pay_model.formula, "qualifications")
    lesson.step("as the lecture printed it")
    beside.show("qualifications-scores")
    reach = scored[["ESRES_null", "ESRES_controls", "dvage"]].corr()["dvage"]
    nurses = pay.loc["nursing"]
    ranked = groups.places("census")
    moved = ranked.iloc[-1]
    st.markdown(
        f"**To control is to ask something else.** In the census, which is no simulation, the job "
        f"*{moved['name']}* is {prose.ordinal(int(moved.plain))} of {len(ranked)} in health "
        f"without controls and {prose.ordinal(int(moved.held))} with sex and age held: most of its "
        "people are young. Neither is the true place; they answer two questions."
    )
    st.markdown(
        f"**To control is not to control wholly.** With sex and age held the score of a nursing "
        f"qualification rises from £{nurses.null:,.0f} to £{nurses.held:,.0f} for the mean person, "
        "because most who hold it are women, and women in these data are paid less. But people "
        "with that score are still mostly women. Over all people the score correlates with age at "
        f"{share(reach['ESRES_null'], 3)} without controls and at "
        f"{share(reach['ESRES_controls'], 3)} with them: younger people hold more. A model that "
        "uses the score still needs age and sex beside it."
    )

# ---- The score as a predictor --------------------------------------------------------------

lesson.step("one number or sixteen dummies?", "One number, or a dummy for each?")
st.markdown(
    "A score can stand for the qualification in another model. Did a person gamble last week? A "
    "logistic regression with sex and age takes the qualification as one score by pay, as two "
    "groups, as four, or as all seventeen."
)
bic = {
    model: float(reproduced.fitted("qualifications-parsimony", model).bic)
    for model in ("esres1a", "Bin-a", "Quart-a", "Full-a")
}
parsimony = predict.choice(
    "esres.parsimony",
    "Which has the smallest BIC, fit paid for by the coefficient?",
    {
        "esres1a": Option(
            "The score: one coefficient",
            "It orders all seventeen by pay, and what gambling has to do with qualification "
            "follows pay.",
        ),
        "Bin-a": Option(
            "Two groups: one coefficient",
            "As cheap as the score, but a higher degree and a diploma are the same to it.",
            "coarse-is-safe",
        ),
        "Quart-a": Option(
            "Four groups: three coefficients",
            "Better than two, but still blind to what lies within a group.",
            "dummies-are-free",
        ),
        "Full-a": Option(
            "All seventeen: sixteen coefficients",
            "It fits these people best and pays for sixteen coefficients, most of which the score "
            "foretells.",
            "dummies-are-free",
        ),
    },
    min(bic, key=bic.__getitem__),
    values=bic,
    unit="BIC",
    digits=0,
)
if parsimony is not None:
    gap_to_eps = abs(bic["esres1a"] - reproduced.fitted("qualifications-parsimony", "eps1a").bic)
    st.markdown(
        predict.tempting(parsimony.misconception)
        + f" The raw score does as well as the model’s here, to {prose.fixed(gap_to_eps, 1)} of "
        "BIC: nearly everybody holds a qualification with hundreds of holders, whose two scores "
        "agree."
    )
    lesson.step("the lecture’s models")
    beside.show("qualifications-parsimony")
    with st.expander("The coefficients, as the lecture printed them"):
        beside.show("qualifications-logit")

# ---- A table smoothed ----------------------------------------------------------------------

lesson.step("a table, smoothed", "A table of jobs, smoothed")
st.markdown(
    notation.tex(
        f"The jobs of the census are a table, {len(two_way.JOBS)} occupations by "
        f"{len(two_way.TRADES)} industries. A random effect for each row, column and cell borrows "
        r"along both: the score is $\beta_0$ plus $\hat u_{\text{row}}$, "
        r"$\hat u_{\text{column}}$ and $\hat u_{\text{cell}}$."
    )
    + " Scales of occupations have been smoothed in this way."
)
scene.show(two_way.smoothing())

# ---- Check yourself ------------------------------------------------------------------------

lesson.step("check yourself", "Check yourself")
with opening or st.container():
    check.question(
        "esres.recall",
        "From Pooling: a model estimates that groups do not differ, $\\sigma_u = 0$. Where does it "
        "put each group?",
        [
            check.Option(
                "At the mean of all groups",
                "Then a group’s own mean differs from the others by chance only, and the model "
                "takes none of it.",
            ),
            check.Option(
                "At the group’s own mean",
                "That is the other end, where groups differ without limit.",
                "infinite-groups",
            ),
            check.Option(
                "Half-way between its own mean and the mean of all",
                "Half is the share of one group size at one ratio of the spreads. At $\\sigma_u = "
                "0$ the share is 0 for all.",
                "half-way",
            ),
        ],
    )
n = variant.number("esres.keep.n", 10, (6, 10, 15, 50, 80, 120))
above = variant.pick("esres.keep.above", 0.3, (0.2, 0.3, 0.4, 0.5))
tau, sigma = qualifications.model("ESRES_null").variance_components["sd"]
kept = float(pooling_weight(n, tau, sigma))
check.question(
    "esres.keep",
    f"In the model of log pay $\\sigma_e^2/\\sigma_u^2 = {fixed((sigma / tau) ** 2, 0)}$. A "
    f"qualification of {n} people has a raw mean {fixed(above, 1)} above the reference. How far "
    "above is its ESRES?",
    [
        check.Option(
            f"{share(kept * above, 3)}",
            f"{n} / ({n} + {fixed((sigma / tau) ** 2, 0)}) = {share(kept)} of the distance.",
        ),
        check.Option(
            f"{share(above, 3)}: its people earn what they earn",
            "That is the record of these people. The score is to speak of others too.",
            "raw-information",
        ),
        check.Option(
            f"0: {n} people say nothing",
            f"They say {share(kept)} of their distance.",
            "few-say-nothing",
        ),
        check.Option(
            f"{share(above / 2, 3)}: half of it",
            f"Half is the share of {fixed((sigma / tau) ** 2, 0)} people.",
            "half-way",
        ),
    ],
)
nurses = pay.loc["nursing"]
check.question(
    "esres.free",
    f"With sex and age held the score of a nursing qualification is £{nurses.held:,.0f} instead of "
    f"£{nurses.null:,.0f}, for the mean person. What has changed?",
    [
        check.Option(
            "The question: its holders are compared with others of their sex and age",
            "Both numbers are right, each for its own comparison.",
        ),
        check.Option(
            "The score: the first one was wrong and is now corrected",
            "There is no score without a model that says what is compared with what.",
            "score-of-group",
        ),
        check.Option(
            "The score is now free of sex and age, which a later model can leave out",
            "Most holders are women as before, and so the score still goes with sex.",
            "wholly-controlled",
        ),
    ],
)
check.question(
    "esres.whom",
    "A report says what the people of a small survey earned, by qualification. Which score belongs "
    "in it?",
    [
        check.Option(
            "The raw means: they are what these people earned",
            "As a record of those who were asked they are exact, however few they are.",
        ),
        check.Option(
            "ESRES: they miss by least",
            "They miss people who were not asked by least. The report is about those who were.",
            "one-best-score",
        ),
        check.Option(
            "The mean of all, since the groups are small",
            "Small groups earned what they earned.",
            "groups-are-noise",
        ),
    ],
)

lesson.take_away(
    [
        "ESRES is a reference plus the model’s estimate of the group’s effect: the raw mean, "
        "pulled in by as much as its size leaves open.",
        "It predicts people who were not seen at least about as well as raw means and as no "
        "groups, whichever of the two is better.",
        "A score belongs to a model. Say what was held, and whose score it is.",
    ],
    limits="It cannot find differences that the groups do not show. It takes the groups’ effects "
    "as drawn from one distribution and as unrelated to what is held. Used in a further model it "
    "is taken as known, although it was estimated, and its standard error there is too small.",
    opinions="Effect-proportional scaling, the mean of an outcome as a category’s score, is old "
    "and easy to explain, and with large categories it gives the same numbers; Lambert prefers "
    "random-effects residuals for their handling of small categories and of controls. Some hold "
    "that categories should stay dummies, since a score assumes that one outcome orders them for "
    "another; others that dummies cost power and hide the order. Neither is settled by a fit: it "
    "depends on what the score is for.",
    sources=[
        "Lambert, P. (2025). *Multilevel models*: SGSSS workshop, talk 3.",
        "Lambert, P., & Griffiths, D. (2018). *Social Inequalities and Occupational "
        "Stratification: Methods and Concepts in the Analysis of Social Distance*. Palgrave "
        "Macmillan.",
        "Efron, B., & Morris, C. (1977). Stein’s paradox in statistics. *Scientific American*, "
        "236(5), 119–127.",
        "Treiman, D. J. (2009). *Quantitative Data Analysis: Doing Social Research to Test "
        "Ideas*. Jossey-Bass.",
    ],
)
