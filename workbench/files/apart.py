"""Reading in a process of its own, which may fail without taking the course with it.

The libraries that know other programs' files are written in C: a damaged file can end the process
that they run in, or keep it busy for minutes.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
from pathlib import Path

from workbench.files import parquet, statistical, workbook
from workbench.files.errors import FileError
from workbench.files.kinds import WORDS, Kind
from workbench.files.limits import MEGABYTE
from workbench.files.table import Contents, Options

HOUSE = Path(__file__).parents[2]
COMMAND = (sys.executable, "-c", "from workbench.files import apart; apart.answer()")
SECONDS = 120
MEMORY = 3000 * MEGABYTE  # of addresses, of which a process uses a part


def contents_apart(kind: Kind, content: bytes, options: Options) -> Contents:
    """What `contents` gives, or a `FileError` if its process ends before it has said anything."""
    paths = os.pathsep.join([str(HOUSE), os.environ.get("PYTHONPATH", "")])
    try:
        ended = subprocess.run(
            COMMAND,
            input=pickle.dumps((kind, content, options)),
            capture_output=True,
            timeout=SECONDS,
            env={**os.environ, "PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FileError(
            f"Reading takes more than {SECONDS} seconds. Save the table as CSV, which is read at "
            "once."
        ) from error
    if ended.returncode > 0:
        raise RuntimeError(ended.stderr.decode(errors="replace"))
    if ended.returncode < 0:
        raise FileError(
            f"The file begins like {WORDS[kind]}, but reading it failed: it is damaged or too "
            "large for the memory here. Open it where it is from and save it again, or as CSV."
        )
    found: Contents | str = pickle.loads(ended.stdout)
    if isinstance(found, str):
        raise FileError(found)
    return found


def answer() -> None:
    """Read the file on the standard input; write its contents, or what is wrong with it."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # not every system has limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        said: Contents | str = contents(*pickle.load(sys.stdin.buffer))
    except FileError as error:
        said = str(error)
    pickle.dump(said, sys.stdout.buffer, protocol=5)


def contents(kind: Kind, content: bytes, options: Options) -> Contents:
    """What is in a file that is not text."""
    match kind:
        case "workbook":
            return workbook.contents(content, options)
        case "parquet":
            return parquet.contents(content)
        case "stata" | "spss":
            return statistical.contents(content, kind, options.encoding)
    raise AssertionError(kind)
