"""Symbols in the colours they have everywhere else, for equations in text."""

from __future__ import annotations

import re

from figures.style import COLOURS
from ui.show import scheme

_SYMBOLS = {
    r"\\sigma_(?:u|\{u1\})(?:\^2)?": "between",
    r"\\sigma_e(?:\^2)?": "within",
    r"\\rho": "between",
    r"\\tau_\{[01]{2}\}": "between",
    r"\bu_\{[01]j\}": "between",
    r"\\hat u_j": "predicted",
    r"\bb_w": "within",
    r"\bb_b": "between",
}


def tex(source: str) -> str:
    """`source` with σ_u, σ_e, b_w, b_b and the estimate in the colours of their meaning."""
    seen = scheme()
    for symbol, meaning in _SYMBOLS.items():
        colour = COLOURS[meaning].on(seen)
        source = re.sub(f"({symbol})", rf"\\textcolor{{{colour}}}{{\1}}", source)
    return source
