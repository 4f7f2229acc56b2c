package dev.triptych.recipe;

/// Checks that several records share.
final class Checks {
    private Checks() {
    }

    /// `value` of `key` has to be a multiple of `divisor` of `divisorKey`; keys are relative to the same record.
    static void divisible(String key, int value, String divisorKey, int divisor) {
        if (value % divisor != 0) {
            throw RecipeException.value(key, value, "a multiple of " + divisorKey + ", " + divisor,
                    "Set " + key + " to " + multiples(value, divisor) + ", or change " + divisorKey + ".");
        }
    }

    private static String multiples(int value, int divisor) {
        int below = value / divisor * divisor;
        return below == 0 ? String.valueOf(divisor) : below + " or " + (below + divisor);
    }
}
