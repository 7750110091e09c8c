"""Files of other programs are read in a process of their own, whatever becomes of it."""

import dataclasses
import sys
import threading
import time

import pandas as pd
import pytest

from datasets import Dataset, load
from tests.workbench.files import saved
from workbench.files import FileError, Options, apart, read

NURSES = load("london_nurses")


@pytest.mark.parametrize("ending", [".dta", ".sav", ".xlsx", ".parquet"])
def test_the_same_comes_out(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    few = dataclasses.replace(NURSES, _rows=NURSES.frame.head(50))
    save = {
        ".dta": saved.stata_by_readstat,
        ".sav": saved.spss,
        ".xlsx": lambda dataset: saved.workbook(dataset.frame),
        ".parquet": saved.parquet,
    }[ending]
    content = save(few)
    there = read(f"nurses{ending}", content)
    monkeypatch.setattr("workbench.files.reading.contents_apart", apart.contents)
    here = read(f"nurses{ending}", content)
    pd.testing.assert_frame_equal(there.dataset.frame, here.dataset.frame)
    assert there.dataset.variables == here.dataset.variables
    assert (there.notes, there.options) == (here.notes, here.options)


def with_many_missing_values(dataset: Dataset) -> bytes:
    """A file of SPSS whose first variable says that it has 127 missing values instead of none."""
    content = bytearray(saved.spss(dataset))
    first = content.index(b"\2\0\0\0" + b"\0\0\0\0" + b"\1\0\0\0" + b"\0\0\0\0")
    content[first + 12] = 127
    return bytes(content)


def test_a_file_that_ends_its_process_is_said_to_be_damaged() -> None:
    # the library writes beyond its memory and is stopped by the system
    with pytest.raises(FileError, match="damaged"):
        read("nurses.sav", with_many_missing_values(NURSES))


def test_what_a_process_says_is_wrong_is_said() -> None:
    with pytest.raises(FileError, match="No sheet is called ‘Ward’"):
        read("n.xlsx", saved.workbook(NURSES.frame.head(2)), Options(sheet="Ward"))


@pytest.mark.skipif(sys.platform == "win32", reason="has no signals")
def test_a_process_that_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    end = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    monkeypatch.setattr(apart, "COMMAND", (sys.executable, "-c", end))
    with pytest.raises(FileError, match="damaged or too large"):
        read("n.parquet", b"PAR1")


def test_a_process_that_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "COMMAND", (sys.executable, "-c", "import time; time.sleep(60)"))
    monkeypatch.setattr(apart, "SECONDS", 0.2)
    with pytest.raises(FileError, match=r"takes more than .* Save the table as CSV"):
        read("n.parquet", b"PAR1")


def test_a_mistake_of_ours_is_not_blamed_on_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "COMMAND", (sys.executable, "-c", "raise KeyError('slip')"))
    with pytest.raises(RuntimeError, match="KeyError: 'slip'"):
        read("n.parquet", b"PAR1")


def test_a_class_waits_in_line(monkeypatch: pytest.MonkeyPatch) -> None:
    running: list[int] = []
    most: list[int] = []

    def run(*_: object, **__: object) -> None:
        running.append(1)
        most.append(len(running))
        time.sleep(0.02)
        running.pop()
        raise RuntimeError

    monkeypatch.setattr(apart.subprocess, "run", run)

    def one() -> None:
        with pytest.raises(RuntimeError):
            read("n.parquet", b"PAR1")

    learners = [threading.Thread(target=one) for _ in range(6)]
    for learner in learners:
        learner.start()
    for learner in learners:
        learner.join()
    assert max(most) == 2
