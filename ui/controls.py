"""Controls bound to the address bar. The key is the name in the address; bad values are said."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from ui import address


def choose(key: str, label: str, options: Mapping[str, str], *, default: str | None = None) -> str:
    """A choice between a few options, `{value: text}`; the value stands in the address."""
    first = default or next(iter(options))
    address.choice(key, list(options), first)
    if len(options) <= 4:
        chosen = st.segmented_control(
            label,
            list(options),
            format_func=options.__getitem__,
            default=first,
            key=key,
            required=True,
            bind="query-params",
        )
    else:
        chosen = st.selectbox(
            label, list(options), format_func=options.__getitem__, key=key, bind="query-params"
        )
    return chosen or first


def slider(
    key: str, label: str, *, low: float, high: float, step: float, default: float, unit: str = ""
) -> float:
    """A number on a scale; a value from a link comes back to the nearest allowed one."""
    value = address.number(key, low=low, high=high, step=step, default=default)
    if (
        key in st.query_params
        and st.query_params[key] != f"{value:g}"
        and key not in st.session_state
    ):
        address.put(**{key: value})
    return float(
        st.slider(
            label,
            low,
            high,
            default,
            step,
            key=key,
            bind="query-params",
            format=f"%g {unit}".rstrip(),
        )
    )
