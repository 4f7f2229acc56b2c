package dev.triptych.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.set.BadImages;
import dev.triptych.data.set.ImageSets;
import dev.triptych.data.set.PictureSet;
import dev.triptych.data.source.SourceOptions;
import dev.triptych.data.source.Sources;
import dev.triptych.device.Session;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.measure.feature.ImageEncoder;
import dev.triptych.method.Trained;
import dev.triptych.methods.Methods;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.sheet.Cell;
import dev.triptych.sheet.Colormap;
import dev.triptych.stellar.StellarPrograms;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pictures that are near by one token are shown with the place of **their** token that matched, not of the query's.
class NearestTokenTest {
    private static final int PICTURES = 40;
    private static final int SIDE = 16;
    private static final int QUERY = 3;
    private static final int K = 3;
    /// How far apart the slots' tokens stay, so that pictures differ more than slots.
    private static final float APART = 0.02f;

    /// At so low a temperature L tells tokens apart that are much alike.
    private final Recipe recipe = Methods.RECIPES
            .load("stellar-micro", List.of("stellar.spatial-temperature=0.0005")).recipe();

    @TempDir
    private Path folder;

    /// A run whose weights are the first ones, with tokens that are much alike.
    private static Trained run() {
        return (Trained) Proxy.newProxyInstance(Trained.class.getClassLoader(), new Class<?>[]{Trained.class},
                (proxy, method, arguments) -> {
                    if (!method.getName().equals("load")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    load((State) arguments[0], (Session) arguments[1]);
                    return null;
                });
    }

    private static void load(State state, Session session) {
        session.initialize(state, 1);
        Tensor tokens = state.parameter("sparse_tokens");
        float[] rows = session.download(tokens);
        int d = rows.length / K;
        for (int i = d; i < rows.length; i++) {
            rows[i] = rows[i % d] + APART * (rows[i] - rows[i % d]);
        }
        session.upload(tokens, rows);
    }

    private PictureSet pictures() throws IOException {
        var set = new PictureSet(SIDE);
        for (int i = 0; i < PICTURES; i++) {
            var image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
            for (int p = 0; p < SIDE * SIDE; p++) {
                image.setRGB(p % SIDE, p / SIDE, (p * (i + 1) + i * i * 31) * 7919 & 0xFFFFFF);
            }
            Path file = folder.resolve("p%02d.png".formatted(i));
            ImageIO.write(image, "png", file.toFile());
            set.add(file.getFileName().toString(), ImageDecoder.standard().decode(file));
        }
        return set;
    }

    @Test
    void theTokenThatMatchedIsShownInItsPlace() throws IOException {
        var set = pictures();
        var programs = new StellarPrograms(recipe);
        var evaluation = programs.evaluate(PICTURES);
        float[][] sparse = new float[PICTURES][];
        float[][] places = new float[PICTURES][];
        try (var session = new PlainDevice().bind(programs.state(), evaluation.program())) {
            load(programs.state(), session);
            var encoder = new ImageEncoder(session, evaluation);
            encoder.encode(set, List.of(), batch -> {
                split(encoder.value(evaluation.values().sparse()), sparse);
                split(encoder.value(evaluation.values().localization()), places);
            });
        }
        int others = 0;
        for (int token = 0; token < K; token++) {
            for (var found : found(set, token)) {
                int i = Integer.parseInt(found.file().substring(1, 3));
                int match = 0;
                for (int t = 1; t < K; t++) {
                    match = cosine(sparse[QUERY], token, sparse[i], t) > cosine(sparse[QUERY], token, sparse[i], match)
                            ? t
                            : match;
                }
                assertEquals(cosine(sparse[QUERY], token, sparse[i], match), found.closeness(), 1e-5);
                float[] expected = levels(heat(set, i, places[i], match));
                others += Arrays.equals(expected, levels(heat(set, i, places[i], token))) ? 0 : 1;
                assertArrayEquals(expected, levels(found.cell()), 2f, found.file() + ", token " + match);
            }
        }
        assertTrue(others > 10, others + " pictures whose token is another than the query's, and looks otherwise");
    }

    private static void split(float[] all, float[][] rows) {
        int each = all.length / rows.length;
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(all, i * each, (i + 1) * each);
        }
    }

    private List<NearestPictures.Found> found(PictureSet set, int token) throws IOException {
        var nearest = new NearestPictures(run(), new StellarPrograms(recipe), Nearness.TOKEN, token, PICTURES);
        var query = new PictureSet(SIDE);
        query.add("query", ImageDecoder.standard().decode(folder.resolve("p%02d.png".formatted(QUERY))));
        assertEquals(PICTURES, set.size());
        try (var source = Sources.whole(folder, SourceOptions.AUTO); var device = new PlainDevice()) {
            return nearest
                    .find(query, source, ImageSets.limited(ImageDecoder.standard()), BadImages.STOP, device, more -> {
                    }, refused -> {
                    }).getFirst().found();
        }
    }

    private static double cosine(float[] a, int s, float[] b, int t) {
        int d = a.length / K;
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int j = 0; j < d; j++) {
            dot += (double) a[s * d + j] * b[t * d + j];
            aa += (double) a[s * d + j] * a[s * d + j];
            bb += (double) b[t * d + j] * b[t * d + j];
        }
        return dot / Math.sqrt(aa * bb);
    }

    /// A picture under a column of L, from 1/K to the largest value of its L.
    private static Cell heat(PictureSet set, int i, float[] l, int token) {
        float[] pixels = new float[3 * SIDE * SIDE];
        set.images(new int[]{i}, pixels, 0);
        float[] map = new float[l.length / K];
        for (int n = 0; n < map.length; n++) {
            map[n] = l[n * K + token];
        }
        float peak = 0;
        for (float value : l) {
            peak = Math.max(peak, value);
        }
        int grid = (int) Math.sqrt(map.length);
        return Cell.image(pixels, 0, SIDE, SIDE).heat(map, grid, grid, 1.0 / K, peak, Colormap.VIRIDIS);
    }

    /// Red, green and blue of each pixel, 0 to 255.
    private static float[] levels(Cell cell) {
        float[] levels = new float[3 * cell.rgb().length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = cell.rgb()[i / 3] >> 8 * (2 - i % 3) & 0xff;
        }
        return levels;
    }
}
