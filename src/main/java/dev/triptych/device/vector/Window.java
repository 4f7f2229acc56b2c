package dev.triptych.device.vector;

import dev.triptych.program.Arena;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Consecutive launches of a program, as a pattern looks at them. Arguments are counted as the kernel's parameters are,
/// a tensor and its offset as one.
///
/// @param launches the launches
/// @param mentions how often the whole program names each tensor's memory
record Window(List<Launch> launches, Map<Tensor, Integer> mentions) {
    /// How often a program names each tensor's memory; what is kept for the reader after a run counts once more.
    static Map<Tensor, Integer> mentions(Program program) {
        var mentions = new IdentityHashMap<Tensor, Integer>();
        program.launches().forEach(l -> l.tensors().forEach(t -> mentions.merge(t.root(), 1, Integer::sum)));
        program.kept().forEach(t -> mentions.merge(t, 1, Integer::sum));
        return mentions;
    }

    /// Whether the launches are of these kernels.
    boolean calls(List<String> kernels) {
        for (int i = 0; i < kernels.size(); i++) {
            if (!launches.get(i).kernel().name().equals(kernels.get(i))) {
                return false;
            }
        }
        return true;
    }

    /// A tensor among the arguments of a launch.
    Tensor tensor(int launch, int argument) {
        return (Tensor) launches.get(launch).arguments().get(argument);
    }

    /// A size among the arguments of a launch.
    int integer(int launch, int argument) {
        return (Integer) launches.get(launch).arguments().get(argument);
    }

    /// A constant among the arguments of a launch.
    float number(int launch, int argument) {
        return (Float) launches.get(launch).arguments().get(argument);
    }

    /// Whether two arguments are the same numbers.
    boolean same(Tensor a, Tensor b) {
        return a.root() == b.root() && a.offset() == b.offset() && a.size() == b.size();
    }

    /// Whether nobody but these launches reads or writes a value, so that it need not exist in memory.
    boolean inner(Tensor t) {
        int here = 0;
        for (Launch launch : launches) {
            for (Tensor named : launch.tensors()) {
                here += named.root() == t.root() ? 1 : 0;
            }
        }
        return t.arena() == Arena.ACTIVATIONS && here == mentions.get(t.root());
    }
}
