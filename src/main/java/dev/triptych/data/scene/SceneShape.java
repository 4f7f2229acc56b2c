package dev.triptych.data.scene;

/// Outlines of the objects in generated scenes. Each is a set of points (u, v) inside the unit disc: u to the right,
/// v down, before the object's rotation.
public enum SceneShape {
    /// The whole unit disc.
    DISC("disc") {
        @Override
        public boolean contains(float u, float v) {
            return u * u + v * v <= 1;
        }
    },
    /// An upright square.
    SQUARE("square") {
        @Override
        public boolean contains(float u, float v) {
            return Math.abs(u) <= 0.8f && Math.abs(v) <= 0.8f;
        }
    },
    /// An equilateral triangle on its base.
    TRIANGLE("triangle") {
        @Override
        public boolean contains(float u, float v) {
            return v <= 0.55f && 1.732f * Math.abs(u) - v <= 1.05f;
        }
    },
    /// Two crossed bars.
    CROSS("cross") {
        @Override
        public boolean contains(float u, float v) {
            float a = Math.abs(u);
            float b = Math.abs(v);
            return Math.max(a, b) <= 0.95f && Math.min(a, b) <= 0.34f;
        }
    },
    /// A disc with a round hole.
    RING("ring") {
        @Override
        public boolean contains(float u, float v) {
            float r = u * u + v * v;
            return r <= 1 && r >= 0.5f * 0.5f;
        }
    },
    /// A five-pointed star.
    STAR("star") {
        @Override
        public boolean contains(float u, float v) {
            // Inside at least four of the five half-planes that the star's lines bound.
            int inside = 0;
            for (int k = 0; k < 5; k++) {
                inside += u * STAR_X[k] + v * STAR_Y[k] <= 0.382f ? 1 : 0;
            }
            return inside >= 4;
        }
    },
    /// A disc out of which another disc was cut.
    CRESCENT("crescent") {
        @Override
        public boolean contains(float u, float v) {
            float d = u - 0.55f;
            return u * u + v * v <= 1 && d * d + v * v >= 0.62f * 0.62f;
        }
    };

    /// Normals of the star's five lines, every 72 degrees; each line lies cos(72)/cos(36) = 0.382 from the centre.
    private static final float[] STAR_X = {0, 0.9510565f, 0.5877853f, -0.5877853f, -0.9510565f};
    private static final float[] STAR_Y = {1, 0.309017f, -0.809017f, -0.809017f, 0.309017f};

    private final String word;

    SceneShape(String word) {
        this.word = word;
    }

    /// Whether the point belongs to the shape.
    public abstract boolean contains(float u, float v);

    /// Noun for class names.
    public String word() {
        return word;
    }
}
