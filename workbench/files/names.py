"""Names of columns: any text -> one that formulas, R, Stata, SPSS and Python can hold."""

import keyword
import re
import unicodedata
from collections.abc import Sequence

from mlcore.language.expressions import FUNCTIONS

LONGEST = 32  # characters, which is Stata's
BYTES = 64  # of UTF-8, which is SPSS's
R = """if else repeat while function for next break TRUE FALSE NULL Inf NaN NA NA_integer_ NA_real_
    NA_complex_ NA_character_ in"""
STATA = "byte double float int long strL using with"
SPSS = "all and by eq ge gt le lt ne not or to with"
RESERVED = {*R.split(), *STATA.split(), *keyword.kwlist, *FUNCTIONS}
RESERVED_IN_ANY_CASE = {*SPSS.split()}
STATA_TEXT = re.compile(r"str\d+")


def safe_names(originals: Sequence[str]) -> list[str]:
    """One name for each text, unique also where capitals do not count; good ones stay."""
    names: list[str] = []
    given: set[str] = set()
    kept = {original.casefold() for original in originals if safe_name(original) == original}
    for place, original in enumerate(originals, start=1):
        name = safe_name(original) or f"column{place}"
        if name != original or name.casefold() in given:
            name = unused(name, kept | given)
        given.add(name.casefold())
        names.append(name)
    return names


def safe_name(text: str) -> str:
    """Letters of any script, digits and `_`, beginning with a letter; empty if nothing is left."""
    kept = "".join(c if is_part(c) else "_" for c in unicodedata.normalize("NFKC", text[:1000]))
    name = kept.lstrip("_") if kept == text else re.sub("__+", "_", kept).strip("_")
    if name and not name[0].isidentifier():
        name = f"x{name}"
    name = shortened(unicodedata.normalize("NFKC", name))
    reserved = name in RESERVED or name.lower() in RESERVED_IN_ANY_CASE
    return f"{name}_" if reserved or STATA_TEXT.fullmatch(name) else name


def is_part(character: str) -> bool:
    """Whether Python, and the regular expressions of formulas, take it for part of a name."""
    return re.fullmatch(r"\w", character) is not None and f"a{character}".isidentifier()


def shortened(name: str, end: str = "") -> str:
    """As much of the name as has room before its end."""
    while len(name + end) > LONGEST or len((name + end).encode()) > BYTES:
        name = name[:-1]
    return name + end


def unused(name: str, taken: set[str]) -> str:
    """`name`, or with the first number that makes it new: `age_2`."""
    candidate, number = name, 1
    while candidate.casefold() in taken:
        number += 1
        candidate = shortened(name, f"_{number}")
    return candidate
