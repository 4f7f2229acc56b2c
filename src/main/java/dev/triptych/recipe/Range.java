package dev.triptych.recipe;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The numbers that a recipe key accepts; for an [Interval] it holds for both ends. NaN is never accepted.
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Range {
    /// Lower end.
    double min() default Double.NEGATIVE_INFINITY;

    /// Upper end.
    double max() default Double.POSITIVE_INFINITY;

    /// True if the lower end itself is not accepted.
    boolean above() default false;

    /// True if the upper end itself is not accepted.
    boolean below() default false;
}
