package dev.triptych.triptych;

import dev.triptych.method.GivenWord;
import dev.triptych.method.InputException;
import java.util.List;

/// What is generated.
///
/// @param n images
/// @param seed of all draws
/// @param iterations T
/// @param temperature of the choice
record GenerationSettings(int n, long seed, int iterations, double temperature) {
    /// Reads `key=value`.
    ///
    /// @param iterations where none are given
    /// @param temperature where none is given
    /// @throws InputException for an unknown key, or a value that does not fit
    static GenerationSettings of(List<String> words, int iterations, double temperature) {
        var s = new GenerationSettings(64, 1, iterations, temperature);
        for (String text : words) {
            var word = GivenWord.of(text);
            s = switch (word.key()) {
                case "n" -> new GenerationSettings((int) word.whole(1, 1 << 20), s.seed, s.iterations,
                        s.temperature);
                case "seed" -> new GenerationSettings(s.n, word.whole(0, Long.MAX_VALUE), s.iterations,
                        s.temperature);
                case "iterations" ->
                    new GenerationSettings(s.n, s.seed, (int) word.whole(1, 10_000), s.temperature);
                case "temperature" -> new GenerationSettings(s.n, s.seed, s.iterations, word.number(1000));
                default -> throw new InputException("'" + text + "' is unknown; expected n=, seed=, iterations= or "
                        + "temperature=. Leave it out, or name one of these.");
            };
        }
        return s;
    }
}
