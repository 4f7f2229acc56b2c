package dev.triptych.data.file;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Decodes files within a limit of time, whatever they hold: each on a thread of its own, which is left behind when its
/// time is over. A thread cannot be stopped from outside, so what was left behind may go on until the program ends;
/// the decoder's limits of pixels and bytes bound what it can use.
///
/// @param decoder with its limits of pixels and bytes
/// @param time of a processor for one file; by the clock it may take twelve times as long, on a busy machine
public record LimitedDecoder(ImageDecoder decoder, Duration time) {
    private static final int WAITING = 12;
    private static final int POLL_MILLISECONDS = 50;
    private static final String REMEDY = "Remove the file; `images` can raise the limit (--max-seconds), training "
            + "leaves it out with data.skip-bad=true";

    /// What was read of a file.
    ///
    /// @param format the name of its format, told by its first bytes; null where the file was not read so far
    /// @param image the decoded image; null where it was refused
    /// @param refusal why it was refused; null where it was not
    public record Outcome(String format, RgbImage image, ImageException refusal) {
    }

    /// Reads and decodes a file. Never throws for what the file is.
    public Outcome decode(Path file) {
        return decode(file, () -> decoder.read(file));
    }

    /// Decodes the content of a file that lies anywhere. Never throws for what it is.
    ///
    /// @param name for messages
    public Outcome decode(Object name, byte[] data) {
        return decode(name, () -> data);
    }

    private Outcome decode(Object file, Supplier<byte[]> reading) {
        var format = new String[1];
        try {
            return within(file, () -> {
                byte[] data = reading.get();
                var kind = ImageKind.of(data);
                synchronized (format) {
                    format[0] = kind == ImageKind.UNKNOWN ? null : kind.name();
                }
                return new Outcome(kind.name(), decoder.decode(data, file), null);
            });
        } catch (ImageException e) {
            synchronized (format) {
                return new Outcome(format[0], null, e);
            }
        }
    }

    /// Runs work on another thread, for as long as is allowed.
    private Outcome within(Object file, Callable<Outcome> work) {
        var task = new FutureTask<>(work);
        var thread = Thread.ofPlatform().daemon().name("decode " + file).start(task);
        long begun = System.nanoTime();
        try {
            while (true) {
                try {
                    return task.get(POLL_MILLISECONDS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    if (cpuNanos(thread) > time.toNanos()
                            || System.nanoTime() - begun > WAITING * time.toNanos()) {
                        task.cancel(true);
                        throw new ImageException(Refusal.TOO_SLOW, file,
                                "decoding it takes longer than " + time.toMillis() / 1000.0 + " s", REMEDY, e);
                    }
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ImageException refused) {
                throw refused;
            }
            throw new ImageException(Refusal.UNDECODABLE, file, "its decoder fails (" + e.getCause() + ")",
                    "Replace or remove the file", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImageException(Refusal.TOO_SLOW, file, "decoding it was interrupted", "Try again", e);
        }
    }

    private static long cpuNanos(Thread thread) {
        var threads = ManagementFactory.getThreadMXBean();
        return threads.isThreadCpuTimeSupported() ? threads.getThreadCpuTime(thread.threadId()) : 0;
    }
}
