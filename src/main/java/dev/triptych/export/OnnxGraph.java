package dev.triptych.export;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import dev.triptych.io.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/// Builds an ONNX graph call by call, as a program is built: each call appends a node and gives back the name of its
/// result. Operators and their attributes: ONNX, operator set 17.
final class OnnxGraph {
    private static final int OPERATORS = 17;
    /// The version of the format that came with operator set 17.
    private static final int FORMAT = 8;

    private final OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder();
    private int names;

    /// A float input (batch, sides...), of any batch.
    String input(String name, int... sides) {
        graph.addInput(value(name, sides));
        return name;
    }

    /// Makes a value an output of a name, (batch, sides...).
    void output(String name, String value, int... sides) {
        graph.addNode(OnnxMl.NodeProto.newBuilder().setOpType("Identity").setName(name).addInput(value)
                .addOutput(name));
        graph.addOutput(value(name, sides));
    }

    private static OnnxMl.ValueInfoProto value(String name, int... sides) {
        var shape = OnnxMl.TensorShapeProto.newBuilder()
                .addDim(OnnxMl.TensorShapeProto.Dimension.newBuilder().setDimParam("batch"));
        for (int side : sides) {
            shape.addDim(OnnxMl.TensorShapeProto.Dimension.newBuilder().setDimValue(side));
        }
        return OnnxMl.ValueInfoProto.newBuilder().setName(name)
                .setType(OnnxMl.TypeProto.newBuilder().setTensorType(OnnxMl.TypeProto.Tensor.newBuilder()
                        .setElemType(OnnxMl.TensorProto.DataType.FLOAT.getNumber()).setShape(shape)))
                .build();
    }

    /// A weight.
    String weight(String name, float[] values, int... shape) {
        var bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return tensor(name, OnnxMl.TensorProto.DataType.FLOAT, bytes, longs(shape));
    }

    /// A number.
    String number(float value) {
        return weight("number." + names++, new float[]{value});
    }

    /// Whole numbers, such as a shape.
    String whole(long... values) {
        var bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return tensor("whole." + names++, OnnxMl.TensorProto.DataType.INT64, bytes, values.length);
    }

    private String tensor(String name, OnnxMl.TensorProto.DataType type, ByteBuffer bytes, long... shape) {
        var tensor = OnnxMl.TensorProto.newBuilder().setName(name).setDataType(type.getNumber())
                .setRawData(ByteString.copyFrom(bytes));
        LongStream.of(shape).forEach(tensor::addDims);
        graph.addInitializer(tensor);
        return name;
    }

    private static long[] longs(int[] values) {
        return Arrays.stream(values).asLongStream().toArray();
    }

    /// Appends an operator of one result.
    String node(String operator, List<String> inputs, OnnxMl.AttributeProto... attributes) {
        String out = operator + "." + names++;
        graph.addNode(OnnxMl.NodeProto.newBuilder().setOpType(operator).setName(out).addAllInput(inputs)
                .addOutput(out).addAllAttribute(List.of(attributes)));
        return out;
    }

    /// Appends an operator without attributes.
    String node(String operator, String... inputs) {
        return node(operator, List.of(inputs));
    }

    static OnnxMl.AttributeProto integer(String name, long value) {
        return OnnxMl.AttributeProto.newBuilder().setName(name).setType(OnnxMl.AttributeProto.AttributeType.INT)
                .setI(value).build();
    }

    static OnnxMl.AttributeProto real(String name, float value) {
        return OnnxMl.AttributeProto.newBuilder().setName(name).setType(OnnxMl.AttributeProto.AttributeType.FLOAT)
                .setF(value).build();
    }

    static OnnxMl.AttributeProto integers(String name, long... values) {
        var attribute = OnnxMl.AttributeProto.newBuilder().setName(name)
                .setType(OnnxMl.AttributeProto.AttributeType.INTS);
        LongStream.of(values).forEach(attribute::addInts);
        return attribute.build();
    }

    /// Writes the model.
    void write(Path file, String name, String description) throws IOException {
        graph.setName(name);
        byte[] bytes = OnnxMl.ModelProto.newBuilder().setIrVersion(FORMAT).setProducerName("triptych")
                .setDocString(description).setGraph(graph)
                .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(OPERATORS)).build().toByteArray();
        AtomicFile.write(file, bytes);
    }
}
