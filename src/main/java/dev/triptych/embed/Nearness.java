package dev.triptych.embed;

import dev.triptych.method.EncodedValue;
import dev.triptych.method.InputException;
import java.util.List;
import java.util.Locale;

/// By what two pictures are near each other.
public enum Nearness {
    /// Cosine of CLS.
    CLS("cls") {
        @Override
        Match match(float[] query, int token, float[] all, int at, int count, int width) {
            return new Match(cosine(query, 0, all, at, width), 0);
        }
    },
    /// Hamming distance of the messages (of CLS's, where tokens have some too), less its sign so that more is nearer.
    BITS("bits", "cls_bits") {
        @Override
        Match match(float[] query, int token, float[] all, int at, int count, int width) {
            int different = 0;
            for (int i = 0; i < count; i++) {
                different += query[i] > 0 == all[at + i] > 0 ? 0 : 1;
            }
            return new Match(-different, 0);
        }

        @Override
        String text(double closeness) {
            int bits = (int) -closeness;
            return bits + (bits == 1 ? " bit differs" : " bits differ");
        }
    },
    /// One object: cosine of one sparse token with the nearest token of the other picture.
    TOKEN("sparse") {
        @Override
        Match match(float[] query, int token, float[] all, int at, int count, int width) {
            var best = new Match(Double.NEGATIVE_INFINITY, 0);
            for (int t = 0; t * width < count; t++) {
                double cosine = cosine(query, token * width, all, at + t * width, width);
                if (cosine > best.closeness()) {
                    best = new Match(cosine, t);
                }
            }
            return best;
        }
    };

    /// How near, and by which token.
    record Match(double closeness, int token) {
    }

    private final List<String> names;

    Nearness(String... names) {
        this.names = List.of(names);
    }

    /// How near a picture's numbers all[at .. at + count - 1] are to a query's.
    ///
    /// @param token of the query, where there are several
    /// @param width numbers of a row
    abstract Match match(float[] query, int token, float[] all, int at, int count, int width);

    /// In words.
    String text(double closeness) {
        return String.format(Locale.ROOT, "%.3f", closeness);
    }

    /// The number alone.
    String shortText(double closeness) {
        return text(closeness).replaceFirst(" .*", "");
    }

    /// The value that is compared: the first of its names that the run has.
    ///
    /// @throws InputException where the run has none
    EncodedValue of(List<EncodedValue> values) {
        return names.stream().flatMap(name -> values.stream().filter(v -> v.name().equals(name))).findFirst()
                .orElseThrow(() -> new InputException("--by " + this + " compares '" + names.getFirst()
                        + "', which this run does not have; it has "
                        + values.stream().map(EncodedValue::name).toList() + ". Choose another --by."));
    }

    private static double cosine(float[] a, int a0, float[] b, int b0, int width) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < width; i++) {
            dot += (double) a[a0 + i] * b[b0 + i];
            aa += (double) a[a0 + i] * a[a0 + i];
            bb += (double) b[b0 + i] * b[b0 + i];
        }
        return aa == 0 || bb == 0 ? 0 : dot / Math.sqrt(aa * bb);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
