package dev.triptych.triptych;

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
        for (String word : words) {
            String[] parts = word.split("=", 2);
            String value = parts.length == 2 ? parts[1] : "";
            s = switch (parts[0]) {
                case "n" -> new GenerationSettings((int) whole(word, value, 1, 1 << 20), s.seed, s.iterations,
                        s.temperature);
                case "seed" -> new GenerationSettings(s.n, whole(word, value, 0, Long.MAX_VALUE), s.iterations,
                        s.temperature);
                case "iterations" ->
                    new GenerationSettings(s.n, s.seed, (int) whole(word, value, 1, 10_000), s.temperature);
                case "temperature" -> new GenerationSettings(s.n, s.seed, s.iterations, number(word, value));
                default -> throw new InputException("'" + word + "' is unknown; expected n=, seed=, iterations= or "
                        + "temperature=. Leave it out, or name one of these.");
            };
        }
        return s;
    }

    private static long whole(String word, String value, long least, long most) {
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new InputException("'" + word + "': expected a whole number of " + least + " to " + most
                + ". Change the value.");
    }

    private static double number(String word, String value) {
        try {
            double number = Double.parseDouble(value);
            if (number >= 0 && number <= 1000) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new InputException("'" + word + "': expected a number of 0 to 1000. Change the value.");
    }
}
