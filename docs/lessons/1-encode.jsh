// Lesson 1: from nothing to numbers about a picture. Seconds.
import dev.triptych.api.*
import java.nio.file.*

// Twelve steps of STELLAR on generated scenes: enough to have a run, not to have learnt much.
var runs = Files.createTempDirectory("triptych")
var run = Triptych.train("stellar-micro", null, runs.resolve("first"), step -> true, "data.train-images=32", "data.test-images=8")

// What its encoder says of each picture, with the shape for one.
var encoder = Triptych.open(run)
encoder.values().forEach(v -> System.out.println(v.name() + " " + v.shape() + ": " + v.meaning()))

// Any picture, of any size.
var picture = Path.of("docs/images/demo.png")
var encoded = encoder.encode(picture)
float[] cls = encoded.numbers("cls")
System.out.println(cls.length + " numbers, the first is " + cls[0])
encoder.close()
