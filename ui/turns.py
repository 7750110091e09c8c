"""Two runs of pages at a time, whoever asked first.

A run is the work of one thread, and of all threads one computes at a time. Where sixty learners
come at once, sixty threads that take turns by the millisecond would all be late and all hold their
memory; one after the other, half of them have their page in half of the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, local

AT_A_TIME = 2  # one that waits for a lock or the disk leaves the processor to the other
PATIENCE = 2.0  # seconds after which a run begins in any case

_turns = BoundedSemaphore(AT_A_TIME)
_run = local()


@contextmanager
def turn() -> Iterator[None]:
    """Wait for a turn and hold it; within one, nothing is waited for."""
    if getattr(_run, "has_turn", False):
        yield
        return
    _run.has_turn = _turns.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if _run.has_turn:
            _turns.release()
        _run.has_turn = False


@contextmanager
def aside() -> Iterator[None]:
    """Let others run meanwhile: for what waits, and for what computes for seconds.

    A run that is ended there, by another one of its learner or an error, wants no turn any more.
    """
    if not getattr(_run, "has_turn", False):
        yield
        return
    _turns.release()
    _run.has_turn = False
    yield
    _run.has_turn = _turns.acquire(timeout=PATIENCE)
