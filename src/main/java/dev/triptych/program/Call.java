package dev.triptych.program;

import java.util.List;
import java.util.function.UnaryOperator;

/// One kernel with what it is given. For every kernel the build writes a record, in package `program.call`, with the
/// kernel's parameters by name; an array and its offset are one [Tensor]. Operations make these records, and devices
/// take them apart by pattern: the compiler checks both. What is here serves those who treat all kernels alike.
public interface Call {
    /// Which kernel.
    Kernel kernel();

    /// All tensors, in the kernel's order; the last one is written.
    List<Tensor> tensors();

    /// The tensors that are written: the last one, and where an optimizer moves several, those too.
    List<Tensor> written();

    /// All sizes, in the kernel's order, without the number of the launch.
    List<Integer> sizes();

    /// All constants, in the kernel's order.
    List<Float> constants();

    /// The number of the launch, where the kernel is told it; else -1.
    default int launch() {
        return -1;
    }

    /// The same call with other tensors.
    Call with(UnaryOperator<Tensor> replace);

    /// The call on the arrays of bound arenas.
    Bound bind(Arenas arenas);

    /// A call on arrays: runs the kernel as it is written, and allocates nothing.
    interface Bound extends Runnable {
        /// The bound of the kernel's loop.
        int extent();

        /// Runs a part of the kernel's loop, with the same bits.
        void run(int from, int to);
    }

    /// Checks that a tensor holds numbers.
    static void expectNumbers(String kernel, String parameter, Tensor tensor) {
        expect(kernel, parameter, tensor, false);
    }

    /// Checks that a tensor holds integers.
    static void expectIntegers(String kernel, String parameter, Tensor tensor) {
        expect(kernel, parameter, tensor, true);
    }

    private static void expect(String kernel, String parameter, Tensor tensor, boolean integers) {
        if (tensor.arena().isInteger() != integers) {
            throw new IllegalArgumentException("Kernel " + kernel + ": " + parameter + " is " + tensor
                    + ", which holds " + (integers ? "numbers" : "integers") + "; expected a tensor of "
                    + (integers ? "integers" : "numbers"));
        }
    }
}
