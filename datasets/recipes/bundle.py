"""Make the bundled files from the raw ones: python datasets/recipes/bundle.py RAW_FOLDER.

What is left out and why is said on each card. Numbers are written so that reading them gives
back the same doubles.
"""

import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

SHELF = Path(__file__).parents[1]

PLAIN = {
    "school": ("gcse.csv", ["avslrt"]),
    "hsb": ("hsb.csv", []),
    "nurses": (
        "nurses.csv",
        ["Zage", "Zgender", "Zexperien", "Zstress", "Zwardtype", "Zhospsize", "Zexpcon"],
    ),
    "popularity": (
        "popular2.csv",
        ["Zextrav", "Zsex", "Ztexp", "Zpopular", "Zpopteach", "Csex"],
    ),
    "pupils": ("pupcross.csv", []),
    "sleepstudy": ("sleepstudy.csv", []),
    "states": ("illiteracy30.csv", []),
}


def countries(raw: Path) -> pd.DataFrame:
    """One row per country: the moments of the sample `model`, and of `null` with that suffix."""
    long = pd.read_csv(raw, keep_default_na=False, na_values=["NA"])
    country = ["cnt", "country", "cpi"]
    by_sample = dict(list(long.drop(columns=["sample"]).groupby(long["sample"])))
    null = by_sample["null"].dropna(axis="columns")
    model = by_sample["model"].drop(columns=["country", "cpi"])
    return null.set_index(country).add_suffix("_null").reset_index().merge(model, how="left")


def people(raw: Path) -> pa.Table:
    """One row per person; the code -9, no code required, becomes a missing value."""
    codes = pd.read_csv(raw, index_col="persid")
    small = codes.mask(codes == -9).astype("Int8").reset_index().astype({"persid": "int32"})
    return pa.Table.from_pandas(small, preserve_index=False).replace_schema_metadata(None)


def main(raw: Path) -> None:
    for name, (file, left_out) in PLAIN.items():
        frame = pd.read_csv(raw / file).drop(columns=left_out)
        frame.to_csv(SHELF / f"{name}.csv", index=False)
    countries(raw / "issp_country_moments.csv").to_csv(SHELF / "issp.csv", index=False)
    pq.write_table(
        people(raw / "census_scotland_2011_teaching.csv.gz"),
        SHELF / "census.parquet",
        compression="zstd",
        compression_level=19,
        use_dictionary=False,
        column_encoding={"persid": "DELTA_BINARY_PACKED"},
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
