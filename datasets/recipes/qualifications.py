"""Makes `qualifications`: python -m datasets.recipes.qualifications.

Calibrated to two tables of the lecture on scores from residuals: pay by qualification, and five
logits of having gambled last week. In four steps:

1. group means of log pay and its variances, from the printed scores;
2. how many people of each age and sex have each qualification, so that both the sums that the
   five logits share and the scores net of sex and age can come out;
3. who gambled;
4. pay.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.optimize import brentq, least_squares, minimize_scalar

from datasets.recipes.calibration import Array, Whole, correct, exchange, rounded, tilt, write

SEED = 20140624

# Printed: code, people with pay, score from means (EPS), from residuals (ESRES), net of sex and age
PRINTED = np.array(
    [
        [1, 2806, 2467, 2457, 2666],
        [2, 4352, 2031, 2028, 2252],
        [3, 1761, 1675, 1673, 1863],
        [4, 341, 1759, 1744, 2135],
        [5, 440, 1548, 1549, 1958],
        [6, 44, 2146, 1901, 2132],
        [7, 1923, 1538, 1538, 1669],
        [8, 20, 1670, 1602, 1700],
        [9, 14, 1547, 1550, 1692],
        [10, 159, 1390, 1412, 1606],
        [11, 167, 1476, 1486, 1640],
        [12, 58, 1579, 1571, 1720],
        [13, 4210, 1341, 1342, 1497],
        [14, 688, 1181, 1193, 1285],
        [15, 205, 1413, 1439, 1579],
        [16, 562, 1127, 1143, 1332],
        [96, 4192, 1246, 1248, 1419],
    ]
)
CODES, PAID = PRINTED[:, 0], PRINTED[:, 1]
EPS, ESRES, NET = PRINTED[:, 2:].T.astype(float)
J = len(CODES)
PEOPLE = 22_682
INCONSISTENT = CODES == 15  # no mean pay gives both of its printed scores

# Printed: constant, fem, cen_age, cen_age2, score, score by age; BIC, whose decimals are from R2
LOGITS = {
    "base": ([-1.014, -0.4678, 0.1087, -0.000988], 27257.9),
    "esres1a": ([-0.9414, -0.4771, 0.1055, -0.000988, -0.2127], 27075.8),
    "esres2a": ([-0.9457, -0.4724, 0.1051, -0.000983, -0.2117], 27075.55),
    "esres1b": ([-0.9657, -0.4818, 0.1119, -0.001051, -0.1151, -0.004345], 27071.55),
    "esres2b": ([-0.9685, -0.4764, 0.111, -0.001041, -0.1171, -0.004175], 27072.8),
}
OTHER_BIC = {
    "eps1a": 27077,
    "eps1b": 27072,
    "bin1a": 27139,
    "bin1b": 27134,
    "quart1a": 27106,
    "quart1b": 27100,
    "full1a": 27202,
    "full1b": 27307,
}
ALL_GAMBLED = 6788  # from the printed pseudo R-squared: a null log-likelihood of -13,841.6
TWO = np.isin(CODES, [1, 2, 3, 4, 5, 6]).astype(int)
FOUR = np.select([CODES <= 2, CODES <= 6, CODES <= 13], [0, 1, 2], 3)

EPS_WITHOUT_PAY, NET_WITHOUT_PAY = 1566, 1720  # mean scores of the rest, from the totals

# Invented: share of women, mean and SD of age by qualification; how pay depends on sex and age
WOMEN = [53, 53, 60, 70, 88, 50, 50, 50, 50, 52, 50, 50, 55, 53, 55, 55, 58]
AGE = [46, 46, 51, 57, 54, 52, 48, 42, 40, 48, 49, 54, 50, 52, 58, 62, 63]
WOMEN_GAMBLED = 3230
AGE_SD = [15, 15.5, 15.5, 14, 14, 14, 16, 12, 11, 16, 16, 15, 15.5, 7, 15, 14, 14]
PAY = np.array([-0.28, 0.045, -0.00047, -0.012, 0.0001])
PAY_SCALE = np.array([0.1, 0.01, 0.0001, 0.01, 0.0001])


# 1. Scores ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scores:
    """Means of log pay by group, the SD within, and the scores that REML then gives."""

    means: Array
    sd_within: float
    ratio: float
    centre: float

    @cached_property
    def shrunken(self) -> Array:
        return np.exp(self.centre + PAID / (PAID + self.ratio) * (self.means - self.centre))


def reml(means: Array, ss_within: float, predictors: int) -> tuple[float, float, float]:
    """Residual over group variance, the overall mean and the residual SD of a random intercept."""
    df = PAID.sum() - predictors

    def at(ratio: float) -> tuple[float, float, float]:
        w = PAID * ratio / (PAID + ratio)
        centre = float(w @ means / w.sum())
        variance = (ss_within + float(w @ (means - centre) ** 2)) / df
        deviance = df * np.log(variance) + np.log1p(PAID / ratio).sum() + np.log(w.sum())
        return float(deviance), centre, float(np.sqrt(variance))

    best = minimize_scalar(
        lambda log: at(np.exp(log))[0], bounds=(0, 8), method="bounded", options={"xatol": 1e-9}
    )
    ratio = float(np.exp(best.x))
    return ratio, *at(ratio)[1:]


def scores() -> Scores:
    """Means within the rounding of EPS, and the SD within, that give the printed ESRES."""

    def made(free: Array) -> Scores:
        means, sd = np.log(EPS + 0.45 * (free[:J] - 1.0)), float(free[J])
        ratio, centre, _ = reml(means, (PAID.sum() - J) * sd**2, 1)
        return Scores(means, sd, ratio, centre)

    def misses(free: Array) -> Array:
        miss = (made(free).shrunken - ESRES)[~INCONSISTENT]
        return np.concatenate([3.0 * miss, 0.3 * (free[:J] - 1.0)])

    bounds = ([0.0] * J + [0.8], [2.0] * J + [1.3])
    return made(least_squares(misses, [1.0] * J + [1.06], bounds=bounds, diff_step=1e-4).x)


# 2. People ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cells:
    """Every qualification by sex by age: index of the qualification, sex, age."""

    group: Whole
    fem: Whole
    age: Whole
    people: Whole  # of each qualification

    @cached_property
    def basis(self) -> Array:
        """1, fem, cen_age, cen_age2: shape (4, cells)."""
        age = self.age.astype(float)
        return np.stack([np.ones(len(age)), self.fem, age - 30, age**2 - 900])

    @cached_property
    def pay_basis(self) -> Array:
        _, fem, age, age2 = self.basis
        return np.stack([fem, age, age2, age * fem, age2 * fem])

    def standard(self, score: Array) -> Array:
        """A score of the qualification, standardised over people, in every cell."""
        mean = np.average(score, weights=self.people)
        variance = self.people @ (score - mean) ** 2 / (self.people.sum() - 1)
        return np.asarray(((score - mean) / np.sqrt(variance))[self.group])

    def model(self, name: str, shrunken: Array) -> Array:
        """Columns of one of the lecture's logits, shape (parameters, cells)."""
        age = self.basis[2]
        if name == "base":
            return self.basis
        kind, crossed = name[:-1], name.endswith("b")
        if kind in ("esres1", "esres2", "eps1"):
            score = {"esres1": shrunken, "esres2": NET, "eps1": EPS}[kind]
            columns = [self.standard(score)]
        else:
            coding = {"bin1": TWO, "quart1": FOUR, "full1": np.arange(J)}[kind]
            columns = [1.0 * (coding == k)[self.group] for k in np.unique(coding)[1:]]
        return np.vstack([self.basis, *columns, *([c * age for c in columns] if crossed else [])])


def cells() -> Cells:
    group, fem, age = (
        grid.ravel() for grid in np.meshgrid(np.arange(J), [0, 1], np.arange(26, 81), indexing="ij")
    )
    absent = PEOPLE - PAID.sum()
    share = np.where(PAID < 100, 0.0, PAID * (absent / PAID.sum()))
    goal = absent * np.array([1.0, EPS_WITHOUT_PAY, NET_WITHOUT_PAY])
    absent_by_group = tilt(share, np.stack([np.ones(J), EPS, NET]), goal, np.zeros((3, 3)))
    return Cells(group, fem, age, PAID + rounded(absent_by_group, np.zeros(J, int)))


def expected(table: Cells) -> Array:
    """How many people there would be in each cell, had the survey been the invented one."""
    women, mean, sd = (np.array(values)[table.group] for values in (WOMEN, AGE, AGE_SD))
    share = np.exp(-0.5 * ((table.age - mean) / sd) ** 2)
    share *= np.where(table.fem, women, 100 - women)
    share *= (table.people / np.bincount(table.group, share))[table.group]
    return np.asarray(share)


def probability(b: Array, X: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-b @ X)))


def loglik(b: Array, X: Array) -> Array:
    """Expected log-likelihood of a person in each cell, where b is true."""
    eta = b @ X
    return np.asarray(probability(b, X) * eta - np.log1p(np.exp(eta)))


def net_gaps(score: Scores) -> tuple[Array, float]:
    """What sex and age must add to each qualification's mean pay, and the ratio of variances."""

    def gaps(ratio: float) -> tuple[Array, float]:
        w, own, net = PAID * ratio / (PAID + ratio), PAID / (PAID + ratio), np.log(NET)
        centre = (w @ (net / own)) / (w / own).sum()
        raw = centre + (net - centre) / own
        ss = score.sd_within**2 * (PAID.sum() - J) * 0.9716
        return score.means - raw, reml(raw, ss, 6)[0]

    ratio = brentq(lambda ratio: gaps(ratio)[1] - ratio, 15.0, 40.0)
    return gaps(ratio)[0], ratio


def people(score: Scores, rng: np.random.Generator) -> tuple[Cells, Whole, Array]:
    """The cells, the people in them, and the coefficients of pay on sex and age."""
    table = cells()
    prior = expected(table)
    models = {
        name: (np.array(b), table.model(name, score.shrunken)) for name, (b, _) in LOGITS.items()
    }
    starts = np.cumsum([0, *(len(b) for b, _ in models.values())])
    place = dict(zip(models, starts, strict=False))
    rows, target, gradients, slack = [], [], [], []
    moves = np.concatenate([standard_errors(X, prior, b) for b, X in models.values()])

    def gradient(parts: dict[str, Array]) -> Array:
        g = np.zeros(starts[-1])
        for name, values in parts.items():
            b, X = models[name]
            p = probability(b, X)
            g[place[name] : place[name] + len(b)] += X @ (prior * p * (1 - p) * values)
        return g

    def require(row: Array, value: float, parts: dict[str, Array], within: float) -> None:
        rows.append(row)
        target.append(value)
        gradients.append(gradient(parts))
        slack.append(within**2)

    fitted = {name: probability(*model) for name, model in models.items()}
    for name in list(models)[1:]:
        for x in table.basis:  # what two models share, both must reproduce
            require(x * (fitted["base"] - fitted[name]), 0.0, {"base": x, name: -x}, 0.01)
    for score_of in ("esres1", "esres2"):
        one, two = f"{score_of}a", f"{score_of}b"
        z = models[one][1][4]
        require(z * (fitted[one] - fitted[two]), 0.0, {one: z, two: -z}, 0.01)
    ones, fem = table.basis[:2]
    require(fitted["base"], ALL_GAMBLED, {"base": ones}, 0.01)
    require(fem * fitted["base"], WOMEN_GAMBLED, {"base": fem}, 0.01)
    for name, (b, X) in models.items():
        value = -(LOGITS[name][1] - len(b) * np.log(PEOPLE)) / 2
        require(loglik(b, X), value, {name: b @ X}, 0.15)

    G = np.array(gradients) * (0.0018 * moves)
    S = (G @ G.T + np.diag(slack)) / 1000.0
    inside = [1.0 * (table.group == group) for group in range(J)]
    gaps, _ = net_gaps(score)
    weights, pay = tilt(prior, np.array(rows), np.array(target), S), PAY
    m = len(rows)
    everything = np.zeros((m + 2 * J, m + 2 * J))
    everything[:m, :m] = S
    everything[m:, m:] = np.diag(np.concatenate([1e-9 * table.people, (1e-5 * table.people) ** 2]))
    for _ in range(8):
        means = (table.pay_basis * weights) @ np.array(inside).T / table.people
        weight = np.sqrt(np.minimum(table.people, 800)) * 5.0
        A = np.vstack([(means * PAY_SCALE[:, None] * weight).T, np.eye(5)])
        short = np.concatenate([(gaps - PAY @ means) * weight, np.zeros(5)])
        pay = PAY + PAY_SCALE * np.linalg.lstsq(A, short, rcond=None)[0]
        net = [pay @ table.pay_basis * one for one in inside]
        all_rows = np.array([*rows, *inside, *net])
        goal = np.concatenate([target, table.people, gaps * table.people])
        weights = tilt(prior, all_rows, goal, everything)
    loose = everything.copy()
    loose[m:, m:] = np.diag(np.concatenate([np.ones(J), (2e-5 * table.people) ** 2])) / 10.0
    units = np.linalg.inv(np.linalg.cholesky(loose))
    counts = exchange(
        rounded(weights, table.group),
        units @ all_rows,
        units @ goal,
        lower=0,
        upper=PEOPLE,
        blocks=table.group,
        steps=3000,
        rng=rng,
    )
    return table, counts, pay


def standard_errors(X: Array, people: Array, b: Array) -> Array:
    p = probability(b, X)
    return np.asarray(np.sqrt(np.diag(np.linalg.inv((X * (people * p * (1 - p))) @ X.T))))


# 3. Who gambled -----------------------------------------------------------------------------------


def logit(X: Array, ones: Array, people: Array) -> tuple[Array, float]:
    """Coefficients and log-likelihood of a logit on cells, by Newton's method."""
    b = np.zeros(len(X))
    b[0] = np.log(ones.sum() / (people - ones).sum())
    for _ in range(12):
        p = probability(b, X)
        b = b + np.linalg.solve((X * (people * p * (1 - p))) @ X.T, X @ (ones - people * p))
    eta = b @ X
    return b, float(ones @ eta - people @ np.log1p(np.exp(eta)))


def chances(table: Cells, counts: Whole, score: Scores) -> Array:
    """The chance of having gambled in each cell: a line over age for every qualification.

    All thirteen models of the lecture are special cases of these lines, so that their
    coefficients and log-likelihoods follow from the sums that the lines imply.
    """
    n = counts.astype(float)
    full = table.model("full1b", score.shrunken)
    full = full / np.sqrt(np.mean(full**2, axis=1))[:, None]
    b, X = np.array(LOGITS["esres1b"][0]), table.model("esres1b", score.shrunken)
    start = np.linalg.lstsq((full * np.sqrt(n + 1e-3)).T, (b @ X) * np.sqrt(n + 1e-3), rcond=None)[
        0
    ]
    shared = [(table.model(name, score.shrunken), np.array(b)) for name, (b, _) in LOGITS.items()]
    others = [(table.model(name, score.shrunken), bic) for name, bic in OTHER_BIC.items()]
    inverse = [standard_score_units(X, b, n) for X, b in shared]

    def misses(free: Array) -> Array:
        p = probability(start + free, full)
        ones = n * p
        off = [
            A @ (ones - n * probability(b, X)) for A, (X, b) in zip(inverse, shared, strict=True)
        ]
        bics = [len(X) * np.log(PEOPLE) - 2 * logit(X, ones, n)[1] - bic for X, bic in others]
        smooth = np.sqrt(n * p * (1 - p)) * (free @ full)
        total = [10.0 * (ones.sum() - ALL_GAMBLED)]
        parts = [*(1000.0 * o for o in off), 30.0 * np.array(bics), total, 0.03 * smooth]
        return np.concatenate(parts)

    found = least_squares(misses, np.zeros(len(start)), max_nfev=40).x
    return probability(start + found, full)


def standard_score_units(X: Array, b: Array, people: Array) -> Array:
    """What an excess of ones in each cell does to the coefficients, in standard errors."""
    p = probability(b, X)
    inverse = np.linalg.inv((X * (people * p * (1 - p))) @ X.T)
    return np.asarray(inverse @ X / np.sqrt(np.diag(inverse))[:, None])


def gamblers(table: Cells, counts: Whole, score: Scores, rng: np.random.Generator) -> Whole:
    """How many in each cell gambled."""
    n = counts.astype(float)
    chance = chances(table, counts, score)
    drawn = rng.binomial(counts, chance)
    while excess := int(drawn.sum()) - ALL_GAMBLED:
        k = rng.choice(len(drawn), p=n / n.sum())
        drawn[k] = np.clip(drawn[k] - np.sign(excess), 0, counts[k])
    shared = [(np.array(b), table.model(name, score.shrunken)) for name, (b, _) in LOGITS.items()]
    units = [standard_score_units(X, b, n) for b, X in shared]
    printed = [A @ (n * probability(b, X)) for A, (b, X) in zip(units, shared, strict=True)]
    others = [(table.model(name, score.shrunken), bic) for name, bic in OTHER_BIC.items()]
    lines = table.model("full1b", score.shrunken)
    information = (lines * (n * chance * (1 - chance))) @ lines.T
    line_units = np.linalg.solve(np.linalg.cholesky(information), lines)
    rows = np.vstack([*units, line_units])
    target = np.concatenate([*printed, line_units @ (n * chance)])
    coefficients = np.arange(len(rows)) < len(rows) - len(lines)

    def settle(drawn: Whole, rows: Array, target: Array, within: Array) -> Whole:
        return exchange(
            drawn,
            rows / within[:, None],
            target / within,
            lower=0,
            upper=counts,
            blocks=np.zeros(len(n), int),
            steps=1500,
            rng=rng,
        )

    for precision in (0.1, 0.02, 0.004):  # of the printed coefficients, in standard errors
        drawn = settle(drawn, rows, target, np.where(coefficients, precision, 0.05))
    for _ in range(2):  # a log-likelihood changes by the predictor where a one is added
        fits = [(X, *logit(X, drawn.astype(float), n), bic) for X, bic in others]
        slopes = np.array([b @ X for X, b, _, _ in fits])
        short = [(len(X) * np.log(PEOPLE) - bic) / 2 - ll for X, _, ll, bic in fits]
        drawn = settle(
            drawn,
            np.vstack([rows, slopes]),
            np.concatenate([target, slopes @ drawn + short]),
            np.concatenate([np.where(coefficients, 0.004, 0.5), np.full(len(fits), 0.2)]),
        )
    return drawn


# 4. Pay -------------------------------------------------------------------------------------------


def payers(
    table: Cells, counts: Whole, pay: Array, score: Scores, rng: np.random.Generator
) -> Whole:
    """How many in each cell report pay; what sex and age add to a mean stays what it must be."""
    gaps, _ = net_gaps(score)
    worth = pay @ table.pay_basis
    rows = np.array([(worth - gaps[group]) * (table.group == group) for group in range(J)])
    start = rounded(counts * (PAID / table.people)[table.group], table.group)
    return exchange(
        np.minimum(start, counts),
        rows / (1e-4 * PAID)[:, None],
        np.zeros(J),
        lower=0,
        upper=counts,
        blocks=table.group,
        steps=2000,
        rng=rng,
    )


def log_pay(
    table: Cells, cell: Whole, pay: Array, score: Scores, rng: np.random.Generator
) -> Array:
    """Log of monthly pay of the people in these cells, shape (people,).

    Within groups it is drawn with a long tail to the left, as pay is; then the residuals are
    changed by as little as makes `pay` the coefficients of the mixed model, every group's mean and
    the SD within what they must be.
    """
    group = table.group[cell]
    member = 1.0 * (np.arange(J)[:, None] == group)
    X = table.pay_basis[:, cell]
    means = X @ member.T / PAID
    within = X - means[:, group]
    raw = score.means - pay @ means
    _, ratio = net_gaps(score)
    w = PAID * ratio / (PAID + ratio)
    centre = float(w @ raw / w.sum())
    rows = np.vstack([member, within])
    target = np.concatenate([np.zeros(J), -means @ (w * (raw - centre))])
    drawn = score.sd_within * (np.log(rng.gamma(2.2, size=len(cell))) - 0.55) / 0.75
    fixed = correct(np.zeros(len(cell)), rows, target)
    free = correct(drawn, rows, np.zeros(len(rows)))
    base = pay @ within + fixed
    goal = score.sd_within**2 * (PAID.sum() - J)
    scale = np.roots([free @ free, 2.0 * free @ base, base @ base - goal]).max()
    return np.asarray(raw[group] + pay @ X + fixed + scale * free)


def make() -> pd.DataFrame:
    rng = np.random.default_rng(SEED)
    score = scores()
    table, counts, pay = people(score, rng)
    ones = gamblers(table, counts, score, rng)
    paid = payers(table, counts, pay, score, rng)
    cell = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(PEOPLE) - np.repeat(np.cumsum(counts) - counts, counts)
    reports = rng.permutation(PEOPLE)
    order = np.lexsort([reports, cell])
    has_pay = np.empty(PEOPLE, bool)
    has_pay[order] = place < paid[cell]
    amount = np.full(PEOPLE, np.nan)
    amount[has_pay] = np.exp(log_pay(table, cell[has_pay], pay, score, rng))
    frame = pd.DataFrame(
        {
            "qfhigh2": CODES[table.group[cell]],
            "fem": table.fem[cell],
            "dvage": table.age[cell],
            "any_bet": (place < ones[cell]).astype(int),
            "fimngrs_dv": amount.round(2),
        }
    )
    return frame.iloc[rng.permutation(PEOPLE)].reset_index(drop=True)


if __name__ == "__main__":
    write("qualifications", make())
