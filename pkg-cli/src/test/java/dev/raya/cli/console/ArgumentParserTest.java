package dev.raya.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How command lines are read. */
final class ArgumentParserTest {
  private static final CommandSpec TOOL =
      CommandSpec.named("tool", "do things")
          .subcommand(
              CommandSpec.named("add", "add packages")
                  .positional("PKG", PositionalSpec.Arity.SOME, "what to add")
                  .options(
                      OptionSpec.flag("--dev", "for tests only").shortName("-D"),
                      OptionSpec.list("--grant", "NAME", "allow"))
                  .build())
          .subcommand(
              CommandSpec.named("run", "run the program")
                  .positional("FILE", PositionalSpec.Arity.OPTIONAL, "what to run")
                  .rest("ARGS")
                  .build())
          .subcommand(CommandSpec.named("install", "install").build())
          .build();

  private static final CommandSpec RUNNER =
      CommandSpec.named("runner", "run bytecode")
          .positional("FILE", PositionalSpec.Arity.ONE, "the program")
          .options(OptionSpec.flag("--stats", "count"))
          .restAfterFirst("ARGS")
          .build();

  private static Arguments parse(Map<String, String> variables, String... words)
      throws UsageException {
    return ArgumentParser.parse(TOOL, List.of(words), Invoked.environment(Path.of("/"), variables));
  }

  private static Arguments parse(String... words) throws UsageException {
    return parse(Map.of(), words);
  }

  @Test
  void optionsStandAnywhereAndListsCollect() throws UsageException {
    Arguments arguments =
        parse("--offline", "add", "--grant", "net", "fmt", "-D", "--grant=time", "time");
    assertThat(arguments.path()).containsExactly("tool", "add");
    assertThat(arguments.all("PKG")).containsExactly("fmt", "time");
    assertThat(arguments.values("--grant")).containsExactly("net", "time");
    assertThat(arguments.flag("--dev")).isTrue();
    assertThat(arguments.flag("--offline")).isTrue();
    assertThat(arguments.flag("--frozen")).isFalse();
  }

  @Test
  void whatStandsAfterTheDashesBelongsToTheProgram() throws UsageException {
    assertThat(parse("run", "x.raya", "--", "--offline", "-v").rest())
        .containsExactly("--offline", "-v");
    Arguments started =
        ArgumentParser.parse(
            RUNNER,
            List.of("--stats", "a.rbin", "--stats", "-x", "y"),
            Invoked.environment(Path.of("/"), Map.of()));
    assertThat(started.flag("--stats")).isTrue();
    assertThat(started.rest()).containsExactly("--stats", "-x", "y");
  }

  @Test
  void flagBeatsVariableAndNegationBeatsBoth() throws UsageException {
    Map<String, String> offline = Map.of("RAYA_OFFLINE", "1", "RAYA_REGISTRY", "one");
    assertThat(parse(offline, "install").flag("--offline")).isTrue();
    assertThat(parse(offline, "install", "--no-offline").flag("--offline")).isFalse();
    assertThat(parse(offline, "install").value("--registry")).isEqualTo("one");
    assertThat(parse(offline, "install", "--registry", "two").value("--registry")).isEqualTo("two");
    assertThat(parse(Map.of("RAYA_OFFLINE", ""), "install").flagOrUnset("--offline")).isNull();
    assertThatThrownBy(() -> parse(Map.of("RAYA_OFFLINE", "maybe"), "install").flag("--offline"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("RAYA_OFFLINE");
  }

  @Test
  void whatIsNotUnderstoodNamesTheNearestSpelling() {
    assertUsage("did you mean `tool install`?", "instal");
    assertUsage("did you mean --offline?", "install", "--ofline");
    assertUsage("write --registry URL", "install", "--registry");
    assertUsage("see `tool install --help`", "install", "extra");
    assertUsage("see `tool add --help`", "add");
    assertUsage("see `tool install --help`", "install", "--offline=yes");
    assertUsage("see `tool install --help`", "install", "--", "x");
  }

  private static void assertUsage(String note, String... words) {
    assertThatThrownBy(() -> parse(words))
        .isInstanceOfSatisfying(
            UsageException.class,
            failure ->
                assertThat(failure.findings().getFirst().notes())
                    .extracting(Finding.Note::message)
                    .contains(note));
  }
}
