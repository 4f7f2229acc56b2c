package dev.triptych.device;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.device.plain.PlainDevice;
import dev.triptych.program.Arena;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.UpdateOperations.AdamW;
import org.junit.jupiter.api.Test;

/// What is said of the first number that is not finite.
class FirstNonFiniteTest {
    @Test
    void anythingThatAKernelWritesIsLookedAt() {
        var state = new State();
        Tensor w = state.parameter("w", (values, random) -> {
        }, 3);
        var program = new Program("step", state);
        var gradients = program.gradient(program.mean(program.gelu(w)));
        try (var _ = program.section("update")) {
            program.adamw(new AdamW(0.9, 0.999, 1e-8f, 0f, false), gradients, program.input("rates", 1, 4));
        }
        try (var device = new PlainDevice(); var session = device.bind(state, program)) {
            session.upload(program.inputs().get("rates"), new float[]{1e-3f, 0f, 0.1f, 0.001f});
            assertNull(session.firstNonFinite(program));
            // the step that follows from an infinite moment is zero: the parameter, which is written last, stays finite
            Tensor second = state.mirror(w, Arena.SECOND_MOMENTS);
            session.upload(second, new float[]{0f, Float.POSITIVE_INFINITY, 0f});
            String said = session.firstNonFinite(program);
            assertTrue(said.startsWith("Infinity at 1 of second_moments"), said);
            assertTrue(said.endsWith("written by Optimizer.adamw for adamw in section 'update'"), said);
        }
    }
}
