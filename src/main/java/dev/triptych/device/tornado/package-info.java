/// The device `tornado`: programs as TornadoVM task graphs. The only package that touches TornadoVM's run-time API.
package dev.triptych.device.tornado;
