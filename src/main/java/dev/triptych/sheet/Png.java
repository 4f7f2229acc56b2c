package dev.triptych.sheet;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.NodeList;

/// Sheets as PNG, by ImageIO's encoder: part of the JDK, and the same pixels give the same bytes. A chunk of text says
/// which parts are pictures, so that the rest can be shown in other colours.
public final class Png {
    private static final String FORMAT = "javax_imageio_png_1.0";
    private static final String KEYWORD = "Pictures";
    private static final Pattern PART = Pattern.compile("(\\d{1,5}) (\\d{1,5}) (\\d{1,5}) (\\d{1,5})");

    private Png() {
    }

    /// A part of a sheet that is a picture, in pixels.
    public record Part(int x, int y, int width, int height) {
    }

    /// A PNG file of a picture.
    ///
    /// @param parts that are pictures
    public static byte[] bytes(BufferedImage picture, List<Part> parts) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var writer = ImageIO.getImageWritersByFormatName("png").next();
        try (var out = new MemoryCacheImageOutputStream(bytes)) {
            IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(picture), null);
            if (!parts.isEmpty()) {
                var entry = new IIOMetadataNode("tEXtEntry");
                entry.setAttribute("keyword", KEYWORD);
                entry.setAttribute("value", parts.stream().map(p -> p.x + " " + p.y + " " + p.width + " " + p.height)
                        .collect(Collectors.joining(",")));
                var text = new IIOMetadataNode("tEXt");
                text.appendChild(entry);
                var root = new IIOMetadataNode(FORMAT);
                root.appendChild(text);
                metadata.mergeTree(FORMAT, root);
            }
            writer.setOutput(out);
            writer.write(new IIOImage(picture, null, metadata));
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /// The parts of a sheet that are pictures and lie within it; none where it does not say.
    public static List<Part> parts(byte[] png) throws IOException {
        var parts = new ArrayList<Part>();
        var reader = ImageIO.getImageReadersByFormatName("png").next();
        try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(png))) {
            reader.setInput(in);
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            NodeList entries = ((IIOMetadataNode) reader.getImageMetadata(0).getAsTree(FORMAT))
                    .getElementsByTagName("tEXtEntry");
            for (int i = 0; i < entries.getLength(); i++) {
                var entry = (IIOMetadataNode) entries.item(i);
                if (KEYWORD.equals(entry.getAttribute("keyword"))) {
                    PART.matcher(entry.getAttribute("value")).results().map(m -> new Part(Integer.parseInt(m.group(1)),
                            Integer.parseInt(m.group(2)), Integer.parseInt(m.group(3)), Integer.parseInt(m.group(4))))
                            .filter(p -> p.x + p.width <= width && p.y + p.height <= height).forEach(parts::add);
                }
            }
        } finally {
            reader.dispose();
        }
        return parts;
    }
}
