"""Makes `london_nurses`: python -m datasets.recipes.nurses.

Calibrated to the lecture's logit of leaving within three years, with a random intercept for the
hospital. In three steps, repeated until the log-likelihood is the printed one:

1. nurses, chosen from many invented ones so that the model fits as well as it does;
2. who means to leave, drawn from the model;
3. answers changed, in pairs of nurses, until the fit gives the printed coefficients.
"""

import numpy as np
import pandas as pd

from datasets.recipes.calibration import Array, Whole, exchange, write
from mlcore import glmm

SEED = 1
NURSES = 1389
WITH_AGE = 1385
HOSPITALS = 18

# Printed: constant, fam, valued, age, male, outer London; SD between hospitals; AIC
PRINTED = np.array([3.02, -0.75, -0.93, -0.05, 0.28, -0.73])
SD = 0.18
AIC = 1678.9
CONDITIONAL = -823.9  # expected log-likelihood given the hospitals' effects
TRIALS = 1500
MODEL = "leave ~ fam + valued + age + male + outer + (1 | hospital)"

# Invented: which hospitals are in outer London; shares of nurses
OUTER = np.arange(HOSPITALS) % 3 == 1
FAMILY_FRIENDLY, VALUED, MALE = 0.72, 0.7, 0.087


def pool(rng: np.random.Generator) -> Array:
    """Many invented nurses: hospital, fam, valued, age, male, outer, shape (6, nurses)."""
    n = 12 * WITH_AGE
    share = rng.dirichlet(np.full(HOSPITALS, 2.5)) + 0.02
    hospital = rng.choice(HOSPITALS, n, p=share / share.sum())
    age = np.clip(np.rint(20 + rng.gamma(2.2, 8.4, n)), 20, 66)
    answers = [rng.random(n) < chance for chance in (FAMILY_FRIENDLY, VALUED)]
    return np.stack([hospital, *answers, age, rng.random(n) < MALE, OUTER[hospital]]).astype(float)


def choose(nurses: Array, effects: Array, goal: float, rng: np.random.Generator) -> Array:
    """As many as gave their age, whose expected log-likelihood is `goal`."""
    hospital = nurses[0].astype(np.int64)
    eta = PRINTED[0] + PRINTED[1:] @ nurses[1:] + effects[hospital]
    p = 1 / (1 + np.exp(-eta))
    expected = p * eta - np.log1p(np.exp(eta))
    chosen = np.zeros(len(eta), np.int64)
    chosen[rng.choice(len(eta), WITH_AGE, replace=False)] = 1
    shares = nurses[1:] - nurses[1:].mean(axis=1, keepdims=True)  # nurses stay as they are
    spread = shares.std(axis=1, keepdims=True) * np.sqrt(WITH_AGE) / 20
    sums = p * np.vstack([np.ones(len(p)), nurses[[1, 2, 4, 5]]])  # people leave whole
    chosen = exchange(
        chosen,
        np.vstack([expected / 0.002, sums / 0.02, shares / spread]),
        np.concatenate([[goal / 0.002], np.rint(sums @ chosen) / 0.02, np.zeros(5)]),
        lower=0,
        upper=1,
        blocks=hospital,
        steps=3000,
        rng=rng,
    )
    return nurses[:, chosen == 1]


def table(nurses: Array, leave: Whole) -> pd.DataFrame:
    names = ["hospital", "fam", "valued", "age", "male", "outer"]
    frame = pd.DataFrame(dict(zip(names, nurses.astype(np.int64), strict=True)))
    return frame.assign(leave=leave)


def distance(nurses: Array, leave: Whole) -> float:
    """How far the fit is from the printed figures, beyond half of what rounding allows."""
    fit = glmm(MODEL, table(nurses, leave))
    spread = float(fit.variance_components["sd"].iloc[0])
    off = np.append(fit.beta - PRINTED, spread - SD) / 0.005
    excess = (fit.aic - AIC) / 0.05
    misses = np.maximum(np.abs(np.append(off, 0.1 * excess)) - [*[0.8] * 7, 0.09], 0.0)
    return float(misses @ misses)


def answers(nurses: Array, effects: Array, rng: np.random.Generator) -> pd.DataFrame:
    """Who leaves: drawn, and then changed until the fit gives the printed figures.

    First by sums that the coefficients follow from, then by trying one to three nurses at a time.
    """
    X = np.vstack([np.ones(WITH_AGE), nurses[1:]])
    hospital = nurses[0].astype(np.int64)
    member = 1.0 * (np.arange(HOSPITALS)[:, None] == hospital)
    eta = PRINTED @ X + effects[hospital]
    p = 1 / (1 + np.exp(-eta))
    leave: Whole = (rng.random(WITH_AGE) < p).astype(np.int64)
    information = (X * p * (1 - p)) @ X.T
    se = np.sqrt(np.diag(np.linalg.inv(information)))
    units = np.linalg.solve(information, X) / se[:, None]
    towards, apart, sums = units @ p, effects[hospital] @ p, member @ p
    pull = float(effects**2 @ (member @ (p * (1 - p)))) / SD
    for _ in range(8):
        leave = exchange(
            leave,
            np.vstack([units / 0.005, effects[hospital] / 0.02, member / 2.0]),
            np.concatenate([towards / 0.005, [apart / 0.02], sums / 2.0]),
            lower=0,
            upper=1,
            steps=150,
            rng=rng,
        )
        fit = glmm(MODEL, table(nurses, leave))
        spread = float(fit.variance_components["sd"].iloc[0])
        towards = towards + 0.5 * (PRINTED - fit.beta) / se
        apart += 0.4 * (SD - spread) * pull
    best = distance(nurses, leave)
    for _ in range(TRIALS):
        if best < 1e-3:
            break
        changed = leave.copy()
        flipped = rng.choice(WITH_AGE, rng.integers(1, 4), replace=False)
        changed[flipped] = 1 - changed[flipped]
        found = distance(nurses, changed)
        if found < best:
            leave, best = changed, found
    return table(nurses, leave)


def make() -> pd.DataFrame:
    rng = np.random.default_rng(SEED)
    nurses, effects = pool(rng), SD * rng.normal(size=HOSPITALS)
    effects = 1.1 * SD * (effects - effects.mean()) / effects.std()
    frame = answers(choose(nurses, effects, CONDITIONAL, rng), effects, rng)
    more = frame.sample(NURSES - WITH_AGE, random_state=SEED).assign(age=np.nan)
    every = pd.concat([frame, more]).sample(frac=1, random_state=SEED)
    every["hospital"] += 1
    order = ["hospital", "leave", "fam", "valued", "age", "male", "outer"]
    return every.sort_values("hospital", kind="stable")[order].reset_index(drop=True)


if __name__ == "__main__":
    write("london_nurses", make())
