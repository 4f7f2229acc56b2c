package dev.triptych.random;

/// What a random number is for. Streams of one seed are independent: drawing more in one changes nothing in another.
///
/// The numbers are part of every run's reproducibility: never change or reuse one, only add.
public enum Stream {
    /// Initial values of parameters.
    INIT(0),
    /// Order of the images in an epoch (step = epoch).
    ORDER(1),
    /// Geometry of global crops (sample = image * views + view).
    CROP(2),
    /// Geometry of local crops (sample = image * crops + crop).
    LOCAL_CROP(3),
    /// Colour augmentation of global views.
    COLOUR(4),
    /// Colour augmentation of local crops.
    LOCAL_COLOUR(5),
    /// Which patches a masked view keeps.
    MASK(6),
    /// Generated scenes (step = index of the scene).
    SCENE(7),
    /// Division of a set into parts.
    SPLIT(8),
    /// Probes and other evaluations.
    PROBE(9),
    /// Data of self-checks.
    CHECK(10),
    /// Dropout and drop path.
    DROPOUT(11),
    /// Starts of k-means and code book restarts.
    CODEBOOK(12),
    /// Re-initialisation of heads.
    RESET(13),
    /// Mask ratio of masked token prediction.
    MASK_RATIO(14),
    /// Echo draws.
    ECHO(15),
    /// Jittered spatial windows.
    WINDOW(16),
    /// Iterative generation.
    GENERATE(17),
    /// Which stored view of an image an epoch sees (step = epoch).
    VIEW(18),
    /// Sides of jittered spatial windows.
    WINDOW_SIDE(19),
    /// Noise of pictures that are made worse (step = part of the set, sample = picture).
    CORRUPTION(20);

    private final int number;

    Stream(int number) {
        this.number = number;
    }

    /// The fixed number of this stream, 0 to 255.
    public int number() {
        return number;
    }
}
