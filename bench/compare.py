#!/usr/bin/env python3
"""Whole training steps of Triptych, PyTorch and DJL's libtorch, in turn, from the same weights on the same batch.

    python3 bench/compare.py                          # ViT tiny and small, five rounds of 20 steps, two threads
    python3 bench/compare.py --models tiny --rounds 7
    python3 bench/compare.py --python ~/torch/bin/python --no-djl

Each round starts every framework once, as a process of its own, one after another; the order turns from round to
round. Prints Markdown for docs/performance.md: medians of the rounds' medians, ratios to Triptych round by round.
Losses of the first steps must agree with Triptych's to 1e-5; exit code 1 if they do not.

Needs Maven and JDK 25 (JAVA_HOME, PATH or /usr/lib/jvm), and for PyTorch an interpreter that has it (--python).
"""

import argparse
import datetime
import json
import math
import os
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HOME = pathlib.Path(__file__).resolve().parent.parent
MODELS = {"tiny": (192, 12, 3), "small": (384, 6, 6)}
COMPARED = 10
TOLERANCE = 1e-5
BUSY = 0.05
JDK = 25


def find_java():
    """A java of at least JDK 25, by the `release` file beside it."""
    found = shutil.which("java")
    places = [os.environ.get("JAVA_HOME"), pathlib.Path(found).resolve().parent.parent if found else None,
              *sorted(pathlib.Path("/usr/lib/jvm").glob("*"))]
    for place in filter(None, places):
        release = pathlib.Path(place) / "release"
        if release.exists():
            version = re.search(r'JAVA_VERSION="(\d+)', release.read_text())
            if version and int(version.group(1)) >= JDK:
                return str(pathlib.Path(place) / "bin" / "java")
    sys.exit(f"No JDK {JDK} or newer found; expected one in JAVA_HOME, on the PATH or in /usr/lib/jvm. Set JAVA_HOME.")


class Machine:
    """How much of the machine others used while a process ran."""

    def __init__(self):
        self.others = []

    @staticmethod
    def busy():
        with open("/proc/stat") as lines:
            fields = [int(x) for x in next(lines).split()[1:9]]
        user, nice, system, idle, wait, irq, soft, steal = fields
        return (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK")

    @staticmethod
    def own():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    def run(self, command):
        """Runs a process to its end and returns the JSON that it printed."""
        stat = os.path.exists("/proc/stat")
        begun, busy, own = time.time(), self.busy() if stat else 0, self.own()
        done = subprocess.run(command, cwd=HOME, capture_output=True, text=True,
                              env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE"})
        seconds = time.time() - begun
        if stat:
            self.others.append(max(0.0, self.busy() - busy - (self.own() - own)) / seconds / os.cpu_count())
        lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
        if done.returncode != 0 or not lines:
            sys.exit(f"{' '.join(command)}\nended with exit code {done.returncode}:\n{done.stderr[-4000:]}")
        return json.loads(lines[-1])


def commands(args, model, file):
    """What each framework is started with."""
    dim, depth, heads = MODELS[model]
    length = ["--threads", str(args.threads), "--steps", str(args.steps), "--warmup", str(args.warmup)]
    ours = ["./triptych", "bench", "step", "--dim", str(dim), "--depth", str(depth), "--heads", str(heads), "--batch",
            str(args.batch), "--json", "--export", str(file), *length]
    all_of_them = {"triptych": ours}
    if not args.no_pytorch:
        all_of_them["pytorch"] = [args.python, "bench/pytorch_step.py", str(file), *length]
    if not args.no_djl:
        path = (HOME / "target" / "bench.classpath").read_text().strip()
        all_of_them["djl"] = [args.java, "--enable-native-access=ALL-UNNAMED", "--add-modules", "jdk.incubator.vector",
                              "-cp", os.pathsep.join(["target/classes", "target/bench-classes", path]),
                              "dev.triptych.bench.djl.DjlStep", str(file), *length]
    return all_of_them


def difference(ours, theirs):
    """Largest relative difference of the first losses; infinite where one is missing or not finite."""
    pairs = list(zip(theirs["losses"], ours["losses"]))[:COMPARED]
    if len(pairs) < COMPARED or not all(x is not None and math.isfinite(x) for pair in pairs for x in pair):
        return math.inf
    return max(abs(a - b) / abs(b) for a, b in pairs)


def middle(values, digits):
    """Median and range."""
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def measure(args, machine, model, folder):
    file = pathlib.Path(folder) / f"{model}.safetensors"  # written by Triptych, which is the first
    started = commands(args, model, file)
    names = list(started)
    results = {name: [] for name in names}
    for number in range(args.rounds):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            result = machine.run(started[name])
            results[name].append(result)
            print(f"{model} round {number + 1} {name}: {result['ms_median']:.1f} ms, load {result['load_1m']:.1f}",
                  file=sys.stderr)
    return results


def report(args, model, results):
    """Two tables in Markdown; returns whether the losses agree."""
    dim, depth, heads = MODELS[model]
    ours = results["triptych"]
    print(f"\n### ViT {model}: width {dim}, depth {depth}, heads {heads}, batch {args.batch}, 65 tokens, "
          f"{ours[0]['gflop']:.1f} GFLOP a step\n")
    print("| framework | ms a step | CPU ms a step | GFLOP/s | images/s | first step ms | resident MB "
          "| loss differs by |")
    print("|---|---|---|---|---|---|---|---|")
    good = True
    for name, rounds in results.items():
        ms = [r["ms_median"] for r in rounds]
        worst = max(difference(ours[0], r) for r in rounds)
        good = good and worst <= TOLERANCE
        seconds = statistics.median(ms) * 1e-3
        print(f"| {rounds[0]['framework']}: {rounds[0]['device_description']} | {middle(ms, 1)} "
              f"| {statistics.median(r['cpu_ms'] for r in rounds):.0f} "
              f"| {ours[0]['gflop'] / seconds:.0f} | {args.batch / seconds:.1f} "
              f"| {statistics.median(r['first_step_ms'] for r in rounds):.0f} "
              f"| {statistics.median(r['peak_resident_mb'] for r in rounds):.0f} | {worst:.0e} |")
    others = [name for name in results if name != "triptych"]
    if others:
        print(f"\n| ratio of the times | {' | '.join(f'round {i + 1}' for i in range(args.rounds))} | median (range) |")
        print("|---" * (args.rounds + 2) + "|")
    for name in others:
        ratios = [theirs["ms_median"] / mine["ms_median"] for theirs, mine in zip(results[name], ours)]
        print(f"| {name} / triptych | {' | '.join(f'{r:.2f}' for r in ratios)} | **{middle(ratios, 2)}** |")
    if not good:
        print(f"\nLosses differ by more than {TOLERANCE:.0e}: these are not the same steps.")
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default="tiny,small", help="of " + ", ".join(MODELS) + " (both)")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--warmup", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--python", default=sys.executable, help="an interpreter that has PyTorch")
    parser.add_argument("--java", default=None, help="a java of JDK 25 or newer, for DJL")
    parser.add_argument("--no-pytorch", action="store_true")
    parser.add_argument("--no-djl", action="store_true")
    args = parser.parse_args()
    models = args.models.split(",")
    if not set(models) <= set(MODELS) or min(args.rounds, args.steps, args.threads, args.batch) < 1 or args.warmup < 0:
        parser.error(f"--models are of {', '.join(MODELS)}; numbers are at least 1")
    subprocess.run(["./triptych", "--version"], cwd=HOME, check=True, stdout=subprocess.DEVNULL)  # builds
    if not args.no_djl:
        args.java = args.java or find_java()
        subprocess.run(["mvn", "-B", "-q", "-Pbench", "-DskipTests", "process-test-classes"], cwd=HOME, check=True)
    machine = Machine()
    load = os.getloadavg()[0]
    good = True
    with tempfile.TemporaryDirectory() as folder:
        measured = {model: measure(args, machine, model, folder) for model in models}
    first = measured[models[0]]
    ours = first["triptych"][0]
    print(f"* machine: {ours['cpu']}, {ours['cores']} cores, {ours['os']}; {args.threads} threads each")
    print(f"* Triptych at commit {str(ours['commit'])[:10]}{' with changes' if ours['commit_changed'] else ''}, "
          f"{ours['jdk']}, {ours['device_description']}")
    if "pytorch" in first:
        print(f"* PyTorch {first['pytorch'][0]['pytorch']}, Python {first['pytorch'][0]['python']}")
    print(f"* {datetime.date.today()}: {args.rounds} rounds in turn, each the median of {args.steps} steps after "
          f"{args.warmup}; load before: {load:.2f}")
    if machine.others:
        share = statistics.median(machine.others)
        print(f"* other processes took {100 * share:.0f} % of the cores (median; at most "
              f"{100 * max(machine.others):.0f} %)" + ("" if share <= BUSY else ": **not an idle machine**"))
    for model in models:
        good = report(args, model, measured[model]) and good
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
