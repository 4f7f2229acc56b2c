// Lesson 3: a training that is watched, and stopped. Seconds.
import dev.triptych.api.*
import java.nio.file.*
import java.util.*

var runs = Files.createTempDirectory("triptych")
var losses = new ArrayList<Double>()
TrainingListener untilFour = step -> {
    losses.add(step.losses().get("total"));
    System.out.println(step.stage() + " " + step.step() + " of " + step.steps() + ": " + step.losses().get("total"));
    return step.step() < 4;
}

// Any key of a recipe, as behind the command `train`.
var run = Triptych.train("bits-micro", null, runs.resolve("bits"), untilFour, "data.train-images=32", "data.test-images=8", "training.log-every=1")

// BITS says a message of B bits about each picture, packed.
var encoder = Triptych.open(run)
System.out.println(encoder.step() + " steps, bits " + HexFormat.of().formatHex(encoder.encode(Path.of("docs/images/demo.png")).bits("bits")))

// What does not fit says what would.
try { Triptych.train("bits-micro", null, run, untilFour); } catch (TriptychException e) { System.out.println(e.getMessage()); }
encoder.close()
