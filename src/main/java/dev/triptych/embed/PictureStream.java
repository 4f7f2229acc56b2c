package dev.triptych.embed;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.set.BadImages;
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
/// @param bad what becomes of pictures that cannot be read: they are handed on with their reason, or end all
record PictureStream(Source source, EntryDecoder decoder, Evaluation<?> evaluation, BadImages bad) {
    /// Sees a batch while the session holds what was made of it.
    @FunctionalInterface
    interface Visitor {
        /// Takes the pictures in order; those that were read lie in the batch one after the other.
        void visit(List<PictureFeed.Picture> pictures) throws IOException;
    }

    /// Encodes all pictures behind the first `skipped`.
    ///
    /// @param session in which the program is bound and weights are loaded
    /// @param refused of the skipped ones
    /// @throws ImageException where more pictures than are allowed cannot be read
    void each(Session session, long skipped, long refused, Visitor visitor) throws IOException {
        long all = source.pictures();
        long unread = refused;
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
                    } else if (bad.tooMany(++unread, all)) {
                        throw tooMany(picture.refusal(), unread, all); // the reader ends before the walk closes
                    }
                }
                Arrays.fill(images, one * count, images.length, 0f);
                session.upload(evaluation.input(), images);
                session.run(evaluation.program());
                visitor.visit(pictures);
            }
        }
    }

    private ImageException tooMany(ImageException last, long unread, long all) {
        return bad == BadImages.STOP
                ? last
                : new ImageException(source.origin(), unread + " of " + all + " pictures cannot be read so far, the "
                        + "last: " + last.getMessage(),
                        "`triptych images " + source.origin()
                                + "` lists them all. If they are to be left out: --skip-bad");
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
