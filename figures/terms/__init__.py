"""A small picture for each term of the glossary, from data where it shows a number.

canvas      marks and words of a picture
material    the fits that they are drawn from
structure   units in groups
spread      variances, the ICC, what clustering costs
pooling     estimates between a group's own mean and the mean of all
lines       outcomes on a predictor, within and between groups, over time
inference   estimates and their uncertainty
"""

from collections.abc import Callable, Mapping

from figures.terms import inference, lines, pooling, spread, structure
from figures.terms.canvas import Picture
from figures.terms.material import Material

PICTURES: Mapping[str, Callable[[Material], Picture]] = {
    **structure.PICTURES,
    **spread.PICTURES,
    **pooling.PICTURES,
    **lines.PICTURES,
    **inference.PICTURES,
}
