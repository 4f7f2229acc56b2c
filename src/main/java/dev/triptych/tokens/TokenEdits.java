package dev.triptych.tokens;

import dev.triptych.method.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// What is done to the tokens of pictures before they are decoded again: a token is deleted, or says what a token of
/// another picture says, in its own place.
///
/// @param drop tokens, from 0
/// @param swaps in order
public record TokenEdits(List<Integer> drop, List<Swap> swaps) {
    /// Nothing is done.
    public static final TokenEdits NONE = new TokenEdits(List.of(), List.of());

    /// Token `token` of every picture takes the row of S that is token `from` of a picture.
    ///
    /// @param file that picture as it is given, or its name alone
    public record Swap(int token, String file, int from) {
    }

    /// Reads `2` and `1:other.jpg:3`, where tokens count from 1 as on sheets.
    ///
    /// @throws InputException for what is none of these
    public static TokenEdits of(List<Integer> drop, List<String> swaps) {
        var read = new ArrayList<Swap>();
        for (String swap : swaps) {
            int first = swap.indexOf(':');
            int last = swap.lastIndexOf(':');
            if (first < 1 || last <= first + 1 || !swap.substring(0, first).matches("\\d{1,4}")
                    || !swap.substring(last + 1).matches("\\d{1,4}")) {
                throw new InputException("--swap " + swap + ": expected TOKEN:PICTURE:TOKEN, such as 1:other.jpg:3. "
                        + "Change it.");
            }
            read.add(new Swap(Integer.parseInt(swap.substring(0, first)) - 1, swap.substring(first + 1, last),
                    Integer.parseInt(swap.substring(last + 1)) - 1));
        }
        return new TokenEdits(drop.stream().map(token -> token - 1).toList(), List.copyOf(read));
    }

    /// Whether there is nothing to do.
    public boolean isEmpty() {
        return drop.isEmpty() && swaps.isEmpty();
    }

    /// Checks tokens and pictures.
    ///
    /// @param tokens K
    /// @param files the pictures as they are given
    /// @throws InputException for a token or a picture that there is not, and for a name that two have
    void require(int tokens, List<Path> files) {
        drop.forEach(token -> require("--drop", token, tokens));
        if (drop.stream().distinct().count() >= tokens) {
            throw new InputException("--drop names all " + tokens + " tokens; expected one to be left. Leave one out.");
        }
        for (Swap swap : swaps) {
            require("--swap", swap.token, tokens);
            require("--swap", swap.from, tokens);
            place(swap.file, files);
        }
    }

    /// Which of the pictures a swap means: by the words in which it is given or, where only one has it, by its name.
    private static int place(String file, List<Path> files) {
        int given = files.indexOf(Path.of(file));
        if (given >= 0) {
            return given;
        }
        int[] named = IntStream.range(0, files.size())
                .filter(i -> files.get(i).getFileName().toString().equals(file)).toArray();
        if (named.length == 1) {
            return named[0];
        }
        throw new InputException(named.length == 0
                ? "--swap names the picture " + file + ", which is none of " + files
                        + "; expected one that is taken apart too. Give it among the pictures."
                : "--swap names the picture " + file + ", and " + named.length + " of the pictures are called so: "
                        + Arrays.stream(named).mapToObj(files::get).toList() + ". Give its path.");
    }

    private static void require(String option, int token, int tokens) {
        if (token < 0 || token >= tokens) {
            throw new InputException(option + " names token " + (token + 1) + "; expected 1 to " + tokens
                    + ", the tokens of this run. Change it.");
        }
    }

    /// The tokens S of all pictures after the swaps (pictures, K, d); swaps read what was there before.
    float[] sparse(float[] s, int tokens, List<Path> files) {
        float[] edited = s.clone();
        int pictures = files.size();
        int d = s.length / pictures / tokens;
        for (Swap swap : swaps) {
            int from = (place(swap.file, files) * tokens + swap.from) * d;
            for (int i = 0; i < pictures; i++) {
                System.arraycopy(s, from, edited, (i * tokens + swap.token) * d, d);
            }
        }
        return edited;
    }

    /// L of all pictures without the columns of what is deleted (pictures, N, K): rows sum to 1 again. A patch that was
    /// of deleted tokens alone is shared out evenly among the others.
    float[] localization(float[] l, int tokens) {
        float[] edited = l.clone();
        for (int row = 0; row < l.length; row += tokens) {
            float rest = 0;
            for (int k = 0; k < tokens; k++) {
                edited[row + k] = drop.contains(k) ? 0 : l[row + k];
                rest += edited[row + k];
            }
            long left = tokens - drop.stream().distinct().count();
            for (int k = 0; k < tokens; k++) {
                if (rest > 0) {
                    edited[row + k] /= rest;
                } else {
                    edited[row + k] = drop.contains(k) ? 0 : 1f / left;
                }
            }
        }
        return edited;
    }

    @Override
    public String toString() {
        return (drop.isEmpty() ? "" : "dropped " + drop.stream().map(k -> k + 1).toList())
                + (drop.isEmpty() || swaps.isEmpty() ? "" : ", ")
                + String.join(", ", swaps.stream()
                        .map(s -> "token " + (s.token + 1) + " from token " + (s.from + 1) + " of " + s.file).toList());
    }
}
