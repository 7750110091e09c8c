"""A few runs at a time: who waits, who is let by, and that a turn is always given back."""

import threading
from collections.abc import Callable

import pytest

from ui import turns


@pytest.fixture(autouse=True)
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_turns", threading.BoundedSemaphore(1))
    monkeypatch.setattr(turns, "PATIENCE", 30.0)


def begun(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_a_second_run_waits_for_the_first() -> None:
    came = threading.Event()

    def second() -> None:
        with turns.turn():
            came.set()

    with turns.turn():
        thread = begun(second)
        assert not came.wait(0.05)
    thread.join(30)
    assert came.is_set()


def test_a_turn_within_a_turn_is_the_same() -> None:
    with turns.turn(), turns.turn():
        pass
    with turns.turn():  # it was given back once
        pass


def test_others_run_while_one_stands_aside() -> None:
    came = threading.Event()

    def second() -> None:
        with turns.turn():
            came.set()

    with turns.turn():
        with turns.aside():
            begun(second)
            assert came.wait(30)
        assert not turns._turns.acquire(blocking=False)  # the turn was taken again


def test_a_turn_is_given_back_when_a_page_fails() -> None:
    with pytest.raises(ZeroDivisionError), turns.turn():
        _ = 1 / 0
    assert turns._turns.acquire(blocking=False)


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    came = threading.Event()

    def second() -> None:
        with turns.turn():
            came.set()

    with turns.turn():
        begun(second)
        assert came.wait(30)
    assert turns._turns.acquire(blocking=False)  # only the first had one to give back


def test_standing_aside_without_a_turn_changes_nothing() -> None:
    with turns.aside():
        pass
    assert turns._turns.acquire(blocking=False)


def test_a_run_that_ends_while_it_stands_aside_takes_no_turn_again() -> None:
    def ends() -> None:
        with turns.turn(), turns.aside():
            assert turns._turns.acquire(blocking=False)  # by another run
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ends()
    turns._turns.release()  # by the other; one too many if the first had released its own again
