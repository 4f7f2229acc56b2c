// A compiler for the emulated driver: libnvrtc.so.13 with as much of NVRTC's interface as TornadoVM 5.2.0's CUDA backend
// calls. It compiles CUDA C for the CPU, with g++, into a shared library that the emulated driver loads.
//
// EMULATED_CUDA_CACHE=FOLDER  where libraries are kept; a kernel that was compiled before is not compiled again
// EMULATED_CUDA_SOURCES=FOLDER  keeps the CUDA C of every kernel there too, as NAME_NUMBER.cu, for the real NVRTC
// EMULATED_CUDA_RUN=no        builds and carries out nothing but the self-test and what counts runs: for measurements of
//                             the host alone
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <regex>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace {

struct Program {
    std::string source, log, image;
};

// What CUDA C knows and C++ does not. One module holds one kernel, so that shared arrays may be static: lanes of a
// block take turns on one thread, and blocks come one after another.
const char *PRELUDE = R"(
#include <math.h>
#include <stdint.h>
#include <string.h>
#include <type_traits>
#include <utility>
struct Three { unsigned x, y, z; };
struct Place { Three threadIdx, blockIdx, blockDim, gridDim; };
extern "C" { Place emulated_place; }
#define threadIdx emulated_place.threadIdx
#define blockIdx emulated_place.blockIdx
#define blockDim emulated_place.blockDim
#define gridDim emulated_place.gridDim
#define __global__
#define __device__ static
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __restrict__
#define __shared__ static __attribute__((aligned(16)))
#define __align__(n) __attribute__((aligned(n)))
#ifdef EMULATED_BARRIERS
extern "C" { void (*emulated_barrier)(); }
#define __syncthreads() emulated_barrier()
#endif
static inline int min(int a, int b) { return a < b ? a : b; }
static inline int max(int a, int b) { return a > b ? a : b; }
static inline float rsqrtf(float x) { return 1.0f / sqrtf(x); }
static inline double rsqrt(double x) { return 1.0 / sqrt(x); }
static inline float __int_as_float(int i) { float f; memcpy(&f, &i, 4); return f; }
static inline int __float_as_int(float f) { int i; memcpy(&i, &f, 4); return i; }
)";

// How the driver calls a kernel: by pointers to its arguments, as cuLaunchKernel takes them.
const char *CALL = R"(
template<class... A, size_t... I> static void emulated_call(void (*f)(A...), void **p, std::index_sequence<I...>) {
    static char none[8];
    f(*(std::remove_reference_t<A> *) (p[I] ? p[I] : none)...);
}
template<class... A> static void emulated_call(void (*f)(A...), void **p) {
    emulated_call(f, p, std::index_sequence_for<A...>{});
}
template<class... A> static constexpr int emulated_arity(void (*)(A...)) { return sizeof...(A); }
extern "C" { int emulated_parameters = emulated_arity(&KERNEL); void emulated_body(void **p) { emulated_call(&KERNEL, p); } }
)";

std::string folder(const char *variable) {
    const char *value = getenv(variable);
    return value ? value : "";
}

bool exists(const std::string &path) {
    struct stat status;
    return !stat(path.c_str(), &status);
}

bool write(const std::string &path, const std::string &text) {
    FILE *out = fopen(path.c_str(), "w");
    if (!out) return false;
    bool whole = fwrite(text.data(), 1, text.size(), out) == text.size();
    return !fclose(out) && whole;
}

// TornadoVM declares a kernel's variables in an order that changes from run to run: a name that must not change is made
// of the sorted words of the declarations, and of the rest as it stands.
std::string key(const std::string &source) {
    size_t begin = source.find("// BLOCK 0");
    std::string head = source.substr(0, begin), rest = begin == std::string::npos ? "" : source.substr(begin);
    std::vector<std::string> words;
    size_t at = 0;
    while (at < head.size()) {
        size_t end = std::min(head.find_first_of(" ,;\n\t", at), head.size());
        if (end > at) words.push_back(head.substr(at, end - at));
        at = end + 1;
    }
    std::sort(words.begin(), words.end());
    std::string all;
    for (const auto &word : words) all += word + ' ';
    char number[20];
    snprintf(number, sizeof number, "%016zx", std::hash<std::string>{}(all + rest));
    return number;
}

std::string compiled(const std::string &source, const std::string &kernel, std::string &log) {
    std::string cache = folder("EMULATED_CUDA_CACHE");
    if (cache.empty()) {
        log = "EMULATED_CUDA_CACHE names no folder";
        return "";
    }
    std::string base = cache + "/" + kernel + "_" + key(source), library = base + ".so";
    if (exists(library)) return library;
    // several processes may compile the same kernel: each under a name of its own, the last one to end stays
    std::string own = base + "." + std::to_string(getpid()), text;
    if (source.find("__syncthreads") != std::string::npos) text = "#define EMULATED_BARRIERS\n";
    text += PRELUDE + source + std::regex_replace(CALL, std::regex("KERNEL"), kernel);
    const char *compiler = getenv("CXX");
    // no contraction beyond what the source says: what is checked is the kernel, not g++'s choice of roundings
    std::string command = std::string(compiler ? compiler : "g++") + " -std=c++17 -O1 -w -fPIC -shared -Wl,-Bsymbolic "
        "-ffp-contract=off -fno-strict-aliasing -fwrapv -o " + own + ".so " + own + ".cpp 2> " + own + ".err";
    if (!write(own + ".cpp", text) || system(command.c_str()) || rename((own + ".so").c_str(), library.c_str())) {
        log = "g++ failed, see " + own + ".err";
        return "";
    }
    unlink((own + ".cpp").c_str());
    unlink((own + ".err").c_str());
    return library;
}

} // namespace

extern "C" {
typedef int Result;

const char *nvrtcGetErrorString(Result r) { return r ? "error of the emulated NVRTC" : "success"; }
Result nvrtcVersion(int *major, int *minor) { *major = 13; *minor = 0; return 0; }
Result nvrtcGetNumSupportedArchs(int *n) { *n = 1; return 0; }
Result nvrtcGetSupportedArchs(int *all) { *all = 90; return 0; }

Result nvrtcCreateProgram(Program **p, const char *source, const char *, int, const char *const *, const char *const *) {
    *p = new Program{source, "", ""};
    return 0;
}

Result nvrtcDestroyProgram(Program **p) {
    delete *p;
    *p = nullptr;
    return 0;
}

Result nvrtcCompileProgram(Program *p, int, const char *const *) {
    const Result failed = 6;
    std::smatch found;
    if (!std::regex_search(p->source, found, std::regex("__global__[^(]*\\b(\\w+)\\s*\\("))) {
        p->log = "no kernel in the source";
        return failed;
    }
    const std::string kernel = found[1], sources = folder("EMULATED_CUDA_SOURCES");
    if (!sources.empty() && !write(sources + "/" + kernel + "_" + key(p->source) + ".cu", p->source)) {
        p->log = "cannot write to " + sources;
        return failed;
    }
    // the device's self-test must answer and its count of runs must be right, or nothing would run at all
    bool run = folder("EMULATED_CUDA_RUN") != "no" || kernel == "foundNotANumber" || kernel == "takeRow" || kernel == "begin";
    std::string library = run ? compiled(p->source, kernel, p->log) : "";
    if (run && library.empty()) return failed;
    p->image = "EMULATED:" + library;
    return 0;
}

Result nvrtcGetProgramLogSize(Program *p, size_t *n) { *n = p->log.size() + 1; return 0; }
Result nvrtcGetProgramLog(Program *p, char *log) { strcpy(log, p->log.c_str()); return 0; }
Result nvrtcGetCUBINSize(Program *p, size_t *n) { *n = p->image.size() + 1; return 0; }
Result nvrtcGetCUBIN(Program *p, char *image) { strcpy(image, p->image.c_str()); return 0; }
Result nvrtcGetPTXSize(Program *p, size_t *n) { return nvrtcGetCUBINSize(p, n); }
Result nvrtcGetPTX(Program *p, char *image) { return nvrtcGetCUBIN(p, image); }
}
