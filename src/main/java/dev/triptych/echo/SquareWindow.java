package dev.triptych.echo;

/// The square of an echo that the teacher sees (jittered spatial masking, Sorcen section 4.2): its side is uniform over
/// G/2 to G, its corner uniform over what fits.
///
/// @param side s
/// @param x column of the corner
/// @param y row of the corner
public record SquareWindow(int side, int x, int y) {
    /// The window that three uniform numbers of [0, 1) give on a grid of side G.
    public static SquareWindow of(int grid, double uSide, double uX, double uY) {
        return placed(grid, grid / 2 + (int) Math.floor(uSide * (grid - grid / 2 + 1)), uX, uY);
    }

    /// The side s = G/2 + floor(u (G/2 + 1)) that the windows of a batch share (Triptych section 5).
    public static int shared(int grid, double u) {
        return grid / 2 + (int) Math.floor(u * (grid / 2 + 1));
    }

    /// A window of a given side, its corner by two uniform numbers of [0, 1).
    public static SquareWindow placed(int grid, int side, double uX, double uY) {
        int room = grid - side + 1;
        return new SquareWindow(side, (int) Math.floor(uX * room), (int) Math.floor(uY * room));
    }

    /// Whether a cell of a grid of side G lies inside.
    public boolean contains(int cell, int grid) {
        int column = cell % grid - x;
        int row = cell / grid - y;
        return column >= 0 && column < side && row >= 0 && row < side;
    }
}
