package dev.triptych.program;

import dev.triptych.program.call.OptimizerCalls.Adamw;
import dev.triptych.program.call.OptimizerCalls.BlockSquares;
import dev.triptych.program.call.OptimizerCalls.ClipFactors;
import dev.triptych.program.call.OptimizerCalls.EmaUpdate;
import dev.triptych.program.call.OptimizerCalls.GroupNorms;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The updates of state: AdamW on all parameters in a few launches, and moving averages.
public interface UpdateOperations extends Recording {
    /// Constants of AdamW and of the clipping of gradients.
    ///
    /// @param beta1 decay of the first moment
    /// @param beta2 decay of the second moment
    /// @param eps added to the root of the second moment
    /// @param clip largest norm of a gradient; 0 switches clipping off
    /// @param perTensor whether each tensor is clipped on its own, or all together
    record AdamW(double beta1, double beta2, float eps, float clip, boolean perTensor) {
    }

    /// The state that parameters live in.
    State state();

    /// Updates every parameter that the gradient reached. Needs the input `rates` (tensors, 4) each step: for each
    /// tensor of `gradients.parameters()`, (lr, lr * weight decay, 1 - beta1^t, 1 - beta2^t). Returns the norms of the
    /// gradients before clipping, one per clip group. If one is not finite, nothing is changed.
    default Tensor adamw(AdamW settings, Gradients gradients, Tensor rates) {
        List<Tensor> parameters = gradients.parameters();
        Recording.expect("adamw", rates, parameters.size(), 4);
        var blocks = new Blocks(parameters, settings.perTensor());
        int n = blocks.count();
        int groups = settings.perTensor() ? parameters.size() : 1;
        Tensor block = constant("blocks", blocks.table());
        Tensor group = constant("clipGroups", blocks.groups());
        Tensor g = state().whole(Arena.GRADIENTS);
        Tensor m = state().whole(Arena.FIRST_MOMENTS);
        Tensor v = state().whole(Arena.SECOND_MOMENTS);
        Tensor p = state().whole(Arena.PARAMETERS);
        Tensor squares = activation("gradient.squares", false, n);
        Tensor norm = activation("gradient.norm", false, groups);
        Tensor factor = activation("gradient.factor", false, groups);
        long size = parameters.stream().mapToLong(Tensor::size).sum();
        operation("clip", factor, g).launch(2 * size, new BlockSquares(g, block, squares, n))
                .launch(n, new GroupNorms(squares, group, norm, n, groups))
                .launch(groups, new ClipFactors(norm, factor, groups, settings.clip())).withoutAdjoint();
        operation("adamw", factor, g).launch(12 * size, new Adamw(g, block, group, factor, rates, m, v, p, n,
                (float) (1 - settings.beta1()), (float) (1 - settings.beta2()), settings.eps())).withoutAdjoint();
        return norm;
    }

    /// teacher = momentum teacher + (1 - momentum) student for the named parameters; momentum (1) is an input.
    /// Neighbours in the arena are updated by one launch.
    default void emaUpdate(List<Tensor> students, Tensor momentum) {
        Recording.expect("emaUpdate", momentum, 1);
        for (Tensor student : students) {
            if (!state().teachers().containsKey(student.name())) {
                throw new IllegalArgumentException(
                        "emaUpdate: parameter " + student + " has no teacher; call State.teacher first");
            }
        }
        var sorted = new ArrayList<>(students);
        sorted.sort(Comparator.comparingLong(Tensor::offset));
        Tensor p = state().whole(Arena.PARAMETERS);
        Tensor t = state().whole(Arena.TEACHER);
        int i = 0;
        while (i < sorted.size()) {
            long from = sorted.get(i).offset();
            long to = from + sorted.get(i).size();
            i++;
            while (i < sorted.size() && sorted.get(i).offset() == State.align(to)) {
                to = sorted.get(i).offset() + sorted.get(i).size();
                i++;
            }
            int n = Math.toIntExact(to - from);
            Tensor teacher = t.view(from, n);
            operation("ema", teacher, p)
                    .launch(3L * n, new EmaUpdate(p.view(from, n), momentum, teacher, n)).withoutAdjoint();
        }
    }

    /// average = momentum average + (1 - momentum) student, where the average is itself a parameter that the optimizer
    /// also moves; momentum (1) is an input.
    default void emaOfParameter(Tensor student, Tensor average, Tensor momentum) {
        Recording.expect("emaOfParameter", momentum, 1);
        Recording.expect("emaOfParameter", average, student.shape());
        int n = student.count();
        operation("ema", average, student).launch(3L * n, new EmaUpdate(student, momentum, average, n));
    }

    /// Parameters cut into blocks of at most 4096 numbers: (offset, length, tensor) each.
    record Blocks(List<Tensor> parameters, boolean perTensor) {
        private static final int SIZE = 4096;

        int count() {
            return parameters.stream().mapToInt(t -> (t.count() + SIZE - 1) / SIZE).sum();
        }

        int[] table() {
            int[] table = new int[3 * count()];
            int at = 0;
            for (int i = 0; i < parameters.size(); i++) {
                Tensor t = parameters.get(i);
                for (int from = 0; from < t.count(); from += SIZE) {
                    table[at++] = Math.toIntExact(t.offset()) + from;
                    table[at++] = Math.min(SIZE, t.count() - from);
                    table[at++] = i;
                }
            }
            return table;
        }

        int[] groups() {
            int[] table = table();
            int[] groups = new int[count()];
            for (int b = 0; b < groups.length; b++) {
                groups[b] = perTensor ? table[3 * b + 2] : 0;
            }
            return groups;
        }
    }
}
