"""Pooling: how far should you trust a group's own mean?

First with means: groups on springs between their own mean and the mean of all. Then with a
predictor: one line, a line for each group, and the two partially pooled families between.
"""

from functools import partial
from math import ceil

import streamlit as st

from mlcore import pooling_weight
from ui import (
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
    variant,
)
from ui.lens import panel as lens
from ui.pictures import countries, weights
from ui.predict import Option, Scale
from ui.prose import fixed, percent, share
from ui.puzzle import Condition
from ui.stage import families, panels, scene
from ui.stage.noun import measure, noun
from ui.stage.springs import Springs, Values

st.title("How far should you trust a group’s own mean?", anchor=False)

# ---- Twelve schools on springs -------------------------------------------------------------

SHOWN = ("48", "54", "37", "23", "63", "35", "20", "59", "11", "53", "16", "14")
MARKED = ("48", "54", "35", "59", "53")
PAIRS = tuple(
    tuple(pair.split("-")) for pair in "54-59 48-59 48-53 54-53 23-53 63-53 37-59".split()
)

school = cache.load("school")
null = cache.fit("gcse ~ 1 + (1 | school)", "school")
table = cache.shrinkage("gcse ~ 1 + (1 | school)", "school")
tau, sigma = null.variance_components["sd"]
mean, size, moves, weight = table["mean"], table["n"], table["movement"], table["lambda"]

truth = sorted(MARKED, key=moves.__getitem__, reverse=True)
orders = {
    "both": truth,
    "distance-alone": sorted(MARKED, key=mean.abs().__getitem__, reverse=True),
    "size-alone": sorted(MARKED, key=size.__getitem__),
    "size-drives": sorted(MARKED, key=size.__getitem__, reverse=True),
}
picture = Springs(
    key="springs",
    table=table,
    noun=noun(school, "school"),
    unit="points",
    reach=12,
    ticks=(-10, -5, 0, 5, 10),
    estimated=Values(tau, sigma, focus="48"),
    shown=SHOWN,
    marked=MARKED,
    remarks=(
        {
            "kind": "between",
            "row": 2,
            "side": 1,
            "lines": ["One spring pulls to the mean,", "as stiff as 1 ÷ σ_u²"],
        },
        {
            "kind": "within",
            "row": 8,
            "side": -1,
            "lines": ["The other pulls to the school’s own", "mean, as stiff as n ÷ σ_e²"],
        },
    ),
)
first, last = truth[0], truth[-1]
furthest = orders["distance-alone"][0]
both = (
    f"School {first} moves (1 − {share(weight[first])}) × {fixed(abs(mean[first]))} = "
    f"{fixed(moves[first])}: it takes both."
)
notes = {
    None: f"<strong>It takes both:</strong> a small school gives up a large share of its distance, "
    f"but there has to be a distance. {both}",
    "distance-alone": f"<strong>Distance tempts,</strong> because a far mean has far to go. But "
    f"school {furthest}, the furthest of the {len(table)}, has {size[furthest]} pupils to hold it: "
    f"it moves {fixed(moves[furthest])}. {both}",
    "size-alone": f"<strong>Size tempts,</strong> because small schools are trusted least. But "
    f"school {last} lies {fixed(abs(mean[last]))} from the mean, so there is little to give up: "
    f"it moves {fixed(moves[last])}. {both}",
    "size-drives": f"<strong>More data tempt,</strong> because they seem to have more effect. They "
    f"do: they hold a school to its own mean. School 53 with {size['53']} pupils gives up "
    f"{percent(1 - weight['53'])} of its distance. {both}",
}
leading = {
    None: "weighed both, size and distance",
    "distance-alone": "put the <span class='you'>furthest</span> schools first",
    "size-alone": "put the <span class='you'>smallest</span> schools first",
    "size-drives": "put the <span class='you'>largest</span> schools first",
}

suspect = partial(lesson.suspect, orders=orders, right="both")
guess = predict.made("pooling.moves", MARKED)
lesson.step("which will move most?")
values = picture.estimated
if guess is None:
    picture.ask(
        "pooling.moves",
        story=f"<p>Twelve of the {len(table)} London schools, each with the mean of its own "
        f"pupils’ exam scores. School 48 sent {prose.words(size['48'])} pupils, school 14 sent "
        f"{size['14']}. A multilevel model does not take each mean at its word: it moves every "
        "school some way towards the mean of all schools. How far depends on the school. "
        "That is what you predict now.</p>",
        question="<h2>Which will move most?</h2><p>Give each of the five schools in bold a place, "
        "from 1, moves most, to 5, moves least.</p>",
    )
    predict.bar(
        "pooling.moves",
        partial(
            predict.placed_guess,
            "pooling.moves",
            {name: f"school {name}" for name in MARKED},
            truth,
            suspect,
        ),
        question="Which of five schools will move most towards the mean of all, which least?",
        truth=", ".join(f"school {name}" for name in truth),
    )
else:
    belief = None
    ranks = {"truth": predict.rank(truth), "guess": None}
    sentence = f"School {first} moves most, {fixed(moves[first])} points; school {last} least."
    if isinstance(guess.value, list):
        belief = suspect(guess.value)
        wrong = gap.ordering(guess.value, truth)
        place = prose.ordinal(guess.value.index(first) + 1)
        ranks["guess"] = predict.rank(guess.value)
        sentence = (
            f"You {leading[belief]}, and {wrong.reversed} of your {wrong.pairs} pairs come out "
            f"the other way round. School {first}, your {place}, moves most."
        )
    values = picture.reveal(gap=sentence, note=notes[belief], ranks=ranks)
    key.answer(f"From most to least: school {', '.join(truth)}.")
    predict.again("pooling.moves")

# ---- Make it so ----------------------------------------------------------------------------

if guess is not None:
    near, far = variant.pick("pooling.equal", PAIRS[0], PAIRS)
    kept = variant.pick("pooling.half", 0.5, (0.4, 0.5, 0.6, 0.7, 0.75, 0.8))
    part = "half" if kept == 0.5 else percent(kept)
    odds = "" if kept == 0.5 else f"{fixed(kept / (1 - kept), 2)}\\,"
    needed = kept / (1 - kept) * (sigma / tau) ** 2
    pupils = values.n.get("48", size["48"])
    at = {
        name: float(pooling_weight(values.n.get(name, size[name]), values.sigma_u, values.sigma_e))
        for name in ("48", near, far)
    }
    a, b = ((1 - at[name]) * abs(mean[name]) for name in (near, far))
    # both move equally far where r = σ_e²/σ_u² solves r d/(n + r) = r D/(N + r)
    ratio = (abs(mean[far]) * size[near] - abs(mean[near]) * size[far]) / (
        abs(mean[near]) - abs(mean[far])
    )
    equal, half = st.columns(2, gap="large")
    with equal:
        puzzle.pose(
            "pooling.equal",
            f"School {near} has {size[near]} pupils, school {far} has {size[far]}. Make both move "
            "equally far, to within 0.1 points, and at least one point. Leave the numbers of "
            "pupils alone.",
            [
                Condition(
                    not values.n, "a number of pupils was changed. Go back to the estimated values."
                ),
                Condition(
                    min(a, b) >= 1,
                    f"school {near} moves {fixed(a)} points, school {far} {fixed(b)}; "
                    "both need at least 1.",
                ),
                Condition(
                    abs(a - b) <= 0.1,
                    f"school {near} moves {fixed(a)} points, school {far} {fixed(b)}: "
                    f"{fixed(abs(a - b))} apart.",
                ),
            ],
            [
                f"School {far} is further out. It has to give up a smaller share than school "
                f"{near}.",
                "Weaken the pull of the schools’ own means: let schools differ less.",
                "Only the ratio of the two spreads matters. Draw $\\sigma_u$ down to about a "
                f"{prose.ordinal(round(ratio**0.5))} of $\\sigma_e$.",
            ],
            f"Far out with many pupils, or nearer with few: both move {fixed(a)} points.",
            answer=f"$\\sigma_u$ = {fixed(sigma / ratio**0.5)} with $\\sigma_e$ as estimated: "
            f"{fixed(sigma)} / {fixed(ratio**0.5)}.",
        )
    with half:
        puzzle.pose(
            "pooling.half",
            "At the estimated spreads: what is the smallest number of pupils with which school 48 "
            f"keeps at least {part} of its distance?",
            [
                Condition(
                    max(abs(values.sigma_u - tau), abs(values.sigma_e - sigma)) < 0.01,
                    "the spreads are not at their estimated values.",
                ),
                Condition(
                    at["48"] >= kept,
                    f"with {pupils} pupils it keeps {percent(at['48'])} of its distance.",
                ),
                Condition(
                    float(pooling_weight(pupils - 1, tau, sigma)) < kept,
                    f"{pupils} pupils are more than it needs.",
                ),
            ],
            [
                "Put school 48 in focus and press the + beside its number of pupils.",
                f"The weight is {'one half' if kept == 0.5 else part} where $n_j$ equals "
                f"${odds}\\sigma_e^2 / \\sigma_u^2$.",
                f"The ratio $\\sigma_e^2 / \\sigma_u^2$ is {fixed(sigma**2, 1)} / "
                f"{fixed(tau**2, 1)}.",
            ],
            f"A school keeps {part} of its distance at {fixed(needed, 1)} pupils, where "
            f"$n_j = {odds}\\sigma_e^2 / \\sigma_u^2$.",
            answer=f"{ceil(needed)} pupils: the least whole number from {fixed(needed)} on.",
        )

# ---- What holds the estimate ---------------------------------------------------------------

lesson.step("two springs, one weight", "Two springs, one weight")
st.markdown(
    notation.tex(
        rf"""
The estimate rests where two springs balance. One pulls the school to the mean of all schools: it
is stiff when schools differ little, when $\sigma_u$ is small. The other pulls it to its own mean:
it is stiff when the school has many pupils, or when pupils of one school differ little. The balance
is a {glossary.term("pooling-weight", "weight")} between 0 and 1,
"""
        r"""
$$\lambda_j = \frac{n_j}{n_j + \sigma_e^2 / \sigma_u^2},$$

and the estimate is $\hat u_j = \lambda_j\,(\bar y_j - \beta_0)$.
"""
        rf"""
{glossary.term("partial-pooling", "Partial pooling")} keeps the share $\lambda_j$ of a school’s
distance. At $\sigma_u = 0$ it becomes {glossary.term("complete-pooling")}, one mean for all. At
$\sigma_u = \infty$ it becomes {glossary.term("no-pooling")}, every school for itself. All three
are places on one ruler, and the model estimates the place from the data.
"""
    )
)
if guess is not None:
    with st.expander("The fitted model, read in five ways"):
        lens.show("pooling.lens", "gcse ~ 1 + (1 | school)", "school")

# ---- What an own mean is worth elsewhere -----------------------------------------------------

lesson.step("what is a mean worth?", "What is a group’s own mean worth?")
OTHERS = {
    "school": "Pupils in schools",
    "nurses": "Nurses in wards",
    "nurses-hospitals": "Nurses in hospitals",
    "ghq_households": "People in households",
    "hsb": "Pupils in US high schools",
    "popularity": "Pupils in classes",
    "issp": "People in countries",
}
compared = {name: weights.groups(name) for name in ("school", "nurses", "ghq_households")}
worth = {name: found.weight(found.typical) for name, found in compared.items()}
pupils_of, nurses_of, people_of = (found.typical for found in compared.values())
trusted = predict.choice(
    "pooling.trust",
    "Three groups of a typical size. Whose own mean keeps the largest share of its distance?",
    {
        "school": Option(
            f"A London school with {pupils_of} pupils",
            "It has most units. But pupils of one school differ much more than schools do: "
            f"{weights.spreads(compared['school'])}.",
            "more-units",
        ),
        "nurses": Option(
            f"A hospital ward with {nurses_of} nurses",
            "Wards differ more than the nurses of one ward do: "
            f"{weights.spreads(compared['nurses'])}. A few nurses show what their ward is like.",
        ),
        "ghq_households": Option(
            f"A household of {prose.words(people_of)}",
            "People who live together are alike in some things. In their distress they differ "
            f"more than households do: {weights.spreads(compared['ghq_households'])}.",
            "close-units",
        ),
    },
    max(worth, key=worth.__getitem__),
    values=worth,
    unit="weight of the own mean",
    digits=2,
)
if trusted is None:
    st.markdown("The other groups appear when you have made or skipped the prediction.")
else:
    there = controls.choose("groups", "Groups", OTHERS, default="nurses")
    found = weights.groups(there)
    lesson.story(cache.load("issp") if there == "issp" else cache.case(there))
    scene.show(weights.picture(there))
    st.markdown(
        notation.tex(
            rf"""
Size alone says nothing. What counts is the size beside the ratio $\sigma_e^2 / \sigma_u^2$, here
{fixed(found.sigma**2)} / {fixed(found.tau**2)} = {fixed(found.half, 1)}: with so many
{found.noun.units} a {found.noun.group} keeps half. Drag it. A {found.noun.group} of the median
size, {found.typical:,}, keeps {share(found.weight(found.typical), 3)}.
"""
        )
        + (
            f" The picture has {len(weights.drawn(found))} of the {len(found.table):,} "
            f"{found.noun.groups}, drawn with seed 1."
            if len(found.table) > weights.DRAWN + 5
            else ""
        )
    )

# ---- Countries: two reasons for a narrow interval --------------------------------------------

lesson.step("two countries", "Two countries, two intervals")
pooled_countries = countries.pooled()
one, other = "New Zealand", "South Africa"
apart = countries.apart(one, other)
asked = pooled_countries.table["n"]
st.markdown(
    f"""
In a survey of {len(asked)} countries people were asked how well they understand politics.
{int(asked[one]):,} answered in {one} and {int(asked[other]):,} in {other}. Each country’s own mean
has a 95 % interval. The data come as sums and means by country, which is all that a multilevel
model needs.
"""
)
width = predict.number(
    "pooling.width",
    f"{one}’s interval is how many times as wide as {other}’s?",
    Scale(1, 4, 0.05, (1, 1.5, 2, 2.5, 3, 3.5, 4), "times as wide", 2),
    float(apart["width"]),
    near=0.2,
    below=(
        (1.0 + (apart["size"] - 1.0) / 2, "more-units"),
        (apart["size"] + 0.2, "size-of-interval"),
    ),
)
if width is not None:
    scene.show(countries.picture())
    st.markdown(
        f"The numbers of people make it {fixed(apart['size'])} times as wide, the square root of "
        f"{int(asked[other]):,} / {int(asked[one]):,}. The rest is spread: answers in {one} differ "
        f"{fixed(apart['spread'])} times as much, and {fixed(apart['size'])} × "
        f"{fixed(apart['spread'])} = {fixed(apart['width'])}. The model has one spread within "
        f"countries for all, so with partial pooling only the numbers are left: "
        f"{fixed(apart['partial'])}. The means hardly move. With "
        f"{prose.words(int(asked.min()))} people or more a country keeps at least "
        f"{percent(pooled_countries.table['lambda'].min(), 1)} of its distance. "
        + predict.tempting(width.misconception)
    )

# ---- With a predictor ----------------------------------------------------------------------

lesson.step("a group’s own line", "And a group’s own line?")
school_lines = cache.families("school")
own = school_lines.separate.loc["48"]
kept = school_lines.lines("coefficients").loc["48"]
common = school_lines.coefficients.coefficients["estimate"]["lrt"]
st.markdown(
    f"""
The exam score at 16 rises with the reading score at 11: {fixed(school_lines.overall.beta[1])}
points for each point, in one line through all {null.n:,} pupils. A school can have a line of its
own. School 48 has two pupils, so its own line goes exactly through both. It falls steeply: its
slope is {fixed(own.slope)}.
"""
)
slope = predict.number(
    "pooling.slope",
    "Where will a multilevel model put the slope of school 48?",
    Scale(-8, 2, 0.1, (-8, -6, -4, -2, 0, 2), "exam points per reading point", 2),
    kept.slope,
    near=0.15,
    below=((own.slope / 1.5, "separate-lines"), (own.slope / 4, "half-way")),
    reference=(own.slope, "its own line"),
)
if slope is not None:
    st.markdown(
        f"The model’s slope for school 48 is {fixed(kept.slope)}; the mean slope of all schools "
        f"is {fixed(common)}. Two pupils whose reading scores lie less than one point apart say "
        "next to nothing about a slope, so the model gives the school nearly everybody’s slope. "
        + predict.tempting(slope.misconception)
    )

# ---- The four panels, on three datasets ----------------------------------------------------

lesson.step("one line, many lines", "One line, many lines, and between")
if slope is None:
    st.markdown("The lines of all schools appear when you have made or skipped the prediction.")
else:

    @lesson.part
    def lines_of_groups() -> None:
        data = cache.load(
            controls.choose(
                "data",
                "Dataset",
                {
                    "school": "Exams in London",
                    "hsb": "High School & Beyond",
                    "popularity": "Popularity",
                    "nurses": "Nurses in wards",
                },
            )
        )
        drawn = cache.families(data.name)
        lines = families.picture(data.name)
        words = lines.noun
        separate = drawn.separate["slope"].dropna()
        lesson.story(data)
        panels.show("panels", lines)
        st.markdown(
            f"The slopes of the {len(separate)} separate lines have a standard deviation of "
            f"{fixed(separate.std())}. The model’s estimate of how much slopes really differ is "
            f"{fixed(drawn.slope_sd)}. The rest is what {words.units} drawn by chance do to lines. "
            "Households are not among these data: most have too few members for a line of their "
            "own."
        )

        # ---- Which family predicts best --------------------------------------------------------

        lesson.step("which predicts best?")
        SEED = 1
        errors = cache.held_out(data.name, SEED).to_dict()
        pooled = min("intercepts", "coefficients", key=errors.__getitem__)
        answers = {
            "overall": Option(
                "The one line for all",
                "It rests on the most data and misses what each group has of its own.",
                "all-alike",
            ),
            "separate": Option(
                "The separate lines",
                "They follow their own group closely, its chance included, and chance does not "
                "return.",
                "separate-lines",
            ),
            pooled: Option(
                "The partially pooled lines",
                "They keep of each group what its data can support.",
            ),
        }
        best = predict.choice(
            f"pooling.hidden-{data.name}",
            f"Hide half of each {words.group}’s {words.units}, fit the families to the others and "
            f"predict the hidden ones. Which family misses them by least? (The halves are drawn "
            f"with seed {SEED}.)",
            answers,
            min(answers, key=errors.__getitem__),
            values={name: errors[name] for name in answers},
            unit=f"{measure(data, cache.model(data.name).outcome)} of error, root mean square",
            digits=2,
        )
        if best is not None:
            st.markdown(
                f"Partial pooling takes from the other {words.groups} what a {words.group}’s own "
                f"data leave open. Of the two partially pooled families the better one is shown: "
                + glossary.term(
                    "random-intercept" if pooled == "intercepts" else "random-slope",
                    "random intercepts" if pooled == "intercepts" else "random coefficients",
                )
                + "."
            )

# ---- Check yourself ------------------------------------------------------------------------

lesson.step("check yourself", "Check yourself")
few = variant.number("pooling.two.few", 5, range(3, 13))
many = variant.number("pooling.two.many", 150, range(60, 201, 10))
out = variant.number("pooling.two.out", 6, (4, 6, 8, 10))
keep_few, keep_many = (float(pooling_weight(n, tau, sigma)) for n in (few, many))
check.question(
    "pooling.two",
    f"Two schools both lie {out} points above the mean of all schools. One has {few} pupils, the "
    f"other {many}. Which moves more?",
    [
        check.Option(
            f"The school of {few}",
            f"It keeps {share(keep_few)} of its distance and moves "
            f"{fixed(out * (1 - keep_few), 1)} points; the school of {many} keeps "
            f"{share(keep_many)} and moves {fixed(out * (1 - keep_many), 1)}.",
        ),
        check.Option(
            "Both the same, since they lie equally far out",
            "The distance is the same, the share is not: it depends on the number of pupils.",
            "distance-alone",
        ),
        check.Option(
            f"The school of {many}",
            "More pupils tie a school more firmly to its own mean.",
            "size-drives",
        ),
        check.Option(
            f"Both go half-way, to {out // 2} points",
            "Partial means some share between none and all. Half is the share of a school "
            f"with {fixed((sigma / tau) ** 2, 0)} pupils here.",
            "half-way",
        ),
    ],
)
check.question(
    "pooling.none",
    "Somebody reports a table of raw school means and calls it free of assumptions. Which model "
    "gives that table?",
    [
        check.Option(
            "One in which schools differ without limit: $\\sigma_u$ is infinite",
            "Then a school’s own pupils are the only evidence about it. That is an assumption too, "
            "and a strong one.",
        ),
        check.Option(
            "None: raw means are the neutral choice",
            "Every table of estimates is what some model would give. This one belongs to an "
            "infinite spread between schools.",
            "infinite-groups",
        ),
        check.Option(
            "One in which all schools are the same: $\\sigma_u$ is 0",
            "That model gives every school the mean of all schools.",
            "all-alike",
        ),
    ],
)
check.question(
    "pooling.close",
    "After partial pooling the lines of all schools lie closer together than the separate lines. "
    "What does that show?",
    [
        check.Option(
            "Part of the spread of the separate lines was chance",
            "The model keeps the differences that the numbers of pupils can support.",
        ),
        check.Option(
            "The schools do not really differ",
            "The lines that are left still differ, and the model reports by how much.",
            "no-difference",
        ),
        check.Option(
            "The estimates are biased, so the separate lines are safer",
            "An estimate for one school may be off towards the mean. Over all schools it misses "
            "by less, as the hidden pupils show.",
            "shrinkage-is-bias",
        ),
    ],
)

lesson.take_away(
    [
        "A group’s estimate is a compromise between its own mean and the mean of all groups.",
        "The share it keeps is $\\lambda_j = n_j / (n_j + \\sigma_e^2 / \\sigma_u^2)$; "
        "the movement is one minus that share, times the distance.",
        "Complete and no pooling are the two ends of the same ruler; the data choose the place.",
    ],
    limits="The model takes the groups as drawn from one population. A group that is known to be "
    "different, one selective school among comprehensives, should be described by a predictor "
    "before it is pulled towards the others. And estimates that are best over all groups are not "
    "best for each.",
    opinions="Gelman and Hill pool partially however few the groups are. Bryan and Jenkins warn "
    "that with fewer than about 25 groups the spread between them is estimated badly. Whether it "
    "is fair to judge a small good school by an estimate pulled to the mean depends on the "
    "question: as a forecast of its next pupils it is the better number, as a record of these "
    "pupils its own mean is. Goldstein and Spiegelhalter argue for caution with any ranking.",
    sources=[
        "Bryan, M. L., & Jenkins, S. P. (2016). Multilevel modelling of country effects: A "
        "cautionary tale. *European Sociological Review*, 32(1), 3–22.",
        "Efron, B., & Morris, C. (1977). Stein’s paradox in statistics. *Scientific American*, "
        "236(5), 119–127.",
        "Gelman, A., & Hill, J. (2007). *Data Analysis Using Regression and "
        "Multilevel/Hierarchical Models*, ch. 12. Cambridge University Press.",
        "Goldstein, H., & Spiegelhalter, D. J. (1996). League tables and their limitations. "
        "*Journal of the Royal Statistical Society A*, 159(3), 385–443.",
        "Snijders, T. A. B., & Bosker, R. J. (2012). *Multilevel Analysis* (2nd ed.), ch. 4. Sage.",
    ],
)
