"""What importing the core must not bring along, and the order in which to read it."""

import re
import subprocess
import sys
from pathlib import Path

import mlcore

HEAVY = ("statsmodels", "scipy.stats", "scipy.optimize", "scipy.special", "patsy", "streamlit",
         "plotly", "matplotlib")  # fmt: skip


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_nothing_heavy_is_imported() -> None:
    loaded = run("import sys, mlcore; print(' '.join(sys.modules))").split()
    assert not set(HEAVY) & set(loaded)


def test_a_fit_imports_nothing_heavy_either() -> None:
    code = (
        "import sys, pandas as pd; from mlcore import lmm;"
        "d = pd.DataFrame({'y': [1., 4, 2, 7, 3, 9, 5, 5], 'g': [1, 1, 2, 2, 3, 3, 4, 4]});"
        "lmm('y ~ 1 + (1 | g)', d).ranef; print(' '.join(sys.modules))"
    )
    assert not set(HEAVY) & set(run(code).split())


def test_the_reading_order_names_every_module_in_its_part() -> None:
    _, _, order = (mlcore.__doc__ or "").partition("In reading order")
    listed, part = set(), ""
    for line in order.splitlines()[1:]:
        if heading := re.match(r"(\w+): ", line):
            part = f"{heading[1]}."
        elif name := re.match(r"    (\w+)", line):
            listed.add(part + name[1])
    root = Path(mlcore.__file__).parent
    files = {file.relative_to(root).with_suffix("") for file in root.rglob("*.py")}
    assert listed == {".".join(file.parts) for file in files if file.name != "__init__"}
