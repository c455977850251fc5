package dev.raya.resolver.solve.problem;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads problem files ({@code data/resolver/FORMAT.md}): {@code .json} holds one problem, {@code
 * .jsonl} one a line, and either may be compressed as {@code .gz}. Strict: unknown members are
 * refused, and a file is at most {@link #MAX_BYTES} long when expanded.
 */
public final class ProblemFile {
  /** Longest file that is read, in bytes after expansion. */
  public static final int MAX_BYTES = 256 << 20;

  private ProblemFile() {}

  /**
   * Reads all problems of a file; the name's ending says how.
   *
   * @throws ProblemException if it is not of the format
   * @throws IOException if it cannot be read
   */
  public static List<Problem> read(Path file) throws ProblemException, IOException {
    Path last = file.getFileName();
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, last == null ? "" : last.toString());
    }
  }

  /**
   * Reads all problems of a stream.
   *
   * @param in the file's bytes
   * @param name its name, whose ending says how it is written
   * @throws ProblemException if it is not of the format
   * @throws IOException if it cannot be read
   */
  public static List<Problem> read(InputStream in, String name)
      throws ProblemException, IOException {
    boolean compressed = name.endsWith(".gz");
    String plain = compressed ? name.substring(0, name.length() - 3) : name;
    byte[] bytes = compressed ? expand(in, name) : in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new ProblemException(name + ": longer than " + MAX_BYTES + " bytes");
    }
    if (!plain.endsWith(".jsonl")) {
      return List.of(problem(json(bytes, name), name));
    }
    List<Problem> problems = new ArrayList<>();
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (!lines[i].isBlank()) {
        String at = name + ':' + (i + 1);
        problems.add(problem(json(lines[i].getBytes(StandardCharsets.UTF_8), at), at));
      }
    }
    return List.copyOf(problems);
  }

  private static byte[] expand(InputStream in, String name) throws ProblemException, IOException {
    try (GZIPInputStream expanded = new GZIPInputStream(in)) {
      return expanded.readNBytes(MAX_BYTES + 1);
    } catch (ZipException e) {
      throw new ProblemException(name + ": not a gzip file");
    }
  }

  private static Json json(byte[] bytes, String at) throws ProblemException {
    try {
      return JsonReader.read(bytes);
    } catch (JsonException e) {
      throw new ProblemException(at + ": " + e.getMessage());
    }
  }

  private static Problem problem(Json json, String at) throws ProblemException {
    try {
      return new ProblemReader().read(json);
    } catch (JsonException e) {
      throw new ProblemException(at + ": " + e.getMessage());
    }
  }
}
