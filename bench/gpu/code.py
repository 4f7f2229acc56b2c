#!/usr/bin/env python3
"""What a graphics card's compiler makes of the kernels: registers, stack, local memory, and the mix of instructions of
their loops, from the CUDA C that TornadoVM writes. Needs CUDA's nvcc and cuobjdump, and no card.

code.sh SOURCES collects the CUDA C; code.py SOURCES prints the table, code.py --check SOURCES says what breaks the
budget of products and attention, and ends with 1 if anything does."""
import argparse
import collections
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HOT = re.compile(r"tiledProduct|weightGradient|attention")
PRODUCT = re.compile(r"tiledProduct|weightGradient")
REGISTERS = 128  # where local memory does not bind before
SHARE = 0.75     # of FFMA among the instructions of a product's loop
SM_REGISTERS, SM_SHARED = 65536, 228 * 1024

Loop = collections.namedtuple("Loop", "length counts")
Code = collections.namedtuple("Code", "kernel registers stack shared loops")


def tool(name):
    found = shutil.which(name) or shutil.which(name, path=os.path.join(os.environ.get("CUDA_HOME", ""), "bin"))
    if not found:
        sys.exit(f"code.py: {name} is not on the PATH, nor in bin of CUDA_HOME: install the CUDA toolkit 13")
    return found


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"code.py: {' '.join(command[:1])} failed: {done.stderr[-500:]}")
    return done.stdout


def loops(sass):
    """Bodies of all backward branches, as (length, counts by opcode)."""
    code = [(int(a, 16), re.sub(r"^@!?U?P\d+\s+", "", t))
            for a, t in re.findall(r"^\s+/\*([0-9a-f]{4,5})\*/\s+(.*?);", sass, re.M)]
    for address, text in code:
        back = re.search(r"BRA.*0x([0-9a-f]+)", text)
        if back and int(back[1], 16) < address:
            body = [t.split()[0] for a, t in code if int(back[1], 16) <= a <= address]
            counts = collections.Counter(o.split(".")[0] + (".128" if ".128" in o else "") for o in body)
            yield Loop(len(body), counts)


def compiled(source, arch):
    with tempfile.TemporaryDirectory() as folder:
        cubin = os.path.join(folder, "k.cubin")
        run(tool("nvcc"), f"-arch={arch}", "-w", "-cubin", "-o", cubin, str(source))
        usage = re.search(r"REG:(\d+) STACK:(\d+) SHARED:(\d+)", run(tool("cuobjdump"), "-res-usage", cubin))
        found = list(loops(run(tool("cuobjdump"), "-sass", cubin)))
    return Code(re.sub(r"_[0-9a-f]+$", "", source.stem), *map(int, usage.groups()), found)


def main_loop(code):
    """The loop whose FFMA are the most; of nested ones the inner, which is the shorter."""
    return max(code.loops, key=lambda l: (l.counts["FFMA"] / l.length > 0.5, l.counts["FFMA"], -l.length), default=None)


def broken(code):
    """What of the budget a kernel breaks."""
    if not HOT.match(code.kernel):
        return
    if code.stack:
        yield f"{code.kernel}: {code.stack} bytes of stack; 0 are allowed"
    lanes = 64 if code.kernel.startswith("attention") else 256
    by_shared = SM_SHARED // max(code.shared, 1)
    by_registers = SM_REGISTERS // (code.registers * lanes)
    if code.registers > REGISTERS and by_registers < by_shared:
        yield f"{code.kernel}: {code.registers} registers; {REGISTERS} are allowed where they leave fewer groups " \
              f"({by_registers}) than local memory does ({by_shared})"
    loop = main_loop(code)
    share = loop.counts["FFMA"] / loop.length if loop else 0
    if PRODUCT.match(code.kernel) and share < SHARE:
        yield f"{code.kernel}: {share:.2f} of its loop are FFMA; {SHARE} are expected"


def table(codes):
    print("| kernel | variants | registers | stack | local memory | instructions of the loop | FFMA | LDS | LD | FFMA's share |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    groups = collections.defaultdict(list)
    for code in codes:
        groups[code.kernel].append(code)

    def span(values):
        low, high = min(values), max(values)
        return f"{low}" if low == high else f"{low} to {high}"

    for kernel, variants in sorted(groups.items(), key=lambda g: (not HOT.match(g[0]), g[0])):
        main = [l for l in map(main_loop, variants) if l]
        cells = [kernel, len(variants)] + [span([getattr(v, f) for v in variants])
                                           for f in ("registers", "stack", "shared")]
        if main:
            cells += [span([l.length for l in main])]
            cells += [span([sum(n for o, n in l.counts.items() if o.split(".")[0] == name) for l in main])
                      for name in ("FFMA", "LDS", "LD")]
            cells += [span([round(l.counts["FFMA"] / l.length, 2) for l in main])]
        else:
            cells += ["", "", "", "", ""]
        print("| " + " | ".join(map(str, cells)) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+", type=pathlib.Path, help="folders of CUDA C")
    parser.add_argument("--arch", default="sm_90", help="whose code (%(default)s)")
    parser.add_argument("--check", action="store_true", help="say what breaks the budget, and nothing else")
    options = parser.parse_args()
    files = [f for folder in options.sources for f in sorted(folder.glob("*.cu"))]
    if not files:
        sys.exit(f"code.py: no CUDA C in {', '.join(map(str, options.sources))}; code.sh collects it")
    if options.check:
        files = [f for f in files if HOT.match(f.name)]
        if not files:
            sys.exit("code.py: neither products nor attention among the sources")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        codes = list(pool.map(lambda f: compiled(f, options.arch), files))
    if not options.check:
        table(codes)
        return 0
    wrong = sorted({text for code in codes for text in broken(code)})
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
