package dev.triptych.device.vector;

import dev.triptych.program.Call;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;

/// The faster implementations of kernels, family by family. Loaded only where the Vector API is.
final class FastKernels {
    private static final List<FastKernel> FAMILIES = List.of(LinearKernels::bind, AttentionKernels::bind,
            ElementwiseKernels::bind, NormKernels::bind, SoftmaxKernels::bind, SinkhornKernels::bind,
            OptimizerKernels::bind, DropoutKernels::bind, CodeKernels::bind);

    private FastKernels() {
    }

    /// The faster implementation of a kernel, if it has one.
    static Optional<Runnable> bind(Call.Bound call, WorkerPool pool) {
        return FAMILIES.stream().map(family -> family.bind(call, pool)).filter(Objects::nonNull).findFirst();
    }

    /// Bits of the vectors in use.
    static int vectorBits() {
        return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }
}
