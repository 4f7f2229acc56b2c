package dev.triptych.channel;

import dev.triptych.device.Session;
import dev.triptych.nn.AdamWRates;
import dev.triptych.program.Arena;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The periodic re-initialisation of the head, BITS-reset (specification section 4): ONE new head is drawn from the
/// initial distribution and copied into student and teacher; the head's Adam moments and step counters begin again. The
/// backbone and all schedules go on. Without it the method is BITS-fixed.
///
/// @param scopes of the heads that begin again together, such as `head`
public record HeadReset(List<String> scopes) {
    /// Whether a parameter belongs to a head.
    public boolean isHead(Tensor parameter) {
        return scopes.stream().anyMatch(scope -> parameter.name().startsWith(scope + "."));
    }

    /// The number of the reset that is due before step t (0 first) of a stage; 0 if none is. There is none before the
    /// first step, and none after the last.
    ///
    /// @param period steps between resets; 0 for never
    public static int due(long t, long length, long period) {
        return period == 0 || t == 0 || t >= length || t % period != 0 ? 0 : Math.toIntExact(t / period);
    }

    /// A new head: values by name, a function of seed, number and name alone.
    public Map<String, float[]> draw(State state, long seed, int number) {
        var values = new LinkedHashMap<String, float[]>();
        state.parameters().forEach((name, parameter) -> {
            if (isHead(parameter)) {
                long key = Integer.toUnsignedLong(name.hashCode());
                values.put(name, state.draw(name, CounterRandom.of(seed, Stream.RESET, key, number)));
            }
        });
        return values;
    }

    /// Puts reset `number` into effect.
    ///
    /// @param rates whose counters of the head begin again
    public void apply(Session session, State state, AdamWRates rates, long seed, int number) {
        apply(session, state, rates, draw(state, seed, number));
    }

    /// Puts a head into student and teacher, and makes its optimizer state and running moments those of a new head.
    ///
    /// @param head values by name
    public void apply(Session session, State state, AdamWRates rates, Map<String, float[]> head) {
        head.forEach((name, values) -> {
            Tensor parameter = state.parameter(name);
            session.upload(parameter, values);
            session.upload(state.teacher(name), values);
            session.upload(state.mirror(parameter, Arena.FIRST_MOMENTS), new float[values.length]);
            session.upload(state.mirror(parameter, Arena.SECOND_MOMENTS), new float[values.length]);
        });
        state.buffers().forEach((name, buffer) -> {
            if (isHead(buffer)) {
                session.upload(buffer, state.bufferValues(name));
            }
        });
        rates.reset(this::isHead);
    }
}
