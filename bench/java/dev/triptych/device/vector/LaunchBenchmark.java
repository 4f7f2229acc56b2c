package dev.triptych.device.vector;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CountedCompleter;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Phaser;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// What a launch of a few small parts costs: [WorkerPool] beside what `java.util.concurrent` has for the same purpose.
/// `LaunchBenchmark [ROUNDS]` prints a table in Markdown: microseconds of a launch by the pool, and how many times as
/// long the others take.
///
/// All take turns within a round, so that other work on the machine hits them alike; figures are medians over rounds,
/// ratios those of one round. Bytes are allocated by all threads together, for one launch.
public final class LaunchBenchmark {
    private static final long TURN_NANOS = 20_000_000;
    private static final int[] THREADS = {1, 2, 4};
    private static final int[] PARTS = {2, 4, 8};
    /// Numbers that a part adds up: nothing, about two microseconds, about twenty.
    private static final int[] WORK = {0, 2_000, 20_000};

    private final float[] numbers = new float[WORK[WORK.length - 1]];
    private final float[] sums = new float[Arrays.stream(PARTS).max().getAsInt()];

    private LaunchBenchmark() {
        Arrays.fill(numbers, 1f);
    }

    /// One way to run the parts of a job on so many threads.
    private interface Way extends AutoCloseable {
        Runnable job(int parts, WorkerPool.Task task);

        @Override
        void close();
    }

    private static Map<String, Way> ways(int threads) {
        var ways = new LinkedHashMap<String, Way>();
        ways.put("WorkerPool", new Own(threads));
        ways.put("ForkJoinPool, tasks used again", new ForkJoin(threads, false));
        ways.put("CountedCompleter", new ForkJoin(threads, true));
        ways.put("fixed pool and CountDownLatch", new Latches(threads));
        ways.put("threads and Phaser", new Phases(threads));
        ways.put("parallel stream", new Streams());
        return ways;
    }

    private record Own(WorkerPool pool) implements Way {
        Own(int threads) {
            this(new WorkerPool(threads));
        }

        @Override
        public Runnable job(int parts, WorkerPool.Task task) {
            return pool.job(parts, task);
        }

        @Override
        public void close() {
            pool.close();
        }
    }

    /// The caller waits for a root task, which forks the others.
    private record ForkJoin(ForkJoinPool pool, boolean completer) implements Way {
        ForkJoin(int threads, boolean completer) {
            this(new ForkJoinPool(threads), completer);
        }

        @Override
        public Runnable job(int parts, WorkerPool.Task task) {
            if (completer) {
                return () -> pool.invoke(new Counting(null, 0, parts, task));
            }
            var root = new Root(parts, task);
            return () -> {
                root.again();
                pool.invoke(root);
            };
        }

        @Override
        public void close() {
            pool.close();
        }
    }

    private static final class Root extends RecursiveAction {
        private static final long serialVersionUID = 1L;
        private final transient ForkJoinTask<?>[] tasks;

        Root(int parts, WorkerPool.Task task) {
            tasks = new ForkJoinTask<?>[parts];
            for (int part = 0; part < parts; part++) {
                int number = part;
                tasks[part] = new RecursiveAction() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected void compute() {
                        task.run(number, 0);
                    }
                };
            }
        }

        void again() {
            reinitialize();
            for (ForkJoinTask<?> task : tasks) {
                task.reinitialize();
            }
        }

        @Override
        protected void compute() {
            invokeAll(tasks);
        }
    }

    private static final class Counting extends CountedCompleter<Void> {
        private static final long serialVersionUID = 1L;
        private final int from;
        private final int to;
        private final transient WorkerPool.Task task;

        Counting(CountedCompleter<?> parent, int from, int to, WorkerPool.Task task) {
            super(parent);
            this.from = from;
            this.to = to;
            this.task = task;
        }

        @Override
        public void compute() {
            int end = to;
            while (end - from > 1) {
                int middle = (from + end) >>> 1;
                addToPendingCount(1);
                new Counting(this, middle, end, task).fork();
                end = middle;
            }
            task.run(from, 0);
            propagateCompletion();
        }
    }

    private record Latches(int threads, ExecutorService pool) implements Way {
        Latches(int threads) {
            this(threads, Executors.newFixedThreadPool(Math.max(1, threads - 1)));
        }

        @Override
        public Runnable job(int parts, WorkerPool.Task task) {
            var next = new AtomicInteger();
            int helpers = Math.min(threads, parts) - 1;
            return () -> {
                next.set(0);
                var done = new CountDownLatch(helpers);
                for (int i = 1; i <= helpers; i++) {
                    int worker = i;
                    pool.execute(() -> {
                        take(next, parts, task, worker);
                        done.countDown();
                    });
                }
                take(next, parts, task, 0);
                try {
                    done.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            };
        }

        @Override
        public void close() {
            pool.shutdown();
        }
    }

    private static void take(AtomicInteger next, int parts, WorkerPool.Task task, int worker) {
        for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
            task.run(part, worker);
        }
    }

    /// All threads meet before and after each job.
    private static final class Phases implements Way {
        private final Phaser phaser;
        private final AtomicInteger next = new AtomicInteger();
        private int parts;
        private WorkerPool.Task task;

        Phases(int threads) {
            phaser = new Phaser(threads);
            for (int i = 1; i < threads; i++) {
                int worker = i;
                Thread.ofPlatform().daemon().start(() -> {
                    while (phaser.arriveAndAwaitAdvance() >= 0) {
                        take(next, parts, task, worker);
                        phaser.arriveAndAwaitAdvance();
                    }
                });
            }
        }

        @Override
        public Runnable job(int parts, WorkerPool.Task task) {
            return () -> {
                this.parts = parts;
                this.task = task;
                next.set(0);
                phaser.arriveAndAwaitAdvance();
                take(next, parts, task, 0);
                phaser.arriveAndAwaitAdvance();
            };
        }

        @Override
        public void close() {
            phaser.forceTermination();
        }
    }

    /// On the common pool, whatever the threads.
    private record Streams() implements Way {
        @Override
        public Runnable job(int parts, WorkerPool.Task task) {
            return () -> IntStream.range(0, parts).parallel().forEach(part -> task.run(part, 0));
        }

        @Override
        public void close() {
        }
    }

    private void part(int part, int work) {
        float sum = 0;
        for (int i = 0; i < work; i++) {
            sum += numbers[i];
        }
        sums[part] = sum;
    }

    /// Nanoseconds and bytes of one launch, over about a turn.
    private static double[] turn(Runnable job) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = threads.getTotalThreadAllocatedBytes();
        long begun = System.nanoTime();
        long launches = 0;
        long nanos = 0;
        while (nanos < TURN_NANOS) {
            for (int i = 0; i < 16; i++) {
                job.run();
            }
            launches += 16;
            nanos = System.nanoTime() - begun;
        }
        return new double[]{(double) nanos / launches,
                (double) (threads.getTotalThreadAllocatedBytes() - bytes) / launches};
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private void row(int threads, int parts, int work, int rounds) {
        Map<String, Way> ways = ways(threads);
        var jobs = new LinkedHashMap<String, Runnable>();
        ways.forEach((name, way) -> jobs.put(name, way.job(parts, (part, worker) -> part(part, work))));
        var nanos = new ArrayList<Double>();
        var ratios = new LinkedHashMap<String, List<Double>>();
        var bytes = new LinkedHashMap<String, List<Double>>();
        for (int round = -rounds / 2; round < rounds; round++) {
            double own = 0;
            for (var job : jobs.entrySet()) {
                double[] took = turn(job.getValue());
                own = own == 0 ? took[0] : own;
                if (round >= 0) { // before that it warms up
                    ratios.computeIfAbsent(job.getKey(), k -> new ArrayList<>()).add(took[0] / own);
                    bytes.computeIfAbsent(job.getKey(), k -> new ArrayList<>()).add(took[1]);
                }
            }
            if (round >= 0) {
                nanos.add(own);
            }
        }
        var line = new StringBuilder(String.format(Locale.ROOT, "| %d | %d | %d | %.2f, %.0f B |", threads, parts, work,
                median(nanos) / 1e3, median(bytes.get("WorkerPool"))));
        ratios.forEach((name, values) -> {
            if (!name.equals("WorkerPool")) {
                line.append(String.format(Locale.ROOT, " %.2f, %.0f B |", median(values), median(bytes.get(name))));
            }
        });
        System.out.println(line);
        ways.values().forEach(Way::close);
    }

    /// Measures and prints.
    public static void main(String[] args) {
        int rounds = args.length == 0 ? 20 : Integer.parseInt(args[0]);
        var benchmark = new LaunchBenchmark();
        var names = new ArrayList<>(List.of("threads", "parts", "numbers a part"));
        try (var own = new Own(1)) {
            names.addAll(ways(1).keySet());
        }
        System.out.println("| " + String.join(" | ", names) + " |");
        System.out.println("|---".repeat(names.size()) + "|");
        for (int threads : THREADS) {
            for (int parts : PARTS) {
                for (int work : WORK) {
                    benchmark.row(threads, parts, work, rounds);
                }
            }
        }
    }
}
