#!/usr/bin/env python3
"""Writes the WebP files of this folder and, beside each, a PNG of what libwebp makes of it: python make.py

Needs Pillow, cwebp and webpmux of libwebp (Debian: webp), and ImageMagick for files of several partitions. The tests need none of them.
"""
import math
import os
import subprocess
import tempfile

from PIL import Image


def scene(w, h, k, alpha=False):
    """Waves, a disc and a sharp edge."""
    image = Image.new('RGBA' if alpha else 'RGB', (w, h))
    for y in range(h):
        for x in range(w):
            disc = (x - w / 3) ** 2 + (y - h / 2) ** 2 < (h / 3) ** 2
            c = [int(127 + 90 * math.sin((x * (1 + i) + 7 * y + k) / 9)) for i in range(3)]
            if disc:
                c = [230 - 20 * k, 40 + 30 * k, 60]
            if x > 2 * w // 3:
                c = [(x * 37 + y * 101 + 53 * i * k) % 256 for i in range(3)]
            a = 0 if x < 4 else 255 if disc else min(255, 6 * x + y)
            image.putpixel((x, y), tuple(c + [a] if alpha else c))
    return image


HERE = os.path.dirname(os.path.abspath(__file__))
TIFF = b'II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0'  # EXIF orientation 6

with tempfile.TemporaryDirectory() as tmp:
    def png(name, image):
        path = os.path.join(tmp, name + '.png')
        image.save(path)
        return path

    def cwebp(name, source, *options):
        out = os.path.join(HERE, name + '.webp')
        subprocess.run(['cwebp', '-quiet', *options, source, '-o', out], check=True)
        return out

    colour, small, clear = png('c', scene(45, 35, 1)), png('s', scene(17, 18, 3)), png('a', scene(40, 33, 2, True))
    four = png('p', scene(31, 20, 1).quantize(4).convert('RGB'))
    cwebp('lossy-filtered', colour, '-q', '30', '-f', '60', '-strong', '-sharpness', '3', '-segments', '4')
    cwebp('lossy-simple-filter', colour, '-q', '20', '-f', '50', '-nostrong')
    cwebp('lossy-unfiltered', small, '-q', '90', '-f', '0', '-segments', '1')
    subprocess.run(['convert', colour, '-quality', '60', '-define', 'webp:partitions=2',
                    os.path.join(HERE, 'lossy-partitions.webp')], check=True)
    cwebp('lossy-alpha', clear, '-q', '50', '-alpha_filter', 'best')
    cwebp('lossy-alpha-raw', clear, '-q', '50', '-alpha_method', '0', '-alpha_filter', 'fast')
    cwebp('lossless', colour, '-lossless', '-m', '6')
    cwebp('lossless-alpha', clear, '-lossless', '-exact')
    cwebp('lossless-palette', four, '-lossless', '-m', '6')
    first, second = cwebp('t1', clear, '-q', '70'), cwebp('t2', png('b', scene(60, 50, 5)), '-q', '70')
    subprocess.run(['webpmux', '-frame', first, '+90+8+6+0-b', '-frame', second, '+90+0+0', '-o',
                    os.path.join(HERE, 'animation.webp')], check=True, capture_output=True)
    exif = os.path.join(tmp, 'exif')
    open(exif, 'wb').write(TIFF)
    subprocess.run(['webpmux', '-set', 'exif', exif, os.path.join(HERE, 'lossy-unfiltered.webp'), '-o',
                    os.path.join(HERE, 'exif.webp')], check=True, capture_output=True)
    os.remove(first)
    os.remove(second)
for name in sorted(os.listdir(HERE)):
    if name.endswith('.webp'):
        image = Image.open(os.path.join(HERE, name)).convert('RGBA')
        if name == 'exif.webp':
            image = image.transpose(Image.Transpose.ROTATE_270)
        image.save(os.path.join(HERE, name[:-5] + '.png'), optimize=True)
