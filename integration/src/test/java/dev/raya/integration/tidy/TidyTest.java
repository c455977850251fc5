package dev.raya.integration.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Walks the tree and finds what a reviewer should not have to say. */
final class TidyTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /**
   * The files that earn more than {@link #MAX_LINES} lines: recursive descent over one grammar, the
   * interpreter's one loop and the table that prepares for it.
   */
  private static final List<String> LONG_FILES =
      List.of(
          "compiler/src/main/java/dev/raya/compiler/parse/ExpressionParser.java",
          "compiler/src/main/java/dev/raya/compiler/parse/Parser.java",
          "vm-runtime/src/main/java/dev/raya/vm/interp/Loop.java",
          "vm-runtime/src/main/java/dev/raya/vm/interp/Predecoder.java");

  /** Sources whose white space is what they test. */
  private static final List<String> ODD_ON_PURPOSE =
      List.of("compiler/src/test/resources/golden/acceptance/legal.raya");

  private static final int MAX_LINES = 800;
  private static final List<String> TEXT_SUFFIXES =
      List.of(".java", ".xml", ".md", ".raya", ".sql", ".html", ".css", ".js", ".sh", ".codes");

  @Test
  void everyMainPackageIsNullMarked() throws IOException {
    List<String> bare = new ArrayList<>();
    for (Path file : sources("src/main/java/")) {
      Path marker = file.resolveSibling("package-info.java");
      if (!Files.exists(marker) || !Files.readString(marker).contains("@NullMarked")) {
        bare.add(name(file));
      }
    }
    assertThat(bare).as("classes in packages without @NullMarked package-info").isEmpty();
  }

  @Test
  void filesAreShortEnoughToHoldInTheHead() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : sources("src/main/java/")) {
      int lines = Files.readAllLines(file).size();
      if (lines > MAX_LINES && !LONG_FILES.contains(name(file))) {
        tooLong.add(name(file) + ": " + lines);
      }
    }
    assertThat(tooLong).as("files of more than " + MAX_LINES + " lines").isEmpty();
  }

  @Test
  void noTrailingSpaceNoTabAndOneNewlineAtTheEnd() throws IOException {
    List<String> faults = new ArrayList<>();
    for (Path file : tracked()) {
      if (ODD_ON_PURPOSE.contains(name(file))) {
        continue;
      }
      String text = Files.readString(file, StandardCharsets.UTF_8);
      if (text.isEmpty() || !text.endsWith("\n") || text.endsWith("\n\n")) {
        faults.add(name(file) + ": end of file");
      }
      int number = 0;
      for (String line : text.split("\n", -1)) {
        number++;
        if (line.endsWith(" ")
            || line.endsWith("\r")
            || (line.contains("\t") && !name(file).endsWith(".sh"))) {
          faults.add(name(file) + ":" + number);
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void mainCodeTakesTimeEnvironmentAndStreamsFromItsCaller() throws IOException {
    Pattern ambient =
        Pattern.compile(
            "(?m)^(?! *\\*).*(?:Instant\\.now\\(\\)|System\\.getenv\\(|System\\.currentTimeMillis\\(\\)|Thread\\.sleep\\(|printStackTrace\\()");
    List<String> faults = new ArrayList<>();
    for (Path file : sources("src/main/java/")) {
      String text = Files.readString(file);
      if (text.contains("static void main(String[]") || name(file).startsWith("registry-server/")) {
        continue;
      }
      Matcher found = ambient.matcher(text);
      while (found.find()) {
        faults.add(name(file) + ": " + found.group());
      }
    }
    assertThat(faults).as("ambient services outside the main classes").isEmpty();
  }

  @Test
  void nothingIsLeftForLater() throws IOException {
    Pattern later = Pattern.compile("\\b(TODO|FIXME|XXX|HACK)\\b");
    List<String> faults = new ArrayList<>();
    for (Path file : tracked()) {
      if (!file.endsWith("TidyTest.java") && later.matcher(Files.readString(file)).find()) {
        faults.add(name(file));
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void versionsArePinnedInTheRootOnly() throws IOException {
    List<String> faults = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path pom :
          modules.map(module -> module.resolve("pom.xml")).filter(Files::exists).toList()) {
        String text = Files.readString(pom).replaceFirst("(?s)<parent>.*?</parent>", "");
        if (text.contains("<version>")) {
          faults.add(name(pom));
        }
      }
    }
    assertThat(faults).as("module poms that pin a version").isEmpty();
    assertThat(Files.readString(ROOT.resolve("pom.xml")))
        .doesNotContain("SNAPSHOT", "LATEST", "RELEASE</version>");
  }

  @Test
  void linksInMarkdownLeadSomewhere() throws IOException {
    Pattern link = Pattern.compile("\\]\\(([^)#:\\s]+)(#[^)]*)?\\)");
    List<String> dead = new ArrayList<>();
    for (Path file : tracked()) {
      if (!name(file).endsWith(".md")
          || name(file).startsWith("integration/examples/")
          || name(file).contains("/src/test/resources/")) {
        continue;
      }
      Matcher found = link.matcher(Files.readString(file));
      while (found.find()) {
        if (!Files.exists(file.resolveSibling(found.group(1)))) {
          dead.add(name(file) + ": " + found.group(1));
        }
      }
    }
    assertThat(dead).as("dead links").isEmpty();
  }

  private static List<Path> sources(String below) throws IOException {
    return tracked().stream()
        .filter(file -> name(file).contains(below) && name(file).endsWith(".java"))
        .toList();
  }

  private static List<Path> tracked() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> TEXT_SUFFIXES.stream().anyMatch(file.toString()::endsWith))
          .filter(Files::isRegularFile)
          .filter(
              file -> !(name(file) + "/").contains("target/") && !name(file).startsWith(".git/"))
          .sorted()
          .toList();
    }
  }

  private static String name(Path file) {
    return ROOT.relativize(file).toString().replace('\\', '/');
  }
}
