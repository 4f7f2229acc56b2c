package dev.triptych.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TwinTest {
    private static String twin(String text) {
        return Twin.of("X.java", text);
    }

    @ParameterizedTest
    @CsvSource({"0.5f,0.5", "1f,1.0", "1e-7f,1e-7", "1_000F,1_000.0", ".5f,.5", "1.f,1.", "0x1.8p-3f,0x1.8p-3",
            "0x1f,0x1f", "1,1", "2.5,2.5", "3d,3d", "0xFFL,0xFFL", "1.5e+3f,1.5e+3"})
    void aFloatLiteralLosesItsSuffix(String source, String expected) {
        assertEquals("double x = " + expected + ";", twin("float x = " + source + ";"));
    }

    @ParameterizedTest
    @CsvSource({"float[] x,double[] x", "(float) n,(double) n", "Float.class,Double.class",
            "Float.parseFloat(s),Double.parseDouble(s)", "n.floatValue(),n.doubleValue()",
            "FloatVector v,FloatVector v",
            "int floats,int floats", "rng.nextFloat(),rng.nextFloat()"})
    void wholeWordsAreRewrittenAndOtherNamesStay(String source, String expected) {
        assertEquals(expected, twin(source));
    }

    @ParameterizedTest
    @ValueSource(strings = {"// a float 1f", "/// a float 1f", "/* float\n 1f */", "\"float 1f \\\" Float\"", "'f'",
            "'\\''",
            "\"\"\"\n float \\\"\"\" 1f\n\"\"\""})
    void commentsAndStringsStay(String source) {
        assertEquals(source, twin(source));
    }

    @ParameterizedTest
    @CsvSource({"dev.triptych.kernel.Linear,dev.triptych.twin.kernel.Linear",
            "dev.triptych.device.Device,dev.triptych.twin.device.Device",
            "dev.triptych.device.plain.PlainDevice,dev.triptych.twin.device.plain.PlainDevice",
            "dev.triptych.device.vector.VectorDevice,dev.triptych.device.vector.VectorDevice",
            "dev.triptych.kernel.range.Linear,dev.triptych.twin.kernel.range.Linear",
            "dev.triptych.kernel.layer.Linear,dev.triptych.kernel.layer.Linear",
            "dev.triptych.program.operation.Add,dev.triptych.twin.program.operation.Add",
            "dev.triptych.io.SafeTensors,dev.triptych.io.SafeTensors",
            "dev.triptych.twin.kernel.Scalar,dev.triptych.twin.kernel.Scalar",
            "dev.triptych.nn.*,dev.triptych.twin.nn.*",
            "x.dev.triptych.nn.A,x.dev.triptych.nn.A"})
    void namesOfRewrittenPackagesMoveToTheTwin(String source, String expected) {
        assertEquals("import " + expected + ";", twin("import " + source + ";"));
        assertEquals("import static " + expected + ";", twin("import static " + source + ";"));
    }

    @Test
    void everyTopLevelTypeSuppressesCastWarnings() {
        assertEquals("""
                package dev.triptych.twin.nn; // generated from X.java, do not edit

                /// A.
                @SuppressWarnings("cast") public final class A { class B {} Object c = A.class; }
                @SuppressWarnings({"unchecked", "cast"}) interface C {}
                @SuppressWarnings({"a", "b", "cast"}) record D(int x) {}
                """, twin("""
                package dev.triptych.nn;

                /// A.
                public final class A { class B {} Object c = A.class; }
                @SuppressWarnings("unchecked") interface C {}
                @SuppressWarnings({"a", "b"}) record D(int x) {}
                """));
    }

    @Test
    void parallelIsDroppedAndLinesKeepTheirNumbers() {
        assertEquals("package dev.triptych.twin.kernel; // generated from X.java, do not edit\n\n\n"
                + "{ for (int i = 0; i < n; i++) {} }\n",
                twin("package dev.triptych.kernel;\n\nimport uk.ac.manchester.tornado.api.annotations.Parallel;\n"
                        + "{ for (@Parallel int i = 0; i < n; i++) {} }\n"));
    }

    @Test
    void onlyTheListedPackagesHaveATwin() {
        assertTrue(Twin.covers("kernel"));
        assertTrue(Twin.covers("device"));
        assertTrue(Twin.covers("device.plain"));
        assertFalse(Twin.covers("device.vector"));
        assertFalse(Twin.covers("device.tornado"));
        assertTrue(Twin.covers("kernel.range"));
        assertFalse(Twin.covers("kernel.layer"));
        assertFalse(Twin.covers("io"));
        assertFalse(Twin.covers("twin.kernel"));
    }

    @Test
    void aMarkedFileHasATwinAndItsNeighboursHaveNone() {
        assertTrue(Twin.isMarked("/// A.\n@Twinned\npublic final class A {"));
        assertFalse(Twin.isMarked("/// Not @Twinned\npublic final class A {"));
        assertEquals("""
                package dev.triptych.twin.stellar; // generated from X.java, do not edit
                import dev.triptych.twin.bits.Bits;
                import dev.triptych.bits.BitsTask;
                import dev.triptych.twin.bits.Bits.Views;
                """, Twin.of("X.java", """
                package dev.triptych.stellar;
                import dev.triptych.bits.Bits;
                import dev.triptych.bits.BitsTask;
                import dev.triptych.bits.Bits.Views;
                """, Set.of("stellar.Stellar", "bits.Bits")));
    }
}
