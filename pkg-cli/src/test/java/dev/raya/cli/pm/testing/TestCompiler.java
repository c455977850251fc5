package dev.raya.cli.pm.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Stands in for {@code rayac} as a process: {@code build DIR --out OUT} writes a real module with
 * the name and version of {@code raya.toml} and the grants listed in {@code DIR/needs.txt} and the
 * functions of {@code DIR/exports.txt}; a folder {@code DIR/broken} is a compile error, {@code
 * DIR/doubtful} a warning; {@code run DIR -- ARGS} prints its arguments and ends with the code in
 * {@code DIR/exit.txt}.
 */
public final class TestCompiler {
  private TestCompiler() {}

  /** The program. */
  public static void main(String[] args) throws IOException {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> words) throws IOException {
    Path directory = Path.of(words.get(1)).toAbsolutePath().normalize();
    if (words.getFirst().equals("run")) {
      int dashes = words.indexOf("--");
      System.out.println("ran " + (dashes < 0 ? "" : words.subList(dashes + 1, words.size())));
      Path exit = directory.resolve("exit.txt");
      return Files.exists(exit) ? Integer.parseInt(Files.readString(exit).strip()) : 0;
    }
    if (Files.exists(directory.resolve("broken"))) {
      say(words, "RAYA-E0101", "error", "unexpected end");
      return 1;
    }
    if (Files.exists(directory.resolve("doubtful")) && !words.contains("--quiet")) {
      say(words, "RAYA-W0001", "warning", "'n' is never used");
    }
    Path out = Path.of(words.get(words.indexOf("--out") + 1));
    Files.createDirectories(out);
    String manifest = Files.readString(directory.resolve("raya.toml"));
    List<String> grants = words(directory.resolve("needs.txt"));
    Files.write(
        out.resolve("module.rbin"),
        TestModules.bytes(
            value(manifest, "name"),
            value(manifest, "version"),
            grants,
            words(directory.resolve("exports.txt"))));
    Files.writeString(
        out.resolve("module.rdef"), "// " + value(manifest, "name") + "\n", StandardCharsets.UTF_8);
    if (words.contains("--docs")) {
      Files.writeString(
          out.resolve("docs.json"),
          "{\"modules\":[],\"name\":\""
              + value(manifest, "name")
              + "\",\"schema\":\"raya-docs/1\",\"version\":\""
              + value(manifest, "version")
              + "\"}");
    }
    return 0;
  }

  private static void say(List<String> words, String code, String severity, String message) {
    if (words.contains("json")) {
      System.out.printf(
          "{\"diagnostics\":[{\"code\":\"%s\",\"fixes\":[],\"message\":\"%s\",\"notes\":[],"
              + "\"severity\":\"%s\",\"span\":null}]}%n",
          code, message, severity);
    }
    System.err.printf("%s[%s]: %s%n", severity, code, message);
  }

  private static List<String> words(Path file) throws IOException {
    return Files.exists(file)
        ? Arrays.asList(Files.readString(file).strip().split("\\s+"))
        : List.of();
  }

  private static String value(String manifest, String key) {
    for (String line : manifest.split("\n", -1)) {
      if (line.startsWith(key + " = \"")) {
        return line.substring(key.length() + 4, line.length() - 1);
      }
    }
    return "";
  }
}
