package dev.triptych.bench.jmh;

import dev.triptych.device.HostSession;
import dev.triptych.device.vector.VectorDevice;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// One launch of one kernel on the vector device, as a training step runs it. `KernelBenchmarks` starts it and prints
/// the table.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class KernelBenchmark {
    /// What is measured.
    @Param({})
    public KernelCase kernel;

    /// Threads of the device.
    @Param({"0"})
    public int threads;

    private VectorDevice device;
    private HostSession session;
    private Runnable action;

    /// Binds the program, runs all of it once so that every input of the kernel is there.
    @Setup(Level.Trial)
    public void bind() {
        device = threads == 0 ? new VectorDevice() : new VectorDevice(threads);
        Program program = kernel.program();
        session = device.bind(program.state(), program);
        session.initialize(program.state(), 1);
        program.inputs().values().forEach(this::fill);
        session.run(program);
        Launch launch = kernel.launch(program);
        action = session.launches(program).stream().filter(unit -> unit.launches().contains(launch)).findFirst()
                .orElseThrow().action();
    }

    private void fill(Tensor tensor) {
        var random = CounterRandom.of(1, Stream.CHECK, 0, 0);
        float[] values = new float[tensor.count()];
        boolean few = values.length <= 4; // rates, momentum
        for (int i = 0; i < values.length; i++) {
            values[i] = few ? 1e-3f : (float) random.gaussian();
        }
        session.upload(tensor, values);
    }

    /// The launch, or the unit of several launches that the device makes of it.
    @Benchmark
    public void launch() {
        action.run();
    }

    /// Ends the threads.
    @TearDown(Level.Trial)
    public void close() {
        session.close();
        device.close();
    }
}
