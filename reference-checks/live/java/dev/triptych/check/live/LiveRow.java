package dev.triptych.check.live;

import dev.triptych.check.Trial;
import dev.triptych.libtorch.Outcome;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.List;
import java.util.function.Consumer;

/// An operation beside libtorch.
///
/// @param operation its name, as in the table of operations
/// @param draw builds both sides, of random shapes and numbers
record LiveRow(String operation, Consumer<Live> draw) {
    /// Compares one draw.
    ///
    /// @param sides for the shapes
    /// @param seed for everything else
    Outcome run(List<Integer> sides, long seed) {
        var live = new Live(new Trial(operation, CounterRandom.of(seed, Stream.CHECK, 2, operation.hashCode())), sides);
        draw.accept(live);
        return live.run();
    }
}
