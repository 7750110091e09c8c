"""How far a fit has come, told to whoever watches while it is running.

    with watching(lambda evaluations, deviance: print(evaluations, deviance)):
        fit = lmm("gcse ~ lrt + (1 | school)", frame)

After each evaluation of the deviance the watcher hears how many there were and the smallest value
so far. It stops the fit by raising an exception, which comes out of `lmm` as it is. Where nobody
watches, the optimisers call the deviance itself.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

Watcher = Callable[[int, float], None]
Arguments = ParamSpec("Arguments")
Value = TypeVar("Value")

_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watching(watcher: Watcher | None) -> Iterator[None]:
    """Tell `watcher` of fits that are made in this context; None for nobody."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def watched(
    evaluate: Callable[Arguments, Value], deviance: Callable[[Value], float]
) -> Callable[Arguments, Value]:
    """The same function, which tells the `deviance` of its values; searches inside are silent."""
    watcher = _watcher.get()
    if watcher is None:
        return evaluate
    evaluations, lowest = 0, float("inf")

    def told(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Value:
        nonlocal evaluations, lowest
        with watching(None):
            value = evaluate(*args, **kwargs)
        evaluations, lowest = evaluations + 1, min(lowest, deviance(value))
        watcher(evaluations, lowest)
        return value

    return told
