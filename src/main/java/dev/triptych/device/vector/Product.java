package dev.triptych.device.vector;

/// Y_b = start + A_b B_b for b products of one shape.
///
/// @param left A (n x k)
/// @param right B (k x m)
/// @param start what every row of Y starts at: a bias, or zeros
/// @param start0 its offset
/// @param y result (b x n x m), row-major
/// @param y0 its offset
/// @param b number of products
/// @param n rows of Y
/// @param k length of the sums
/// @param m columns of Y
record Product(Operand left, Operand right, float[] start, int start0, float[] y, int y0, int b, int n, int k, int m) {
    /// The same product into another place.
    Product into(float[] target, int target0) {
        return new Product(left, right, start, start0, target, target0, b, n, k, m);
    }
}
