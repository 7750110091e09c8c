"""The lens on a page: the faces of a fitted model, made once and shared by all learners."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape
from types import MappingProxyType
from typing import Any

import streamlit as st

from datasets import Dataset, case, load, names
from mlcore import Design, Fit, GlmFit
from ui import assets, cache
from ui.lens import equation, parameters, picture, runs, sentences, symbols, terms
from ui.lens import words as naming
from ui.lens.discrete import picture as discrete_picture
from ui.lens.discrete import r as discrete_r
from ui.lens.discrete import scripts as discrete_scripts
from ui.lens.discrete import sentences as discrete_sentences
from ui.lens.discrete import spss as discrete_spss
from ui.lens.discrete import stata as discrete_stata
from ui.lens.discrete.scale import Kind
from ui.lens.equation import Equations
from ui.lens.estimators import asked
from ui.lens.estimators import equation as least_equation
from ui.lens.estimators import plain as least_plain
from ui.lens.estimators import r as least_r
from ui.lens.estimators import sentences as least_sentences
from ui.lens.estimators import spss as least_spss
from ui.lens.estimators import stata as least_stata
from ui.lens.estimators.asked import Asked
from ui.lens.outputs import plain, r, spss, stata
from ui.lens.parameters import Parameter
from ui.lens.scripts import documents, python, recipe
from ui.lens.scripts import r as r_script
from ui.lens.scripts import spss as spss_script
from ui.lens.scripts import stata as stata_script
from ui.lens.told import Saying
from ui.lens.words import Words
from ui.prose import fixed, share
from workbench.plan import Request

SCRIPTS: Mapping[str, Any] = MappingProxyType(
    {"r": r_script, "stata": stata_script, "spss": spss_script, "python": python}
)
PROGRAMS: Mapping[str, tuple[str, Any]] = MappingProxyType(
    {"stata": ("Stata", stata), "r": ("R", r), "spss": ("SPSS", spss), "plain": ("plain", plain)}
)
LEAST: Mapping[str, tuple[str, Any]] = MappingProxyType(
    {
        "stata": ("Stata", least_stata),
        "r": ("R", least_r),
        "spss": ("SPSS", least_spss),
        "plain": ("plain", least_plain),
    }
)
DISCRETE: Mapping[str, tuple[str, Any]] = MappingProxyType(
    {
        "stata": ("Stata", discrete_stata),
        "r": ("R", discrete_r),
        "spss": ("SPSS", discrete_spss),
        "plain": ("plain", plain),
    }
)


def show(
    key: str, formula: str, name: str, *, reml: bool = True, noun: tuple[str, str] | None = None
) -> None:
    """Show the model `formula` on the rows of a dataset or case, and offer the file it reads.

    `noun` is what its groups are called, one and several, where no card says it.
    """
    assets.lens(key=key, data=shared(formula, name, reml, noun))
    data = bundled(name)
    file(key, data)
    asked = Request(formula, estimator="reml" if reml else "ml")
    st.page_link(
        "pages/yours/workbench.py",
        label="Go on from this model on Your data",
        query_params={"data": data.name, **asked.address},
    )


def shown(key: str, fit: Fit, data: Dataset) -> None:
    """Show any fit to a dataset, a learner's own too: nothing of it is kept."""
    mounted(key, faces(fit, naming.of_data(data), data), data)


def mounted(key: str, made: dict[str, Any], data: Dataset) -> None:
    """Show faces that were made by `faces`."""
    assets.lens(key=key, data=made)
    file(key, data)


def sketch(key: str, equations: dict[str, Any]) -> None:
    """Show equations that were made by `equations`."""
    assets.lens(key=key, data=equations)


def file(key: str, data: Dataset) -> None:
    """Offer the file that the code reads."""
    st.download_button(
        f"Save {data.name}.csv, the data that the code reads",
        data=data.csv,
        file_name=f"{data.name}.csv",
        mime="text/csv",
        key=f"{key}.data",
        type="tertiary",
        on_click="ignore",
    )


@lru_cache(maxsize=64)
def shared(
    formula: str, name: str, reml: bool = True, noun: tuple[str, str] | None = None
) -> dict[str, Any]:
    data, fit = bundled(name), cache.fit(formula, name, reml=reml)
    words = naming.of_data(data)
    if noun is not None:
        words = replace(words, groups=dict.fromkeys(fit.effects, noun))
    return faces(fit, words, data)


def bundled(name: str) -> Dataset:
    """The data of a case, or a dataset of which no card makes a case."""
    return load(name) if name in names() else case(name).data


def equations(design: Design, kind: Kind = "continuous", of: Asked | None = None) -> dict[str, Any]:
    """The one face that a model has before it is fitted; `of` asks for least squares."""
    made = least_equation.planned(design, of) if of else equation.planned(design, kind)
    return identified({"chips": [], "equation": made.html})


def written(fit: Fit, found: Sequence[Parameter]) -> Equations:
    if asked.is_least(fit):
        return least_equation.fitted(fit, found)
    return equation.fitted(fit, found)


def faces(fit: Fit, words: Words, data: Dataset | None = None) -> dict[str, Any]:
    """All faces as the browser needs them, their numbers tied to the parameters by name.

    Without a dataset there is no file to read, and no code.
    """
    found = parameters.read(fit)
    folded, labels = terms.many(fit.design), terms.labels(fit.design)
    made: dict[str, Any] = {
        "chips": [chip(p, labels.get(p.name, p.short)) for p in found if p.name not in folded],
        "picture": _picture(fit, found, words),
        "equation": written(fit, found).html,
        "output": {
            key: {
                "title": title,
                "text": runs.html(module.lines(fit, found)),
                "note": noted(module, fit),
            }
            for key, (title, module) in programs(fit).items()
        },
        "sentences": _sentences(fit, found, words),
        "code": _code(recipe.Recipe(fit, found, data)) if data else {},
    }
    return identified(made)


def identified(made: dict[str, Any]) -> dict[str, Any]:
    """With a name of its own, by which the browser knows whether anything has changed."""
    return {**made, "id": hashlib.sha1(json.dumps(made).encode()).hexdigest()}


def programs(fit: Fit) -> Mapping[str, tuple[str, Any]]:
    """The listings that suit a fit, by their keys."""
    if asked.is_least(fit):
        return LEAST
    return DISCRETE if isinstance(fit, GlmFit) else PROGRAMS


def noted(module: Any, fit: Fit) -> str:
    """On what a listing differs from others, which may depend on the fit."""
    return str(module.note(fit) if hasattr(module, "note") else module.NOTE)


def told(key: str, module: Any, fit: Fit) -> str:
    """Whether a script was run."""
    return discrete_scripts.note(key, fit) if isinstance(fit, GlmFit) else str(module.NOTE)


def _code(made: recipe.Recipe) -> dict[str, Any]:
    """By program, the script to read and the files to save."""
    found = {}
    for key, module in SCRIPTS.items():
        lines = module.lines(made)
        files = [{"name": f"{made.data.name}.{module.SUFFIX}", "text": runs.plain(lines) + "\n"}]
        files += documents.of(key, made.data.title, runs.plain(lines))
        found[key] = {
            "title": module.TITLE,
            "text": runs.html(lines),
            "note": told(key, module, made.fit),
            "files": files,
        }
    return found


def chip(p: Parameter, what: str) -> dict[str, str]:
    """A parameter to follow: its symbol, its value, what it is."""
    value = (
        share(p.estimate)
        if p.symbol.startswith("ρ")
        else fixed(p.estimate, symbols.digits(p.estimate))
    )
    return {"of": p.name, "symbol": p.symbol, "role": p.role, "value": value, "what": what}


def _picture(fit: Fit, found: tuple[Parameter, ...], words: Words) -> str:
    if isinstance(fit, GlmFit):
        return discrete_picture.svg(fit, found, words)
    return picture.svg(fit, found, words)


def _said(fit: Fit, found: Sequence[Parameter], words: Words) -> list[Saying]:
    if isinstance(fit, GlmFit):
        return discrete_sentences.sentences(fit, found, words)
    if asked.is_least(fit):
        return least_sentences.sentences(fit, found, words)
    return sentences.sentences(fit, found, words)


def _sentences(fit: Fit, found: Sequence[Parameter], words: Words) -> str:
    said = _said(fit, found, words)
    body = "".join(
        f'<p>{runs.html([each.says])}</p><p class="aside">{escape(each.warns)}</p>' for each in said
    )
    synthetic = (
        '<p class="aside">The data are simulated for teaching: nothing in them is a finding.</p>'
        if words.synthetic
        else ""
    )
    return body + synthetic
