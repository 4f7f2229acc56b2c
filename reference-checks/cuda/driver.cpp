// A driver for cards that are not there: libcuda.so.1 with as much of CUDA's driver interface as TornadoVM 5.2.0's CUDA
// backend calls. Device memory is memory of this process, a stream does at once what it is told, and kernels are carried
// out on the CPU, block after block; README.md says what that proves and what it does not.
//
// EMULATED_CUDA_LOG=FILE      appends, when the process ends, how often each function was called, and bytes copied
// EMULATED_CUDA_MEMORY=BYTES  what the device has (16 GiB); what exceeds it is refused as a card would
//
// No header of CUDA is needed: types and names are those of its public documentation.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dlfcn.h>
#include <map>
#include <string>
#include <vector>

#include "lanes.h"

enum Result { SUCCESS = 0, OUT_OF_MEMORY = 2, INVALID_IMAGE = 200, NOT_FOUND = 500 };
enum Attribute {
    BLOCK_THREADS = 1, BLOCK_X = 2, BLOCK_Y = 3, BLOCK_Z = 4, GRID_X = 5, GRID_Y = 6, GRID_Z = 7, SHARED_MEMORY = 8,
    CONSTANT_MEMORY = 9, WARP = 10, CLOCK_RATE = 13, MULTIPROCESSORS = 16, CONCURRENT_KERNELS = 31, COPY_ENGINES = 40,
    CAPABILITY_MAJOR = 75, CAPABILITY_MINOR = 76
};
typedef uint64_t Pointer;

namespace {

// ---- what happened, for EMULATED_CUDA_LOG

struct Counts {
    std::map<std::string, long> calls;

    ~Counts() {
        const char *path = getenv("EMULATED_CUDA_LOG");
        FILE *out = path ? fopen(path, "a") : nullptr;
        if (!out) return;
        for (const auto &call : calls) fprintf(out, "%s %ld\n", call.first.c_str(), call.second);
        fclose(out);
    }
};

void count(const char *what, long n = 1) {
    static Counts counts;
    counts.calls[what] += n;
}
#define COUNT count(__func__)

int64_t nanoseconds() {
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

// ---- memory

size_t capacity() {
    const char *text = getenv("EMULATED_CUDA_MEMORY");
    return text ? strtoull(text, nullptr, 10) : size_t(16) << 30;
}

std::map<Pointer, size_t> allocated;
size_t used;

// ---- kernels, streams, graphs, events

// A kernel of a module that the emulated NVRTC (nvrtc.cpp) has built; without a body it does nothing.
struct Function {
    std::string name;
    void (*body)(void **arguments) = nullptr;
    Place *place = nullptr;
    void (**barrier)() = nullptr; // null where lanes never wait for each other
    int parameters = 0;
};

struct Module {
    void *library = nullptr;
};

struct Work {
    Function *function = nullptr; // null for a copy
    std::array<unsigned, 3> grid{}, block{};
    std::vector<std::array<char, 8>> arguments; // as they were when it was recorded: what replays see
    void *to = nullptr;
    const void *from = nullptr;
    size_t bytes = 0;
};

typedef std::vector<Work> Graph;

struct Stream {
    Graph *recording = nullptr;
};

struct Event {
    int64_t at = 0;
};

void launch(Function *f, const std::array<unsigned, 3> &grid, const std::array<unsigned, 3> &block, void **arguments) {
    if (!f->body) return;
    f->place->gridDim = {grid[0], grid[1], grid[2]};
    f->place->blockDim = {block[0], block[1], block[2]};
    for (unsigned z = 0; z < grid[2]; z++)
        for (unsigned y = 0; y < grid[1]; y++)
            for (unsigned x = 0; x < grid[0]; x++) {
                f->place->blockIdx = {x, y, z};
                runBlock(f->body, arguments, f->place, f->barrier);
            }
}

void copy(Stream *stream, void *to, const void *from, size_t bytes) {
    if (stream && stream->recording) {
        Work work;
        work.to = to;
        work.from = from;
        work.bytes = bytes;
        stream->recording->push_back(work);
    } else {
        memcpy(to, from, bytes);
    }
}

} // namespace

extern "C" {

Result cuInit(unsigned) { return SUCCESS; }
Result cuDriverGetVersion(int *version) { *version = 13000; return SUCCESS; }
Result cuGetErrorName(Result r, const char **name) { *name = r == OUT_OF_MEMORY ? "CUDA_ERROR_OUT_OF_MEMORY" : "CUDA_ERROR"; return SUCCESS; }
Result cuGetErrorString(Result r, const char **text) { *text = r == OUT_OF_MEMORY ? "out of memory" : "error of the emulated driver"; return SUCCESS; }

// ---- one device, with the attributes of an H200

Result cuDeviceGetCount(int *n) { *n = 1; return SUCCESS; }
Result cuDeviceGet(int *device, int i) { *device = i; return SUCCESS; }
Result cuDeviceGetName(char *name, int n, int) { snprintf(name, n, "Emulated card"); return SUCCESS; }
Result cuDeviceTotalMem_v2(size_t *bytes, int) { *bytes = capacity(); return SUCCESS; }

Result cuDeviceGetAttribute(int *value, Attribute attribute, int) {
    static const std::map<int, int> values = {{BLOCK_THREADS, 1024}, {BLOCK_X, 1024}, {BLOCK_Y, 1024}, {BLOCK_Z, 64},
        {GRID_X, 2147483647}, {GRID_Y, 65535}, {GRID_Z, 65535}, {SHARED_MEMORY, 49152}, {CONSTANT_MEMORY, 65536},
        {WARP, 32}, {CLOCK_RATE, 1980000}, {MULTIPROCESSORS, 132}, {CONCURRENT_KERNELS, 1}, {COPY_ENGINES, 3},
        {CAPABILITY_MAJOR, 9}, {CAPABILITY_MINOR, 0}};
    auto found = values.find(attribute);
    *value = found == values.end() ? 0 : found->second;
    return SUCCESS;
}

Result cuCtxCreate_v4(void **context, void *, unsigned, int) { *context = new char; return SUCCESS; }
Result cuCtxDestroy_v2(void *context) { delete static_cast<char *>(context); return SUCCESS; }
Result cuCtxSetCurrent(void *) { return SUCCESS; }
Result cuCtxSynchronize() { COUNT; return SUCCESS; }

// ---- memory: what is handed out is filled with not-a-number, so that nobody can count on zeros

Result cuMemAlloc_v2(Pointer *p, size_t bytes) {
    COUNT;
    void *memory = nullptr;
    if (used + bytes > capacity() || posix_memalign(&memory, 256, std::max<size_t>(bytes, 1))) return OUT_OF_MEMORY;
    // large arrays stay untouched: their pages then cost nothing until they are written
    if (bytes < size_t(64) << 20) memset(memory, 0xff, bytes);
    *p = reinterpret_cast<Pointer>(memory);
    allocated[*p] = bytes;
    used += bytes;
    return SUCCESS;
}

Result cuMemFree_v2(Pointer p) {
    COUNT;
    auto found = allocated.find(p);
    if (found == allocated.end()) return NOT_FOUND;
    used -= found->second;
    allocated.erase(found);
    free(reinterpret_cast<void *>(p));
    return SUCCESS;
}

Result cuMemAllocHost_v2(void **p, size_t bytes) { *p = malloc(bytes); return SUCCESS; }
Result cuMemFreeHost(void *p) { free(p); return SUCCESS; }
Result cuMemHostRegister_v2(void *, size_t, unsigned) { return SUCCESS; }
Result cuMemHostUnregister(void *) { return SUCCESS; }
Result cuMemsetD8_v2(Pointer p, unsigned char value, size_t n) { memset(reinterpret_cast<void *>(p), value, n); return SUCCESS; }
Result cuMemcpyDtoD_v2(Pointer to, Pointer from, size_t n) { COUNT; memmove(reinterpret_cast<void *>(to), reinterpret_cast<void *>(from), n); return SUCCESS; }

Result cuMemcpyHtoDAsync_v2(Pointer to, const void *from, size_t bytes, Stream *stream) {
    COUNT;
    count("bytes to the device", bytes);
    copy(stream, reinterpret_cast<void *>(to), from, bytes);
    return SUCCESS;
}

Result cuMemcpyDtoHAsync_v2(void *to, Pointer from, size_t bytes, Stream *stream) {
    COUNT;
    count("bytes to the host", bytes);
    copy(stream, to, reinterpret_cast<void *>(from), bytes);
    return SUCCESS;
}

// ---- streams and events

Result cuStreamCreate(Stream **stream, unsigned) { *stream = new Stream; return SUCCESS; }
Result cuStreamCreateWithPriority(Stream **stream, unsigned, int) { *stream = new Stream; return SUCCESS; }
Result cuStreamDestroy_v2(Stream *stream) { delete stream; return SUCCESS; }
Result cuStreamSynchronize(Stream *) { COUNT; return SUCCESS; }
Result cuStreamWaitEvent(Stream *, Event *, unsigned) { COUNT; return SUCCESS; }
Result cuEventCreate(Event **event, unsigned) { *event = new Event; return SUCCESS; }
Result cuEventDestroy_v2(Event *event) { delete event; return SUCCESS; }
Result cuEventRecord(Event *event, Stream *) { event->at = nanoseconds(); return SUCCESS; }
Result cuEventQuery(Event *) { return SUCCESS; }
Result cuEventSynchronize(Event *) { COUNT; return SUCCESS; }

Result cuEventElapsedTime_v2(float *milliseconds, Event *from, Event *to) {
    *milliseconds = std::max(0.001f, (to->at - from->at) * 1e-6f);
    return SUCCESS;
}

// ---- modules: the image of the emulated NVRTC is a line, EMULATED: and the path of a shared library

Result cuModuleLoadDataEx(Module **module, const void *image, unsigned, void *, void *) {
    COUNT;
    const std::string text = static_cast<const char *>(image), mark = "EMULATED:";
    if (text.compare(0, mark.size(), mark)) return INVALID_IMAGE;
    const std::string path = text.substr(mark.size());
    *module = new Module;
    if (path.empty()) return SUCCESS;
    (*module)->library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if ((*module)->library) return SUCCESS;
    fprintf(stderr, "emulated CUDA: %s\n", dlerror());
    return INVALID_IMAGE;
}

Result cuModuleUnload(Module *module) {
    if (module->library) dlclose(module->library);
    delete module;
    return SUCCESS;
}

Result cuModuleGetFunction(Function **function, Module *module, const char *name) {
    *function = new Function;
    (*function)->name = name;
    if (!module->library) return SUCCESS;
    auto symbol = [&](const char *s) { return dlsym(module->library, s); };
    (*function)->body = reinterpret_cast<void (*)(void **)>(symbol("emulated_body"));
    (*function)->place = static_cast<Place *>(symbol("emulated_place"));
    (*function)->barrier = static_cast<void (**)()>(symbol("emulated_barrier"));
    int *parameters = static_cast<int *>(symbol("emulated_parameters"));
    if (!(*function)->body || !(*function)->place || !parameters) return NOT_FOUND;
    (*function)->parameters = *parameters;
    return SUCCESS;
}

Result cuOccupancyMaxPotentialBlockSize(int *grid, int *block, Function *, void *, size_t, int) {
    *grid = 264;
    *block = 256;
    return SUCCESS;
}

Result cuLaunchKernel(Function *f, unsigned gx, unsigned gy, unsigned gz, unsigned x, unsigned y, unsigned z, unsigned,
        Stream *stream, void **arguments, void **) {
    COUNT;
    Work work;
    work.function = f;
    work.grid = {gx, gy, gz};
    work.block = {x, y, z};
    if (!stream || !stream->recording) {
        launch(f, work.grid, work.block, arguments);
        return SUCCESS;
    }
    for (int i = 0; i < f->parameters; i++) {
        std::array<char, 8> argument{};
        if (arguments[i]) memcpy(argument.data(), arguments[i], argument.size());
        work.arguments.push_back(argument);
    }
    stream->recording->push_back(work);
    return SUCCESS;
}

// ---- graphs: what a stream was told while it recorded

Result cuStreamIsCapturing(Stream *stream, int *status) { *status = stream && stream->recording; return SUCCESS; }
Result cuStreamBeginCapture_v2(Stream *stream, int) { COUNT; stream->recording = new Graph; return SUCCESS; }

Result cuStreamEndCapture(Stream *stream, Graph **graph) {
    COUNT;
    *graph = stream->recording;
    stream->recording = nullptr;
    return SUCCESS;
}

Result cuGraphInstantiateWithFlags(Graph **executable, Graph *graph, unsigned long long) {
    COUNT;
    *executable = new Graph(*graph);
    return SUCCESS;
}

Result cuGraphExecUpdate_v2(Graph *, Graph *, void *) { return NOT_FOUND; }
Result cuGraphDestroy(Graph *graph) { delete graph; return SUCCESS; }
Result cuGraphExecDestroy(Graph *graph) { delete graph; return SUCCESS; }

Result cuGraphLaunch(Graph *graph, Stream *) {
    COUNT;
    for (Work &work : *graph) {
        if (!work.function) {
            memcpy(work.to, work.from, work.bytes);
            continue;
        }
        count("launches within graphs");
        std::vector<void *> arguments;
        for (auto &argument : work.arguments) arguments.push_back(argument.data());
        launch(work.function, work.grid, work.block, arguments.data());
    }
    return SUCCESS;
}
}
