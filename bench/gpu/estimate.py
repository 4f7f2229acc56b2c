#!/usr/bin/env python3
"""An ESTIMATE of a step of `bench step` on an H200, from what the compiler made of the kernels (code.py) and how tiles
fill the card. No card was used. Products: the multiprocessor with the most tiles, at the share of FFMA in the loop.
Attention: its instructions, four a cycle. Both divided by STALL, the guess of what latencies leave. The rest: bytes
once at 60 % of the bandwidth, and a gap behind every launch and every replayed graph."""
import argparse
import math

PROCESSORS, PEAK, BANDWIDTH, CLOCK = 132, 67e12, 4.8e12, 1.83e9
SHARE = {(128, 128): .86, (128, 64): .84, (64, 128): .84, (64, 64): .80}  # code.py, tiledProduct
WEIGHTS = .78                                                            # code.py, weightGradient
# instructions of one of two warps for a tile of 32 by 32 scores and 64 channels: forward, dq, dk and dv
# (code.py: loops of 80 for four channels or two keys, an exponential about 120 a score that a lane has)
ATTENTION = (5100, 8800, 7000)
STALL, TRAFFIC, LAUNCH, GRAPH = .8, .6, 1.5e-6, 15e-6


def tile(n, m):
    """As ProductTile.of chooses: what the busiest multiprocessor does, and the tile."""
    def time(t):
        most = math.ceil(math.ceil(n / t[0]) * math.ceil(m / t[1]) / PROCESSORS)
        area = t[0] * t[1]
        share = 1 if area == 16384 else .97 if area == 8192 else .85
        return most * area / min(1, most * area / 64 / 32 / 8) / share, most
    best = min((t for t in SHARE if t[0] <= n and t[1] <= m), key=lambda t: time(t)[0])
    return time(best)[1], best


def product(n, k, m):
    most, t = tile(n, m)
    return most * t[0] * t[1] * k * 2 / (PEAK / PROCESSORS) / SHARE[t] / STALL


def weights(n, k, m):
    rows = 128 if n >= 128 and math.ceil(n / 128) * 128 <= math.ceil(n / 64) * 64 else 64
    tiles = math.ceil(n / rows) * math.ceil(m / 64)
    parts = max(1, min(4 * PROCESSORS // tiles, k // 512))
    most = math.ceil(tiles * parts / PROCESSORS)
    sums = parts * (n * m + n) * 8 / BANDWIDTH / TRAFFIC
    return most * rows * 64 * (k / parts) * 2 / (PEAK / PROCESSORS) / WEIGHTS / STALL + sums


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("dim", 192), ("depth", 12), ("heads", 3), ("batch", 128), ("tokens", 65)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--launches", type=int, default=350, help="tasks of a step (%(default)s)")
    parser.add_argument("--graphs", type=int, default=28, help="graphs replayed in a step (%(default)s)")
    parser.add_argument("--bytes", type=float, default=2.1e9, help="of norms, sums, optimizer (%(default)s)")
    o = parser.parse_args()
    n, d = o.batch * o.tokens, o.dim
    sides = [(d, 3 * d), (d, d), (d, 4 * d), (4 * d, d)]
    tiles = math.ceil(o.tokens / 32) ** 2 * o.batch * o.heads * o.depth
    parts = {
        "products forward": o.depth * sum(product(n, k, m) for k, m in sides),
        "products dX": o.depth * sum(product(n, m, k) for k, m in sides),
        "products dW and db": o.depth * sum(weights(m, n, k) for k, m in sides),
        "attention": tiles * 2 * sum(ATTENTION) / (PROCESSORS * 4 * CLOCK) / STALL,
        "norms, sums, optimizer": o.bytes / BANDWIDTH / TRAFFIC,
        "gaps": o.launches * LAUNCH + o.graphs * GRAPH,
    }
    print("| estimated, ms | |\n|---|---|")
    for name, seconds in parts.items():
        print(f"| {name} | {seconds * 1e3:.1f} |")
    print(f"| **sum** | **{sum(parts.values()) * 1e3:.1f}** |")


if __name__ == "__main__":
    main()
