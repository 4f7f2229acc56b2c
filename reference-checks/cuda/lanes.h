// A block's lanes on one thread of the CPU: each runs until it comes to a barrier, then the next one does. Lanes change
// places without a call of the system, since a kernel with barriers in its loop changes them millions of times.
//
// Lanes of every other block take their turns backwards: where a barrier is missing, one order or the other reads what
// has not been written yet.
#pragma once
#include <cstddef>
#include <cstdlib>
#include <vector>

struct Three {
    unsigned x, y, z;
};

// What CUDA C calls threadIdx, blockIdx, blockDim and gridDim; one for each module.
struct Place {
    Three threadIdx, blockIdx, blockDim, gridDim;
};

#if defined(__x86_64__)
// Saves what a function must leave as it was on the stack of the one, takes it from that of the other.
extern "C" void emulated_switch(void **from, void *to);
asm(R"(
.text
.globl emulated_switch
.hidden emulated_switch
.type emulated_switch, @function
emulated_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
)");
#else
#error "The emulated CUDA driver changes lanes in x86-64's own language only."
#endif

namespace lanes {

const size_t STACK = 64 * 1024;
void *all;                    // where the loop over lanes stands
std::vector<void *> stopped;  // where each lane stands
std::vector<char *> stacks;
std::vector<char> ended;
int now;
void (*body)(void **);
void **arguments;
Place *place;

inline void take(int lane) {
    now = lane;
    unsigned x = place->blockDim.x, y = place->blockDim.y;
    place->threadIdx = {lane % x, lane / x % y, lane / x / y};
}

inline void barrier() {
    int self = now;
    emulated_switch(&stopped[self], all);
    take(self);
}

inline void begin() {
    body(arguments);
    ended[now] = true;
    emulated_switch(&stopped[now], all); // never returns
}

} // namespace lanes

// Carries out one block. Without a barrier lanes run one after another, with no stacks of their own.
inline void runBlock(void (*body)(void **), void **arguments, Place *place, void (**barrier)()) {
    using namespace lanes;
    lanes::body = body;
    lanes::arguments = arguments;
    lanes::place = place;
    const bool backwards = (place->blockIdx.x + place->blockIdx.y + place->blockIdx.z) % 2;
    const int n = place->blockDim.x * place->blockDim.y * place->blockDim.z;
    if (!barrier) {
        for (int i = 0; i < n; i++) {
            take(backwards ? n - 1 - i : i);
            body(arguments);
        }
        return;
    }
    *barrier = lanes::barrier;
    while ((int) stacks.size() < n) {
        stacks.push_back(static_cast<char *>(malloc(STACK)));
        stopped.push_back(nullptr);
        ended.push_back(false);
    }
    for (int lane = 0; lane < n; lane++) {
        // a stack as emulated_switch leaves one: six saved registers, and begin as where to go on, aligned as for a call
        void **top = reinterpret_cast<void **>((reinterpret_cast<size_t>(stacks[lane]) + STACK) & ~size_t(15));
        *--top = nullptr;
        *--top = reinterpret_cast<void *>(begin);
        for (int saved = 0; saved < 6; saved++) *--top = nullptr;
        stopped[lane] = top;
        ended[lane] = false;
    }
    for (bool any = true; any;) {
        any = false;
        for (int i = 0; i < n; i++)
            if (int lane = backwards ? n - 1 - i : i; !ended[lane]) {
                take(lane);
                emulated_switch(&all, stopped[lane]);
                any = true;
            }
    }
}
