package dev.triptych.data.set;

/// What becomes of pictures that cannot be read. They are counted and listed in any case.
public enum BadImages {
    /// The first one is an error.
    STOP,
    /// They are left out while they are few, five or a tenth of a part, and not more than half; more are an error,
    /// since then the folder is not what somebody takes it for.
    FEW,
    /// They are left out.
    ALL;

    private static final int FEW_OF_ANY = 5;
    private static final int SHARE = 10;

    /// As `data.skip-bad` has it; null stands for [#FEW].
    public static BadImages of(Boolean skip) {
        return skip == null ? FEW : skip ? ALL : STOP;
    }

    /// Whether so many of them are an error.
    public boolean tooMany(long bad, long of) {
        return switch (this) {
            case STOP -> bad > 0;
            case FEW -> bad > Math.max(FEW_OF_ANY, of / SHARE) || 2 * bad > of;
            case ALL -> false;
        };
    }
}
