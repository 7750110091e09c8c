"""A fit is told while it runs, and stopped by whoever watches."""

import pytest

from mlcore import Fit, glmm, growth, lmm, ordinal, watching
from mlcore.progress import watched
from tests.mlcore.oracle import frame


class StoppedError(Exception):
    """Not the core's own."""


def gaussian() -> Fit:
    return lmm("gcse ~ lrt + (1 + lrt | school)", frame("gcse"))


def crossed() -> Fit:
    return lmm("achiev ~ pupsex + (1 | pschool) + (1 | sschool)", frame("pupcross"))


def binary() -> Fit:
    return glmm("pop2 ~ sex + (1 | class)", frame("popular2"))


def quadrature() -> Fit:
    return glmm("pop2 ~ sex + (1 | class)", frame("popular2"), n_quad=7)


def categories() -> Fit:
    return ordinal("pop3 ~ sex + (1 | class)", frame("popular2"))


def curves() -> Fit:
    return growth("distance ~ age + (1 | Subject)", frame("orthodont"), time="age")


FITS = [gaussian, crossed, binary, quadrature, categories, curves]


@pytest.mark.parametrize("make", FITS)
def test_what_is_told_descends_to_the_deviance(make) -> None:
    told: list[tuple[int, float]] = []
    with watching(lambda evaluations, deviance: told.append((evaluations, deviance))):
        fit = make()
    counts, deviances = zip(*told, strict=True)
    assert counts == tuple(range(1, len(told) + 1))
    assert list(deviances) == sorted(deviances, reverse=True)
    # the last steps may end a rounding error above the lowest value that was met
    assert deviances[-1] == pytest.approx(fit.deviance, abs=1e-6)


@pytest.mark.parametrize("make", FITS)
def test_a_fit_that_was_stopped_leaves_nothing_behind(make) -> None:
    def stop(evaluations: int, deviance: float) -> None:
        if evaluations == 3:
            raise StoppedError

    before = make()
    with pytest.raises(StoppedError), watching(stop):
        make()
    after = make()
    assert (after.deviance, list(after.beta)) == (before.deviance, list(before.beta))


def test_where_nobody_watches_the_function_is_itself() -> None:
    assert watched(gaussian, float) is gaussian
    with watching(None):
        assert watched(gaussian, float) is gaussian
