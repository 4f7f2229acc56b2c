package dev.triptych.triptych;

import dev.triptych.data.set.ImageSet;
import dev.triptych.device.Session;
import dev.triptych.measure.picture.Psnr;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.method.EvaluationReport.Figure;
import dev.triptych.method.Trained;
import dev.triptych.method.Workplace;
import dev.triptych.tokens.LowRankFeatures;
import dev.triptych.tokens.Painter;
import dev.triptych.tokens.TokenDecoding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The rate-distortion curve (section 7): S read back linearly from the first bits of its own messages, decoded with
/// the picture's own L; bits a picture against PSNR. The place of tokens, L, is not counted in the bits.
///
/// @param painter the trained encoder, and what its decoder paints
/// @param values that it computes, the messages' logits among them
record RateDistortion(Painter painter, TriptychFeatures values) {
    private static final String ITSELF = "S itself";
    private static final String MEAN = "mean of S";

    /// Figures at a quarter, at half and at all of the bits, each beside what S itself and what its mean decode to.
    ///
    /// @param run whose decoder decodes
    /// @param train pictures whose tokens the map is learnt from
    /// @param test pictures that are decoded
    List<Figure> figures(Trained run, TriptychPrograms programs, ImageSet train, ImageSet test, Workplace place)
            throws IOException {
        EvaluationProgress progress = place.progress();
        progress.expect(2);
        LowRankFeatures parts = values.parts();
        int tokens = parts.tokens();
        int bits = values.tokens().columns();
        var back = new BitReadback(bits, parts.sparse().columns());
        var encoder = painter.encoder();
        progress.begin("messages that S is read back from, images", train.size());
        encoder.encode(train, List.of(), batch -> {
            back.learn(encoder.value(values.tokens()), encoder.value(parts.sparse()), batch.count() * tokens);
            progress.did(batch.count());
        });
        var maps = new LinkedHashMap<String, double[]>();
        maps.put(MEAN, back.map(0));
        IntStream.of(bits / 4, bits / 2, bits).filter(used -> used > 0).distinct()
                .forEach(used -> maps.put(name(used * tokens), back.map(used)));
        Map<String, Double> psnr = decoded(run, programs, test, back, maps, place);
        var figures = new ArrayList<Figure>();
        psnr.forEach((name, value) -> {
            if (!name.equals(ITSELF) && !name.equals(MEAN)) {
                figures.add(new Figure(name, value, "dB", "tokens S read back linearly (least squares on training "
                        + "images) from the first bits of their own messages, decoded with the picture's own L, which "
                        + "no bit counts; " + Psnr.protocol(),
                        Map.of(ITSELF, psnr.get(ITSELF), MEAN, psnr.get(MEAN))));
            }
        });
        return figures;
    }

    private static String name(int bits) {
        return "PSNR from " + bits + " bits of S a picture";
    }

    private Map<String, Double> decoded(Trained run, TriptychPrograms programs, ImageSet test, BitReadback back,
            Map<String, double[]> maps, Workplace place) throws IOException {
        LowRankFeatures parts = values.parts();
        var encoder = painter.encoder();
        TokenDecoding decoding = programs.edit(encoder.batch());
        var sums = new LinkedHashMap<String, Double>();
        int rows = encoder.batch() * parts.tokens();
        place.progress().begin("pictures from bits, images", test.size());
        try (Session session = place.device().bind(programs.state(), decoding.program())) {
            run.load(programs.state(), session);
            encoder.encode(test, List.of(), batch -> {
                session.upload(decoding.localization(), encoder.value(parts.localization()));
                add(sums, ITSELF, session, decoding, encoder.value(parts.sparse()), batch.images(), batch.count());
                float[] logits = encoder.value(values.tokens());
                maps.forEach((name, map) -> add(sums, name, session, decoding, back.read(map, logits, rows),
                        batch.images(), batch.count()));
                place.progress().did(batch.count());
            });
        }
        sums.replaceAll((name, sum) -> sum / test.size());
        return sums;
    }

    private void add(Map<String, Double> sums, String name, Session session, TokenDecoding decoding, float[] sparse,
            float[] images, int count) {
        session.upload(decoding.sparse(), sparse);
        session.run(decoding.program());
        int batch = decoding.sparse().side(0);
        float[] painted = painter.painted(session.download(decoding.prediction()), decoding.prediction(), batch);
        sums.merge(name, Psnr.sum(images, painted, count, painted.length / batch), Double::sum);
    }
}
