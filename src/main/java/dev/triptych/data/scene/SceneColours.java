package dev.triptych.data.scene;

import dev.triptych.random.CounterRandom;

/// Colours (r, g, b in [0,1]) of one scene: two related ones for the background, two contrasting ones per object.
final class SceneColours {
    private static final int TRIES = 60;
    private static final float FAR = 0.5f;

    private SceneColours() {
    }

    /// Any colour that is neither very dark nor very pale.
    static float[] any(CounterRandom random) {
        return fromHsv(random.uniform(), random.uniform(0.25f, 1f), random.uniform(0.3f, 1f));
    }

    /// Two neighbouring muted colours around a hue (in turns), half of `spread` to either side.
    static float[][] background(CounterRandom random, float around, float spread) {
        float hue = around + spread * (random.uniform() - 0.5f);
        float saturation = random.uniform(0.3f, 0.8f);
        float value = random.uniform(0.25f, 0.85f);
        float other = value + random.uniform(0.22f, 0.34f) * (value > 0.55f ? -1 : 1);
        return new float[][]{fromHsv(hue, saturation, value),
                fromHsv(hue + random.uniform(-0.05f, 0.05f), saturation, other)};
    }

    /// Two colours far from each other and from both of the background: the best of some draws.
    static float[][] object(CounterRandom random, float[][] background) {
        float[][] best = null;
        float bestDistance = -1;
        for (int t = 0; t < TRIES && bestDistance < FAR; t++) {
            float[] a = any(random);
            float[] b = any(random);
            float distance = distance(a, b);
            for (float[] back : background) {
                distance = Math.min(distance, Math.min(distance(a, back), distance(b, back)));
            }
            if (distance > bestDistance) {
                bestDistance = distance;
                best = new float[][]{a, b};
            }
        }
        return best;
    }

    private static float distance(float[] a, float[] b) {
        float dr = a[0] - b[0];
        float dg = a[1] - b[1];
        float db = a[2] - b[2];
        return (float) Math.sqrt(dr * dr + dg * dg + db * db);
    }

    private static float[] fromHsv(float hue, float saturation, float value) {
        float[] colour = new float[3];
        for (int c = 0; c < 3; c++) {
            float k = (5 - 2 * c + 6 * (hue + 1)) % 6;
            float t = Math.max(0, Math.min(1, Math.min(k, 4 - k)));
            colour[c] = value - value * saturation * t;
        }
        return colour;
    }
}
