package dev.triptych.device.tornado;

import dev.triptych.program.Kernel;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import uk.ac.manchester.tornado.api.TaskGraph;

/// Makes a task of any kernel, so that no table from kernel to task has to be written.
///
/// `TaskGraph.task` exists once for every number of parameters and takes a lambda of as many; TornadoVM takes the first
/// static method that this lambda calls for the kernel. The lambda is spun here at run time, as javac would for
/// `Linear::product`, and the method of fitting length is called by reflection: the API at compile time ends at 15
/// parameters, the SDK's at 20.
final class Tasks {
    /// Largest number of parameters for which TornadoVM has tasks.
    static final int PARAMETERS = 20;

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final String FUNCTION = "uk.ac.manchester.tornado.api.common.TornadoFunctions$Task";

    private Tasks() {
    }

    /// Appends a task to a graph.
    ///
    /// @param arguments arrays, offsets, sizes and constants, in the order of the kernel's parameters. Numbers are
    ///     compiled into the device's code; of an array that is passed twice, only one occurrence may be written
    /// @throws IllegalArgumentException if the kernel has more parameters than TornadoVM takes
    static void append(TaskGraph graph, String id, Kernel kernel, Object... arguments) {
        Method method = kernel.method();
        int n = method.getParameterCount();
        if (n != arguments.length) {
            throw new IllegalArgumentException(
                    "Kernel " + kernel + " takes " + n + " arguments, but is given " + arguments.length);
        }
        if (n > PARAMETERS) {
            throw new IllegalArgumentException(
                    "Kernel " + kernel + " has " + n + " parameters; TornadoVM takes at most "
                            + PARAMETERS + ": pack sizes into an int array, or split the kernel");
        }
        Class<?>[] types = new Class<?>[n + 2];
        Arrays.fill(types, Object.class);
        types[0] = String.class;
        Object[] values = new Object[n + 2];
        System.arraycopy(arguments, 0, values, 2, n);
        values[0] = id;
        try {
            types[1] = Class.forName(FUNCTION + n);
            values[1] = lambda(method, types[1]);
            TaskGraph.class.getMethod("task", types).invoke(graph, values);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("TornadoVM refuses kernel " + kernel + ": " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This TornadoVM has no tasks of " + n + " parameters, as kernel " + kernel
                    + " needs: use SDK 5.2.0-jdk25", e);
        }
    }

    private static Object lambda(Method method, Class<?> function) throws ReflectiveOperationException {
        MethodHandle handle = LOOKUP.unreflect(method);
        MethodType erased = MethodType.genericMethodType(method.getParameterCount()).changeReturnType(void.class);
        MethodType boxed = handle.type().wrap().changeReturnType(void.class);
        try {
            return LambdaMetafactory
                    .metafactory(LOOKUP, "apply", MethodType.methodType(function), erased, handle, boxed)
                    .getTarget().invoke();
        } catch (ReflectiveOperationException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("No lambda can be made of " + method, e);
        }
    }
}
