package dev.triptych.sheet;

/// Perceptually uniform colour scales of matplotlib (Smith & van der Walt, CC0), ten samples each, linear in between.
public enum Colormap {
    /// Dark violet over green to yellow.
    VIRIDIS(0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b, 0xfde725),
    /// Black over purple and orange to cream.
    MAGMA(0x000004, 0x180f3d, 0x440f76, 0x721f81, 0x9e2f7f, 0xcd4071, 0xf1605d, 0xfd9668, 0xfeca8d, 0xfcfdbf);

    private final int[] samples;

    Colormap(int... samples) {
        this.samples = samples;
    }

    /// The colour 0xRRGGBB of a value in [0, 1]; values outside are clamped, NaN counts as 0.
    public int at(double value) {
        double place = (value > 0 ? Math.min(value, 1) : 0) * (samples.length - 1);
        int below = Math.min((int) place, samples.length - 2);
        return mix(samples[below], samples[below + 1], place - below);
    }

    /// The colour that is `share` of the way from `from` to `to`, each 0xRRGGBB, share in [0, 1].
    static int mix(int from, int to, double share) {
        int mixed = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int a = from >> shift & 255;
            int b = to >> shift & 255;
            mixed |= (int) Math.round(a + share * (b - a)) << shift;
        }
        return mixed;
    }
}
