package dev.triptych.build;

import dev.triptych.build.Source.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// One kernel as found in its source: a `public static void` method with one outer `@Parallel` loop.
///
/// @param name       the method's name
/// @param comment    what stands above it, line by line
/// @param parameters the tokens between the parameter list's brackets
/// @param close      the bracket that closes the parameter list
/// @param prelude    the statements before the loop
/// @param start      the `0` from which the loop counts
/// @param bound      the expression up to which it counts
/// @param written    names of the arrays that it writes, the last one always among them
/// @param end        the brace that closes the method
record Kernel(String name, List<String> comment, List<Token> parameters, Token close, List<Token> prelude,
        Token start, List<Token> bound, List<String> written, Token end) {
    /// The number of a launch, which a kernel may be told: no size, since it differs where sizes are alike.
    static final String LAUNCH = "launch";

    /// What a call of a kernel gives: an array with its offset, a size or a constant.
    ///
    /// @param type `float[]`, `int[]`, `int` or `float`
    record Argument(String type, String name) {
        boolean isArray() {
            return type.endsWith("[]");
        }

        boolean isSize() {
            return type.equals("int") && !name.equals(LAUNCH);
        }

        boolean isConstant() {
            return type.equals("float");
        }

        @Override
        public String toString() {
            return type + " " + name;
        }
    }

    /// The arguments in order, offsets left out: each belongs to the array before it.
    List<Argument> arguments() {
        String text = parameters.stream().map(Token::text).collect(Collectors.joining(" ")).replace(" [ ]", "[]");
        var arguments = new ArrayList<Argument>();
        for (String parameter : text.split(" , ")) {
            String[] words = parameter.replace("final ", "").split(" ");
            if (arguments.isEmpty() || !arguments.getLast().isArray()
                    || !words[1].equals(arguments.getLast().name() + "0")) {
                arguments.add(new Argument(words[0], words[1]));
            }
        }
        return arguments;
    }
}
