package dev.triptych.measure.segment;

import dev.triptych.measure.feature.ImageEncoder;
import dev.triptych.program.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Patches as an encoder sees them.
///
/// @param encoder of windows
/// @param values of its program by the names they are to have
record EncodedPatches(ImageEncoder encoder, Map<String, Tensor> values) implements PatchSource {
    @Override
    public Map<String, float[]> of(PictureWindows windows) {
        int side = windows.side();
        int batch = encoder.batch();
        int numbers = 3 * side * side;
        var all = new LinkedHashMap<String, float[]>();
        int patches = windows.grid() * windows.grid();
        names().forEach(name -> all.put(name, new float[Math.multiplyExact(windows.count() * patches, width(name))]));
        float[] images = new float[batch * numbers];
        for (int first = 0; first < windows.count(); first += batch) {
            int count = Math.min(batch, windows.count() - first);
            for (int i = 0; i < count; i++) {
                windows.scaled().square(windows.left(first + i), windows.top(first + i), side, images, i * numbers);
            }
            Arrays.fill(images, count * numbers, images.length, 0f);
            encoder.run(images);
            for (String name : names()) {
                int each = patches * width(name);
                System.arraycopy(encoder.value(values.get(name)), 0, all.get(name), first * each, count * each);
            }
        }
        return all;
    }

    @Override
    public List<String> names() {
        return List.copyOf(values.keySet());
    }

    @Override
    public int width(String name) {
        return values.get(name).columns();
    }
}
