"""Whatever is chosen of whatever columns: a fit with remarks, or a refusal that is explained."""

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasets import Dataset
from mlcore import MultilevelError
from tests.workbench.plan.material import FAULTY
from workbench.plan import (
    ESTIMATORS,
    Model,
    Plan,
    PlanError,
    Predictor,
    Request,
    Varying,
    compare,
    fit,
    refused,
    remarks,
    suggest,
)
from workbench.plan.request import GROUPED, MIXED


def strange() -> Dataset:
    """Two hundred rows of the schools, with columns of every type that a file can bring."""
    frame = FAULTY.frame.iloc[::7].reset_index(drop=True)
    row = frame.index
    frame = frame.assign(
        flag=frame["girl"] == 1,
        when=pd.Timestamp("2020-01-01") + pd.to_timedelta(row, unit="D"),
        category=pd.Categorical(np.where(frame["lrt"] > 0, "high", "low")),
        whole=frame["girl"].astype("Int64").where(row % 7 != 0),
        infinite=np.where(row == 4, np.inf, frame["lrt"]),
        holes=np.where(row % 11 == 0, np.nan, frame["school"]),
        texts=[None if k % 13 == 0 else "abc"[k % 3] for k in row],
        mixture=[1 if k % 2 else "x" for k in row],
        vast=1e12 + frame["lrt"],
        tiny=1e-12 * frame["lrt"],
        rare=(row == 5).astype(int),
    )
    like = FAULTY.variables["lrt"]
    return replace(FAULTY, _rows=frame, variables=dict.fromkeys(frame, like), derived={})


STRANGE = strange()
COLUMNS = st.sampled_from(list(STRANGE.variables))
FACTORS = st.one_of(
    st.sampled_from(["school", "chance", "holes", "vrband"]),
    COLUMNS,
    st.tuples(COLUMNS, COLUMNS).map(":".join),
)


@st.composite
def requests(draw: st.DrawFn) -> Request | None:
    kind = draw(st.sampled_from(list(ESTIMATORS)))
    by = draw(st.sampled_from(ESTIMATORS[kind]))
    factors = draw(st.lists(FACTORS, min_size=1, max_size=2, unique=True))
    columns = draw(st.lists(COLUMNS, max_size=3, unique=True))
    predictors = []
    for column in columns:
        centring = draw(st.sampled_from(["none", "grand", "group", "both", "coded", "typed"]))
        if centring == "typed":
            function = draw(st.sampled_from(["log", "sqrt", "I"]))
            predictors.append(Predictor(f"{function}({column})"))
        elif centring in ("none", "coded"):
            predictors.append(Predictor(column, categorical=centring == "coded"))
        else:
            over = factors[0] if centring in ("group", "both") else ""
            predictors.append(Predictor(column, centring=centring, over=over))
    keys = [name for each in predictors for name in each.terms]
    slopes = st.lists(st.sampled_from(keys), max_size=1) if keys else st.just([])
    random = [Varying(f, tuple(draw(slopes)), draw(st.booleans())) for f in factors]
    try:
        return Plan(
            outcome=draw(COLUMNS),
            predictors=tuple(predictors),
            random=tuple(random) if by in MIXED else (),
            kind=kind,
            estimator=by,
            group=draw(COLUMNS) if by in GROUPED else "",
            time=draw(COLUMNS) if by == "difference" else "",
        ).request
    except PlanError:
        return None


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(requests())
def test_a_fit_or_an_explanation(request: Request | None) -> None:
    if request is None:
        return
    try:
        found = fit(STRANGE, request)
    except MultilevelError as error:
        said = refused(error, STRANGE, request)
        assert said.happened
        assert all(remedy.request != request for remedy in said.remedies)
        suggest(STRANGE, request)
        return
    said = remarks(found, STRANGE, request)
    assert all(each.happened and each.meaning for each in said)
    assert len(compare(STRANGE, [Model("1", request, found)]).table)
    step = suggest(STRANGE, request, [found])
    assert step.words
