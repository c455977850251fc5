package dev.raya.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program prints and how it ends, whatever its command does. */
final class ProgramTest {
  @TempDir Path directory = Path.of("");

  private static final CommandSpec TOOL =
      CommandSpec.named("tool", "do things")
          .subcommand(
              CommandSpec.named("greet", "say hello")
                  .positional("NAME", PositionalSpec.Arity.ONE, "whom")
                  .options(OptionSpec.flag("--loud", "in capitals"))
                  .example("tool greet Raya", "says hello to Raya")
                  .runs(ProgramTest::greet)
                  .build())
          .subcommand(CommandSpec.named("fail", "fail").runs(ProgramTest::fail).build())
          .subcommand(CommandSpec.named("break", "break").runs(ProgramTest::breakDown).build())
          .subcommand(
              CommandSpec.named("group", "have commands")
                  .subcommand(
                      CommandSpec.named("inner", "be one")
                          .description(
                              """
                              This line is longer than a line of a terminal ought to be, and this
                              one
                              is what follows it.

                              A paragraph.""")
                          .options(OptionSpec.flag("--option", "words ".repeat(13).strip()))
                          .runs(ProgramTest::fail)
                          .build())
                  .build())
          .subcommand(ExplainCommand.spec("demo", "RAYA-PKG-006"))
          .build();

  private static int greet(Arguments arguments, Console console) throws UsageException {
    String name = arguments.required("NAME");
    console.status("about to greet");
    console.line("Hello, " + name);
    console.result(Json.object().put("greeted", name).build());
    return ExitCode.OK;
  }

  private static int fail(Arguments arguments, Console console) throws CommandException {
    throw new CommandException(
        Finding.error("RAYA-PKG-006", "raya.lock would change", "run `raya-pm install`")
            .at(Span.at("raya.toml", 3, 1, 20)));
  }

  private static int breakDown(Arguments arguments, Console console) {
    throw new IllegalStateException("the impossible");
  }

  private Invoked run(String... words) {
    return Invoked.run(TOOL, directory, Map.of("RAYA_HOME", "home"), words);
  }

  @Test
  void textGoesToStdoutAndStatusToStderr() {
    assertThat(run("greet", "you")).isEqualTo(new Invoked(0, "Hello, you\n", "about to greet\n"));
    assertThat(run("greet", "you", "--quiet")).isEqualTo(new Invoked(0, "Hello, you\n", ""));
  }

  @Test
  void envelopeIsTheOnlyThingOnStdout() {
    assertThat(run("greet", "you", "--output", "json"))
        .isEqualTo(
            new Invoked(
                0,
                """
                {"command":"greet","diagnostics":[],"ok":true,"result":{"greeted":"you"},"schema":"raya/1","timing":{"elapsedMs":0}}
                """,
                ""));
  }

  @Test
  void failureTellsWhatWhereAndWhatNext() {
    assertThat(run("fail"))
        .isEqualTo(
            new Invoked(
                1,
                "",
                """
                error[RAYA-PKG-006]: raya.lock would change
                  --> raya.toml:3:1
                  = run `raya-pm install`
                """));
    assertThat(run("fail", "--output=json").out())
        .isEqualTo(
            """
            {"command":"fail","diagnostics":[{"code":"RAYA-PKG-006","fixes":[],"message":"raya.lock would change","notes":[{"message":"run `raya-pm install`"}],"severity":"error","span":{"end":{"column":1,"line":3,"offset":20},"file":"raya.toml","start":{"column":1,"line":3,"offset":20}}}],"ok":false,"result":null,"schema":"raya/1","timing":{"elapsedMs":0}}
            """);
  }

  @Test
  void eventsAreOneDocumentALine() {
    assertThat(run("fail", "--output", "jsonl").out().lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("{\"diagnostic\":{\"code\":\"RAYA-PKG-006\"")
        .contains("\"event\":\"diagnostic\"", "\"schema\":\"raya/1\"");
  }

  @Test
  void colourOnlyWhenAskedFor() {
    assertThat(run("fail", "--color", "always").err())
        .startsWith("\u001b[1;31merror[RAYA-PKG-006]\u001b[0m");
    assertThat(run("fail").err()).doesNotContain("\u001b");
    assertThat(run("fail", "--color", "sometimes").exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void helpAndVersionAreDocumentsForPrograms() {
    assertThat(run("--version"))
        .isEqualTo(new Invoked(0, "tool " + ProgramVersion.CURRENT + "\n", ""));
    assertThat(run("--output", "json", "-V").out()).contains("\"program\":\"tool\",\"version\":");
    assertThat(run("--quiet", "greet", "--version").err()).contains("has no option --version");
    assertThat(run("--verson").err()).contains("did you mean --version?");
    assertThat(run("help", "greet", "--output", "json").out())
        .contains(
            "\"ok\":true",
            "\"usage\":\"tool greet [OPTIONS] NAME\"",
            "\"names\":[\"--loud\"]",
            "\"examples\":[{\"effect\":\"says hello to Raya\",\"line\":\"tool greet Raya\"}]");
  }

  @Test
  void commandWithoutItsSubcommandIsAUsageErrorInEveryFormat() {
    Invoked text = run("group");
    assertThat(text.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(text.out()).isEmpty();
    assertThat(text.err()).contains("Usage: tool group COMMAND");
    Invoked json = run("group", "--output", "json");
    assertThat(json.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(json.out()).startsWith("{").contains("`tool group` needs a command", "it has inner");
    assertThat(json.err()).isEmpty();
    assertThat(run("group", "help", "inner")).isEqualTo(run("help", "group", "inner"));
    assertThat(run("group", "help").out()).startsWith("Have commands.\n");
  }

  @Test
  void longDescriptionsAreFilledAndLongRowsIndented() {
    assertThat(run("help", "group", "inner").out())
        .contains(
            "This line is longer than a line of a terminal ought to be, and this one is what\n"
                + "follows it.\n\nA paragraph.\n",
            "  --option                   words words words words words words words words words words"
                + " words words\n                             words\n");
  }

  @Test
  void textFromOutsideCannotSteerTheTerminal() {
    assertThat(run("greet", "\u001b[2Jx\u202ey").out()).isEqualTo("Hello, \ufffd[2Jx\ufffdy\n");
  }

  @Test
  void usageErrorsAreTwoInEveryFormat() {
    assertThat(run("gret").err())
        .isEqualTo(
            """
            error[RAYA-CLI-001]: `tool` has no command "gret"
              = did you mean `tool greet`?
              = see `tool --help`
            """);
    assertThat(run("gret").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(run("gret", "--output", "json").out()).contains("\"code\":\"RAYA-CLI-001\"");
    assertThat(run().exit()).isEqualTo(ExitCode.USAGE);
    assertThat(run("greet", "x", "--cwd", "nowhere").exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void usageErrorsNameTheCommandAsFarAsItIsUnderstood() {
    assertThat(run("greet", "--output", "json").out()).startsWith("{\"command\":\"greet\",");
    assertThat(run("greet", "x", "--lod", "--output", "json").out())
        .startsWith("{\"command\":\"greet\",");
    assertThat(run("--output", "json", "group", "iner").out())
        .startsWith("{\"command\":\"group\",");
    assertThat(run("group", "inner", "word", "--output", "json").out())
        .startsWith("{\"command\":\"group inner\",");
    assertThat(run("gret", "greet", "--output", "json").out()).startsWith("{\"command\":\"\",");
  }

  @Test
  void faultEndsWithSeventyAndAReportWithoutEnvironment() throws IOException {
    Invoked broken = run("break");
    assertThat(broken.exit()).isEqualTo(ExitCode.INTERNAL);
    assertThat(broken.err()).startsWith("error[RAYA-CLI-002]: internal fault: ");
    try (Stream<Path> reports = Files.list(directory.resolve("home/tmp"))) {
      String report = Files.readString(reports.findFirst().orElseThrow());
      assertThat(report)
          .contains("the impossible", "arguments: break", "ProgramTest")
          .doesNotContain("RAYA_HOME");
    }
  }

  @Test
  void versionAndHelpAreOnStdout() {
    assertThat(run("--version").out()).isEqualTo("tool " + ProgramVersion.CURRENT + "\n");
    assertThat(run("help").out()).contains("Commands:", "  greet  ", "say hello");
    assertThat(run("help", "greet")).isEqualTo(run("greet", "--help"));
    assertThat(run("help", "greet").out())
        .startsWith("Say hello.\n\nUsage: tool greet [OPTIONS] NAME\n")
        .contains("--loud", "RAYA_OFFLINE", "Examples:\n  tool greet Raya\n");
    assertThat(run("help", "gret").exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void explainKnowsEveryCodeAndTheNearest() {
    assertThat(run("explain", "RAYA-PKG-006").out())
        .startsWith("RAYA-PKG-006: the lockfile would change")
        .contains("exit code 1", "Cause", "Example", "Remedy");
    assertThat(run("explain", "pkg-006").out()).isEqualTo(run("explain", "RAYA-PKG-006").out());
    assertThat(run("explain", "RAYA-PKG-0066").err()).contains("did you mean RAYA-PKG-006?");
    assertThat(run("explain", "--output", "json").out()).contains("\"code\":\"RAYA-SEC-020\"");
  }
}
