#!/usr/bin/env python3
"""Compares what Triptych and Pillow make of every file below a folder: python compare.py FOLDER

Needs Pillow and numpy. Files are equal, close (no sample further off than 1, in JPEGs 2), different, or refused by one or
by both. Equal ones are counted, all others listed. Pillow's images are brought to what Triptych promises: RGB, transparent
pixels over white, EXIF orientation applied, 16 bits cut to 8, floating-point samples of 0 to 1 times 255.
"""
import argparse
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
from PIL import Image, ImageOps

HOME = pathlib.Path(__file__).resolve().parents[2]
MAX_PIXELS = 1 << 26
GROUPS = ['equal', 'close', 'different', 'refused here only', 'refused there only', 'refused by both']


def pillow(path):
    """(planes, None), or (None, why not)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            with Image.open(path) as image:
                if image.width * image.height > MAX_PIXELS:
                    return None, f'{image.width}x{image.height} pixels'
                image.load()
                upright = ImageOps.exif_transpose(image)
                return planes(upright, image), None
    except Exception as e:  # decoders raise anything
        return None, f'{type(e).__name__}: {e}'


def planes(image, file):
    mode = image.mode
    if mode.startswith('I;16'):
        grey = np.asarray(image).astype(np.int64)
        twelve = file.format == 'TIFF' and file.tag_v2.get(258) == (12,)  # which Pillow leaves as they are
        grey = (grey * 510 + 4095) // 8190 if twelve else grey >> 8
    elif mode == 'I':  # PNM scaled to 16 bits; other files of 32
        grey = np.asarray(image).astype(np.int64) & 0xFFFFFFFF
        grey = grey >> (8 if file.format in ('PPM', 'PNG') or grey.max() < 65536 else 24)
    elif mode == 'F':
        grey = np.floor(np.clip(np.nan_to_num(np.asarray(image, np.float64)), 0, 1) * 255 + 0.5).astype(np.int64)
    else:
        rgba = np.asarray(image.convert('RGBA')).astype(np.int64)
        alpha = rgba[:, :, 3:]
        return ((rgba[:, :, :3] * alpha + 255 * (255 - alpha) + 127) // 255).transpose(2, 0, 1)
    return np.repeat(grey[None], 3, 0)


def judge(here, there, stored):
    """The group of a file, and a note."""
    if 'refused' in here:
        note = f"{here['refused']}: {here['reason']}"
        return 'refused by both' if there is None else 'refused here only', note
    if there is None:
        return 'refused there only', ''
    shape = (3, here['height'], here['width'])
    if there.shape != shape:
        return 'different', f'{shape[2]}x{shape[1]} and {there.shape[2]}x{there.shape[1]} pixels'
    ours = stored[here['pixels']:here['pixels'] + int(np.prod(shape))].reshape(shape).astype(np.int64)
    off = np.abs(ours - there)
    note = f'at most {off.max()}, {off.mean():.4f} in the mean, {(off > 1).mean() * 100:.2f} % of the samples above 1'
    if off.max() == 0:
        return 'equal', ''
    return 'close' if off.max() <= (2 if here['format'] == 'JPEG' else 1) else 'different', note


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('folder')
    parser.add_argument('--triptych', default=HOME / 'triptych', help='the launcher')
    parser.add_argument('--heap', default='2g', help="Triptych's memory (2g)")
    options = parser.parse_args()
    groups = collections.defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        pixels = os.path.join(folder, 'pixels')
        lines = subprocess.run([options.triptych, 'images', options.folder, '--json', '--quiet', '--pixels', pixels],
                               env=dict(os.environ, TRIPTYCH_HEAP=options.heap), check=True, capture_output=True).stdout
        stored = np.memmap(pixels, np.uint8, 'r') if os.path.getsize(pixels) else np.zeros(0, np.uint8)
        for line in lines.decode().splitlines():
            here = json.loads(line)
            there, why = pillow(os.path.join(options.folder, here['file']))
            group, note = judge(here, there, stored)
            groups[group].append((here, note, why))
    for group in GROUPS:
        print(f'{len(groups[group]):6d} {group}')
    for group in GROUPS[1:]:
        for here, note, why in groups[group]:
            print(f"{group}\t{here['file']}\t{here['format']}\t{note}\t{why or ''}")
    return 0


if __name__ == '__main__':
    sys.exit(main())
