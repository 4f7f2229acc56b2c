package dev.triptych.device.vector;

import dev.triptych.program.Kernel;
import dev.triptych.program.Launch;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;

/// A kernel in its range form: the generated method with `from` and `to`, over parts of its outer loop. The results are
/// the kernel's own, bit by bit.
final class RangeKernel {
    private RangeKernel() {
    }

    /// Binds a launch to its arguments and the threads.
    static Runnable bind(Launch launch, Object[] arguments, WorkerPool pool) {
        Kernel kernel = launch.kernel();
        Class<?>[] types = kernel.method().getParameterTypes();
        Class<?> family = rangeForms(kernel.family());
        Class<?>[] rangeTypes = Arrays.copyOf(types, types.length + 2);
        rangeTypes[types.length] = int.class;
        rangeTypes[types.length + 1] = int.class;
        Method range = method(family, kernel.name(), rangeTypes);
        int extent = (Integer) invoke(method(family, kernel.name() + "Extent", types), arguments);
        long work = Math.max(launch.flops(), launch.bytes() / 4);
        int parts = parts(extent, work, pool.threads());
        Object[][] calls = new Object[parts][];
        for (int part = 0; part < parts; part++) {
            calls[part] = append(arguments, (int) ((long) extent * part / parts),
                    (int) ((long) extent * (part + 1) / parts));
        }
        return pool.job(parts, (part, worker) -> invoke(range, calls[part]));
    }

    private static int parts(int extent, long work, int threads) {
        if (extent <= 0) {
            return 0;
        }
        return threads == 1 ? 1 : (int) Math.min(Math.min(extent, 4L * threads), Math.max(1, work / 16384));
    }

    private static Class<?> rangeForms(Class<?> family) {
        String name = family.getPackageName() + ".range." + family.getSimpleName();
        try {
            return Class.forName(name, true, family.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("No range forms " + name + ": build with Maven, which generates them", e);
        }
    }

    private static Method method(Class<?> family, String name, Class<?>... types) {
        try {
            return family.getMethod(name, types);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("No range form " + family.getSimpleName() + "." + name
                    + " as the kernel has it now: build with Maven, which generates it", e);
        }
    }

    private static Object invoke(Method method, Object... arguments) {
        try {
            return method.invoke(null, arguments);
        } catch (IllegalAccessException | InvocationTargetException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException("Kernel " + method.getDeclaringClass().getSimpleName() + "."
                    + method.getName() + " failed: " + cause, cause);
        }
    }

    private static Object[] append(Object[] first, int from, int to) {
        Object[] all = Arrays.copyOf(first, first.length + 2);
        all[first.length] = from;
        all[first.length + 1] = to;
        return all;
    }
}
