package dev.triptych.check.live;

import dev.triptych.libtorch.Outcome;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.trial.Trial;
import java.util.List;
import java.util.function.Consumer;

/// Something of ours beside libtorch.
///
/// @param name of an operation, as in the table of operations; or of a larger piece
/// @param draw builds both sides, of random shapes and numbers
record LiveRow(String name, Consumer<Live> draw) {
    /// Compares one draw.
    ///
    /// @param sides for the shapes
    /// @param seed for everything else
    Outcome run(List<Integer> sides, long seed) {
        var live = new Live(new Trial(name, CounterRandom.of(seed, Stream.CHECK, 2, name.hashCode())), sides);
        draw.accept(live);
        return live.run();
    }
}
