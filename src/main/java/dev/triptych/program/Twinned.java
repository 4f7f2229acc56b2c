package dev.triptych.program;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a class of a method's room that has a float64 twin, on which its gradients are checked: the generator writes
/// one for each file that bears this mark, besides those of the packages that it rewrites as a whole. What such a class
/// uses of its own room is marked too.
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.TYPE)
public @interface Twinned {
}
