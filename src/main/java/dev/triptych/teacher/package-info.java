/// Teachers: exponential moving averages of a student's parameters.
package dev.triptych.teacher;
