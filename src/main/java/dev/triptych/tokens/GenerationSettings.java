package dev.triptych.tokens;

import dev.triptych.method.GivenWord;
import dev.triptych.method.InputException;
import java.nio.file.Path;
import java.util.List;

/// What is generated.
///
/// @param n images
/// @param seed of all draws
/// @param iterations T
/// @param temperature of the choice
/// @param part of a picture that is generated anew; null for whole images
public record GenerationSettings(int n, long seed, int iterations, double temperature, Inpainting part) {
    /// Reads `key=value`.
    ///
    /// @param iterations where none are given
    /// @param temperature where none is given
    /// @throws InputException for an unknown key, or a value that does not fit
    public static GenerationSettings of(List<String> words, int iterations, double temperature) {
        var s = new GenerationSettings(64, 1, iterations, temperature, null);
        for (String text : words) {
            s = s.with(GivenWord.of(text));
        }
        return s;
    }

    private GenerationSettings with(GivenWord word) {
        return switch (word.key()) {
            case "n" -> new GenerationSettings((int) word.whole(1, 1 << 20), seed, iterations, temperature, part);
            case "seed" ->
                new GenerationSettings(n, word.whole(0, Long.MAX_VALUE), iterations, temperature, part);
            case "iterations" -> new GenerationSettings(n, seed, (int) word.whole(1, 10_000), temperature, part);
            case "temperature" -> new GenerationSettings(n, seed, iterations, word.number(1000), part);
            case "from" -> new GenerationSettings(n, seed, iterations, temperature,
                    Inpainting.middle(Path.of(word.value())));
            case "mask" -> new GenerationSettings(n, seed, iterations, temperature, masked(word));
            default -> throw new InputException("'" + word.text() + "' is unknown; expected n=, seed=, iterations=, "
                    + "temperature=, from= or mask=. Leave it out, or name one of these.");
        };
    }

    private Inpainting masked(GivenWord word) {
        if (part == null) {
            throw new InputException("'" + word.text() + "' says which part of a picture is generated anew; expected "
                    + "from= before it. Give from=PICTURE, or leave it out.");
        }
        return part.within(word.text(), word.value());
    }
}
