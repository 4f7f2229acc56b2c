package dev.triptych.measure.segment;

import java.util.List;
import java.util.Map;

/// Patches as they are: mean and deviation of R, G and B, and the place in the picture as x, y, x^2, y^2, x y. What a
/// classifier makes of these needs no encoder.
record ColourPatches(String name) implements PatchSource {
    private static final int WIDTH = 11;

    @Override
    public Map<String, float[]> of(PictureWindows windows) {
        int grid = windows.grid();
        int patch = windows.patch();
        int side = windows.side();
        float[] rows = new float[windows.count() * grid * grid * WIDTH];
        float[] window = new float[3 * side * side];
        for (int w = 0; w < windows.count(); w++) {
            windows.scaled().square(windows.left(w), windows.top(w), side, window, 0);
            for (int n = 0; n < grid * grid; n++) {
                int at = (w * grid * grid + n) * WIDTH;
                int top = n / grid * patch;
                int left = n % grid * patch;
                for (int c = 0; c < 3; c++) {
                    double mean = 0;
                    double square = 0;
                    for (int p = 0; p < patch * patch; p++) {
                        double v = window[(c * side + top + p / patch) * side + left + p % patch];
                        mean += v / (patch * patch);
                        square += v * v / (patch * patch);
                    }
                    rows[at + c] = (float) mean;
                    rows[at + 3 + c] = (float) Math.sqrt(Math.max(0, square - mean * mean));
                }
                float y = (windows.top(w) + top + patch / 2f) / windows.scaled().height();
                float x = (windows.left(w) + left + patch / 2f) / windows.scaled().width();
                rows[at + 6] = x;
                rows[at + 7] = y;
                rows[at + 8] = x * x;
                rows[at + 9] = y * y;
                rows[at + 10] = x * y;
            }
        }
        return Map.of(name, rows);
    }

    @Override
    public List<String> names() {
        return List.of(name);
    }

    @Override
    public int width(String of) {
        return WIDTH;
    }
}
