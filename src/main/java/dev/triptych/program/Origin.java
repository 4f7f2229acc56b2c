package dev.triptych.program;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A line of source that led to an operation: a call in a method.
///
/// @param type the class, with those around it
/// @param method that holds the line
/// @param line of the call
/// @param called the method called there
public record Origin(String type, String method, int line, String called) {
    private static final String HOUSE = "dev.triptych.";
    private static final int DEEPEST = 16;

    /// The calls that led here, from the one that asked for the operation outwards; what lies in this package is left
    /// out, and what is not ours.
    static List<Origin> here() {
        return StackWalker.getInstance().walk(Origin::outside);
    }

    private static List<Origin> outside(Stream<StackWalker.StackFrame> frames) {
        String own = Origin.class.getPackageName() + ".";
        var origins = new ArrayList<Origin>();
        String called = "";
        for (var frame : (Iterable<StackWalker.StackFrame>) frames::iterator) {
            String type = frame.getClassName();
            if (!type.startsWith(HOUSE) || origins.size() == DEEPEST) {
                break;
            }
            if (!type.startsWith(own)) {
                origins.add(new Origin(type, frame.getMethodName(), frame.getLineNumber(), called));
            }
            called = frame.getMethodName();
        }
        return List.copyOf(origins);
    }

    /// The file that holds the class, below the root of the sources.
    public String file() {
        int inner = type.indexOf('$');
        return (inner < 0 ? type : type.substring(0, inner)).replace('.', '/') + ".java";
    }
}
