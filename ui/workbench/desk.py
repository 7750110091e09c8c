"""What lies on the learner's desk: the data, the model that is being built, the models fitted.

All of it lives in the session and nowhere else. The address names a dataset of the course and the
model, so that a link opens both; a file of the learner's own stays with the learner.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

import datasets
from mlcore import Fit, FormulaError, parse
from ui import address
from ui.workbench.fitted import Fitted
from workbench.files import Options, Table
from workbench.plan import ESTIMATORS, KINDS, Request, made

_OWN, _NAME, _MODELS = "desk.own", "desk.name", "desk.models"
FAILED = "desk.failed"  # the last file, if it was not read
_REQUEST, _GOOD = "desk.request", "desk.good"
MOST = 12  # models kept


@dataclass(frozen=True, eq=False)
class Model:
    """A model that was fitted; `name` is what a comparison calls it."""

    name: str
    digest: str
    fitted: Fitted

    @property
    def request(self) -> Request:
        return self.fitted.request

    @property
    def fit(self) -> Fit:
        return self.fitted.fit


@lru_cache(maxsize=16)
def bundled(name: str) -> Table:
    """A dataset of the course as if it had been read from a file."""
    return Table(datasets.load(name), (), name, Options())


def own() -> Table | None:
    """The learner's file, as long as the page is open."""
    found: Table | None = st.session_state.get(_OWN)
    return found


def arrive() -> Table | None:
    """What is open: what the address names, else what was open before; the address is kept true."""
    asked = address.one_of("data", datasets.names())
    if asked is not None and asked != st.session_state.get(_NAME):
        st.session_state[_NAME] = asked
        st.session_state[_REQUEST] = None
    name = st.session_state.get(_NAME)
    address.put(data=name)
    _arrive_at_model()
    return bundled(name) if name else own()


def open_bundled(name: str) -> None:
    _open(name)


def open_own(table: Table) -> None:
    """Put the learner's file on the desk; a model that it has the columns for stays."""
    st.session_state[_OWN] = table
    waiting = request()
    _open(None)
    if waiting is not None and has_columns(table, waiting):
        put(waiting)


def has_columns(table: Table, request: Request) -> bool:
    try:
        names = {name.name for name in parse(request.formula).variables()}
    except FormulaError:
        return False
    data = made(request.formula, table.dataset)
    return names <= {*data.variables, *data.derived}


def close() -> None:
    """Clear the desk of the data; a file of the learner's own is forgotten."""
    if st.session_state.get(_NAME) is None:
        st.session_state[_OWN] = None
    _open(None)


def back() -> None:
    """From a dataset of the course to the learner's own file."""
    _open(None)


def _open(name: str | None) -> None:
    st.session_state[FAILED] = None
    st.session_state[_NAME] = name
    put(None)
    address.put(data=name)


def request() -> Request | None:
    """The model that is being built."""
    found: Request | None = st.session_state.get(_REQUEST)
    return found


def put(request: Request | None) -> None:
    """Put a model on the desk, and in the address."""
    if readable(request):
        st.session_state[_GOOD] = request
    st.session_state[_REQUEST] = request
    given = request.address if request else {}
    address.put(**{name: given.get(name) for name in ("model", "outcome", "by", "group", "time")})


def undo() -> None:
    """Back to the last model whose formula could be read."""
    put(st.session_state.get(_GOOD))


def readable(request: Request | None) -> bool:
    try:
        return request is None or bool(parse(request.formula))
    except FormulaError:
        return False


def _arrive_at_model() -> None:
    """Take over the model that the address names; a part that cannot be is said and left out."""
    formula = address.read("model")
    kind = address.choice("outcome", tuple(KINDS), "continuous")
    estimator = address.choice("by", ESTIMATORS[kind], ESTIMATORS[kind][0])
    group, time = address.read("group") or "", address.read("time") or ""
    if formula is not None and request() is None:
        put(Request(formula, kind, estimator, group, time))
    else:
        put(request())


def models(digest: str) -> list[Model]:
    """The models fitted to this table, in the order in which they were."""
    kept: list[Model] = st.session_state.get(_MODELS, [])
    return [each for each in kept if each.digest == digest]


def several(digest: str) -> bool:
    """Whether there is anything to compare."""
    return len(models(digest)) > 1


def model(digest: str, request: Request) -> Model | None:
    """The model of this request, if it was fitted."""
    return next((each for each in models(digest) if each.request == request), None)


def keep(digest: str, fitted: Fitted) -> Model:
    """Keep a fit under the next name; of more than can be kept the oldest goes."""
    kept: list[Model] = st.session_state.setdefault(_MODELS, [])
    numbers = [int(each.name[1:]) for each in kept if each.digest == digest]
    made = Model(f"m{max(numbers, default=0) + 1}", digest, fitted)
    st.session_state[_MODELS] = [*kept, made][-MOST:]
    return made
