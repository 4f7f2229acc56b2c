package dev.triptych.program;

import dev.triptych.program.call.ElementwiseCalls.Accumulate;
import dev.triptych.program.call.ElementwiseCalls.CopyValues;
import dev.triptych.program.call.ElementwiseCalls.Fill;
import dev.triptych.program.call.ElementwiseCalls.WeightedAdd;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// The result of reverse differentiation: walking the recorded operations backwards, each adjoint appends its launches.
///
/// Parameters receive their gradient in their slot of the gradient arena: the first contribution writes it, later ones
/// are added (a parameter that several views share). Values in between with several uses get the sum of the
/// contributions in a tensor of its own.
public final class Gradients {
    private final Program program;
    private final Tensor loss;
    private final int begin;
    private final int end;
    private final Map<Tensor, Tensor> gradients = new IdentityHashMap<>();
    private final Set<Tensor> parameters = new LinkedHashSet<>();

    Gradients(Program program, Tensor loss, List<Operation> tape) {
        this.program = program;
        this.loss = loss;
        this.begin = program.launches().size();
        Tensor seed = program.activation("d" + loss.name(), false, loss.shape());
        Step last = tape.reversed().stream().filter(o -> o.output() == loss).map(Operation::step).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The loss " + loss + " is the output of no operation"));
        program.append(
                new Launch(new Fill(seed, seed.count(), 1f), new Step("loss'", last.section(), last.origins()), 0));
        gradients.put(loss, seed);
        program.differentiated(loss, seed);
        for (Operation operation : tape.reversed()) {
            Tensor dy = gradients.get(operation.output());
            if (dy != null && operation.adjoint() != null) {
                operation.adjoint().apply(dy, new Flow(operation.step().adjoint()));
            }
        }
        this.end = program.launches().size();
    }

    /// The scalar that was differentiated.
    public Tensor loss() {
        return loss;
    }

    /// How many launches of the program precede the adjoints: among these are all that the loss depends on.
    public int begin() {
        return begin;
    }

    /// How many launches of the program lead to the gradients, the adjoints included.
    public int end() {
        return end;
    }

    /// The gradient of a tensor, or null where none reached it.
    public Tensor of(Tensor tensor) {
        return gradients.get(tensor);
    }

    /// The parameters that a gradient reached, in order of registration.
    public List<Tensor> parameters() {
        var ordered = new ArrayList<Tensor>();
        for (Tensor parameter : program.state().parameters().values()) {
            if (parameters.contains(parameter)) {
                ordered.add(parameter);
            }
        }
        return ordered;
    }

    /// Carries one operation's output gradient to its inputs.
    public final class Flow {
        private final Step step;

        private Flow(Step step) {
            this.step = step;
        }

        /// Appends a launch of the adjoint.
        public Flow launch(long flops, Call call) {
            program.append(new Launch(call, step, flops));
            return this;
        }

        /// A temporary tensor of the adjoint.
        public Tensor temporary(String suffix, int... shape) {
            return program.activation(step.operation() + suffix, false, shape);
        }

        /// If a gradient is wanted for x, lets `write` append launches that write it into the tensor it is given.
        public void gradient(Tensor x, Consumer<Tensor> write) {
            if (!x.differentiable()) {
                return;
            }
            if (isParameter(x)) {
                Tensor slot = slot(x);
                if (parameters.add(x)) {
                    write.accept(slot);
                } else {
                    Tensor more = of(x, program.activation("d" + x.name() + "+", false, x.shape()));
                    write.accept(more);
                    launch(slot.size(), new Accumulate(more, slot, slot.count()));
                }
                return;
            }
            Tensor dx = of(x, program.activation("d" + x.name(), false, x.shape()));
            write.accept(dx);
            contribute(x, dx);
        }

        /// If a gradient is wanted for x, it is (or gains) the numbers of an existing tensor.
        public void passes(Tensor x, Tensor dx) {
            if (!x.differentiable()) {
                return;
            }
            if (isParameter(x)) {
                Tensor slot = slot(x);
                if (parameters.add(x)) {
                    launch(0, new CopyValues(dx, slot, slot.count()));
                } else {
                    launch(slot.size(), new Accumulate(dx, slot, slot.count()));
                }
                return;
            }
            contribute(x, dx.reshape(x.shape()));
        }

        private void contribute(Tensor x, Tensor dx) {
            Tensor before = gradients.get(x);
            if (before == null) {
                gradients.put(x, dx);
                return;
            }
            Tensor sum = of(x, program.activation("d" + x.name(), false, x.shape()));
            launch(sum.size(), new WeightedAdd(before, dx, sum, sum.count(), 1f, 1f));
            gradients.put(x, sum);
        }

        private boolean isParameter(Tensor x) {
            return x.arena() == Arena.PARAMETERS && x.root() == x;
        }

        private Tensor slot(Tensor x) {
            return gradients.computeIfAbsent(x, p -> of(p, program.state().mirror(p, Arena.GRADIENTS)));
        }

        private Tensor of(Tensor x, Tensor dx) {
            program.differentiated(x, dx);
            return dx;
        }
    }
}
