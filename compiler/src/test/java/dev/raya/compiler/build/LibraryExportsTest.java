package dev.raya.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.vm.bytecode.RbinModule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Every name that stdlib.md gives to programs is there. {@code library/exports.txt} lists them, one
 * a line: {@code raya:MODULE NAME}, {@code global NAME} or {@code global CLASS.MEMBER}; those that
 * this library does not have yet end in {@code missing}.
 */
final class LibraryExportsTest {
  private static final Path TABLE = Path.of("src/test/resources/library/exports.txt");

  @Test
  void everyNameIsThere() throws IOException {
    StandardLibrary library = StandardLibrary.fromSources();
    String globals = globals();
    List<String> absent = new ArrayList<>();
    List<String> rows = Files.readAllLines(TABLE);
    for (String row : rows) {
      String[] words = row.split(" ");
      boolean expected = words.length < 3;
      boolean present =
          words[0].equals("global")
              ? declares(globals, words[1])
              : exports(library, words[0].substring("raya:".length())).contains(words[1]);
      if (expected && !present) {
        absent.add(row);
      }
    }
    assertThat(rows).hasSizeGreaterThan(400);
    assertThat(absent).isEmpty();
  }

  private static Set<String> exports(StandardLibrary library, String name) {
    Set<String> names = new HashSet<>();
    if (name.equals(StandardLibrary.TEST)) {
      // Compiled with each suite: its source says what it exports.
      Matcher m =
          Pattern.compile("(?m)^export (?:async )?(?:function|class|interface|type) (\\w+)")
              .matcher(StandardLibrary.source(name).text());
      while (m.find()) {
        names.add(m.group(1));
      }
      return names;
    }
    RbinModule file = library.module(name);
    if (file != null) {
      file.modules().getFirst().exports().forEach(e -> names.add(e.name()));
      Objects.requireNonNull(file.decls()).forEach(d -> names.add(d.name()));
    }
    return names;
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
