package dev.triptych.device;

import java.util.List;

/// What a session made of its programs, and what it has done so far by its own count.
///
/// @param graphs that were compiled; 0 on devices that compile nothing
/// @param tasks of all graphs: kernels that were compiled
/// @param compileSeconds spent on that, by the device's own clock
/// @param launched launches carried out; as counted by the device itself, where it has a count of its own, in the first
///     run of each program
/// @param transfers what crossed between this process and the device; empty where there is nothing to cross
public record Figures(int graphs, int tasks, double compileSeconds, long launched, List<Transfer> transfers) {
    /// One kind of transfer.
    ///
    /// @param what direction and contents
    /// @param count how often
    /// @param bytes in all
    public record Transfer(String what, long count, long bytes) {
    }

    /// Copies the list.
    public Figures {
        transfers = List.copyOf(transfers);
    }

    /// Bytes of all transfers.
    public long bytes() {
        return transfers.stream().mapToLong(Transfer::bytes).sum();
    }

    /// What was done since earlier figures of the same session; transfers that did not happen since are left out.
    public Figures since(Figures earlier) {
        List<Transfer> list = transfers.stream().map(t -> earlier.transfers.stream()
                .filter(e -> e.what.equals(t.what)).findFirst()
                .map(e -> new Transfer(t.what, t.count - e.count, t.bytes - e.bytes)).orElse(t))
                .filter(t -> t.count > 0).toList();
        return new Figures(graphs, tasks, compileSeconds - earlier.compileSeconds, launched - earlier.launched, list);
    }
}
