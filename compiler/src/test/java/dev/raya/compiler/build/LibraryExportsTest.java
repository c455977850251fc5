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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

  /** What programs can name of the library has a doc comment: exports, and members of classes. */
  @Test
  void everyNameHasADocComment() throws IOException {
    List<String> bare = new ArrayList<>();
    int documented = 0;
    try (Stream<Path> files = Files.walk(Path.of("src/main/resources/dev/raya/compiler/stdlib"))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String before = "";
        String owner = "";
        for (String line : Files.readAllLines(file)) {
          Matcher type = TYPE.matcher(line);
          if (type.find()) {
            boolean seen = type.group(1) != null || file.endsWith("core.d.raya");
            owner = seen && line.endsWith("{") ? type.group(2) : "";
          } else if (line.startsWith("}")) {
            owner = "";
          }
          String name = name(file, line, owner);
          if (name != null && before.endsWith("*/")) {
            documented++;
          } else if (name != null) {
            bare.add(file.getFileName() + " " + name);
          }
          before = line;
        }
      }
    }
    assertThat(bare).isEmpty();
    assertThat(documented).isGreaterThan(650);
  }

  private static final Pattern TYPE =
      Pattern.compile("^(export )?(?:declare )?(?:class|interface) ([\\w$]+)");
  private static final Pattern EXPORT =
      Pattern.compile(
          "^(export |declare )?(?:async )?(?:class|interface|function|type|const) ([\\w$]+)");
  private static final Pattern MEMBER =
      Pattern.compile("^  (?:(?:readonly|static|async|get) )*(\\w[\\w$]*)[?]?[(<:]");

  /** What a line declares for programs, null if nothing; the compiler's own names have a `$`. */
  private static @Nullable String name(Path file, String line, String owner) {
    Matcher export = EXPORT.matcher(line);
    if (export.find()) {
      boolean seen = line.startsWith("export ") || file.endsWith("core.d.raya");
      return seen && export.group(2).indexOf('$') < 0 ? export.group(2) : null;
    }
    Matcher member = MEMBER.matcher(line);
    return owner.isEmpty()
            || owner.startsWith("raya$")
            || !member.find()
            || member.group(1).equals("constructor")
        ? null
        : owner + "." + member.group(1);
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
