"""Explained variance against R and the lecture, and by hand."""

import numpy as np
import pandas as pd
import pytest

from mlcore import DataError, UnsupportedError, explained, glmm, lmm, r_squared
from tests.mlcore.oracle import CASES, TOLERANCE, frame, ids, mixed

VARIANCE = TOLERANCE["lmm_variance"]


@pytest.mark.parametrize("name", ids({"r2_icc"}))
def test_against_r(name: str) -> None:
    case = CASES[name]
    stored = case["r2"]
    found = r_squared(lmm(case["formula"], frame(case["dataset"])))
    assert found.fixed == pytest.approx(stored["var_fixed"], rel=VARIANCE)
    assert found.random == pytest.approx(stored["var_random"], rel=VARIANCE)
    assert found.residual == pytest.approx(stored["var_resid"], rel=VARIANCE)
    assert found.marginal == pytest.approx(stored["R2_marginal"], rel=VARIANCE)
    assert found.conditional == pytest.approx(stored["R2_conditional"], rel=VARIANCE)
    assert found.icc == pytest.approx(stored["ICC_adjusted"], rel=VARIANCE)


def test_slopes_are_averaged_where_the_rows_are() -> None:
    fit = mixed("gcse_rs_full_ml")
    lrt = frame("gcse")["lrt"].to_numpy()
    share = fit.icc_at(lrt=lrt)["school"].to_numpy()
    at_rows = share / (1 - share) * fit.sigma**2
    assert r_squared(fit).random == pytest.approx(at_rows.mean())


def test_school_ses_explains_schools() -> None:
    """The lecture: 69 % of the variance between schools, nothing within them."""
    data = frame("hsb")
    null, mean_ses = (lmm(f"mathach ~ {fixed} + (1 | schid)", data) for fixed in ("1", "meanses"))
    table = explained(null, mean_ses)
    assert round(table.loc["schid", "reduction"], 2) == 0.69
    assert abs(table.loc["Residual", "reduction"]) < 0.001


def test_by_hand() -> None:
    """Two balanced groups' variances, from the definitions."""
    small, large = mixed("gcse_null_reml"), mixed("gcse_ri_full_reml")
    t0, s0 = small.effects["school"].covariance[0, 0], small.sigma**2
    t1, s1 = large.effects["school"].covariance[0, 0], large.sigma**2
    n = 65 / sum(1 / size for size in frame("gcse")["school"].value_counts())
    table = explained(small, large)
    assert table.loc["Residual", "r2"] == pytest.approx(1 - (t1 + s1) / (t0 + s0))
    assert table.loc["school", "r2"] == pytest.approx(1 - (t1 + s1 / n) / (t0 + s0 / n))


def test_a_share_may_fall_where_a_predictor_varies_within_only() -> None:
    """A predictor without differences between groups lowers sigma and so raises tau."""
    rng = np.random.default_rng(1)
    group = np.repeat(range(50), 6)
    data = pd.DataFrame({"g": group, "x": np.tile([-2.0, -1, 0, 0, 1, 2], 50)})
    data["y"] = data["x"] + rng.standard_normal(50)[group] + rng.standard_normal(300)
    table = explained(lmm("y ~ 1 + (1 | g)", data), lmm("y ~ x + (1 | g)", data))
    assert table.loc["g", "reduction"] < 0
    assert table.loc["g", "r2"] == pytest.approx(0.0, abs=0.01)  # Snijders and Bosker's mends it


def test_a_logit_has_a_latent_residual() -> None:
    data = frame("popular2").assign(pop2=lambda d: (d["popular"] > 5).astype(int))
    found = r_squared(glmm("pop2 ~ Cextrav + (1 | class)", data))
    assert found.residual == pytest.approx(np.pi**2 / 3)
    assert 0 < found.marginal < found.conditional < 1
    with pytest.raises(UnsupportedError, match="poisson responses have no residual variance"):
        r_squared(
            glmm(
                "popcount ~ sex + (1 | class)",
                data.assign(popcount=data["popular"] // 1),
                family="poisson",
            )
        )


def test_refusals() -> None:
    null = mixed("gcse_null_reml")
    with pytest.raises(UnsupportedError, match=r"refit with \(1 \| group\) only"):
        explained(null, mixed("gcse_rs_full_ml"))
    with pytest.raises(DataError, match="two models of the same rows"):
        explained(null, lmm("gcse ~ lrt + (1 | school)", frame("gcse").iloc[:4000]))
