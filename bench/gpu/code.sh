#!/bin/sh
# code.sh FOLDER ARGUMENTS..: collects in FOLDER the CUDA C of every kernel of a step, for code.py; the arguments are those
# of `triptych bench step`. Needs a TornadoVM SDK with its CUDA backend (TORNADOVM_HOME) and g++; no card, and no CUDA.
#
#   bench/gpu/code.sh target/code --dim 192 --depth 12 --heads 3
#   bench/gpu/code.sh target/code --recipe stellar-cifar-gpu --fixed-batch training.batch=16
#   bench/gpu/code.py target/code
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
folder=${1:?a folder for the sources}
shift
mkdir -p "$folder"
"$home/reference-checks/cuda/build.sh" "$home/target/cuda-emulated"
export LD_LIBRARY_PATH="$home/target/cuda-emulated${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export EMULATED_CUDA_CACHE="$home/target/cuda-emulated" EMULATED_CUDA_RUN=no EMULATED_CUDA_SOURCES="$folder"
exec "$home/triptych" bench step --device tornado --warmup 1 --steps 1 "$@"
