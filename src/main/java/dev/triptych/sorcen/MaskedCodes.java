package dev.triptych.sorcen;

import dev.triptych.data.codes.CodeSet;
import dev.triptych.device.Session;
import java.util.function.LongConsumer;

/// How well masked codes of images that training never saw are predicted: masks drawn as in training, no dropout.
public final class MaskedCodes {
    private MaskedCodes() {
    }

    /// Percentage of masked cells whose most likely code is the true one, over one epoch of whole batches.
    ///
    /// @param session in which the program is bound and the weights are loaded
    /// @param predict of a batch of images
    /// @param seed of the masks
    /// @param did told how many more images are done, all but those that fill no batch
    public static double accuracy(Session session, SorcenPrograms programs, SorcenPrograms.Prediction predict,
            CodeSet set, long seed, LongConsumer did) {
        int batch = predict.inputs().weights().side(0);
        var batches = new SorcenBatches(set, programs.recipe(), batch, seed);
        double right = 0;
        long all = 0;
        for (int step = 0; step < batches.order().stepsPerEpoch(); step++) {
            var images = batches.make(step, null);
            SorcenTask.upload(session, predict.inputs(), images);
            session.run(predict.program());
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
