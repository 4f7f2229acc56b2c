"""Reads what `triptych embed` wrote of one run and one source in every format, with other people's readers, and compares
all numbers with those of the .safetensors.

    for end in safetensors parquet ndjson sql; do
        ./triptych embed --run RUN --in SOURCE --values cls,bits --out OUT/rows.$end
    done
    python reference-checks/rows/check.py OUT

Needs numpy, pyarrow, safetensors; nothing of ours. A missing .ndjson or .sql (of values with matrices) is passed over.
"""
import csv
import json
import pathlib
import sys

import numpy as np
import pyarrow.parquet as pq
from safetensors.numpy import load_file

folder = pathlib.Path(sys.argv[1])
expected = load_file(folder / "rows.safetensors")
with open(folder / "rows.safetensors.rows.csv", newline="", encoding="utf-8") as f:
    lines = [line for line in csv.DictReader(f) if line["row"]]
count = len(lines)


def compare(form, name, found):
    assert found.shape == expected[name].shape, (form, name, found.shape, expected[name].shape)
    assert (found == expected[name]).all(), (form, name)
    print(f"{form}: {name} {found.shape} equal")


table = pq.read_table(folder / "rows.parquet")
assert table.num_rows == count
assert table["row"].to_pylist() == list(range(count))
for column in ("part", "file"):
    assert table[column].to_pylist() == [line[column] for line in lines], column
assert table["label"].to_pylist() == [line["label"] or None for line in lines]
for name in expected:
    if name == "bits":
        found = np.array([np.frombuffer(b, np.uint8) for b in table[name].to_pylist()])
    else:
        found = np.array(table[name].to_pylist(), np.float32)
    compare("parquet", name, found)

if (folder / "rows.ndjson").exists():
    text = (folder / "rows.ndjson").read_text(encoding="utf-8").splitlines()
    assert len(text) == 2 * count
    assert [json.loads(t) for t in text[::2]] == [{"index": {"_id": str(i)}} for i in range(count)]
    documents = [json.loads(t) for t in text[1::2]]
    assert [d["file"] for d in documents] == [line["file"] for line in lines]
    for name in expected:
        kind = np.int8 if name == "bits" else np.float32
        compare("ndjson", name, np.array([d[name] for d in documents], kind).view(expected[name].dtype))

if (folder / "rows.sql").exists():
    text = (folder / "rows.sql").read_text(encoding="utf-8").split(" FROM stdin;\n")
    columns = [c.strip('"') for c in text[0][text[0].rindex("(") + 1:-1].split(", ")]
    rows = [t.split("\t") for t in text[1].splitlines()[:-1]]
    assert len(rows) == count and text[1].splitlines()[-1] == "\\."
    for name in expected:
        cells = [row[columns.index(name)] for row in rows]
        if name == "bits":
            found = np.packbits(np.array([[int(b) for b in cell] for cell in cells], np.uint8), axis=1)
        else:
            found = np.array([json.loads(cell) for cell in cells], np.float32)
        compare("sql", name, found)
