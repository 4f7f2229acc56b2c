package dev.triptych.data.archive;

/// A file within an archive.
///
/// @param name its path there, `/` between parts, without `.` and `..`
/// @param bytes its length, unpacked
/// @param place where its [Archive] finds it again, below 2^43
public record Member(String name, long bytes, long place) {
    /// The name without its folders.
    public String lastName() {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /// The folder that it lies in; empty for none.
    public String folder() {
        return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }
}
