package dev.triptych.embed;

import dev.triptych.data.source.EntryDecoder;
import dev.triptych.data.source.Source;
import dev.triptych.device.Session;
import dev.triptych.method.Evaluation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Pictures of a source through an encoder, batch by batch: the next one is read and decoded while one is encoded.
///
/// @param skipBad whether pictures that cannot be read are handed on with their reason, or end all
record PictureStream(Source source, EntryDecoder decoder, Evaluation<?> evaluation, boolean skipBad) {
    /// Sees a batch while the session holds what was made of it.
    @FunctionalInterface
    interface Visitor {
        /// Takes the pictures in order; those that were read lie in the batch one after the other.
        void visit(List<PictureFeed.Picture> pictures) throws IOException;
    }

    /// Encodes all pictures behind the first `skipped`.
    ///
    /// @param session in which the program is bound and weights are loaded
    /// @throws dev.triptych.data.file.ImageException for the first picture that cannot be read, unless these are
    ///         skipped
    void each(Session session, long skipped, Visitor visitor) throws IOException {
        int side = evaluation.input().side(2);
        float[] images = new float[evaluation.input().count()];
        int one = images.length / evaluation.batch();
        try (var feed = new PictureFeed(source, decoder, side);
                var reader = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory())) {
            feed.skip(skipped);
            Callable<List<PictureFeed.Picture>> read = () -> feed.next(evaluation.batch());
            var next = reader.submit(read);
            for (var pictures = get(next); !pictures.isEmpty(); pictures = get(next)) {
                next = reader.submit(read);
                int count = 0;
                for (var picture : pictures) {
                    if (picture.pixels() != null) {
                        PictureFeed.fill(picture, images, one * count++);
                    } else if (!skipBad) {
                        throw picture.refusal(); // the reader ends before the walk closes
                    }
                }
                Arrays.fill(images, one * count, images.length, 0f);
                session.upload(evaluation.input(), images);
                session.run(evaluation.program());
                visitor.visit(pictures);
            }
        }
    }

    private static <T> T get(Future<T> future) throws IOException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException runtime -> throw runtime;
                default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while pictures were read", e);
        }
    }
}
