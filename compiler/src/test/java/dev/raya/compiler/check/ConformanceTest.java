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
import dev.raya.compiler.source.SourceFile;
import dev.raya.vm.bytecode.RbinModule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every numbered rule and every code of language.md has two accepted and two refused programs at
 * least; {@code docs/conformance.md} says so. To write the page anew, run with {@code
 * -Draya.golden.write=true}.
 */
class ConformanceTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Path PAGE = Path.of("../docs/conformance.md");
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

  private static final StandardLibrary LIBRARY = StandardLibrary.fromSources();

  /** Codes that are found when bytecode is made. */
  private static final String AT_EMISSION = "RAYA-E0701";

  /** {@code %{text}*N%} stands for N times the text, in which {@code #} is the number. */
  private static final Pattern REPEATED = Pattern.compile("%\\{(.*?)}\\*(\\d+)%", Pattern.DOTALL);

  /** {@code %xFF%} stands for that byte. */
  private static final Pattern BYTE = Pattern.compile("%x([0-9A-F]{2})%");

  private static String expanded(String text) {
    return REPEATED
        .matcher(text)
        .replaceAll(
            m ->
                Matcher.quoteReplacement(
                    IntStream.range(0, Integer.parseInt(m.group(2)))
                        .mapToObj(i -> m.group(1).replace("#", Integer.toString(i)))
                        .collect(Collectors.joining())));
  }

  private static SourceFile file(String name, String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Matcher m = BYTE.matcher(text);
    int at = 0;
    while (m.find()) {
      bytes.writeBytes(text.substring(at, m.start()).getBytes(StandardCharsets.UTF_8));
      bytes.write(Integer.parseInt(m.group(1), 16));
      at = m.end();
    }
    bytes.writeBytes(text.substring(at).getBytes(StandardCharsets.UTF_8));
    return SourceFile.of(name, bytes.toByteArray());
  }

  /** A package beside the program: its name, version and, if it is not as usual, what is odd. */
  private static PackageImports packages(List<String> sections) {
    Map<String, PackageImports.Answer> packages = new LinkedHashMap<>();
    for (String section : sections) {
      int end = section.indexOf('\n');
      String[] words = section.substring(0, end).split(" ");
      String odd = words.length > 2 ? words[2] : "";
      RbinModule made = made(words[0], words[1], section.substring(end + 1), odd);
      packages.put(
          words[0],
          odd.equals("unreadable")
              ? new PackageImports.Answer.Missing(PackageImports.Reason.TOO_NEW, "needs level 9")
              : new PackageImports.Answer.Found(made, words[1], "^" + words[1], section));
    }
    return name ->
        packages.getOrDefault(
            name,
            new PackageImports.Answer.Missing(PackageImports.Reason.NOT_IN_MANIFEST, "add it"));
  }

  private static RbinModule made(String name, String version, String text, String odd) {
    RbinModule m =
        Objects.requireNonNull(
            new Compiler(LIBRARY, SourceTree.of(Map.of("a.raya", text)), PackageImports.NONE)
                .compile(
                    new Compiler.Request(
                        name, version, List.of(new Compiler.Root("", "a.raya", true)), null, true))
                .module());
    RbinModule.Meta meta = m.meta();
    RbinModule.Meta newer =
        new RbinModule.Meta(
            meta.packageName(),
            meta.version(),
            meta.module(),
            meta.compiler(),
            meta.languageLevel() + (odd.equals("newer") ? 1 : 0),
            meta.probeCount(),
            meta.grants(),
            meta.interfaceDigest(),
            meta.sourceDigest(),
            meta.strippedFrom());
    return new RbinModule(
        m.flags(),
        m.minVm(),
        newer,
        m.constants(),
        m.types(),
        m.imports(),
        m.natives(),
        m.classes(),
        m.globals(),
        m.functions(),
        m.entry(),
        m.modules(),
        odd.equals("stripped") ? null : m.decls(),
        m.docs(),
        m.debug());
  }

  private static List<Diagnostic> diagnostics(String text, boolean emit) {
    List<String> parts = List.of(text.split("(?m)^//@ package "));
    Map<String, SourceFile> files = new LinkedHashMap<>();
    Programs.split("main.raya", expanded(parts.getFirst()))
        .forEach((name, file) -> files.put(name, file(name, file.text())));
    String entry = files.keySet().iterator().next();
    Compiler compiler = new Compiler(LIBRARY, files::get, packages(parts.subList(1, parts.size())));
    Compiler.Request request =
        new Compiler.Request("", "", List.of(new Compiler.Root("", entry, true)), entry, true);
    Compilation done = emit ? compiler.compile(request) : compiler.check(request);
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
    List<Diagnostic> all = diagnostics(example.text(), example.code().equals(AT_EMISSION));
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
        Tally tally = Objects.requireNonNull(tallies.get(key), () -> "no rule and no code: " + key);
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
  void everyRuleAndCodeIsCovered() throws IOException {
    TreeSet<String> missing = new TreeSet<>();
    tallies().forEach((key, tally) -> missing.addAll(tally.enough() ? List.of() : List.of(key)));
    assertThat(missing).as("without two accepted and two refused programs").isEmpty();
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
        "Every numbered rule and every code of the language reference has at least two accepted ");
    out.append("and two refused programs: **");
    out.append(enough).append(" of ").append(tallies.size());
    out.append("**, or the build fails.\nFor a warning, refused means that it is given. ");
    out.append("Programs that show behaviour at run time are in `golden/run`, error texts in ");
    out.append(
        "`golden/check` and `golden/codes`.\n\n## Rules\n\n| rule | accepted | refused | |\n| --- | --- | --- | --- |\n");
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
