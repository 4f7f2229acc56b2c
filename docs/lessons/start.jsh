import dev.triptych.api.*
import java.nio.file.*
import java.util.*
