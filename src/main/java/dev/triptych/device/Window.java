package dev.triptych.device;

import dev.triptych.program.Arena;
import dev.triptych.program.Call;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.program.call.ElementwiseCalls.WeightedAdd;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Consecutive launches of a program, as a pattern looks at them.
///
/// @param launches the launches
/// @param mentions how often the whole program names each tensor's memory
public record Window(List<Launch> launches, Map<Tensor, Integer> mentions) {
    /// How often a program names each tensor's memory; what is kept for the reader after a run counts once more.
    public static Map<Tensor, Integer> mentions(Program program) {
        var mentions = new IdentityHashMap<Tensor, Integer>();
        program.launches().forEach(l -> l.tensors().forEach(t -> mentions.merge(t.root(), 1, Integer::sum)));
        program.kept().forEach(t -> mentions.merge(t, 1, Integer::sum));
        return mentions;
    }

    /// What launch i calls.
    public Call call(int i) {
        return launches.get(i).call();
    }

    /// Whether two arguments are the same numbers.
    public boolean same(Tensor a, Tensor b) {
        return a.root() == b.root() && a.offset() == b.offset() && a.size() == b.size();
    }

    /// Whether a sum adds a value to something else, and nobody else reads that value.
    public boolean adds(WeightedAdd sum, Tensor value) {
        return same(value, sum.a()) != same(value, sum.b()) && sum.alpha() == 1f && sum.beta() == 1f && inner(value);
    }

    /// Whether nobody but these launches reads or writes a value, so that it need not exist in memory.
    public boolean inner(Tensor t) {
        int here = 0;
        for (Launch launch : launches) {
            for (Tensor named : launch.tensors()) {
                here += named.root() == t.root() ? 1 : 0;
            }
        }
        return t.arena() == Arena.ACTIVATIONS && here == mentions.get(t.root());
    }
}
