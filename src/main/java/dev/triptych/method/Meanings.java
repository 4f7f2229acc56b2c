package dev.triptych.method;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/// What logged numbers mean, a line for each name, for those who have not read the papers.
public final class Meanings {
    private static final String COMMON = """
            total: What training lowers: the weighted sum of the terms of the loss.
            lr: The learning rate: how large a step along the gradient may be.
            gradient norm: The length of the gradient before it is clipped; a jump tells of an unstable training.
            images/s: Speed: images trained on in a second, since the point before.
            reconstruction: How far what is painted is from what was seen or hidden; lower is better.
            koleo: Low where tokens of different images lie far apart; keeps them from becoming all the same.
            masked koleo: The same for tokens of the masked views.
            uniformity: Low where features of different images are spread evenly over the sphere.
            contrast: Cross-entropy of finding the echo of an image among those of the batch; lower is better.
            commitment: How far the encoder's vectors are from the codes that replace them.
            rate: The coding rate of the messages: higher variety of bits makes the loss lower.
            L entropy: How undecided patches are between tokens, in nats; 0 where each belongs to one token.
            S effective rank: Directions that tokens use; near 1 all look alike.
            S mean cosine: How alike tokens are; 1 where all point the same way.
            effective rank: Directions that the features of a batch use; near 1 all images look alike.
            bit entropy: How even a bit is over images; 1 where half of them set it, 0 where it says nothing.
            code accuracy: Share of patches whose code is predicted rightly; to be seen beside the commonest code.
            masked accuracy: Share of hidden codes that are predicted rightly; to be seen beside the commonest code.
            commonest code: The share that always guessing the commonest code gets right.
            used codes: Different codes that a batch takes of the codebook.
            code perplexity: How many codes are in use, counted by how often; 1 where one code stands for everything.
            """;

    private Meanings() {
    }

    /// Those of names that several methods log.
    public static Map<String, String> common() {
        return and("");
    }

    /// The same and others.
    ///
    /// @param lines `name: meaning` each
    public static Map<String, String> and(String lines) {
        var meanings = new LinkedHashMap<String, String>();
        Stream.concat(COMMON.lines(), lines.lines()).forEach(line -> {
            int colon = line.indexOf(": ");
            meanings.put(line.substring(0, colon), line.substring(colon + 2));
        });
        return meanings;
    }
}
