package dev.triptych.program;

import java.util.List;

/// One call of one kernel: an entry of a program.
///
/// @param call what runs
/// @param step what it is a part of
/// @param flops floating-point operations, a multiplication and an addition counted as two
public record Launch(Call call, Step step, long flops) {
    /// Name of the operation that asked for it, with a prime for an adjoint.
    public String operation() {
        return step.operation();
    }

    /// Where in the specification the model was when it asked.
    public String section() {
        return step.section();
    }

    /// Which kernel.
    public Kernel kernel() {
        return call.kernel();
    }

    /// The tensors among the arguments; the last one is written.
    public List<Tensor> tensors() {
        return call.tensors();
    }

    /// The tensor that the kernel writes. (Optimizer kernels also update their moments in place.)
    public Tensor output() {
        return tensors().getLast();
    }

    /// Bytes of all tensors named: what the launch moves if each is read or written once.
    public long bytes() {
        long bytes = 0;
        for (Tensor t : tensors()) {
            bytes += 4 * t.size();
        }
        return bytes;
    }
}
