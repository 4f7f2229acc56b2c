"""Writes the Parquet files of the tests (src/test/resources/parquet) as Hugging Face's `datasets` lays them out, with
pyarrow and Pillow: python reference-checks/parquet/make.py src/test/resources/parquet

Picture i of a part is 8 x 8 pixels of the grey 10 i + 1, of class i mod 2."""
import io
import json
import os
import sys

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

OUT = sys.argv[1]
INFO = {"info": {"description": "", "features": {"image": {"_type": "Image"},
        "label": {"names": ["cat", "dog"], "_type": "ClassLabel"}}}}


def slanted(i):
    """16 x 16 pixels of which no two patches are alike: for runs."""
    out = io.BytesIO()
    image = Image.new("L", (16, 16))
    image.putdata([(10 * i + 3 * x + 5 * y) % 256 for y in range(16) for x in range(16)])
    image.save(out, "png")
    return out.getvalue()


def png(i):
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (10 * i + 1,) * 3).save(out, "png")
    return out.getvalue()


def write(name, count, damaged=-1, missing=-1, first=0, info=INFO, labels=None, draw=png, **options):
    pictures = [{"bytes": b"\x89PNG" if i == damaged else None if i == missing else draw(i), "path": f"{i}.png"}
                for i in range(first, first + count)]
    schema = pa.schema([("image", pa.struct([("bytes", pa.binary()), ("path", pa.string())])), ("label", pa.int64())],
                       metadata={"huggingface": json.dumps(info)} if info else None)
    labels = labels or [i % 2 for i in range(first, first + count)]
    path = os.path.join(OUT, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    pq.write_table(pa.table({"image": pictures, "label": labels}, schema=schema), path, **options)


# a set of parts, the training part in two files; the same with a picture more, and with one that is damaged
for name, more, damaged in (("set", 0, -1), ("more", 1, -1), ("damaged", 0, 1)):
    write(f"{name}/data/train-00000-of-00002.parquet", 7, damaged, compression="snappy", row_group_size=3)
    write(f"{name}/data/train-00001-of-00002.parquet", 5 + more, first=7, compression="zstd", data_page_version="2.0",
          write_page_checksum=True, write_page_index=True)
    write(f"{name}/data/test-00000-of-00001.parquet", 4, compression="gzip")

# bytes in a column of their own, other names, no part for testing, no names of classes
pictures = [png(i) for i in range(20)]
pq.write_table(pa.table({"y": pa.array([2 + 9 * (i % 2) for i in range(20)], pa.int32()), "img": pictures}),
               os.path.join(OUT, "plain.parquet"), compression="none", row_group_size=6, use_dictionary=False)
pq.write_table(pa.table({"img": pictures[:3]}), os.path.join(OUT, "unlabelled.parquet"))

# what is refused
write("codec.parquet", 3, compression="brotli")
write("label.parquet", 3, labels=[0, 1, 2])
write("nolabel.parquet", 3, labels=[-1, -1, -1])
write("missing.parquet", 3, missing=1)
pq.write_table(pa.table({"left": pictures[:2], "right": pictures[:2]}), os.path.join(OUT, "two.parquet"))
pq.write_table(pa.table({"text": ["a", "b"]}), os.path.join(OUT, "text.parquet"))

# for runs of every command
write("run/data/train-00000-of-00001.parquet", 48, draw=slanted, row_group_size=20)
write("run/data/test-00000-of-00001.parquet", 16, first=48, draw=slanted)
