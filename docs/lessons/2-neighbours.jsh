// Lesson 2: what is where, and which pictures are alike. Seconds.
import dev.triptych.api.*
import java.nio.file.*
import java.util.*

var runs = Files.createTempDirectory("triptych")
var encoder = Triptych.open(Triptych.train("stellar-micro", null, runs.resolve("first"), step -> true, "data.train-images=32", "data.test-images=8"))

// The pictures of this documentation that are nearest to one of them: itself comes first, its cosine is 1.
var pictures = Path.of("docs/images")
var one = pictures.resolve("demo.png")
var folder = Files.createDirectory(runs.resolve("pictures"))
for (var name : List.of("demo.png", "cifar.png", "bits.png", "sorcen.png")) Files.copy(pictures.resolve(name), folder.resolve(name))
encoder.neighbours(one, folder, Likeness.CLS, 3).forEach(System.out::println)

// S says what, L says where: row n of L is how patch n is shared among the K tokens, so it sums to 1.
var encoded = encoder.encode(one)
var shape = encoder.values().stream().filter(v -> v.name().equals("localization")).findFirst().get().shape()
float[] l = encoded.numbers("localization")
float sum = 0
for (int k = 0; k < shape.get(1); k++) sum += l[k]
System.out.println("L is " + shape + ", its first row sums to " + sum)

// The picture painted again from S and L, and one heat map per token.
System.out.println(encoder.decode(List.of(one), runs.resolve("apart")))
encoder.close()
