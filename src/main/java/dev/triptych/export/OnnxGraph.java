package dev.triptych.export;

import dev.triptych.io.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/// Builds an ONNX graph call by call, as a program is built: each call appends a node and gives back the name of its
/// result. Operators and their attributes: ONNX, operator set 17; numbers of fields: `onnx.proto`.
final class OnnxGraph {
    private static final int OPERATORS = 17;
    /// The version of the format that came with operator set 17.
    private static final int FORMAT = 8;
    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    private final ProtocolMessage graph = new ProtocolMessage();
    private int names;

    /// A float input (batch, sides...), of any batch.
    String input(String name, int... sides) {
        graph.message(11, value(name, sides));
        return name;
    }

    /// Makes a value an output of a name, (batch, sides...).
    void output(String name, String value, int... sides) {
        graph.message(1, node("Identity", name, List.of(value)));
        graph.message(12, value(name, sides));
    }

    /// ValueInfoProto of a float tensor.
    private static ProtocolMessage value(String name, int... sides) {
        var shape = new ProtocolMessage().message(1, new ProtocolMessage().text(2, "batch"));
        for (int side : sides) {
            shape.message(1, new ProtocolMessage().whole(1, side));
        }
        var tensor = new ProtocolMessage().whole(1, FLOAT).message(2, shape);
        return new ProtocolMessage().text(1, name).message(2, new ProtocolMessage().message(1, tensor));
    }

    /// A weight.
    String weight(String name, float[] values, int... shape) {
        var bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return tensor(name, FLOAT, bytes, shape);
    }

    /// A number.
    String number(float value) {
        return weight("number." + names++, new float[]{value});
    }

    /// Whole numbers, such as a shape.
    String whole(long... values) {
        var bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return tensor("whole." + names++, INT64, bytes, values.length);
    }

    /// TensorProto with raw data.
    private String tensor(String name, int type, ByteBuffer bytes, int... shape) {
        var tensor = new ProtocolMessage();
        for (int side : shape) {
            tensor.whole(1, side);
        }
        graph.message(5, tensor.whole(2, type).text(8, name).bytes(9, bytes.array()));
        return name;
    }

    /// Appends an operator of one result.
    String node(String operator, List<String> inputs, Attribute... attributes) {
        String out = operator + "." + names++;
        graph.message(1, node(operator, out, inputs, attributes));
        return out;
    }

    /// Appends an operator without attributes.
    String node(String operator, String... inputs) {
        return node(operator, List.of(inputs));
    }

    /// NodeProto, called as its result.
    private static ProtocolMessage node(String operator, String out, List<String> inputs, Attribute... attributes) {
        var node = new ProtocolMessage();
        inputs.forEach(input -> node.text(1, input));
        node.text(2, out).text(3, out).text(4, operator);
        for (Attribute attribute : attributes) {
            node.message(5, attribute.message());
        }
        return node;
    }

    /// AttributeProto.
    record Attribute(ProtocolMessage message) {
        private static final int TYPE = 20;

        static Attribute integer(String name, long value) {
            return new Attribute(new ProtocolMessage().text(1, name).whole(3, value).whole(TYPE, 2));
        }

        static Attribute real(String name, float value) {
            return new Attribute(new ProtocolMessage().text(1, name).real(2, value).whole(TYPE, 1));
        }

        static Attribute integers(String name, long... values) {
            var message = new ProtocolMessage().text(1, name);
            for (long value : values) {
                message.whole(8, value);
            }
            return new Attribute(message.whole(TYPE, 7));
        }
    }

    /// Writes the model.
    void write(Path file, String name, String description) throws IOException {
        graph.text(2, name);
        byte[] model = new ProtocolMessage().whole(1, FORMAT).text(2, "triptych").text(6, description)
                .message(7, graph).message(8, new ProtocolMessage().whole(2, OPERATORS)).toBytes();
        AtomicFile.write(file, model);
    }
}
