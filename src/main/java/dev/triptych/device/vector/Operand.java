package dev.triptych.device.vector;

/// A matrix, or a batch of matrices of one shape, as a product reads it: element (row, column) of matrix b lies at
/// `offset + b batchStride + row rowStride + column columnStride`. A transpose swaps the strides.
///
/// @param array the arena
/// @param offset of the first element
/// @param batchStride from one matrix to the next
/// @param rowStride from one row to the next
/// @param columnStride from one column to the next
record Operand(float[] array, int offset, int batchStride, int rowStride, int columnStride) {
    /// A row-major matrix of that many rows and columns.
    static Operand rowMajor(float[] array, int offset, int rows, int columns) {
        return new Operand(array, offset, rows * columns, columns, 1);
    }

    /// The transpose of a row-major matrix of that many rows and columns.
    static Operand transposed(float[] array, int offset, int rows, int columns) {
        return new Operand(array, offset, rows * columns, 1, columns);
    }

    /// Where matrix b begins.
    int start(int b) {
        return offset + b * batchStride;
    }
}
