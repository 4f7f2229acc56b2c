package dev.triptych.check.device;

import dev.triptych.check.OperationTable;
import dev.triptych.device.HostSession;
import dev.triptych.program.Call;
import dev.triptych.program.Kernel;
import dev.triptych.program.Launch;
import dev.triptych.program.call.AttentionCalls.AttentionScoreGradient;
import dev.triptych.program.call.GroupNormCalls.BatchNormGradient;
import dev.triptych.program.call.NormCalls.LayerNormGradient;
import dev.triptych.program.call.SoftmaxCalls.SoftmaxGradient;
import dev.triptych.trial.Trial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The cases that every device is checked with: every launch of every sample of the table of operations, adjoints
/// included, with the numbers that the plain device gives it; and larger shapes of what devices implement anew.
public final class KernelTable {
    /// Cases of a kernel that are taken from samples of operations.
    private static final int SAMPLES = 4;

    private KernelTable() {
    }

    /// The cases of all kernels, by kernel; kernels by name.
    public static Map<Kernel, List<KernelCase>> cases() {
        var cases = new TreeMap<Kernel, List<KernelCase>>(Comparator.comparing(Kernel::toString));
        samples().forEach((kernel, list) -> cases.computeIfAbsent(kernel, k -> new ArrayList<>()).addAll(list));
        for (KernelCase c : LargerCases.all()) {
            cases.computeIfAbsent(c.call().kernel(), k -> new ArrayList<>()).add(c);
        }
        return cases;
    }

    /// Largest difference from the plain device that a kernel may have, relative to the largest number that it writes.
    /// Sums are rounded in another order; everything else is a few roundings away.
    public static double tolerance(Call call) {
        return switch (call) {
            // the sum of a row of differences that cancel
            case AttentionScoreGradient _,SoftmaxGradient _,LayerNormGradient _,BatchNormGradient _ -> 3e-5;
            default -> 1e-5;
        };
    }

    private static Map<Kernel, List<KernelCase>> samples() {
        var seen = new HashSet<String>();
        var cases = new LinkedHashMap<Kernel, List<KernelCase>>();
        for (Trial trial : OperationTable.trials()) {
            try (HostSession session = trial.bind()) {
                for (Launch launch : trial.program().launches()) {
                    List<KernelCase> list = cases.computeIfAbsent(launch.kernel(), k -> new ArrayList<>());
                    if (list.size() < SAMPLES) {
                        KernelCase found = KernelCase.of(launch, session);
                        if (seen.add(found.toString())) {
                            list.add(found);
                        }
                    }
                    session.run(trial.program(), other -> other == launch);
                }
            }
        }
        return cases;
    }
}
