package dev.triptych.program;

import java.util.Arrays;

/// A name and a shape in an arena. Row-major. A tensor has no memory before a device binds its programs; sizes are
/// counted in `long`, so that programs far beyond this machine's memory can be built and printed.
///
/// A tensor that begins inside another one (`view`) has that one as its `base`.
public final class Tensor {
    private final String name;
    private final int[] shape;
    private final Arena arena;
    private final Tensor base;
    private final long offset;
    private final boolean differentiable;

    /// A tensor of its own, at an offset of its arena that is known already (state) or given at binding (-1).
    Tensor(String name, Arena arena, long offset, boolean differentiable, int... shape) {
        this(name, arena, null, offset, differentiable, shape);
    }

    private Tensor(String name, Arena arena, Tensor base, long offset, boolean differentiable, int... shape) {
        this.name = name;
        this.arena = arena;
        this.base = base;
        this.offset = offset;
        this.differentiable = differentiable;
        this.shape = shape.clone();
        for (int side : shape) {
            if (side < 0) {
                throw new IllegalArgumentException("Tensor '" + name + "': negative side in shape " + text(shape));
            }
        }
    }

    /// The same numbers under another shape of the same size.
    public Tensor reshape(int... newShape) {
        if (count(newShape) != size()) {
            throw new IllegalArgumentException("Tensor '" + name + "' of shape " + text(shape) + " has " + size()
                    + " numbers; shape " + text(newShape) + " needs " + count(newShape));
        }
        return view(0, newShape);
    }

    /// The numbers from `from` on, under a shape of their own. They share memory with this tensor; gradients do not
    /// flow through a view: operations that need that are `slice` and `concat`.
    public Tensor view(long from, int... newShape) {
        if (from < 0 || from + count(newShape) > size()) {
            throw new IllegalArgumentException("View of '" + name + "' from " + from + " of shape " + text(newShape)
                    + " leaves its " + size() + " numbers");
        }
        return new Tensor(name, arena, root(), (base == null ? 0 : offset) + from, differentiable, newShape);
    }

    /// The name, unique within its program for diagnosis only.
    public String name() {
        return name;
    }

    /// A copy of the shape.
    public int[] shape() {
        return shape.clone();
    }

    /// Number of axes.
    public int rank() {
        return shape.length;
    }

    /// Side of one axis; negative axes count from the end.
    public int side(int axis) {
        return shape[axis < 0 ? shape.length + axis : axis];
    }

    /// Rows when all axes but the last are flattened.
    public int rows() {
        return Math.toIntExact(count(Arrays.copyOf(shape, Math.max(0, shape.length - 1))));
    }

    /// Length of the last axis; 1 for a scalar.
    public int columns() {
        return shape.length == 0 ? 1 : shape[shape.length - 1];
    }

    /// Number of elements.
    public long size() {
        return count(shape);
    }

    /// Number of elements as an `int`, for kernels.
    public int count() {
        long size = size();
        if (size > Integer.MAX_VALUE) {
            throw new ArithmeticException("Tensor '" + name + "' of shape " + text(shape) + " has " + size
                    + " elements, more than an array holds; reduce the batch");
        }
        return (int) size;
    }

    /// The arena it lives in.
    public Arena arena() {
        return arena;
    }

    /// The tensor that owns the memory: itself, or the base of a view.
    public Tensor root() {
        return base == null ? this : base;
    }

    /// For a view, its offset in the base; else its offset in the arena, or -1 where binding decides.
    public long offset() {
        return offset;
    }

    /// Whether a gradient can reach this tensor.
    public boolean differentiable() {
        return differentiable;
    }

    /// Sizes in `long`.
    static long count(int... shape) {
        long n = 1;
        for (int side : shape) {
            n = Math.multiplyExact(n, side);
        }
        return n;
    }

    /// `(2, 3)`; a scalar is `()`.
    public static String text(int... shape) {
        var text = new StringBuilder("(");
        for (int i = 0; i < shape.length; i++) {
            text.append(i == 0 ? "" : ", ").append(shape[i]);
        }
        return text.append(')').toString();
    }

    @Override
    public String toString() {
        return name + text(shape);
    }
}
