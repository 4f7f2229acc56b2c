package dev.triptych.sorcen;

import dev.triptych.data.codes.CodeSet;
import dev.triptych.device.Session;
import dev.triptych.encoder.CodeSequences;
import dev.triptych.program.Program;
import java.util.function.LongConsumer;

/// How well masked codes of images that training never saw are predicted: masks drawn as in training, no dropout.
public final class MaskedCodes {
    private MaskedCodes() {
    }

    /// Percentage of masked cells whose most likely code is the true one, over one epoch of whole batches.
    ///
    /// @param session in which the program is bound and the weights are loaded
    /// @param predict what `SorcenPrograms.predict` gave for `batch` images
    /// @param seed of the masks
    /// @param did told how many more images are done, all but those that fill no batch
    public static double accuracy(Session session, SorcenPrograms programs, Program predict, int batch, CodeSet set,
            long seed, LongConsumer did) {
        var batches = new SorcenBatches(set, SorcenDraws.of(programs.recipe()).withBatch(batch), seed);
        var sizes = programs.model().settings().encoder();
        double right = 0;
        long all = 0;
        for (int step = 0; step < batches.order().stepsPerEpoch(); step++) {
            var images = batches.make(step, null);
            session.upload(predict.inputs().get("codes"), images.codes());
            CodeSequences.maskedInputs(images.codes(), images.masked(), images.kept(), sizes.cells(), sizes.codes())
                    .forEach((name, values) -> session.upload(predict.inputs().get(name), values));
            session.upload(predict.inputs().get("mask.weights"), images.weights());
            session.run(predict);
            int masked = 0;
            for (boolean cell : images.masked()) {
                masked += cell ? 1 : 0;
            }
            right += (double) session.value(programs.model().accuracy()) * masked;
            all += masked;
            did.accept(batch);
        }
        return 100 * right / all;
    }

    /// The protocol in words, for a report.
    public static String protocol() {
        return "share of masked cells whose most likely code is the true one; test images, masks drawn as in training, "
                + "no dropout";
    }
}
