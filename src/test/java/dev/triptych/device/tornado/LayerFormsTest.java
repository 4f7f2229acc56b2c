package dev.triptych.device.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.triptych.check.device.KernelCase;
import dev.triptych.check.device.KernelCheck;
import dev.triptych.check.device.KernelTable;
import dev.triptych.device.Device;
import dev.triptych.device.HostSession;
import dev.triptych.program.Call;
import dev.triptych.program.Kernel;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Layer forms, with tables as a graph has them, compute what the kernels do, to the last bit: in Java, without
/// TornadoVM.
class LayerFormsTest {
    private static final Map<Kernel, List<KernelCase>> CASES = KernelTable.cases();

    static Set<Kernel> kernels() {
        return CASES.keySet();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void theLayerFormIsTheKernel(Kernel kernel) {
        var check = KernelCheck.of(CASES.get(kernel), new LayerDevice());
        assertNull(check.failure(), check::toString);
        assertEquals(0, check.error(), check::toString);
    }

    /// Runs each launch in its layer form, as the second task of a graph.
    private static final class LayerDevice implements Device {
        @Override
        public String name() {
            return "layer";
        }

        @Override
        public String description() {
            return "layer forms in Java";
        }

        @Override
        public HostSession bind(State state, List<Program> programs) {
            return new LayerSession(state, programs);
        }

        @Override
        public void close() {
            // holds nothing
        }
    }

    private static final class LayerSession extends HostSession {
        LayerSession(State state, List<Program> programs) {
            super(state, programs, true);
            bindAll(programs);
        }

        @Override
        protected Runnable bind(List<Launch> group) {
            Call call = group.getFirst().call();
            Unit unit = Unit.plain(group.getFirst());
            List<Unit> run = List.of(unit, unit);
            Tables tables = Tables.of(List.of(List.of(run)), memory()::offset);
            take(tables, run);
            Tables.Place place = tables.begin().behind(unit);
            return () -> {
                try {
                    Object[] arguments = arguments(call, place);
                    form(call.kernel()).invoke(null, arguments);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            };
        }

        /// What `Replay.takeRow` does on a device.
        private static void take(Tables tables, List<Unit> run) {
            int row = tables.starts().getFirst();
            System.arraycopy(tables.integers(), row + Tables.HEAD, tables.integers(), Tables.HEAD,
                    Tables.integers(run));
            System.arraycopy(tables.numbers(), tables.integers()[row + 1], tables.numbers(), 0, Tables.constants(run));
        }

        private static Method form(Kernel kernel) throws ReflectiveOperationException {
            Class<?> family = Class.forName("dev.triptych.kernel.layer." + kernel.family());
            return Arrays.stream(family.getMethods()).filter(m -> m.getName().equals(kernel.name())).findFirst()
                    .orElseThrow();
        }

        /// Arrays and sizes in the kernel's order, then the tables.
        private Object[] arguments(Call call, Tables.Place place) throws ReflectiveOperationException {
            var arguments = new ArrayList<Object>();
            for (RecordComponent component : call.getClass().getRecordComponents()) {
                Object value = component.getAccessor().invoke(call);
                if (value instanceof Tensor t) {
                    arguments.add(memory().array(t.arena()));
                } else if (value instanceof Integer && !component.getName().equals("launch")) {
                    arguments.add(value);
                }
            }
            arguments.addAll(List.of(place.integers(), place.integer()));
            if (!call.constants().isEmpty()) {
                arguments.addAll(List.of(place.numbers(), place.number()));
            }
            return arguments.toArray();
        }
    }
}
