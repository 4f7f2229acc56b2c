package dev.triptych.data.scene;

/// Surface patterns of generated scenes: how far a point takes the second of two colours instead of the first.
/// Coordinates are in periods of the pattern.
public enum SceneTexture {
    /// The first colour only.
    SOLID("solid") {
        @Override
        public float mix(float x, float y) {
            return 0;
        }
    },
    /// A smooth passage from the first colour to the second, two periods long and mirrored.
    GRADIENT("shaded") {
        @Override
        public float mix(float x, float y) {
            float t = fraction(x / 4);
            return 2 * Math.min(t, 1 - t);
        }
    },
    /// Straight bands of equal width.
    STRIPES("striped") {
        @Override
        public float mix(float x, float y) {
            return fraction(x) < 0.5f ? 0 : 1;
        }
    },
    /// A chess board of half a period per field.
    CHECKS("checked") {
        @Override
        public float mix(float x, float y) {
            return fraction(x) < 0.5f == fraction(y) < 0.5f ? 0 : 1;
        }
    },
    /// Round dots on a square grid.
    DOTS("dotted") {
        @Override
        public float mix(float x, float y) {
            float a = fraction(x) - 0.5f;
            float b = fraction(y) - 0.5f;
            return a * a + b * b < 0.36f * 0.36f ? 1 : 0;
        }
    };

    private final String word;

    SceneTexture(String word) {
        this.word = word;
    }

    /// Share of the second colour at a point, 0 to 1.
    public abstract float mix(float x, float y);

    /// Adjective for class names.
    public String word() {
        return word;
    }

    private static float fraction(float x) {
        return x - (float) Math.floor(x);
    }
}
