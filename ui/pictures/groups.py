"""Groups to score: for each dataset what is measured, on whom, and what may be held constant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from datasets import load
from mlcore import ScoreSweep, effect_scores, score_sweep
from ui import cache
from ui.stage.axis import Axis

SEED = 1
SAMPLES = 10
WIDE = (0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5)


@dataclass(frozen=True)
class Groups:
    """`outcome` of units in groups, and how it is drawn.

    `controls` is the formula of what may be held, `held` says it in words, `origin` who stands at
    its zero. Samples are of `shares`, `start` % at first; errors are of groups of at least `least`
    rows, `judged` at first. `scale` is the picture's axis of scores, written as `form`; with
    `exponent` they are logarithms, shown as what they are the logarithm of. So many groups are
    `shown`, all of them if 0. `remark` says what is different about these groups.
    """

    title: str
    data: str
    outcome: str
    group: str
    units: str
    groups: str
    controls: str
    held: str
    origin: str
    shares: Sequence[float]
    start: int
    least: Sequence[int]
    judged: int
    scale: Axis
    measured: str
    exponent: bool = False
    shown: int = 0
    form: str = "2"
    remark: str = ""

    @property
    def unit(self) -> str:
        return load(self.data).levels[0].name

    @property
    def null(self) -> str:
        return f"{self.outcome} ~ 1 + (1 | {self.group})"

    @property
    def formula(self) -> str:
        return f"{self.outcome} ~ {self.controls} + (1 | {self.group})"


JOBS: Mapping[int, str] = dict(
    enumerate(
        "managers|professionals|associate professionals|administrators|skilled trades"
        "|carers and service staff|sales staff|machine operatives|elementary jobs".split("|"),
        1,
    )
)
TRADES: Mapping[int, str] = dict(
    enumerate(
        "farming and fishing|manufacturing and energy|construction|trade|hotels and food"
        "|transport and communication|finance|professional services|public administration"
        "|education|health and social work|arts and recreation|other industries".split("|"),
        1,
    )
)

OF: Mapping[str, Groups] = {
    "census": Groups(
        "Jobs in the census", "census", "health1", "cell", "people", "jobs",
        "C(sex) + I(agegpt - 2) + I((agegpt - 2) ** 2)", "sex and age",
        "a man of 16 to 24", WIDE, 5, (1, 20, 50, 100, 200), 100,
        Axis((0.8, 3.1), [1, 1.5, 2, 2.5, 3], "health, 1 very good to 5 very bad"),
        "points of health",
    ),
    "school": Groups(
        "Exams in London", "school", "gcse", "school", "pupils", "schools",
        "lrt + girl", "reading at 11 and sex", "a boy of mean reading",
        (0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5), 10, (1, 30, 60), 1,
        Axis((-20, 20), [-20, -10, 0, 10, 20], "exam score at 16, points"), "points", form="1",
        remark="Pupils of one school differ much more than schools do, and a tenth of a school is "
        "a handful of pupils.",
    ),
    "nurses": Groups(
        "Nurses in wards", "nurses", "stress", "wardid", "nurses", "wards",
        "age + C(gender) + experien", "age, gender and experience",
        "a nurse of age 0", (0.2, 0.25, 0.3, 0.35, 0.4, 0.5), 30, (1, 10), 1,
        Axis((1, 8), [2, 4, 6, 8], "stress, points"), "points",
        remark="Wards differ more than the nurses in them, so that a few nurses say most of what "
        "there is to say and the model hardly pulls. Where the controls are zero stands a nurse of "
        "age 0: a reference can be computed that nobody is.",
    ),
    "ghq_households": Groups(
        "People in households", "ghq_households", "ghq", "ohid", "people", "households",
        "fem + age + age2", "sex and age", "a man of age 0", (0.3, 0.4, 0.5), 50, (2, 3), 2,
        Axis((0, 36), [0, 10, 20, 30], "GHQ, points"), "points", shown=80, form="1",
        remark="Most households have one person in the sample and one out of it. Their members "
        "differ nearly as much as strangers, and the model says so: it pulls nearly all the way to "
        "one mean for all. All households of two and more are judged, 80 of them are shown.",
    ),
    "qualifications": Groups(
        "Pay by qualification", "qualifications", "log(fimngrs_dv)", "qfhigh2", "people",
        "qualifications", "fem + cen_age + cen_age2 + fem:cen_age + fem:cen_age2", "sex and age",
        "a man of 30", WIDE, 5, (1, 50, 500), 1,
        Axis((500, 5000), [500, 1000, 2000, 5000], "pay, pounds a month", log=True),
        "of log pay", exponent=True, form="count",
        remark="The model is of log pay: scores are shown in pounds, and an error of .10 is about "
        "a tenth of a pay. Two of the seventeen groups have few people, and all count the same.",
    ),
}  # fmt: skip


@lru_cache(maxsize=16)
def sweep(name: str, *, controls: bool) -> ScoreSweep:
    """What samples of every size say of the groups of `name`."""
    of = OF[name]
    return score_sweep(
        of.outcome,
        of.group,
        cache.rows(of.data),
        shares=of.shares,
        least=of.least,
        controls=of.controls if controls else "",
        samples=SAMPLES,
        seed=SEED,
    )


@lru_cache(maxsize=16)
def names(name: str) -> tuple[str, ...]:
    """What each group is called, in the order of its code."""
    of, levels = OF[name], sweep(name, controls=False).levels
    if name == "census":
        return tuple(f"{JOBS[code // 100]}, {TRADES[code % 100]}" for code in levels.astype(int))
    known = load(of.data).variables[of.group].values
    word = next(each.name for each in load(of.data).levels if each.column == of.group)
    return tuple(known.get(code, f"{word} {code}") for code in levels)


@lru_cache(maxsize=16)
def shift(name: str) -> float:
    """By how much scores at the controls' zero lie above those of the mean person."""
    found = cache.fit(OF[name].formula, OF[name].data)
    at = [effect_scores(found, reference=where).esres.iloc[0] for where in ("intercept", "mean")]
    return float(np.subtract(*at))


@lru_cache(maxsize=16)
def places(name: str) -> pd.DataFrame:
    """The judged groups by ESRES from all the data: places without controls and with them held.

    Place 1 is the lowest score. The group that rises most with the controls stands last.
    """
    of = OF[name]
    null = effect_scores(cache.fit(f"{of.outcome} ~ 1 + (1 | {of.group})", of.data))
    held = effect_scores(cache.fit(of.formula, of.data), reference="mean")
    found = pd.DataFrame({"name": names(name), "n": null.n}, index=null.index)
    large = found.n >= of.judged
    found["plain"], found["held"] = null.esres[large].rank(), held.esres[large].rank()
    judged = found[large]
    order = np.argsort(judged.held - judged.plain)
    return judged.iloc[order]
