"""Same data, five questions: OLS, cluster-robust, fixed and random effects, within and between.

What an estimator says depends on whom it compares. A handle moves whole groups, and who follows it
shows whom each compares.
"""

from functools import partial

import streamlit as st

from ui import (
    beside,
    cache,
    check,
    controls,
    gap,
    glossary,
    key,
    lesson,
    predict,
    prose,
    puzzle,
    variant,
)
from ui.lens import five as lens
from ui.pictures import five, moved, questions, sure
from ui.predict import Option, Scale
from ui.prose import fixed, percent, share
from ui.puzzle import Condition
from ui.stage import scene

st.title("Which of five answers is yours?", anchor=False)

DATASETS = ("school", "hsb", "nurses", "ghq_households", "popularity")

school = cache.case("school")
found = cache.five("school")
boys, girl, reading = (found.of(term) for term in ("C(schgend)2", "girl", "lrt"))
n, schools = found.fits["OLS"].n, moved.count(school.name)

# ---- How sure is the line? -------------------------------------------------------------------

lesson.step("a question from Pooling")
with st.expander("Recall Pooling", expanded=st.query_params.get("view") == "presenter"):
    check.question(
        "five.recall",
        "Give every school a level of its own that no other school has a say in. What does that "
        "assume about how schools differ?",
        [
            check.Option(
                "That they differ without limit: $\\sigma_u$ is infinite",
                "No pooling is one end of the ruler. Here it comes back under another name, fixed "
                "effects.",
            ),
            check.Option(
                "Nothing: it is the neutral choice",
                "It is what the model gives when the spread between schools is infinite. That is "
                "an assumption, too.",
                "infinite-groups",
            ),
            check.Option(
                "That they do not really differ",
                "That is the other end: no spread between schools, one level for all.",
                "no-difference",
            ),
        ],
    )

lesson.step("how sure is the line?")
estimate = boys.estimate["OLS", "between"]
ends = {row: sure.end(row) for row in sure.AT}
guess = predict.made("five.sure")
if guess is None:
    scene.ask(
        sure.interval(),
        "five.sure",
        story=f"<p>A regression of the exam score on the reading score, girls and the type of "
        f"school puts boys’ schools {fixed(estimate)} points above mixed ones. Its 95 % interval "
        f"ends at {fixed(ends['OLS'])}. It takes the {n:,} pupils one by one; but they come school "
        "by school. Cluster-robust standard errors allow for that.</p>",
        question="<h2>How far does the robust interval reach?</h2><p>Pull out its end, on the "
        "lower line.</p>",
    )
    predict.bar(
        "five.sure",
        partial(
            predict.placed_number,
            "five.sure",
            Scale(estimate, sure.HIGH, sure.STEP, (), "points", 2),
            ends["cluster-robust"],
            near=0.3,
            below=(
                (ends["cluster-robust"] - 0.3, "many-rows"),
                (ends["cluster-robust"] + 0.3, None),
                (sure.HIGH + 1, "one-factor"),
            ),
        ),
        question="Where does the cluster-robust 95 % interval for boys’ schools end?",
        truth=f"{fixed(ends['cluster-robust'])} points",
    )
else:
    stage, said = sure.interval(), ""
    if isinstance(guess.value, float):
        stage = sure.guessed(guess.value)
        said = gap.number(guess.value, ends["cluster-robust"], digits=2, near=0.3)
    ratio = boys.se["cluster-robust", "between"] / boys.se["OLS", "between"]
    scene.show(
        stage,
        gap=f"<p>{said} The standard error goes from {share(boys.se['OLS', 'between'], 3)} to "
        f"{share(boys.se['cluster-robust', 'between'], 3)}, the estimate nowhere.</p>",
    )
    key.answer(f"{fixed(ends['cluster-robust'])} points, {fixed(ratio, 1)} times as wide.")
    st.markdown(
        "A predictor that schools share comes once per school: for boys’ schools "
        f"{prose.words(sure.boys()[0])} schools count, not the {sure.boys()[1]} boys. "
        + predict.tempting(guess.misconception)
    )
    predict.again("five.sure")

# ---- Who is silent? --------------------------------------------------------------------------

lesson.step("who is silent?", "Four more ways to fit it")
st.markdown(
    f"""
OLS and {glossary.term("cluster-robust", "cluster-robust")} errors are two of five usual answers.
{glossary.term("within-effect", "Fixed effects")} give each school a level of its own.
{glossary.term("random-intercept", "Random effects")} give it one, too, from a distribution that all
schools share. The {glossary.term("rewb", "within–between model")} splits each predictor in two: a
pupil’s distance from the school’s mean, and that mean.
"""
)
counts = moved.heard(school.name)
silent = predict.choice(
    "five.silent",
    "One of the five gives no coefficient for the type of school. Which?",
    {
        "OLS": Option(
            "OLS",
            "It knows nothing of schools, but the type of school is a column like any other.",
            "needs-levels",
        ),
        "cluster-robust": Option(
            "Cluster-robust",
            "It has the coefficients of OLS, all of them, and other standard errors.",
            "robust-fixes",
        ),
        "fixed effects": Option(
            "Fixed effects",
            prose.sentence(
                found.why_not("fixed effects", "C(schgend)2").replace(
                    "C(schgend)2", "the type of school"
                )
            )
            + ".",
        ),
        "random effects": Option(
            "Random effects",
            "A school’s level is a deviation from what its type predicts: the two share the "
            "differences between schools.",
            "levels-take-all",
        ),
        "within-between": Option(
            "Within–between",
            "It, too, has random levels, which leave the type of school its own coefficient.",
            "levels-take-all",
        ),
    },
    min(counts, key=counts.__getitem__),
    values=counts,
    unit="coefficients for the type of school",
    digits=0,
)

# ---- Move the groups -------------------------------------------------------------------------

lesson.step("move the groups")
title, left, right = st.columns([2.1, 1.4, 3], vertical_alignment="bottom")
title.header("Move the groups", anchor=False)
name = school.name
if guess is None or silent is None:
    st.markdown("The five lines appear when both predictions are made or skipped.")
else:
    with left:
        name = controls.dataset(DATASETS)
    it, terms = cache.case(name), moved.terms(name)
    with right:
        chosen = controls.choose(
            f"coefficient-{name}",
            "Coefficient",
            {
                each: term.label
                for each, term in terms.items()
                if (name, each) != ("school", "girl") or predict.made("five.girl") is not None
            },
            labelled=False,
        )
    term, units, groups = terms[chosen], it.unit.plural, it.group.plural
    values = scene.show(five.lines(name, chosen))
    lesson.story(it)
    answers, size = moved.answers(name, term), fixed(moved.design(name).n / moved.count(name), 1)
    now = {row: values.at(answer.estimate) for row, answer in answers.items()}
    follows = moved.follows(name, term)
    if not moved.moves(name, term):
        st.markdown(
            f"One {it.group.name} of {moved.count(name):,} moves nothing to be seen, so this "
            f"coefficient has no handle. Choose one that differs within {groups}."
        )
    elif term.shared:
        st.markdown(
            f"The handle raises all {units} of one {it.group.name} alike. OLS follows the more, "
            f"the more {units} it has. Random effects and within–between count {groups} more "
            "equally. Fixed effects have no coefficient to follow with."
        )
    else:
        st.markdown(
            f"The handle adds $\\delta(\\bar x_j - \\bar x)$ to all {units} of {it.group.name} "
            f"$j$: the slope between {groups} rises by $\\delta$, and two {units} of one "
            f"{it.group.name} keep their distance. Of that rise OLS takes "
            f"{percent(follows['OLS'])}, random effects {percent(follows['random effects'], 1)}, "
            f"fixed effects nothing. A {it.group.name} has {size} {units} here; the more it has, "
            "the nearer random effects stay to fixed ones."
        )

    # ---- Make it so ----------------------------------------------------------------------------

    at_reading, at_boys = ((name, chosen) == ("school", each) for each in ("lrt", "schgend2"))
    apart = abs(now["OLS"] - now.get("fixed effects", now["OLS"]))
    moved_by = {row: abs(now[row] - answer.rest) for row, answer in answers.items()}
    ahead = moved_by["random effects"] - moved_by["OLS"]
    pull = moved.follows("school", moved.terms("school")["lrt"])["OLS"]
    line = reading.estimate["OLS", "both"]
    inside, outside = (reading.estimate["within-between", level] for level in ("within", "between"))
    meet = (inside - line) / pull
    agree, count = st.columns(2, gap="large")
    with agree:
        puzzle.pose(
            "five.agree",
            "London’s reading score: tilt the schools until OLS and fixed effects agree to within "
            ".005.",
            [
                Condition(at_reading, "choose Exams in London and the reading score above."),
                Condition(
                    apart <= 0.005,
                    f"OLS is at {share(now['OLS'], 3)}, fixed effects are at "
                    f"{share(now.get('fixed effects', 0.0), 3)}: {share(apart, 3)} apart.",
                ),
            ],
            [
                "Fixed effects do not move. It is OLS that has to come.",
                "OLS lies above them because the slope between schools is the steeper one.",
                f"Make the slope between schools what it is within them: {share(outside)} − "
                f"{share(inside)} is to go.",
            ],
            f"OLS, random effects and fixed effects all say {share(inside)}: where the slope "
            "between schools equals the slope within them, the question no longer matters.",
            answer=f"$\\delta$ = {share(meet)}, where the slope between schools, "
            f"{share(outside + meet)}, is the one within.",
        )
    with count:
        puzzle.pose(
            "five.count",
            "London’s boys’ schools: raise one school so that random effects move further than OLS "
            "does, by .3 points at least.",
            [
                Condition(at_boys, "choose Exams in London and boys’ school above."),
                Condition(
                    ahead >= 0.3,
                    f"OLS moves by {share(moved_by['OLS'])}, random effects by "
                    f"{share(moved_by['random effects'])}.",
                ),
            ],
            [
                "For OLS a school counts as many pupils as it has.",
                "Random effects count schools nearly alike, large or small. Which school has the "
                "least say in OLS?",
                "Among the boys’ schools take the one with the fewest pupils, and raise it far.",
            ],
            "A small school is one school of ten for random effects, and a handful of pupils for "
            "OLS.",
            answer="School 37, with 22 pupils, raised to the end.",
        )

# ---- What robust does to the others ----------------------------------------------------------

lesson.step("and for girls?", "And for girls?")
plain, robust = (girl.se[row, "both"] for row in ("OLS", "cluster-robust"))
st.markdown(
    f"Girls score {fixed(girl.estimate['OLS', 'both'])} points above boys, with a standard error "
    f"of {share(plain, 3)} by OLS. For boys’ schools the robust standard error was more than twice "
    "the plain one."
    if guess is not None
    else f"Girls score {fixed(girl.estimate['OLS', 'both'])} points above boys, with a standard "
    f"error of {share(plain, 3)} by OLS."
)
ses = predict.number(
    "five.girl",
    "What is the robust standard error of girl?",
    Scale(0, 0.8, 0.01, (0, 0.2, 0.4, 0.6, 0.8), "points", 3),
    robust,
    near=0.02,
    below=((plain - 0.005, None), (1, "robust-wider")),
    reference=(plain, "OLS"),
)
if ses is not None:
    st.markdown(
        f"It falls, from {share(plain, 3)} to {share(robust, 3)}. Most schools are mixed. What "
        "such a school adds to its pupils goes to its girls and its boys alike, and drops out when "
        "they are compared; OLS counts it as noise. For boys’ schools nothing drops out. "
        + predict.tempting(ses.misconception)
    )
    lesson.step("the lecture’s tables")
    st.subheader("The lecture’s tables, digit under digit", anchor=False)
    beside.show(
        controls.choose(
            "table",
            "Printed table",
            {
                "school-ols": "OLS",
                "school-robust": "cluster-robust",
                "school-intercept": "random intercept",
                "school-slope": "random slope",
            },
            labelled=False,
        )
    )
else:
    st.markdown("The lecture’s printed tables, which hold the answer, follow then.")

# ---- Whose question is yours? ----------------------------------------------------------------

lesson.step("five questions", "Five questions")
shown = cache.case(name)
main = next(iter(moved.terms(shown.name).values()))
say = five.written(shown.name, main.key)
many, one, several = shown.unit.plural, shown.group.name, shown.group.plural
st.markdown(
    f"""
{shown.title}, the coefficient of *{main.label.lower()}*, {questions.compared(shown, main)}:

- **OLS.** How do any two {many} differ? {say["OLS"][0]}.
- **Cluster-robust.** The same, and how sure are we if {many} come by {several}? The same number,
  ± {say["cluster-robust"][1]} instead of ± {say["OLS"][1]}.
- **Fixed effects.** How do two {many} of one {one} differ? {say["fixed effects"][0]}. They cannot
  speak of what a {one} shares.
- **Random effects.** Which single slope serves, if it is the same within {several} and between
  them? {say["random effects"][0]}. And how much do {several} differ beyond that?
- **Within–between.** What is the slope within {several}, and what between them?
  {say["within"][0]} and {say["between"][0]}.
"""
)
if None not in (guess, silent) and (name != "school" or ses is not None):
    with st.expander("All five, each read in five ways"):
        lens.show(f"five.lens.{name}", name, shown.model.fixed)

# ---- Check yourself ------------------------------------------------------------------------

lesson.step("check yourself", "Check yourself")
low = variant.number("five.mixture.within", 5, (2, 3, 4, 5, 6)) / 10
high = variant.number("five.mixture.between", 15, (10, 12, 14, 15, 20)) / 10
part = variant.number("five.mixture.share", 20, (10, 20, 30, 40)) / 100
check.question(
    "five.mixture",
    f"A model has one predictor. Its slope is {share(low)} within schools and {fixed(high)} "
    f"between school means, and {percent(part)} of its variance lies between schools. Which slope "
    "does OLS find?",
    [
        check.Option(
            fixed(part * high + (1 - part) * low),
            f"OLS weighs the two by where the predictor varies: {share(part)} × {fixed(high)} + "
            f"{share(1 - part)} × {share(low)}.",
        ),
        check.Option(
            fixed(low),
            "That is what fixed effects find. OLS compares pupils of different schools, too.",
            "one-slope",
        ),
        check.Option(
            fixed(high),
            "That is the line through school means. Most of what OLS compares lies within schools.",
            "one-slope",
        ),
    ],
)
check.question(
    "five.option",
    "A colleague adds `vce(cluster school)` to a regression, so that “the coefficients take "
    "schools into account”. What changes?",
    [
        check.Option(
            "The standard errors, some up and some down",
            f"Boys’ school goes from {share(boys.se['OLS', 'between'], 3)} to "
            f"{share(boys.se['cluster-robust', 'between'], 3)}, and where a predictor differs "
            "inside schools it can go the other way. The coefficients stay.",
        ),
        check.Option(
            "The coefficients, towards those within schools",
            "They stay, digit by digit. What changes is how sure we are of them.",
            "robust-fixes",
        ),
        check.Option(
            "The standard errors, all of them up",
            "Those of predictors that differ inside schools can fall.",
            "robust-wider",
        ),
        check.Option(
            "The standard errors, all by the same factor",
            "The factor depends on how much of the predictor lies between schools.",
            "one-factor",
        ),
    ],
)
ward = cache.five("nurses").of("expcon")
check.question(
    "five.training",
    f"In {moved.count('nurses')} wards nurses were trained, or not, as a ward, by lot. "
    "Which estimators can say what the training does to stress?",
    [
        check.Option(
            "All but fixed effects; and not all with an honest interval",
            f"OLS gives a standard error of {share(ward.se['OLS', 'between'], 3)}, cluster-robust "
            f"{share(ward.se['cluster-robust', 'between'], 3)}, random effects "
            f"{share(ward.se['random effects', 'between'], 3)}.",
        ),
        check.Option(
            "Fixed effects before all, since they rule out differences between wards",
            "Training is a difference between wards. It is ruled out with the rest.",
            "fe-always",
        ),
        check.Option(
            "Random effects only: it takes levels to use a variable of wards",
            "OLS has the coefficient, too. What it lacks is a standard error that counts wards.",
            "needs-levels",
        ),
        check.Option(
            f"Any: {len(cache.rows('nurses')):,} nurses are plenty",
            "The training was drawn once a ward. Its evidence is as large as the number of wards.",
            "many-rows",
        ),
    ],
)

lesson.take_away(
    [
        "An estimator is a question: any two pupils, two of one school, two schools, or a mixture.",
        "Cluster-robust errors change the interval, never the line, and they can make it narrower.",
        "Fixed effects cannot see what a group shares; random effects mix within and between; "
        "within–between reports both.",
    ],
    limits="None of the five makes a comparison causal. Fixed effects rule out what a school "
    "shares, and not what distinguishes pupils inside it. Cluster-robust errors need many groups: "
    "with few, they are too small. Random effects take a school’s level as unrelated to the "
    "predictors, unless their means are in the model.",
    opinions="In econometrics fixed effects are the convention: a correlation between the groups’ "
    "levels and the predictors biases random effects, so one rules it out. Bell, Fairbrother and "
    "Jones answer that the within–between model gives the same slope and keeps what lies between "
    "groups, which is often the question. Gelman and Hill would model the group level and put "
    "group means in. Some would always report robust errors, since they ask for less; King and "
    "Roberts hold that where they change much, the model itself is to be mended.",
    sources=[
        "Bell, A., Fairbrother, M., & Jones, K. (2019). Fixed and random effects models: making "
        "an informed choice. *Quality & Quantity*, 53, 1051–1074.",
        "Cameron, A. C., & Miller, D. L. (2015). A practitioner’s guide to cluster-robust "
        "inference. *Journal of Human Resources*, 50(2), 317–372.",
        "Gelman, A., & Hill, J. (2007). *Data Analysis Using Regression and "
        "Multilevel/Hierarchical Models*, ch. 12. Cambridge University Press.",
        "King, G., & Roberts, M. E. (2015). How robust standard errors expose methodological "
        "problems they do not fix, and what to do about it. *Political Analysis*, 23(2), 159–179.",
        "Lambert, P. (2025). Multilevel models: SGSSS workshop, talk 4. "
        "https://github.com/paul-lambert/SGSSS-2025",
        "Wooldridge, J. M. (2010). *Econometric Analysis of Cross Section and Panel Data* "
        "(2nd ed.), ch. 10. MIT Press.",
    ],
)
