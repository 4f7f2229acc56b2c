package dev.triptych.bench;

import dev.triptych.embed.CodeIndex;
import dev.triptych.embed.CodeScan;
import dev.triptych.measure.time.Timing;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// An index of codes beside the scan of all of them: made-up codes around centres, as those of like pictures lie.
public final class IndexBench {
    private static final int NEAREST = 10;
    private static final double FLIPPED = 0.15;
    private static final int EACH = 1000;

    /// What was measured.
    ///
    /// @param graphs that the index is made of
    /// @param build until the index is whole
    /// @param bytes of its files
    /// @param recall share of the ten nearest that are as near as those of the scan
    /// @param indexQueries a second of a thread's processor time
    /// @param scanQueries the same of the scan
    /// @param peakBytes the process's largest resident memory; -1 where the system does not tell
    public record Result(int codes, int bits, int least, int graphs, Took build, long bytes, double recall,
            double indexQueries, double scanQueries, long peakBytes) {
    }

    /// How long something took.
    ///
    /// @param cpuSeconds processor time of all threads of the process
    public record Took(double seconds, double cpuSeconds) {
    }

    private IndexBench() {
    }

    /// Makes codes and an index of them in a folder that is removed again, and asks both the same.
    ///
    /// @param least how wide the graph is searched
    /// @param merge whether the index is one graph
    public static Result measure(int codes, int bits, int queries, int least, boolean merge, Path folder)
            throws IOException {
        int bytes = bits / Byte.SIZE;
        var random = new SplittableRandom(1);
        byte[] centres = new byte[Math.max(1, codes / EACH) * bytes];
        random.nextBytes(centres);
        byte[] all = near(centres, codes, bytes, random);
        byte[] asked = near(centres, queries, bytes, random);
        long begun = System.nanoTime();
        long cpu = Timing.cpuNanos();
        try (var index = new CodeIndex.Builder(folder, bytes, merge)) {
            for (int i = 0; i < codes; i++) {
                index.add(code(all, i, bytes), Integer.toString(i), "");
            }
            index.finish();
        }
        var build = new Took((System.nanoTime() - begun) * 1e-9, (Timing.cpuNanos() - cpu) * 1e-9);
        var threads = ManagementFactory.getThreadMXBean();
        try (var index = CodeIndex.open(folder)) {
            var scan = new CodeScan(all, bytes);
            int agreeing = 0;
            long inIndex = 0;
            long inScan = 0;
            for (int pass = 0; pass < 2; pass++) { // the first to warm up
                agreeing = 0;
                inIndex = 0;
                inScan = 0;
                for (int q = 0; q < queries; q++) {
                    byte[] code = code(asked, q, bytes);
                    long t = threads.getCurrentThreadCpuTime();
                    var exact = scan.nearest(code, NEAREST);
                    inScan += threads.getCurrentThreadCpuTime() - t;
                    t = threads.getCurrentThreadCpuTime();
                    var hits = index.search(code, NEAREST, least);
                    inIndex += threads.getCurrentThreadCpuTime() - t;
                    for (var hit : hits) {
                        agreeing += hit.differing() <= exact.getLast().differing() ? 1 : 0;
                    }
                }
            }
            return new Result(codes, bits, least, index.graphs(), build, size(folder),
                    (double) agreeing / queries / NEAREST, queries / (inIndex * 1e-9), queries / (inScan * 1e-9),
                    Machine.peakResidentBytes());
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    /// Queries a second of a thread's processor time of the scan alone, of the same codes; they are asked twice, the
    /// second time counts.
    public static double scan(int codes, int bits, int queries) {
        int bytes = bits / Byte.SIZE;
        var random = new SplittableRandom(1);
        byte[] centres = new byte[Math.max(1, codes / EACH) * bytes];
        random.nextBytes(centres);
        var scan = new CodeScan(near(centres, codes, bytes, random), bytes);
        byte[] asked = near(centres, queries, bytes, random);
        var threads = ManagementFactory.getThreadMXBean();
        long took = 0;
        for (int pass = 0; pass < 2; pass++) {
            took = -threads.getCurrentThreadCpuTime();
            for (int q = 0; q < queries; q++) {
                scan.nearest(code(asked, q, bytes), NEAREST);
            }
            took += threads.getCurrentThreadCpuTime();
        }
        return queries / (took * 1e-9);
    }

    private static long size(Path folder) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    /// Codes near centres: each bit of one is flipped by chance.
    private static byte[] near(byte[] centres, int count, int bytes, SplittableRandom random) {
        byte[] codes = new byte[Math.multiplyExact(count, bytes)];
        for (int i = 0; i < count; i++) {
            int from = random.nextInt(centres.length / bytes) * bytes;
            for (int b = 0; b < bytes; b++) {
                int flips = 0;
                for (int k = 0; k < Byte.SIZE; k++) {
                    flips |= random.nextDouble() < FLIPPED ? 1 << k : 0;
                }
                codes[i * bytes + b] = (byte) (centres[from + b] ^ flips);
            }
        }
        return codes;
    }

    private static byte[] code(byte[] all, int i, int bytes) {
        byte[] code = new byte[bytes];
        System.arraycopy(all, i * bytes, code, 0, bytes);
        return code;
    }
}
