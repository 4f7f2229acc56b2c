package dev.triptych.device;

import dev.triptych.program.Arena;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// Offsets of what lives in a program: values in between whose life has ended give their place to later ones.
///
/// A value lives from the first launch that names it to the last, or from group to group of launches where a device
/// carries out several as one. Free gaps are taken best fit. Inputs, outputs,
/// integers and constants of all programs lie one after another; values in between of different programs share the same
/// memory behind the constants, since none outlives a run.
public final class MemoryPlan {
    private static final long ALIGNMENT = 16;

    private final Function<Program, List<List<Launch>>> groups;
    private final Function<Program, Map<Tensor, Long>> rooms;
    private final Map<Tensor, Long> offsets = new IdentityHashMap<>();
    private final Map<Arena, Long> lengths = new HashMap<>();
    private final boolean reuse;
    private long largestLiveSet;
    private long withoutReuse;

    /// @param programs that share the arenas
    /// @param reuse whether values in between may share memory; without, every one stays readable after a run
    public MemoryPlan(List<Program> programs, boolean reuse) {
        this(programs, reuse, MemoryPlan::oneByOne);
    }

    /// @param programs that share the arenas
    /// @param reuse whether values in between may share memory
    /// @param groups cuts a program's launches into consecutive groups; what a group names lives through all of it
    public MemoryPlan(List<Program> programs, boolean reuse, Function<Program, List<List<Launch>>> groups) {
        this(programs, reuse, groups, program -> Map.of());
    }

    /// @param programs that share the arenas
    /// @param reuse whether values in between may share memory
    /// @param groups cuts a program's launches into consecutive groups; what a group names lives through all of it
    /// @param rooms how many numbers values in between need that a device does not store whole
    public MemoryPlan(List<Program> programs, boolean reuse, Function<Program, List<List<Launch>>> groups,
            Function<Program, Map<Tensor, Long>> rooms) {
        this.reuse = reuse;
        this.groups = groups;
        this.rooms = rooms;
        for (Arena arena : Arena.values()) {
            lengths.put(arena, 0L);
        }
        for (Program program : programs) {
            program.constants().keySet().forEach(this::append);
        }
        long constants = lengths.get(Arena.ACTIVATIONS);
        for (Program program : programs) {
            plan(program, constants);
        }
    }

    /// Every launch as a group of its own.
    static List<List<Launch>> oneByOne(Program program) {
        return program.launches().stream().map(List::of).toList();
    }

    /// Offset of a tensor in its arena; views and tensors of the state included.
    public long offset(Tensor tensor) {
        Tensor root = tensor.root();
        long own = root.offset() >= 0 ? root.offset() : offsets.getOrDefault(root, -1L);
        if (own < 0) {
            throw new IllegalArgumentException("Tensor " + tensor + " belongs to no program of this session");
        }
        return tensor == root ? own : own + tensor.offset();
    }

    /// Length of an arena in numbers, those of the state excepted.
    public long length(Arena arena) {
        return lengths.get(arena);
    }

    /// Largest sum of the sizes of values alive at one launch, in numbers, over all programs.
    public long largestLiveSet() {
        return largestLiveSet;
    }

    /// Sum of the sizes of all values in between of the largest program, in numbers.
    public long withoutReuse() {
        return withoutReuse;
    }

    private void plan(Program program, long constants) {
        Map<Tensor, Integer> first = new IdentityHashMap<>();
        Map<Tensor, Integer> last = new IdentityHashMap<>();
        List<List<Launch>> launches = groups.apply(program);
        for (int i = 0; i < launches.size(); i++) {
            for (Tensor t : launches.get(i).stream().flatMap(l -> l.tensors().stream()).toList()) {
                Tensor root = t.root();
                if (root.offset() >= 0) {
                    continue;
                }
                if (root.arena() == Arena.ACTIVATIONS && !program.constants().containsKey(root)) {
                    first.putIfAbsent(root, i);
                    last.put(root, i);
                } else {
                    append(root);
                }
            }
        }
        program.inputs().values().forEach(this::append);
        program.outputs().values().forEach(this::append);
        program.integerConstants().keySet().forEach(this::append);
        for (Tensor t : program.kept()) {
            if (first.containsKey(t)) {
                last.put(t, launches.size());
            }
        }
        allocate(launches.size(), first, last, constants, rooms.apply(program));
    }

    private void append(Tensor root) {
        if (!offsets.containsKey(root)) {
            long at = lengths.get(root.arena());
            offsets.put(root, at);
            lengths.put(root.arena(), at + align(root.size()));
        }
    }

    private void allocate(int launches, Map<Tensor, Integer> first, Map<Tensor, Integer> last, long constants,
            Map<Tensor, Long> rooms) {
        ToLongFunction<Tensor> room = t -> rooms.getOrDefault(t, t.size());
        List<List<Tensor>> begins = lists(launches + 1);
        List<List<Tensor>> ends = lists(launches + 1);
        first.forEach((t, i) -> begins.get(i).add(t));
        last.forEach((t, i) -> ends.get(i).add(t));
        var free = new FreeList(constants);
        long live = constants;
        long total = constants;
        long shared = lengths.get(Arena.ACTIVATIONS);
        for (int i = 0; i <= launches; i++) {
            begins.get(i).sort((a, b) -> Long.compare(room.applyAsLong(b), room.applyAsLong(a)));
            for (Tensor t : begins.get(i)) {
                long size = align(room.applyAsLong(t));
                offsets.put(t, free.take(size));
                live += size;
                total += size;
            }
            largestLiveSet = Math.max(largestLiveSet, live);
            for (Tensor t : ends.get(i)) {
                if (reuse) {
                    free.give(offsets.get(t), align(room.applyAsLong(t)));
                }
                live -= align(room.applyAsLong(t));
            }
        }
        withoutReuse = Math.max(withoutReuse, total);
        lengths.put(Arena.ACTIVATIONS, Math.max(shared, free.end));
    }

    private static List<List<Tensor>> lists(int n) {
        var lists = new ArrayList<List<Tensor>>(n);
        for (int i = 0; i < n; i++) {
            lists.add(new ArrayList<>());
        }
        return lists;
    }

    private static long align(long size) {
        return Math.max(ALIGNMENT, (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    }

    /// Gaps by offset; adjacent ones are joined.
    private static final class FreeList {
        private final TreeMap<Long, Long> gaps = new TreeMap<>();
        private long end;

        FreeList(long start) {
            end = start;
        }

        long take(long size) {
            // keys and values, not entries: TreeMap.remove moves other keys into entries that it still uses
            long best = -1;
            long bestLength = Long.MAX_VALUE;
            for (Map.Entry<Long, Long> gap : gaps.entrySet()) {
                if (gap.getValue() >= size && gap.getValue() < bestLength) {
                    best = gap.getKey();
                    bestLength = gap.getValue();
                }
            }
            if (best >= 0) {
                gaps.remove(best);
                if (bestLength > size) {
                    gaps.put(best + size, bestLength - size);
                }
                return best;
            }
            Map.Entry<Long, Long> top = gaps.lastEntry();
            long at = top != null && top.getKey() + top.getValue() == end ? top.getKey() : end;
            if (at != end) {
                gaps.remove(at);
            }
            end = at + size;
            return at;
        }

        void give(long at, long size) {
            Map.Entry<Long, Long> before = gaps.floorEntry(at);
            if (before != null && before.getKey() + before.getValue() == at) {
                gaps.remove(before.getKey());
                give(before.getKey(), before.getValue() + size);
                return;
            }
            Long after = gaps.get(at + size);
            if (after != null) {
                gaps.remove(at + size);
                size += after;
            }
            gaps.put(at, size);
        }
    }
}
