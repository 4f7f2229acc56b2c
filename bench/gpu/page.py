#!/usr/bin/env python3
"""One page of Markdown of what session.sh left in a folder. A part that is missing or failed is said to be so: nothing
is filled in."""
import json
import pathlib
import sys


def read(folder, name):
    """The last line of JSON of a part, or None."""
    path = folder / f"{name}.txt"
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    for line in reversed(lines):
        if line.startswith("{"):
            try:
                return json.loads(line)
            except ValueError:
                return None
    return None


def cell(values, key, form="{:.1f}"):
    value = values.get(key) if values else None
    return "none" if value is None else form.format(value)


def agreement(ours, theirs):
    """The largest relative difference of the losses that both have."""
    if not ours or not theirs or not ours.get("losses") or not theirs.get("losses"):
        return "none"
    pairs = [p for p in zip(ours["losses"], theirs["losses"]) if p[0] is not None and p[1] is not None]
    return f"{max(abs(a - b) / max(abs(b), 1e-30) for a, b in pairs):.0e}" if pairs else "none"


def steps(folder):
    print("| step | what | ms a step | first step ms | host CPU ms | losses differ by | PyTorch's time / ours |")
    print("|---|---|---|---|---|---|---|")
    for name in ("tiny", "small"):
        ours = read(folder, name)
        print(f"| {name} | triptych | {cell(ours, 'ms_median', '{:.2f}')} | {cell(ours, 'first_step_ms', '{:.0f}')} | "
              f"{cell(ours, 'cpu_ms')} | | |")
        without = read(folder, f"{name}-without-replay")
        if without:
            print(f"| {name} | without replay | {cell(without, 'ms_median', '{:.2f}')} | "
                  f"{cell(without, 'first_step_ms', '{:.0f}')} | {cell(without, 'cpu_ms')} | "
                  f"{agreement(ours, without)} | |")
        for tf32 in ("off", "on"):
            theirs = read(folder, f"torch-{name}-{tf32}")
            ratio = f"{theirs['ms_median'] / ours['ms_median']:.2f}" if theirs and ours else "none"
            print(f"| {name} | PyTorch, {'TF32' if tf32 == 'on' else 'float32'} | "
                  f"{cell(theirs, 'ms_median', '{:.2f}')} | | | {agreement(ours, theirs)} | {ratio} |")


def recipes(folder):
    print("\n| recipe | ms a step | images/s | GFLOP/s | launches | graphs / tasks | compiling s |")
    print("|---|---|---|---|---|---|---|")
    for path in sorted(folder.glob("recipe-*.txt")):
        r = read(folder, path.stem)
        compiling = "none" if not r else f"{r['compile_ms'] / 1e3:.0f}"
        print(f"| {path.stem.removeprefix('recipe-')} | {cell(r, 'ms_median', '{:.2f}')} | {cell(r, 'images_per_s')} | "
              f"{cell(r, 'gflop_per_s', '{:.0f}')} | {cell(r, 'launches', '{}')} | {cell(r, 'graphs', '{}')} / "
              f"{cell(r, 'tasks', '{}')} | {compiling} |")


def profile(folder):
    p = read(folder, "profile")
    if not p:
        print("\nNo profile.")
        return
    print("\n| kernels of *tiny*, each launched by itself | count | ms | GFLOP/s | GB/s |")
    print("|---|---|---|---|---|")
    for k in p["kernels"]:
        print(f"| {k['kernel']} | {k['count']} | {k['ms']:.3f} | {cell(k, 'gflop_per_s', '{:.0f}')} | "
              f"{cell(k, 'gb_per_s', '{:.0f}')} |")


def main():
    if len(sys.argv) != 2:
        sys.exit("page.py FOLDER: what session.sh wrote")
    folder = pathlib.Path(sys.argv[1])
    tiny = read(folder, "tiny")
    print("# A quarter of an hour on a card\n")
    if tiny:
        print(f"* device: {tiny['device_description']}")
        print(f"* {tiny['cpu']}, {tiny['cores']} cores, {tiny['jdk']}, commit {tiny['commit']}, {tiny['date']}")
    for name, text in (("right-kernels", "kernels beside the plain device"),
                       ("right-steps", "steps beside the plain device")):
        r = read(folder, name)
        print(f"* {text}: " + ("none" if not r else "agree" if r["passed"] else "**differ**"))
    print()
    steps(folder)
    recipes(folder)
    profile(folder)
    train = folder / "train.txt"
    if train.exists():
        print("\n```\n" + "\n".join(train.read_text(errors="replace").splitlines()[-12:]) + "\n```")
    print("\n```\n" + (folder / "summary.txt").read_text() + "```")


if __name__ == "__main__":
    main()
