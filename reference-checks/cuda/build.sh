#!/bin/sh
# build.sh FOLDER: builds libcuda.so.1 and libnvrtc.so.13 there. Needs g++ for x86-64, and nothing of CUDA. Where that is
# missing it says so and ends well: what would run on the emulated card is then skipped.
set -eu
if [ "$(uname -s -m)" != "Linux x86_64" ]; then
    echo "The emulated CUDA driver is not built: it is for Linux on x86-64, and this is $(uname -s -m)." >&2
    exit 0
fi
if ! command -v "${CXX:-g++}" >/dev/null 2>&1; then
    echo "The emulated CUDA driver is not built: there is no ${CXX:-g++} (apt-get install g++)." >&2
    exit 0
fi
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
mkdir -p "$1"
cxx="${CXX:-g++} -std=c++17 -O2 -Wall -Wextra -Wno-unused-parameter -fPIC -shared -fvisibility=default"
$cxx -Wl,-soname,libcuda.so.1 -o "$1/libcuda.so.1" "$here/driver.cpp" -ldl
$cxx -Wl,-soname,libnvrtc.so.13 -Wl,--version-script,"$here/libnvrtc.map" -o "$1/libnvrtc.so.13" "$here/nvrtc.cpp"
