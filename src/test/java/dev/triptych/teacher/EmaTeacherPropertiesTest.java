package dev.triptych.teacher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.triptych.device.HostSession;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.nn.LinearLayer;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;

/// theta_t = m theta_t + (1 - m) theta_s (STELLAR section 4.7), for the parameters that a teacher has and no others.
class EmaTeacherPropertiesTest {
    private State state;
    private Program program;

    private HostSession bind(int seed, float momentum) {
        state = new State();
        program = new Program("teacher", state);
        Scope scope = Scope.of(state);
        LinearLayer.of(scope.in("a"), 3, 5);
        LinearLayer.of(scope.in("b"), 4, 3);
        LinearLayer.of(scope.in("c"), 2, 7);
        LinearLayer.of(scope.asTeacher().in("a"), 3, 5);
        LinearLayer.of(scope.asTeacher().in("c"), 2, 7);
        EmaTeacher.update(program, "STELLAR section 4.7");
        HostSession session = new PlainDevice().bind(state, program);
        session.initialize(state, seed);
        session.upload(program.inputs().get("momentum"), new float[]{momentum});
        return session;
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void nothingChangesWhenTheWeightsAreEqual(
            @ForAll int seed,
            @ForAll @FloatRange(min = 0f, max = 1f) float m) {
        try (HostSession session = bind(seed, m)) {
            session.run(program);
            assertEquals(4, state.teachers().size());
            state.teachers().forEach((name, teacher) -> assertArrayEquals(
                    session.download(state.parameter(name)), session.download(teacher), 1e-7f));
        }
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void elseTheFormulaHolds(
            @ForAll int seed,
            @ForAll @FloatRange(min = 0f, max = 1f) float m) {
        try (HostSession session = bind(seed, m)) {
            var random = CounterRandom.of(seed, Stream.CHECK, 7, 0);
            for (Tensor teacher : state.teachers().values()) {
                String name = teacher.name().substring("teacher.".length());
                float[] student = session.download(state.parameter(name));
                float[] before = new float[teacher.count()];
                float[] expected = new float[before.length];
                for (int i = 0; i < before.length; i++) {
                    before[i] = (float) random.gaussian();
                    expected[i] = (float) ((double) m * before[i] + (1.0 - m) * student[i]);
                }
                session.upload(teacher, before);
                session.run(program);
                assertArrayEquals(expected, session.download(teacher), 1e-6f);
                assertArrayEquals(student, session.download(state.parameter(name)));
            }
        }
    }
}
