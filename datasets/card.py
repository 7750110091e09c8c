"""Reading a card: the TOML file that stands beside a dataset's rows.

A card is read strictly. A key that is unknown, missing or of the wrong type is an error, so
that a slip of the pen is found by the first test and not by a learner.
"""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, fields
from types import MappingProxyType
from typing import Any, TypeVar, get_type_hints

from datasets.dataset import Derived, Level, Model, Variable

Part = TypeVar("Part", Derived, Level, Model, Variable)

TEXTS = ("title", "story", "source", "citation", "terms")
KEYS = {*TEXTS, "note", "synthetic", "unmet", "levels", "variables", "derived", "models"}


class CardError(ValueError):
    """A card that does not say what a card must say."""


def parse(text: str, name: str) -> dict[str, Any]:
    """Return the fields of `Dataset` that the card of dataset `name` gives."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CardError(f"{name}.toml is not TOML: {error}") from error
    _check_keys(table, allowed=KEYS, required={*TEXTS, "levels", "variables"}, where=name)
    kinds = dict.fromkeys((*TEXTS, "note"), str) | {"synthetic": bool, "unmet": dict}
    _check_types(table, kinds, name)
    unmet = table.get("unmet", {})
    _check_types(unmet, dict.fromkeys(unmet, str), f"{name}, unmet")
    levels = tuple(_build(Level, level, f"{name}, levels") for level in table["levels"])
    variables = {
        column: _build(Variable, variable, f"{name}, variables.{column}")
        for column, variable in table["variables"].items()
    }
    derived = {
        column: _build(Derived, made, f"{name}, derived.{column}")
        for column, made in table.get("derived", {}).items()
    }
    models = tuple(_build(Model, model, f"{name}, models") for model in table.get("models", ()))
    known = {level.name for level in levels}
    stray = {variable.level for variable in [*variables.values(), *derived.values()]} - known
    stray |= {above for level in levels for above in level.within} - known
    if stray:
        raise CardError(f"{name}: no level called {_list(stray)}; the levels are {_list(known)}")
    return {
        **{key: table[key] for key in TEXTS},
        "note": table.get("note", ""),
        "synthetic": table.get("synthetic", False),
        "unmet": MappingProxyType(unmet),
        "levels": levels,
        "variables": MappingProxyType(variables),
        "derived": MappingProxyType(derived),
        "models": models,
    }


def _build(kind: type[Part], table: dict[str, Any], where: str) -> Part:
    """Make a part of the card from its table; the fields of `kind` are the keys allowed."""
    required = {
        each.name
        for each in fields(kind)
        if each.default is MISSING and each.default_factory is MISSING
    }
    _check_keys(table, allowed={each.name for each in fields(kind)}, required=required, where=where)
    texts = {key: str for key, hint in get_type_hints(kind).items() if hint is str}
    _check_types(table, texts | {"within": list, "over": list, "values": dict}, where)
    given = dict(table)
    for key in ("within", "over"):
        if key in given:
            given[key] = tuple(given[key])
    if "values" in given:
        given["values"] = _codes(given["values"], where)
    return kind(**given)


def _codes(values: dict[str, str], where: str) -> MappingProxyType[int, str]:
    try:
        return MappingProxyType({int(code): label for code, label in values.items()})
    except ValueError as error:
        raise CardError(f"{where}: codes in values must be whole numbers ({error})") from error


def _check_keys(table: dict[str, Any], allowed: set[str], required: set[str], where: str) -> None:
    if unknown := table.keys() - allowed:
        raise CardError(f"{where}: unknown key {_list(unknown)}; allowed are {_list(allowed)}")
    if absent := required - table.keys():
        raise CardError(f"{where}: {_list(absent)} must be given")


def _check_types(table: dict[str, Any], kinds: dict[str, type], where: str) -> None:
    for key, kind in kinds.items():
        if key in table and not isinstance(table[key], kind):
            raise CardError(f"{where}: {key} must be of type {kind.__name__}, not {table[key]!r}")


def _list(names: set[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))
