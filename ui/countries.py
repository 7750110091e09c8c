"""The countries of the survey of political efficacy, of which only moments may be passed on.

`everyone` has a score, `complete` also education and residence, and in `centred` these two are
deviations from the country's means, education and the index of corruption in units of two SDs, as
the course that printed the tables has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from datasets import load
from mlcore import Moments, moments


@cache
def everyone() -> Moments:
    """50,954 people in 36 countries; only their efficacy is known."""
    return moments(
        load("issp").frame,
        group="country",
        variables=["poleff"],
        n="n_null",
        mean="mean_{}_null",
        product="css_{}_{}_null",
    )


@cache
def complete() -> Moments:
    """48,120 people in 35 countries, with education in years and residence."""
    return moments(load("issp").frame, group="country", variables=["poleff", "educ", "urban"])


@cache
def centred() -> Moments:
    """The same: what differs within countries, and an index of the country."""
    given = complete()
    cpi = given.groups["cpi"]
    used = replace(given, groups=given.groups.assign(cpi=(cpi - cpi.mean()) / (2 * cpi.std())))
    used = used.rescale("educ", origin=used.mean("educ"), unit=2 * used.sd("educ"))
    return used.rescale("urban", origin=used.mean("urban"))


SAMPLES: Mapping[str, Callable[[], Moments]] = MappingProxyType(
    {"everyone": everyone, "complete": complete, "centred": centred}
)
