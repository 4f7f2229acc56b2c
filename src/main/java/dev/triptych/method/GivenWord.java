package dev.triptych.method;

/// A `key=value` that was given, with the messages for values that do not fit.
///
/// @param text as it was given
/// @param key what is before the sign
/// @param value what is behind it; empty without a sign
public record GivenWord(String text, String key, String value) {
    /// Takes a word apart.
    public static GivenWord of(String text) {
        String[] parts = text.split("=", 2);
        return new GivenWord(text, parts[0], parts.length == 2 ? parts[1] : "");
    }

    /// A whole number of `least` to `most`.
    ///
    /// @throws InputException if it is none
    public long whole(long least, long most) {
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new InputException("'" + text + "': expected a whole number of " + least + " to " + most
                + ". Change the value.");
    }

    /// A number of 0 to `most`.
    ///
    /// @throws InputException if it is none
    public double number(int most) {
        try {
            double number = Double.parseDouble(value);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new InputException("'" + text + "': expected a number of 0 to " + most + ". Change the value.");
    }
}
