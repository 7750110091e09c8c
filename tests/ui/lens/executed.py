"""A script to take home, run beside its file: it prints the numbers that its header promises."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tools.server import ROOT
from ui.lens import runs
from ui.lens.scripts import python, r

PROFILE = re.compile(r"^confint\(m, method = .*$", re.MULTILINE)
MORE = "\nprint(fixef(m), digits = 10)\nprint(as.data.frame(VarCorr(m)), digits = 10)\n"


def in_python(made, folder):
    """What the script of a recipe prints, once the promised numbers were found in it."""
    script = runs.plain(python.lines(made))
    return kept(script, run([sys.executable], folder, script, "py", made), made)


def in_r(made, folder, *, whole=False):
    """The same in R; the profile of a mixed model, which takes long, only of a `whole` script."""
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed: apt-get install r-cran-lme4")
    script = runs.plain(r.lines(made))
    if not whole:
        script = PROFILE.sub("", script)
    if made.random:
        script += MORE
    return kept(script, run(["Rscript"], folder, script, "R", made), made)


def run(command, folder, script, suffix, made):
    (folder / made.file).write_text(made.data.csv(), encoding="utf-8")
    path = folder / f"model.{suffix}"
    path.write_text(script, encoding="utf-8")
    done = subprocess.run(
        [*command, str(path)], cwd=folder, capture_output=True, encoding="utf-8", timeout=300,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def kept(script, out, made):
    promised = re.findall(r"^# .* (-?\d+\.\d{4})$", script, re.MULTILINE)
    assert len(promised) == len(made.parameters)
    for value in promised:
        assert near(float(value), out), f"{value} is not in the output:\n{out}"
    return out


def near(value, text):
    """Whether the number is printed somewhere in the text, to three figures or three decimals.

    lme4 stops when it is near enough, and glmer some units of the sixth figure before the maximum.
    """
    numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*(?:e[-+]\d+)?", text)]
    return any(abs(n - value) <= max(1e-3 * abs(value), 6e-4) for n in numbers)
