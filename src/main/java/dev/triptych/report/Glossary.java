package dev.triptych.report;

import java.util.regex.Pattern;

/// Words of the field, for people of other fields: those that a page uses, each with a sentence.
final class Glossary {
    /// Word and sentence.
    private static final String WORDS = """
            S: what is in a picture: K tokens, vectors of numbers that each stand for one thing
            L: where it is: for each patch, the shares that the K tokens have of it; they sum to 1
            Z: L S, the patches as the tokens and their places describe them
            D: the features of the patches, a vector for each
            K: the number of tokens of a picture
            CLS: the feature of the picture as a whole, one vector
            patch: a small square of the picture, a word to the network
            token: a vector that stands for a part of a picture
            arg-max L: for each patch, the token that has the largest share of it
            untrained encoder: the same network before training: what its form alone gives
            raw pixels: the pixels themselves in place of features
            kNN: each test picture takes the class that most of its nearest training pictures have; labels only judge
            linear probe: a linear classifier on the frozen features
            mAP: how far in front pictures of the same class stand when all are sorted by likeness; 100 is perfect
            PSNR: how near a painted picture is to the true one, in decibels; 3 more halve the squared error
            mIoU: overlap of found and true regions, mean over regions; 100 is perfect
            Hamming: the number of bits in which two messages differ
            effective rank: directions that vectors use, counted by how much
            entropy: how undecided something is; 0 where it is certain
            perplexity: how many of several are in use, counted by how often
            prototype: a learnt vector that stands for a kind of thing, as the centre of a cluster does
            teacher: a slow average of the network, whose answers the network learns to give
            epoch: one pass over all training pictures
            gradient: the direction in which the loss grows fastest, of all parameters
            """;

    private Glossary() {
    }

    /// The words that a page uses; empty where it uses none.
    static String html(String page) {
        String text = page.replaceAll("<[^>]*>", " ");
        var out = new StringBuilder();
        for (String line : WORDS.lines().toList()) {
            String[] word = line.split(": ", 2);
            // single letters stand alone, and as a word of their own case
            if (Pattern.compile("(?<![\\w-])" + Pattern.quote(word[0]) + "s?(?![\\w-])").matcher(text).find()) {
                out.append("<dt>").append(Html.text(word[0])).append("</dt><dd>").append(Html.text(word[1]))
                        .append("</dd>\n");
            }
        }
        return out.isEmpty() ? "" : Html.heading("Glossary") + "<dl>\n" + out + "</dl>\n";
    }
}
