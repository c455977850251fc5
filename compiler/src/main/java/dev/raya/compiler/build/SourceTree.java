package dev.raya.compiler.build;

import dev.raya.compiler.source.SourceFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sources of a package by their package-relative names, with {@code /}. */
public interface SourceTree {
  /** Longest source, in bytes. */
  long MAX_BYTES = 16L << 20;

  /** The file of a name, the same object each time, or null if there is none. */
  @Nullable SourceFile file(String name);

  /** The sources below a folder. */
  static SourceTree folder(Path root) {
    Map<String, SourceFile> read = new HashMap<>();
    return name -> {
      SourceFile known = read.get(name);
      if (known == null) {
        Path file = root.resolve(name).normalize();
        if (!Files.isRegularFile(file)) {
          return null;
        }
        try {
          if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is longer than " + MAX_BYTES + " bytes");
          }
          known = SourceFile.of(name, Files.readAllBytes(file));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        read.put(name, known);
      }
      return known;
    };
  }

  /** Sources held in memory. */
  static SourceTree of(Map<String, String> texts) {
    Map<String, SourceFile> files = new HashMap<>();
    texts.forEach((name, text) -> files.put(name, SourceFile.of(name, text)));
    return files::get;
  }
}
