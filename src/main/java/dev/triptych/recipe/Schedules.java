package dev.triptych.recipe;

/// Schedules over the steps or epochs of training, in double. Steps t count from 0, T is their number, W of them are
/// warm-up.
public final class Schedules {
    private Schedules() {
    }

    /// Linear warm-up with both ends included, base t/(W-1) for t < W, then a cosine from base to min:
    /// min + (base - min) (1 + cos(pi (t-W)/(T-W)))/2. Steps W-1 and W both have the base value.
    public static double linspaceWarmup(long t, long w, long steps, double base, double min) {
        require(t, w, steps);
        if (t < w) {
            return w == 1 ? 0 : base * t / (w - 1);
        }
        return cosine(base, min, t - w, steps - w);
    }

    /// Linear warm-up base t/W for t < W, then the cosine of [#linspaceWarmup].
    public static double fractionWarmup(long t, long w, long steps, double base, double min) {
        require(t, w, steps);
        return t < w ? base * t / w : cosine(base, min, t - w, steps - w);
    }

    /// A half cosine from start (t = 0) to end (t = T): end + (start - end) (1 + cos(pi t/T))/2. The form of weight
    /// decay and of a teacher's momentum. With T = 0 it is end.
    public static double cosine(double start, double end, double t, double total) {
        if (!(t >= 0 && t <= total)) {
            throw new IllegalArgumentException("t is " + t + "; expected 0 to " + total + ". Count steps from 0.");
        }
        return total == 0 ? end : end + 0.5 * (start - end) * (1 + Math.cos(Math.PI * t / total));
    }

    /// The rate at a fractional epoch e (step over steps per epoch) of E: base e/We below the We warm-up epochs, then a
    /// cosine to min.
    public static double epochRate(double e, double warmup, double epochs, double base, double min) {
        return e < warmup ? base * e / warmup : cosine(base, min, e - warmup, epochs - warmup);
    }

    /// A momentum that changes once per epoch: 1 - (1 - start) (1 + cos(pi floor(e)/E))/2.
    public static double epochMomentum(double e, double epochs, double start) {
        return cosine(start, 1, Math.floor(e), epochs);
    }

    private static void require(long t, long w, long steps) {
        if (t < 0 || t > steps || w < 0 || w > steps) {
            throw new IllegalArgumentException("step " + t + " of " + steps + " with " + w
                    + " of warm-up; expected 0 <= step <= steps and 0 <= warm-up <= steps. Count steps from 0.");
        }
    }
}
