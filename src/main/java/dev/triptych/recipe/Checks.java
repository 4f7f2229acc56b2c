package dev.triptych.recipe;

/// Checks that several records share.
public final class Checks {
    private Checks() {
    }

    /// `value` of `key` has to be a multiple of `divisor` of `divisorKey`; keys are relative to the same record.
    public static void divisible(String key, int value, String divisorKey, int divisor) {
        if (value % divisor != 0) {
            throw RecipeException.value(key, value, "a multiple of " + divisorKey + ", " + divisor,
                    "Set " + key + " to " + multiples(value, divisor) + ", or change " + divisorKey + ".");
        }
    }

    /// Patches N of a full image.
    public static int patches(DataSection data, EncoderSection encoder) {
        int grid = data.side() / encoder.patch();
        return Math.multiplyExact(grid, grid);
    }

    /// `local-side` of a method's section has to be whole patches and no larger than an image.
    public static void local(String section, int localSide, DataSection data, EncoderSection encoder) {
        String key = section + ".local-side";
        divisible(key, localSide, "encoder.patch", encoder.patch());
        if (localSide > data.side()) {
            throw RecipeException.value(key, localSide, "at most data.side, " + data.side(),
                    "Set " + key + " to about half of data.side.");
        }
    }

    private static String multiples(int value, int divisor) {
        int below = value / divisor * divisor;
        return below == 0 ? String.valueOf(divisor) : below + " or " + (below + divisor);
    }
}
