package dev.triptych.device;

import dev.triptych.device.vector.VectorDevice;
import java.util.List;
import net.jqwik.api.Group;

/// The contracts of all kernel families, held by the vector device with one, two and three threads.
class VectorDeviceTest {
    private static final List<Device> DEVICES = List.of(new VectorDevice(1), new VectorDevice(2), new VectorDevice(3));

    @Group
    class Products extends LinearContract {
        @Override
        protected List<Device> devices() {
            return DEVICES;
        }
    }

    @Group
    class RangeForms extends RangeContract {
        @Override
        protected List<Device> devices() {
            return DEVICES;
        }
    }

    @Group
    class OtherFamilies extends FamiliesContract {
        @Override
        protected List<Device> devices() {
            return DEVICES;
        }
    }
}
