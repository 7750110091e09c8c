"""A term's symbol, written in LaTeX: as it is shown outside equations, and as it is typed."""

from __future__ import annotations

import re

_LETTERS = {
    "sigma": "σ", "rho": "ρ", "lambda": "λ", "beta": "β", "nu": "ν", "varphi": "φ", "pi": "π",
    "tau": "τ", "infty": "∞",
}  # fmt: skip
_OPERATORS = {"log": " log "}
_TOKEN = re.compile(
    r"\\(?P<accent>hat|bar) ?(?P<under>\w)|\\mathrm\{(?P<upright>\w+)\}|\\(?P<name>[a-z]+) ?|\\,"
    r"|(?P<shift>[_^])(?:\{(?P<long>[^}]*)\}|(?P<short>\w))|(?P<letter>[A-Za-z])|(?P<other>.)"
)


def html(latex: str) -> str:
    """The symbol as HTML: letters slanted, an index and a power one above the other."""
    shown = "".join(map(_shown, _TOKEN.finditer(latex)))
    return re.sub(
        r"<sub>((?:(?!</sub>).)*)</sub><sup>(.*?)</sup>",
        r'<span class="both"><sup>\2</sup><sub>\1</sub></span>',
        shown,
    )


def typed(latex: str) -> list[str]:
    """What a reader may type for it: `rho`, `ρ`; `sigma u`, `σ u`."""
    plain = re.sub(r"\\(?:hat|bar|mathrm|log|,)|[{}^_]", " ", latex).replace("\\", "")
    greek = re.sub("|".join(_LETTERS), lambda name: _LETTERS[name.group()], plain)
    return sorted({" ".join(text.split()) for text in (plain, greek)} - {""})


def _shown(token: re.Match[str]) -> str:
    part = token.groupdict()
    if part["accent"]:
        return f'<i class="{part["accent"]}">{part["under"]}</i>'
    if part["upright"]:
        return str(part["upright"])
    if part["name"]:
        return _OPERATORS.get(part["name"], "") or f"<i>{_LETTERS[part['name']]}</i>"
    if part["shift"]:
        tag = "sub" if part["shift"] == "_" else "sup"
        return f"<{tag}>{html(part['long'] or part['short'])}</{tag}>"
    if part["letter"]:
        return f"<i>{part['letter']}</i>"
    operator = " − " if token.start() else "−"
    return {" ": "", "-": operator, "+": " + ", "=": " = ", "\\,": " "}.get(
        token.group(), token.group()
    )
