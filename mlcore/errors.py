"""What can go wrong before a model is fitted, and how the reader is told.

Every exception of the core is a `MultilevelError`, which is a `ValueError`. Its message says what
is wrong and what to do about it, in words that can be shown to a learner as they are.
"""

from collections.abc import Iterable


class MultilevelError(ValueError):
    """Any request that the modelling core refuses, with the reason and the remedy.

    For programs that offer a remedy, `kind` is a word for what is wrong, such as "collinear", and
    `about` has the columns or terms that it concerns; both are empty where there is no more to say
    than the message does.
    """

    def __init__(self, message: str, kind: str = "", about: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.kind = kind
        self.about = tuple(about)


class FormulaError(MultilevelError):
    """A formula that cannot be read; `position` is the offending place, counted from 0.

    The message ends with the formula and a caret below the place::

        expected a name, found ')'
          y ~ x * )
                  ^
    """

    def __init__(
        self, reason: str, text: str, position: int, kind: str = "", about: Iterable[str] = ()
    ) -> None:
        position = min(max(position, 0), len(text))
        shown = "".join(c if c.isprintable() else " " for c in text)
        super().__init__(f"{reason}\n  {shown}\n  {' ' * position}^", kind, about)
        self.reason = reason
        self.text = text
        self.position = position

    def __reduce__(self) -> tuple[type["FormulaError"], tuple[object, ...]]:
        return type(self), (self.reason, self.text, self.position, self.kind, self.about)


class DataError(MultilevelError):
    """Data that the formula cannot be applied to: empty, infinite, constant, collinear, ..."""


class UnsupportedError(MultilevelError):
    """A model that can be written down but that this function does not fit."""
