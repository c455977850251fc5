package dev.raya.compiler.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.build.Compilation;
import dev.raya.compiler.build.Compiler;
import dev.raya.compiler.build.PackageImports;
import dev.raya.compiler.build.SourceTree;
import dev.raya.compiler.build.StandardLibrary;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.DiagnosticText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every numbered rule and every code of language.md has two accepted and two refused programs at
 * least, but for those that {@code uncovered.txt} admits; {@code docs/conformance.md} says so. To
 * write page and list anew, run with {@code -Draya.golden.write=true}; the list may only get
 * shorter.
 */
class ConformanceTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Path PAGE = Path.of("../docs/conformance.md");
  private static final Path UNCOVERED = GOLDEN.resolve("conformance/uncovered.txt");
  private static final int ENOUGH = 2;

  /** A program and what it shows. */
  private record Example(boolean accepted, String code, List<String> rules, String text) {}

  /** How many programs there are. */
  private static final class Tally {
    int accepted;
    int refused;

    boolean enough() {
      return accepted >= ENOUGH && refused >= ENOUGH;
    }
  }

  private static List<Example> examples() throws IOException {
    List<Example> examples = new ArrayList<>();
    try (Stream<Path> files = Files.list(GOLDEN.resolve("conformance"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".raya")).sorted().toList()) {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        for (String part : text.split("(?m)^//# ")) {
          int end = part.indexOf('\n');
          String[] words = part.substring(0, Math.max(0, end)).split(" ");
          if (words[0].equals("accepted") || words[0].equals("refused")) {
            examples.add(
                new Example(
                    words[0].equals("accepted"),
                    words[1],
                    List.of(words).subList(2, words.length),
                    part.substring(end + 1)));
          }
        }
      }
    }
    return examples;
  }

  private static List<Diagnostic> diagnostics(String text) {
    Map<String, String> files = new LinkedHashMap<>();
    Programs.split("main.raya", text).forEach((name, file) -> files.put(name, file.text()));
    String entry = files.keySet().iterator().next();
    Compilation done =
        new Compiler(StandardLibrary.fromSources(), SourceTree.of(files), PackageImports.NONE)
            .check(
                new Compiler.Request(
                    "", "", List.of(new Compiler.Root("", entry, true)), entry, true));
    return done.diagnostics();
  }

  @TestFactory
  List<DynamicTest> programsAreAcceptedOrRefusedAsTheySay() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Example example : examples()) {
      String kind = example.accepted() ? "accepted " : "refused ";
      tests.add(
          DynamicTest.dynamicTest(
              kind + example.code() + ": " + example.text().strip(), () -> holds(example)));
    }
    assertThat(tests).hasSizeGreaterThan(300);
    return tests;
  }

  private static void holds(Example example) {
    List<Diagnostic> all = diagnostics(example.text());
    List<Diagnostic> errors = all.stream().filter(Diagnostic::isError).toList();
    List<String> codes = all.stream().map(d -> d.code().code()).toList();
    String shown = DiagnosticText.render(all);
    if (example.accepted()) {
      assertThat(errors).as(shown).isEmpty();
      assertThat(codes).as(shown).doesNotContain(example.code());
    } else if (example.code().startsWith("RAYA-W")) {
      assertThat(errors).as(shown).isEmpty();
      assertThat(codes).as(shown).contains(example.code());
    } else {
      assertThat(errors).as("no error").isNotEmpty();
      assertThat(errors.getFirst().code().code()).as(shown).isEqualTo(example.code());
    }
  }

  private static Map<String, String> rules() throws IOException {
    Map<String, String> rules = new LinkedHashMap<>();
    for (String line : Files.readAllLines(GOLDEN.resolve("conformance/rules.txt"))) {
      int space = line.indexOf(' ');
      rules.put(line.substring(0, space), line.substring(space + 1));
    }
    return rules;
  }

  private static Map<String, Tally> tallies() throws IOException {
    Map<String, Tally> tallies = new TreeMap<>();
    for (String rule : rules().keySet()) {
      tallies.put(rule, new Tally());
    }
    for (DiagnosticCode code : DiagnosticCode.values()) {
      tallies.put(code.code(), new Tally());
    }
    for (Example example : examples()) {
      List<String> keys = new ArrayList<>(example.rules());
      keys.add(example.code());
      for (String key : keys) {
        Tally tally =
            java.util.Objects.requireNonNull(tallies.get(key), () -> "no rule and no code: " + key);
        if (example.accepted()) {
          tally.accepted++;
        } else {
          tally.refused++;
        }
      }
    }
    return tallies;
  }

  @Test
  void everyRuleAndCodeIsCoveredOrAdmittedNotToBe() throws IOException {
    TreeSet<String> missing = new TreeSet<>();
    tallies().forEach((key, tally) -> missing.addAll(tally.enough() ? List.of() : List.of(key)));
    if (Boolean.getBoolean("raya.golden.write")) {
      Files.writeString(UNCOVERED, String.join("\n", missing) + "\n");
    }
    List<String> admitted = Files.readAllLines(UNCOVERED);
    assertThat(missing)
        .as("uncovered.txt names what is not covered, and nothing else")
        .containsExactlyElementsOf(admitted);
  }

  @Test
  void pageSaysWhatIsCovered() throws IOException {
    String page = page();
    if (Boolean.getBoolean("raya.golden.write")) {
      Files.writeString(PAGE, page, StandardCharsets.UTF_8);
    }
    assertThat(Files.readString(PAGE, StandardCharsets.UTF_8)).isEqualTo(page);
  }

  private static String page() throws IOException {
    Map<String, Tally> tallies = tallies();
    long enough = tallies.values().stream().filter(Tally::enough).count();
    StringBuilder out = new StringBuilder();
    out.append("# Conformance\n\n");
    out.append("Written by `ConformanceTest` from the programs in ");
    out.append("`compiler/src/test/resources/golden/conformance`; do not edit.\n\n");
    out.append(
        "Every numbered rule and every code of the language reference should have at least ");
    out.append("two accepted and two refused programs.\n**");
    out.append(enough).append(" of ").append(tallies.size());
    out.append("** have them. The rest is marked **missing** here and listed in `uncovered.txt`, ");
    out.append("which may only get shorter.\nFor a warning, refused means that it is given. ");
    out.append("Programs that show behaviour at run time are in `golden/run`, error texts in ");
    out.append(
        "`golden/check`.\n\n## Rules\n\n| rule | accepted | refused | |\n| --- | --- | --- | --- |\n");
    rules()
        .forEach(
            (rule, title) -> row(out, rule + " " + title, tallies.getOrDefault(rule, new Tally())));
    out.append("\n## Codes\n\n| code | accepted | refused | |\n| --- | --- | --- | --- |\n");
    for (DiagnosticCode code : DiagnosticCode.values()) {
      String title = code.title().replace("|", "\\|").replace("<", "&lt;");
      row(out, code.code() + " " + title, tallies.getOrDefault(code.code(), new Tally()));
    }
    return out.toString();
  }

  private static void row(StringBuilder out, String title, Tally tally) {
    out.append("| ").append(title).append(" | ").append(tally.accepted).append(" | ");
    out.append(tally.refused).append(" | ");
    out.append(tally.enough() ? "" : "**missing** ").append("|\n");
  }
}
