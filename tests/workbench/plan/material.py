"""Twenty schools, with columns that have every fault."""

from dataclasses import replace

import numpy as np

from datasets import Dataset, load


def faulty() -> Dataset:
    school = load("school")
    frame = school.frame
    frame = frame[frame["school"] <= 20].reset_index(drop=True)
    row = np.arange(len(frame))
    rng = np.random.default_rng(3)
    late = row >= len(frame) // 2
    frame = frame.assign(
        one=1,
        two=frame["girl"] + 1,
        word=np.where(frame["girl"] == 1, "g", "b"),
        copy=2.0 * frame["lrt"] + 3.0,
        gone=np.nan,
        early=np.where(late, np.nan, frame["lrt"]),
        late=np.where(late, frame["lrt"], np.nan),
        some=np.where(row % 5 == 0, np.nan, frame["lrt"]),
        row=row,
        pair=row // 2,
        high=(frame["gcse"] > 0).astype(int),
        twin=10 * frame["school"],
        sector=(frame["school"] > 10).astype(int),
        codes=row % 3,
        names=[f"n{i % 1200}" for i in row],
        noise=rng.normal(size=len(row)),
        chance=rng.integers(0, 40, len(row)),
        count=rng.poisson(2.0, len(row)),
        scattered=rng.negative_binomial(1, 0.02, len(row)),
    )
    like = school.variables["lrt"]
    within = frame.groupby("chance")
    x = frame["lrt"] - within["lrt"].transform("mean")
    e = frame["noise"] - within["noise"].transform("mean")
    slope = (x * e).groupby(frame["chance"]).transform("sum")
    slope /= (x * x).groupby(frame["chance"]).transform("sum")
    frame["same"] = e  # with one mean in all groups of chance
    frame["parallel"] = e - slope * x + 0.1 * frame["chance"]  # and one slope on lrt
    added = {name: like for name in frame.columns if name not in school.variables}
    return replace(school, _rows=frame, variables={**school.variables, **added})


FAULTY = faulty()
