package dev.triptych.data.scene;

import dev.triptych.data.file.Planar;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.Arrays;

/// One generated picture: a patterned background and one to three objects, all of one shape and texture, each with
/// colours, place, size, rotation of its own. A pure function of (seed, index, side).
///
/// Lengths are in units of the side; the picture is the unit square, y down.
public final class Scene {
    /// Samples per pixel in each direction.
    private static final int SAMPLES = 4;
    private static final int MOST = 3;
    /// Smallest and largest size (diameter) where a scene has one, two or three objects.
    private static final float[][] SIZES = {{0.50f, 0.62f}, {0.44f, 0.54f}, {0.36f, 0.44f}};
    private static final int PLACING_TRIES = 40;
    /// How far the hue of the ground strays, in turns: neighbouring classes of six touch.
    private static final float HUE_SPREAD = 0.16f;

    private final Patch[] objects;
    private final SceneGround pattern;
    private final float[][] ground;
    private final float[] groundPhase = new float[6];
    private final float groundCos;
    private final float groundSin;

    /// An object: centre, radius, rotation, pattern and colours.
    private record Patch(SceneShape shape, SceneTexture texture, float x, float y, float radius, float cos, float sin,
            float textureCos, float textureSin, float period, float phaseX, float phaseY, float[][] colours) {
        boolean covers(float px, float py) {
            float dx = (px - x) / radius;
            float dy = (py - y) / radius;
            return dx * dx + dy * dy <= 1 && shape.contains(cos * dx + sin * dy, cos * dy - sin * dx);
        }

        float mix(float px, float py) {
            float dx = (px - x) / period;
            float dy = (py - y) / period;
            return texture.mix(textureCos * dx + textureSin * dy + phaseX, textureCos * dy - textureSin * dx + phaseY);
        }
    }

    /// Draws everything about scene `index` of a seed by lot, but what its class says.
    public Scene(long seed, int index, SceneGround pattern, float hue, SceneShape shape, SceneTexture texture) {
        this.pattern = pattern;
        var random = CounterRandom.of(seed, Stream.SCENE, index, 0);
        ground = SceneColours.background(random, hue, HUE_SPREAD);
        for (int k = 0; k < groundPhase.length; k++) {
            groundPhase[k] = random.uniform(0, 2 * (float) Math.PI);
        }
        double turn = random.uniform(0, 2 * (float) Math.PI);
        groundCos = (float) StrictMath.cos(turn);
        groundSin = (float) StrictMath.sin(turn);
        objects = new Patch[1 + random.below(MOST)];
        for (int k = 0; k < objects.length; k++) {
            objects[k] = place(random, shape, texture, k);
        }
    }

    /// Draws object k where it overlaps those before it least.
    private Patch place(CounterRandom random, SceneShape shape, SceneTexture texture, int k) {
        float[] sizes = SIZES[objects.length - 1];
        float radius = random.uniform(sizes[0], sizes[1]) / 2;
        float bestX = 0;
        float bestY = 0;
        float bestGap = Float.NEGATIVE_INFINITY;
        for (int t = 0; t < PLACING_TRIES && bestGap < 0; t++) {
            float x = random.uniform(radius, 1 - radius);
            float y = random.uniform(radius, 1 - radius);
            float gap = 0;
            for (int j = 0; j < k; j++) {
                float dx = x - objects[j].x;
                float dy = y - objects[j].y;
                gap = Math.min(gap, (float) Math.sqrt(dx * dx + dy * dy) - 0.95f * (radius + objects[j].radius));
            }
            if (gap > bestGap) {
                bestGap = gap;
                bestX = x;
                bestY = y;
            }
        }
        double turn = random.uniform(0, 2 * (float) Math.PI);
        double grain = random.uniform(0, 2 * (float) Math.PI);
        return new Patch(shape, texture, bestX, bestY, radius, (float) StrictMath.cos(turn),
                (float) StrictMath.sin(turn), (float) StrictMath.cos(grain), (float) StrictMath.sin(grain),
                random.uniform(0.17f, 0.21f), random.uniform(), random.uniform(),
                SceneColours.object(random, ground));
    }

    /// Draws pixels (planes R, G, B of side x side) and the number of the front-most object of most of each pixel's
    /// samples; either may be null.
    public void draw(int side, byte[] rgb, int rgbAt, byte[] mask, int maskAt) {
        float step = 1f / (side * SAMPLES);
        float[] sum = new float[3];
        int[] votes = new int[objects.length + 1];
        for (int row = 0; row < side; row++) {
            for (int column = 0; column < side; column++) {
                sum[0] = sum[1] = sum[2] = 0;
                Arrays.fill(votes, 0);
                for (int s = 0; s < SAMPLES * SAMPLES; s++) {
                    float x = (column * SAMPLES + s % SAMPLES + 0.5f) * step;
                    float y = (row * SAMPLES + s / SAMPLES + 0.5f) * step;
                    int front = front(x, y);
                    votes[front]++;
                    if (front > 0) {
                        add(sum, objects[front - 1].colours, objects[front - 1].mix(x, y));
                    }
                }
                if (votes[0] > 0) { // smooth: one sample per pixel is enough
                    float x = (column + 0.5f) / side;
                    float y = (row + 0.5f) / side;
                    float t = groundMix(x, y);
                    for (int c = 0; c < 3; c++) {
                        sum[c] += votes[0] * (ground[0][c] + t * (ground[1][c] - ground[0][c]));
                    }
                }
                int pixel = row * side + column;
                if (rgb != null) {
                    for (int c = 0; c < 3; c++) {
                        rgb[rgbAt + c * side * side + pixel] = Planar.toByte(sum[c] / (SAMPLES * SAMPLES));
                    }
                }
                if (mask != null) {
                    mask[maskAt + pixel] = (byte) most(votes);
                }
            }
        }
    }

    private int front(float x, float y) {
        for (int k = objects.length; k > 0; k--) {
            if (objects[k - 1].covers(x, y)) {
                return k;
            }
        }
        return 0;
    }

    private static void add(float[] sum, float[][] colours, float t) {
        for (int c = 0; c < 3; c++) {
            sum[c] += colours[0][c] + t * (colours[1][c] - colours[0][c]);
        }
    }

    private static int most(int[] votes) {
        int best = 0;
        for (int k = 1; k < votes.length; k++) {
            best = votes[k] > votes[best] ? k : best;
        }
        return best;
    }

    private float groundMix(float px, float py) {
        return pattern.mix(groundCos * px + groundSin * py, groundCos * py - groundSin * px, groundPhase);
    }
}
