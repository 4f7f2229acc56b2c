#!/usr/bin/env python3
"""The tables of Triptych's experiment (docs/results.md) and the answer of its rule (docs/triptych.md, section 8), of the
runs that bench/triptych-arms.sh made: FOLDER/ARM-SEED/eval.json.

    bench/triptych-table.py FOLDER [ARM ...]     prints Markdown
    python3 -m doctest bench/triptych-table.py   checks the rule on figures that are made up

A figure of an arm is a mean over its seeds; its spread is the largest difference between two of them. The union is compared
with the best of the single methods that have the figure, by the larger of both spreads.

>>> runs = {"union": {1: {"kNN": 8.0, "FD": 3.0}, 2: {"kNN": 9.0, "FD": 3.2}},
...         "stellar": {1: {"kNN": 9.0}, 2: {"kNN": 9.5}}, "echo": {1: {"kNN": 2.0, "FD": 3.1}, 2: {"kNN": 2.0, "FD": 3.1}}}
>>> figures = [("kNN", 1), ("FD", -1)]
>>> [round(d, 6) for d in compare(runs, "kNN", 1)[2:]]  # 8.5 beside the best, stellar's 9.25: a spread of 1
[-0.75, 1.0]
>>> compare(runs, "kNN", 1)[0], compare(runs, "FD", -1)[0]
('stellar', 'echo')
>>> round(compare(runs, "FD", -1)[2], 6)  # less is better, and 3.1 is 3.1
0.0
>>> some = [(-0.75, 1.0), (-0.2, 1.0), (-0.1, 1.0)]
>>> verdict(some + [(0.1, 1.0), (0.2, 1.0)])
'**worth it**'
>>> verdict(some + [(0.1, 1.0), (-0.1, 1.0)])  # above on one alone
'**undecided**'
>>> verdict(some + [(0.1, 1.0), (1e-14, 1.0)])  # equal is not above
'**undecided**'
>>> verdict([(-1.5, 1.0)] + 4 * [(5.0, 1.0)])  # more than one spread behind
'**undecided**'
>>> verdict([(-2.1, 1.0)] + 4 * [(5.0, 1.0)])
'**not worth it**'
>>> verdict(4 * [(5.0, 1.0)])
'nothing but that it is not refused: 4 of its 5 figures are here'
>>> verdict(3 * [(5.0, 1.0)] + [(-2.1, 1.0)])  # one is enough to refuse
'**not worth it**'
>>> missing(runs)
'nothing yet: bits has no run'
>>> missing({arm: {1: {}, 2: {}} for arm in ("stellar", "bits", "echo")} | {"union": {1: {}}})
'nothing yet: union has seeds 1, stellar has seeds 1, 2'
>>> missing({arm: {1: {}, 2: {}} for arm in ("stellar", "bits", "echo", "union")})
>>> cell(runs["union"], "kNN"), cell(runs["stellar"], "FD")
('8.50 ± 0.50 (2)', '–')
"""
import json
import pathlib
import re
import sys

EQUAL = 1e-9  # means that differ by rounding are equal
ARMS = ["stellar", "bits", "echo", "union", "prototypes", "without-35", "without-4", "without-5"]
SINGLE = ["stellar", "bits", "echo"]
RULE = 5  # figures that the rule asks for
# name, the words in eval.json by which arms have it, 1 where more is better, whether the rule counts it
FIGURES = [
    ("kNN on mean of S (BITS: CLS), %", {"": r"kNN on mean of S", "bits": r"kNN on CLS"}, 1, True),
    ("object mIoU of arg-max L, %", {"": r"object mIoU of arg-max L"}, 1, True),
    ("mAP by the bits of tokens, %", {"": r"mAP, Hamming, \d+ bits of each token"}, 1, True),
    ("mAP by the bits of CLS, %", {"": r"mAP, Hamming, \d+ bits of CLS", "bits": r"mAP, Hamming, 32 bits"}, 1, True),
    ("accuracy on dropped cells, %", {"": r"accuracy on dropped cells"}, 1, True),
    ("Fréchet distance, generated", {"": r"Fréchet distance of generated pictures"}, -1, True),
    ("kNN on CLS, %", {"": r"kNN on CLS"}, 1, False),
    ("linear probe on mean of S, %", {"": r"linear probe on mean of S"}, 1, False),
    ("code accuracy, whole view, %", {"": r"code accuracy"}, 1, False),
    ("bit entropy of tokens, bits", {"": r"bit entropy of tokens"}, 1, False),
    ("I(slot; bit), bits", {"": r"I\(slot; bit\)"}, 1, False),
    ("I(slot; message), of 2 bits", {"": r"I\(slot; message\)"}, 1, False),
]


def read(folder, arms):
    """{arm: {seed: {figure: value}}} of the runs that ended, and {figure: values of untrained encoders, by seed}."""
    runs, untrained = {}, {}
    for file in sorted(pathlib.Path(folder).glob("*/eval.json")):
        arm, _, seed = file.parent.name.rpartition("-")
        if arm not in arms:
            continue
        found = json.loads(file.read_text())["figures"]
        own = runs.setdefault(arm, {}).setdefault(int(seed), {})
        for name, words, _, _ in FIGURES:
            pattern = words.get(arm, words[""])
            for figure in found:
                if re.fullmatch(pattern, figure["what"]):
                    own[name] = figure["value"]
                    if arm == "union" and "untrained encoder" in figure.get("baselines", {}):
                        untrained.setdefault(int(seed), {})[name] = figure["baselines"]["untrained encoder"]
    return runs, untrained


def values(seeds, name):
    return [figures[name] for figures in seeds.values() if name in figures]


def mean(numbers):
    return sum(numbers) / len(numbers)


def spread(numbers):
    return max(numbers) - min(numbers)


def cell(seeds, name):
    """Mean, half the spread, number of seeds."""
    own = values(seeds, name)
    return f"{mean(own):.2f} ± {spread(own) / 2:.2f} ({len(own)})" if own else "–"


def compare(runs, name, sign):
    """(best single method, its mean, how far the union is ahead of it, the larger spread); None without a rival."""
    union = values(runs["union"], name)
    rivals = [(sign * mean(values(runs[arm], name)), arm) for arm in SINGLE if arm in runs and values(runs[arm], name)]
    if not union or not rivals:
        return None
    best, arm = max(rivals)
    return arm, sign * best, sign * mean(union) - best, max(spread(union), spread(values(runs[arm], name)))


def missing(runs):
    """Why the rule cannot be asked yet: it compares the same seeds of the union and of every single method."""
    for arm in SINGLE + ["union"]:
        if arm not in runs:
            return f"nothing yet: {arm} has no run"
    seeds = {arm: ", ".join(map(str, sorted(runs[arm]))) for arm in SINGLE + ["union"]}
    for arm in SINGLE:
        if seeds[arm] != seeds["union"]:
            return f"nothing yet: union has seeds {seeds['union']}, {arm} has seeds {seeds[arm]}"
    return None


def verdict(distances):
    """The rule: (how far ahead, spread) of its five figures."""
    if any(ahead < -2 * width for ahead, width in distances):
        return "**not worth it**"
    if len(distances) < RULE:
        return f"nothing but that it is not refused: {len(distances)} of its {RULE} figures are here"
    if all(ahead >= -width for ahead, width in distances) and sum(ahead > EQUAL for ahead, _ in distances) >= 2:
        return "**worth it**"
    return "**undecided**"


def paired(runs):
    """What the union has more than each other arm, seed by seed: the draws of a seed are the same in all arms."""
    print("\n| figure | " + " | ".join(f"`{arm}`" for arm in runs if arm != "union") + " |")
    print("|---" * len(runs) + "|")
    for name, _, _, _ in FIGURES:
        cells = []
        for arm, seeds in runs.items():
            if arm != "union":
                both = [s for s in sorted(seeds) if name in seeds[s] and name in runs["union"].get(s, {})]
                cells.append(", ".join(f"{runs['union'][s][name] - seeds[s][name]:+.1f}" for s in both) or "–")
        if any(c != "–" for c in cells):
            print(f"| {name} | " + " | ".join(cells) + " |")


def main(folder, arms):
    runs, untrained = read(folder, arms)
    shown = [arm for arm in arms if arm in runs]
    print("| figure | " + " | ".join(f"`{arm}`" for arm in shown) + " | untrained |")
    print("|---" * (len(shown) + 2) + "|")
    for name, _, _, _ in FIGURES:
        cells = [cell(runs[arm], name) for arm in shown] + [cell(untrained, name)]
        if any(c != "–" for c in cells):
            print(f"| {name} | " + " | ".join(cells) + " |")
    if "union" not in runs:
        return
    print("\n| figure | best single method | the union is ahead by | spread | in spreads |\n|---|---|---|---|---|")
    distances = []
    for name, _, sign, counts in FIGURES:
        found = compare(runs, name, sign) if counts else None
        if found:
            arm, best, ahead, width = found
            distances.append((ahead, width))
            times = f"{ahead / width:+.2f}" if width else "–"
            print(f"| {name} | `{arm}`, {best:.2f} | {ahead:+.2f} | {width:.2f} | {times} |")
    print(f"\nThe rule says: {missing(runs) or verdict(distances)}.")
    paired({arm: runs[arm] for arm in shown})


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:] or ARMS)
