"""Groups as strips, their variance as a bar cut in two, and pairs of units from the same group.

Two rulers make the outcome anew, a button shuffles the labels, a switch adds the predictor; what
then is drawn and estimated is in `alike`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ui.pictures import alike
from ui.pictures.alike import PAIRS, Rows, Seen
from ui.stage.axis import Axis
from ui.stage.handles import Again, Control, Place, Slider, Toggle
from ui.stage.layout import Column, Controls, Equation, Fraction, Frame, Readout, Table
from ui.stage.marks import Boxes, Dots, Ellipse, Handle, Label, Mark, Path, Rule, Segments
from ui.stage.quantity import (
    Quantity,
    absolute,
    clip,
    concat,
    control,
    data,
    group_mean,
    mean,
    ranks,
    sqrt,
    take,
    uniform,
    where,
)
from ui.stage.scene import Stage
from ui.stage.text import Choose, Text, text

GOLDEN = 0.6180339887  # its multiples spread evenly between 0 and 1
ABOVE = 1.22  # where the guess lies over the bar


@lru_cache(maxsize=64)
def strips(
    name: str, *, shuffle: bool = True, predictor: bool = True, guess: float | None = None
) -> Stage:
    """The stage of the case `name`, with the controls that the learner has met, and the guess."""
    now = alike.seen(name, shuffle=shuffle, predictor=predictor)
    view = View(name, alike.rows(name), now, shuffle, predictor)
    buttons = view.controls[3:]
    return Stage(
        key="strips",
        controls=view.controls,
        columns=[
            Column(
                [
                    view.strips(),
                    view.bar([] if guess is None else _placed(guess, now.icc)),
                    view.rulers(),
                    *([Controls([each.name for each in buttons])] if buttons else []),
                ],
                width=1.75,
                margin=(44, 12),
            ),
            Column([view.pairs(), view.worth()], margin=(44, 60)),
        ],
        finding=view.finding(),
        sentence=text(
            f"The model finds a variance of {{b:2}} between {view.groups} and {{w:2}} within; "
            f"{PAIRS} pairs of {view.units} of one {view.group} correlate at {{r:share}}.",
            b=now.between,
            w=now.within,
            r=now.correlation[0],
        ),
        table=view.table(),
        equation=view.equation(),
        caption=f"Each dot is a {view.unit}, each strip a {view.group}, the large dot its own "
        f"mean. Right: {PAIRS} pairs of {view.units} of one {view.group} will appear here.",
    )


@dataclass(frozen=True, eq=False)
class View:
    """The parts of the picture of the case `name`, in its words and units."""

    name: str
    found: Rows
    now: Seen
    shuffle: bool
    predictor: bool

    @property
    def unit(self) -> str:
        return self.found.case.unit.name

    @property
    def units(self) -> str:
        return self.found.case.unit.plural

    @property
    def group(self) -> str:
        return self.found.case.group.name

    @property
    def groups(self) -> str:
        return self.found.case.group.plural

    @property
    def measure(self) -> str:
        return self.found.case.measure(self.found.case.model.outcome)

    @property
    def added(self) -> str:
        """The predictor in short: `reading score at 11`."""
        label = self.found.case.data.variable(self.found.case.model.predictor).label
        return (label[:1].lower() + label[1:]).partition(",")[0]

    @property
    def digits(self) -> str:
        return "1" if alike.longest(self.name) > 4 else "2"

    @property
    def seed(self) -> Quantity:
        return control("shuffle") if self.shuffle else data(0.0)

    @property
    def with_it(self) -> Quantity:
        """1 with the predictor in the model, 0 without."""
        return control("predictor") if self.predictor else data(0.0)

    @property
    def controls(self) -> list[Control]:
        _, s_u, s_e = self.found.estimated
        top, by = alike.longest(self.name), 10.0 ** -int(self.digits)
        between, within = f"spread between {self.groups}", f"spread within a {self.group}"
        also = (self.measure, self.digits)
        return [
            Slider("sigma_u", between, 0, top, s_u, by, "σ_u", *also, "between"),
            Slider("sigma_e", within, 5 * by, top, s_e, by, "σ_e", *also, "within"),
            Place("icc", f"correlation of two {self.units} of one {self.group}", 0, 1, 0.01),
            *([Again("shuffle", "Shuffle the labels", value=0)] if self.shuffle else []),
            *([Toggle("predictor", f"Add {self.added}")] if self.predictor else []),
        ]

    def nudged(self, n: int, seed: int) -> Quantity:
        """What moves n dots apart; nothing where they lie apart by themselves."""
        apart = self.found.apart
        return apart * (2 * uniform(seed, n) - 1) if apart else data(0.0)

    def strips(self) -> Frame:
        """Every drawn unit in the strip of its group, the groups by their means."""
        rows = self.found.drawn.astype(int)
        codes = np.unique(self.found.codes[rows], return_inverse=True)[1]
        sizes = np.bincount(codes)
        place = np.empty(len(codes))
        place[np.argsort(codes, kind="stable")] = np.concatenate([np.arange(n) for n in sizes])
        beside = data(np.round(0.8 * (place * GOLDEN % 1.0 - 0.5), 2))
        strip, J, nudge = data(codes), len(sizes), self.nudged(len(codes), 1)
        up = alike.height(self.name)

        def drawn(y: Quantity, everybody: Quantity) -> list[Mark]:
            means = group_mean(y, strip, J)
            across = ranks(means)
            return [
                Dots(
                    take(across, strip) + beside,
                    clip(y + nudge, *up.domain),
                    size=float(np.clip((600 / len(codes)) ** 0.5, 1.0, 3.0)),
                    shape="disc",
                    role="within",
                    opacity=0.45,
                ),
                Rule(y=mean(everybody), role="fixed", width=2),
                Dots(across, means, size=float(np.clip(150 / J, 2.0, 4.0)), role="between"),
            ]

        all_of_them = len(self.found.sizes)
        which = f"{J} of {all_of_them:,}" if self.found.sampled else f"{J}"
        y = self.now.y
        return Frame(
            drawn(take(y, self.found.drawn) if self.found.sampled else y, y),
            Axis((0.3, J + 0.7), [], ""),
            up,
            height=190,
            low=116,
            title=text(
                f"{which} {self.groups} by mean{{s}}{{x}}",
                s=Choose(self.seed > 0, ["", f", {self.units} dealt out anew"]),
                x=Choose(self.with_it > 0.5, ["", f", less what {self.added} says"]),
            ),
            asked=drawn(data(self.found.y[rows]), data(self.found.y.mean())),
        )

    def bar(self, guess: list[Mark]) -> Frame:
        """The variance: its length is cut at the ICC, its height is what the predictor leaves."""
        now = self.now
        left = (now.between + now.within) / (now.null[0] + now.null[1])
        said = text(f"{{p:percent}} said by {self.added}", p=1 - left)
        return Frame(
            [
                Boxes(0, 0, now.icc, left, role="between"),
                Boxes(now.icc, 0, 1, left, role="within", hatched=True),
                Boxes(0, 0, 1, 1, role="context", filled=False),
                Label(
                    1, 1, said, anchor="end", dx=-8, dy=13.5, opacity=self.with_it * (left < 0.75)
                ),
                *guess,
            ],
            Axis((0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1], ""),
            Axis((0, 1.45), [], ""),
            height=66,
            low=50,
            title=f"correlation = share between {self.groups}",
            name="bar",
            asked=[Handle("icc", at=0.5, role="guess", prompt="place your guess")],
        )

    def rulers(self) -> Frame:
        """Both spreads from 0 on the same axis, to be dragged."""
        sigma_u, sigma_e = control("sigma_u"), control("sigma_e")
        u = text(f"σ_u = {{s:{self.digits}}} {self.measure} between", s=sigma_u)
        e = text(f"σ_e = {{s:{self.digits}}} {self.measure} within", s=sigma_e)
        return Frame(
            [
                Segments(0, 1.5, sigma_u, 1.5, role="between", width=5),
                Boxes(0, 0.35, sigma_e, 0.65, role="within", hatched=True),
                Label(sigma_u, 1.5, u, role="between", strong=True, dx=18),
                Label(sigma_e, 0.5, e, role="within", strong=True, dx=18),
                Handle("sigma_u", at=1.5, role="between"),
                Handle("sigma_e", at=0.5, role="within"),
            ],
            Axis((0, 2.2 * alike.longest(self.name)), [], ""),
            Axis((0, 2), [], ""),
            height=64,
            low=52,
        )

    def pairs(self) -> Frame:
        """The pairs, two SDs around them in the model, and what it expects of one by the other."""
        now, up = self.now, alike.height(self.name)
        low, high = up.domain
        centre, total, (r, margin) = mean(now.y), now.between + now.within, now.correlation
        ends = data([low, high])
        one, other = (
            clip(each + self.nudged(PAIRS, seed), low, high)
            for seed, each in enumerate(now.pair, 2)
        )
        ellipse = Ellipse(centre, centre, total, now.between, total, 2, True, 1.2, role="between")
        said = text("these pairs: r = {r:share} ± {c:share}", r=r, c=margin)
        return Frame(
            [
                ellipse,
                Dots(one, other, size=2.2, role="context"),
                Path(ends, centre + now.icc * (ends - centre), role="between", width=2.4),
                Label(high, low, said, anchor="end", dx=-4, dy=-8),
            ],
            Axis(up.domain, up.ticks, f"one {self.unit}"),
            Axis(up.domain, up.ticks, "the other"),
            height=262,
            low=178,
            title=f"{PAIRS} pairs of one {self.group}",
        )

    def worth(self) -> Readout:
        """The effective sample size, taking groups as all of their mean size."""
        rows, size = len(self.found.y), float(self.found.sizes.mean())
        effect = 1 + (size - 1) * self.now.icc
        return Readout(
            f"{rows:,} {self.units} are worth",
            text("{m:count} independent", m=rows / effect),
            text(
                "design effect 1 + ({n:1} − 1) × {r:share3} = {d:1}",
                n=data(size),
                r=self.now.icc,
                d=effect,
            ),
        )

    def finding(self) -> Text:
        now = self.now
        some = Choose(now.icc < 0.0005, [text("{r:share3}", r=now.icc), "below .001"])
        change = [b / a - 1 for a, b in zip(now.null, now.full, strict=True)]
        moves = [
            Choose(d > 0, [text("falls by {p:percent}", p=-d), text("rises by {p:percent}", p=d)])
            for d in change
        ]
        said: list[str | Text] = [
            text(
                f"Two {self.units} of one {self.group} correlate at {{r:share3}}: {{r:percent}} of "
                f"the variance lies between {self.groups}.",
                r=now.icc,
            ),
            f"Shuffled: the ICC is exactly 0. Which {self.group} it is says nothing about the "
            f"{self.unit}.",
            text("Shuffled: the ICC is {some}. That much comes by chance.", some=some),
            text(
                f"The variance between {self.groups} {{b}}, within {{w}}: the ICC is {{r:share3}}.",
                b=moves[0],
                w=moves[1],
                r=now.icc,
            ),
        ]
        shuffled = where(now.between > 0, 2, 1)
        return text("{said}", said=Choose(where(self.seed > 0, shuffled, 3 * self.with_it), said))

    def equation(self) -> Equation:
        now, digits = self.now, self.digits
        between = text(f"[between|{{b:{digits}}}]", b=now.between)
        both = text(
            f"[between|{{b:{digits}}}] + [within|{{w:{digits}}}]", b=now.between, w=now.within
        )
        return Equation(
            [
                "[between|ρ] = ",
                Fraction(["[between|σ_u²]"], ["[between|σ_u²] + [within|σ_e²]"]),
                "  =  ",
                Fraction([between], [both]),
                text("  =  [between|{r:share3}]", r=now.icc),
            ],
            text(
                "rho is {b:2} divided by {b:2} plus {w:2}, which is {r:share3}",
                b=now.between,
                w=now.within,
                r=now.icc,
            ),
        )

    def table(self) -> Table:
        parts = concat(self.now.between, self.now.within)
        return Table(
            f"Variance of the outcome, {self.measure} squared, as the model estimates it now",
            [
                ("part", [f"between {self.groups}", f"within a {self.group}"], ""),
                ("variance", parts, "2"),
                ("SD", sqrt(parts), "2"),
                ("share", parts / (self.now.between + self.now.within), "share3"),
            ],
        )


def _placed(guess: float, truth: Quantity) -> list[Mark]:
    """The learner's cut over the bar, and how far it is from the estimate of now."""
    apart = text("{g:share} apart", g=absolute(truth - guess))
    return [
        Segments(guess, ABOVE, truth, ABOVE, role="ink", width=2),
        Dots(guess, ABOVE, role="guess", size=8),
        Label(guess, ABOVE, text("you"), role="guess", strong=True, dx=12),
        Label((truth + guess) / 2, ABOVE, apart, anchor="middle", dy=-8),
    ]
