"""The exercises of a workshop, step by step, each with what there is to find.

lab        what a lab is: its steps, their models, their findings
material   the rows and the fits that findings are computed from
commands   a model in one line of R, Stata and SPSS
page       the list of labs, and a lab, on the page
"""

from types import MappingProxyType

from ui.labs import binary, crossed, intercepts, levels, own, panel, scores, slopes, within
from ui.labs.lab import Lab

LABS = MappingProxyType(
    {
        each.LAB.name: each.LAB
        for each in (
            intercepts,
            slopes,
            levels,
            crossed,
            within,
            panel,
            binary,
            scores,
            own,
        )
    }
)

__all__ = ["LABS", "Lab"]
