package dev.triptych.data.scene;

/// Patterns of the background of generated scenes: how far a point takes the second of two tones instead of the first.
/// Coordinates run over the picture, turned by a random angle and shifted by random phases p (six angles).
public enum SceneGround {
    /// Soft blotches: a few bent waves across each other.
    BLOTCHES("blotched") {
        @Override
        public float mix(float x, float y, float[] p) {
            float bent = sin(9 * x + p[0] + 2 * sin(6 * y + p[1]));
            float crossing = sin(8 * y + 3 * x + p[2] + 2 * sin(5 * x + p[3]));
            return clip(0.5f + 0.35f * (bent + crossing));
        }
    },
    /// Parallel bands with soft edges, about five across the picture.
    BANDS("banded") {
        @Override
        public float mix(float x, float y, float[] p) {
            return clip(0.5f + 0.6f * sin(PERIODS * x + p[0]));
        }
    },
    /// Rings around a point in or near the picture.
    RIPPLES("rippled") {
        @Override
        public float mix(float x, float y, float[] p) {
            float a = x - 0.5f * sin(p[1]);
            float b = y - 0.5f * sin(p[2]);
            return clip(0.5f + 0.6f * sin(1.1f * PERIODS * (float) Math.sqrt(a * a + b * b) + p[0]));
        }
    },
    /// Two families of bands crossing at right angles.
    WEAVE("woven") {
        @Override
        public float mix(float x, float y, float[] p) {
            return clip(0.5f + 0.7f * sin(PERIODS * x + p[0]) * sin(PERIODS * y + p[1]));
        }
    },
    /// Grains: every cell of a fine grid has a tone of its own.
    SPECKLES("speckled") {
        @Override
        public float mix(float x, float y, float[] p) {
            int a = (int) Math.floor(14 * x + p[0]);
            int b = (int) Math.floor(14 * y + p[1]);
            float noise = 43758.547f * sin(12.9898f * a + 78.233f * b + p[2]);
            return noise - (float) Math.floor(noise);
        }
    },
    /// A slow passage from one tone to the other.
    SLOPE("sloping") {
        @Override
        public float mix(float x, float y, float[] p) {
            return clip(0.5f + 0.5f * sin(2.5f * x + p[0]));
        }
    };

    private static final float PERIODS = 32;

    private final String word;

    SceneGround(String word) {
        this.word = word;
    }

    /// Share of the second tone at a point, 0 to 1.
    public abstract float mix(float x, float y, float[] p);

    /// Adjective for class names.
    public String word() {
        return word;
    }

    private static float sin(float x) {
        return (float) StrictMath.sin(x);
    }

    private static float clip(float t) {
        return Math.max(0, Math.min(1, t));
    }
}
