package dev.raya.cli.pm.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the commands print with {@code --output json} and {@code jsonl}, and how {@code --llm} fits
 * it into budgets (cli.md 1): one file a case under {@code json/}. Addresses, folders, digests,
 * keys and times are replaced by words. To write the files anew, run with {@code
 * -Draya.golden.write=true} and read the difference.
 */
final class JsonOutputGoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/dev/raya/cli/pm/json");

  private static final List<Pattern> DIGESTS =
      List.of(Pattern.compile("[0-9a-f]{64}"), Pattern.compile("\\b[0-9a-f]{32}\\b"));

  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  /**
   * A case.
   *
   * @param name of its file
   * @param state what the project is like
   * @param words the command
   */
  record Case(String name, State state, List<String> words) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** What the project is like before the command. */
  enum State {
    /** No project at all. */
    NONE,
    /** A manifest, nothing installed. */
    FRESH,
    /** Installed, with newer versions in the registry. */
    INSTALLED,
    /** Requirements that nothing meets. */
    CONFLICT,
    /** A manifest with faults. */
    FAULTY
  }

  private static Case json(State state, String... words) {
    return of(state, words, "", "--output", "json");
  }

  private static Case lines(State state, String... words) {
    return of(state, words, " jsonl", "--output", "jsonl");
  }

  private static Case llm(State state, int budget, String... words) {
    return of(state, words, " llm " + budget, "--llm", "--llm-budget", Integer.toString(budget));
  }

  private static Case of(State state, String[] words, String kind, String... options) {
    String name = state + " " + String.join(" ", words) + kind;
    return new Case(
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"),
        state,
        Stream.concat(Stream.of(words), Stream.of(options)).toList());
  }

  static Stream<Case> cases() {
    return Stream.of(
        json(State.NONE, "init", "made", "--lib"),
        json(State.NONE, "install"),
        json(State.NONE, "nosuch"),
        json(State.NONE, "explain", "RAYA-PKG-006"),
        json(State.NONE, "key", "list"),
        json(State.FRESH, "install"),
        json(State.FRESH, "install", "--frozen"),
        json(State.FRESH, "install", "--offline"),
        json(State.FRESH, "add", "extra"),
        json(State.FRESH, "add", "extr"),
        json(State.FRESH, "lock"),
        json(State.FRESH, "version"),
        json(State.INSTALLED, "install"),
        json(State.INSTALLED, "remove", "fmt"),
        json(State.INSTALLED, "update", "--dry-run"),
        json(State.INSTALLED, "update"),
        json(State.INSTALLED, "outdated"),
        json(State.INSTALLED, "version", "minor"),
        json(State.INSTALLED, "tree"),
        json(State.INSTALLED, "tree", "--invert"),
        json(State.INSTALLED, "why", "time"),
        json(State.INSTALLED, "why", "nosuch"),
        json(State.INSTALLED, "licenses"),
        json(State.INSTALLED, "capabilities"),
        json(State.INSTALLED, "info", "fmt", "--offline"),
        json(State.INSTALLED, "registry", "list"),
        json(State.INSTALLED, "ci", "paths"),
        json(State.INSTALLED, "config", "get", "network.retries"),
        json(State.INSTALLED, "cache", "verify"),
        json(State.INSTALLED, "publish", "--offline"),
        json(State.INSTALLED, "whoami"),
        json(State.CONFLICT, "install"),
        json(State.FAULTY, "install"),
        lines(State.FRESH, "install"),
        lines(State.INSTALLED, "outdated"),
        lines(State.INSTALLED, "tree"),
        lines(State.FAULTY, "install"),
        llm(State.CONFLICT, 12_000, "install"),
        llm(State.CONFLICT, 500, "install"),
        llm(State.CONFLICT, 250, "install"),
        llm(State.CONFLICT, 20, "install"),
        llm(State.FAULTY, 100, "install"),
        llm(State.INSTALLED, 50, "tree"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void printsWhatItsFileSays(Case each) throws IOException {
    Pm pm = prepared(each.state());
    Pm.Outcome outcome = pm.run(each.words().toArray(String[]::new));
    String found =
        "$ raya-pm "
            + String.join(" ", each.words())
            + "\nexit "
            + outcome.exit()
            + "\n"
            + steady(outcome.out());
    Path file = GOLDEN.resolve(each.name() + ".txt");
    if (Boolean.getBoolean("raya.golden.write")) {
      Files.createDirectories(GOLDEN);
      Files.writeString(file, found);
    }
    assertThat(found).isEqualTo(Files.readString(file));
  }

  private Pm prepared(State state) {
    registry.publish(TestPackage.of("time", "1.0.0"));
    registry.publish(TestPackage.of("fmt", "1.0.0").on("time", "^1"));
    registry.publish(TestPackage.of("extra", "0.3.0").under("MIT"));
    registry.publish(TestPackage.of("old", "1.0.0").on("time", "<1.0.0"));
    Pm pm = Pm.in(folder).at(registry);
    switch (state) {
      case NONE -> pm.write("notes.txt", "no project");
      case FRESH -> pm.project("fmt = \"^1\"");
      case INSTALLED -> {
        pm.project("fmt = \"^1\"");
        assertThat(pm.run("install").exit()).isZero();
        registry.publish(TestPackage.of("time", "1.1.0"));
        registry.publish(TestPackage.of("fmt", "2.0.0").on("time", "^1"));
      }
      case CONFLICT -> pm.project("fmt = \"^1\"", "old = \"^1\"");
      case FAULTY -> pm.project("fmt = \"not a range\"", "Bad-Name = \"^1\"", "extra = 3");
    }
    return pm;
  }

  /** The output without what differs from run to run. */
  private String steady(String text) {
    String steady =
        text.replace(registry.origin(), "<registry>")
            .replace(registry.fingerprint().hex(), "<root>")
            .replace(folder.toString(), "<folder>")
            .replaceAll("(needs|--llm-budget) [0-9]+", "$1 <n>")
            .replaceAll("\"(elapsedMs|millis|ms|durationMs)\":[0-9]+", "\"$1\":0");
    for (Pattern digest : DIGESTS) {
      steady = digest.matcher(steady).replaceAll("<digest>");
    }
    return steady;
  }
}
