package dev.raya.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.diagnostic.Diagnostic;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Every name that stdlib.md gives to programs is there. {@code library/exports.txt} lists them, one
 * a line: {@code raya:MODULE NAME}, {@code global NAME} or {@code global CLASS.MEMBER}.
 */
final class LibraryExportsTest {
  private static final Path TABLE = Path.of("src/test/resources/library/exports.txt");

  @Test
  void everyNameIsThere() throws IOException {
    StandardLibrary library = StandardLibrary.fromSources();
    String globals = globals();
    List<String> absent = new ArrayList<>();
    List<String> rows = Files.readAllLines(TABLE);
    Map<String, List<String>> imported = new TreeMap<>();
    for (String row : rows) {
      String[] words = row.split(" ");
      if (!words[0].equals("global")) {
        imported.computeIfAbsent(words[0], k -> new ArrayList<>()).add(words[1]);
      } else if (!declares(globals, words[1])) {
        absent.add(row);
      }
    }
    imported.forEach((module, names) -> absent.addAll(absent(library, module, names)));
    assertThat(rows).hasSizeGreaterThan(400);
    assertThat(absent).isEmpty();
  }

  /** Of some names of a module, those that a program cannot import. */
  private static List<String> absent(StandardLibrary library, String module, List<String> names) {
    List<String> lines = new ArrayList<>();
    names.forEach(n -> lines.add("import { " + n + " } from \"" + module + "\";\n"));
    SourceTree sources = SourceTree.of(Map.of("a.raya", String.join("", lines)));
    Compilation done =
        new Compiler(library, sources, PackageImports.NONE)
            .check(
                new Compiler.Request(
                    "", "", List.of(new Compiler.Root("", "a.raya", true)), "a.raya", true));
    return done.diagnostics().stream()
        .filter(Diagnostic::isError)
        .map(d -> module + " " + d.span().text() + ": " + d.message())
        .toList();
  }

  private static String globals() throws IOException {
    try (InputStream in =
        StandardLibrary.class.getResourceAsStream("/dev/raya/compiler/stdlib/core.d.raya")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static boolean declares(String globals, String name) {
    int dot = name.indexOf('.');
    String owner = dot < 0 ? name : name.substring(0, dot);
    Matcher block =
        Pattern.compile(
                "(?ms)^(?:declare )?(?:class|interface) "
                    + owner
                    + "\\b[^{]*\\{(.*?)^\\}|^declare"
                    + " (?:function|const) "
                    + owner
                    + "\\b|^type "
                    + owner
                    + "\\b")
            .matcher(globals);
    if (!block.find()) {
      return false;
    }
    return dot < 0
        || (block.group(1) != null
            && Pattern.compile("\\b" + name.substring(dot + 1) + "\\??[(<:]")
                .matcher(block.group(1))
                .find());
  }
}
