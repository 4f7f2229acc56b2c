package dev.triptych.method;

import dev.triptych.program.Tensor;
import dev.triptych.program.Twinned;
import java.util.List;

/// What an evaluation says of each picture, under the name by which people ask for it.
///
/// @param name such as `cls`
/// @param meaning in words, with its shape for one picture
/// @param tensor (batch, ...), or (batch rows, ...) with the rows of a picture together
/// @param bits whether only the signs count: a bit is set where a number is above zero
@Twinned
public record EncodedValue(String name, String meaning, Tensor tensor, boolean bits) {
    /// Values of an evaluation that have names.
    @Twinned
    public interface Named {
        /// All of them, what people mostly want first.
        List<EncodedValue> named();
    }

    /// Numbers as they are.
    public static EncodedValue of(String name, String meaning, Tensor tensor) {
        return new EncodedValue(name, meaning, tensor, false);
    }
}
