package dev.triptych.build;

import dev.triptych.build.Source.Token;
import java.util.List;

/// One kernel as found in its source: a `public static void` method with one outer `@Parallel` loop.
///
/// @param name       the method's name
/// @param parameters the tokens between the parameter list's brackets
/// @param close      the bracket that closes the parameter list
/// @param prelude    the statements before the loop
/// @param start      the `0` from which the loop counts
/// @param bound      the expression up to which it counts
/// @param end        the brace that closes the method
record Kernel(String name, List<Token> parameters, Token close, List<Token> prelude, Token start, List<Token> bound,
        Token end) {
}
