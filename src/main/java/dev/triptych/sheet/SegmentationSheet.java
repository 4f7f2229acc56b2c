package dev.triptych.sheet;

import dev.triptych.data.file.RgbImage;
import dev.triptych.data.set.SegmentationSet;
import dev.triptych.measure.segment.ClassSegmentation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The sheet of a segmentation: each row a picture, its true classes and what was read from it, laid over it in
/// colours; below, the colours' names. Keeps a few pictures of a set, small.
public final class SegmentationSheet implements Consumer<ClassSegmentation.Judged> {
    private static final int ROWS = 8;
    private static final int LONGEST = 320;
    private static final double OPACITY = 0.6;
    private static final int GROUND = 0x404040;
    private static final int CELL = 96;
    private static final int SWATCH_HEIGHT = 2;
    private static final int SWATCH_WIDTH = 8;
    private static final int MOST_NAMES = 60;

    private final SegmentationSet test;
    private final boolean images;
    private final Set<Integer> shown;
    private final Set<Integer> used = new java.util.TreeSet<>();
    private final List<Sheet.Row> rows = new ArrayList<>();
    private final Set<String> sources = new LinkedHashSet<>();
    private int seen;

    /// @param test pictures, as they will come
    /// @param images whether the pictures themselves are shown
    public SegmentationSheet(SegmentationSet test, boolean images) {
        this.test = test;
        this.images = images;
        int count = Math.min(ROWS, test.size());
        this.shown = IntStream.range(0, count).map(i -> (int) ((long) i * test.size() / count)).boxed()
                .collect(Collectors.toCollection(HashSet::new));
    }

    @Override
    public void accept(ClassSegmentation.Judged judged) {
        if (!shown.contains(seen++)) {
            return;
        }
        RgbImage picture = judged.sample().picture();
        int step = (Math.max(picture.width(), picture.height()) + LONGEST - 1) / LONGEST;
        int height = (picture.height() + step - 1) / step;
        int width = (picture.width() + step - 1) / step;
        int[] from = new int[height * width];
        for (int p = 0; p < from.length; p++) {
            from[p] = p / width * step * picture.width() + p % width * step;
        }
        Cell image = images ? cell(picture, from, height, width) : Cell.plain(height, width, GROUND);
        var cells = new ArrayList<Cell>();
        if (images) {
            cells.add(image);
        }
        cells.add(over(image, judged.sample().labels(), from));
        judged.predicted().forEach((name, map) -> {
            if (ClassSegmentation.shown(name)) {
                sources.add(name);
                cells.add(over(image, map, from));
            }
        });
        rows.add(new Sheet.Row("", cells));
    }

    private static Cell cell(RgbImage picture, int[] from, int height, int width) {
        int plane = picture.width() * picture.height();
        int[] rgb = new int[from.length];
        for (int p = 0; p < rgb.length; p++) {
            for (int c = 0; c < 3; c++) {
                rgb[p] = rgb[p] << 8 | picture.planes()[c * plane + from[p]] & 0xFF;
            }
        }
        return new Cell(height, width, rgb);
    }

    private Cell over(Cell image, int[] classes, int[] from) {
        int[] map = IntStream.of(from).map(p -> classes[p]).toArray();
        IntStream.of(map).filter(c -> c >= 0).forEach(used::add);
        return image.segments(map, image.height(), image.width(), OPACITY);
    }

    /// The sheet.
    public Sheet sheet(String title) {
        var captions = new ArrayList<>(List.of("truth"));
        if (images) {
            captions.addFirst("picture");
        }
        sources.forEach(name -> captions.add("from " + name));
        var all = new ArrayList<>(rows);
        var names = used.stream().limit(MOST_NAMES).toList();
        for (int i = 0; i < names.size(); i += captions.size()) {
            var some = names.subList(i, Math.min(names.size(), i + captions.size()));
            all.add(new Sheet.Row("", some.stream()
                    .map(c -> Cell.plain(SWATCH_HEIGHT, SWATCH_WIDTH, Cell.segmentColour(c))).toList(),
                    some.stream().map(c -> c < test.classes().size() ? test.classes().get(c) : "class " + c).toList()));
        }
        return new Sheet(title, captions, all,
                "Test pictures at their own size, shown smaller. Without colour: pixels that "
                        + "do not count.",
                CELL);
    }
}
