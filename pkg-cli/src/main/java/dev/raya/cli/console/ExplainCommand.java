package dev.raya.cli.console;

import dev.raya.cache.error.ErrorCode;
import dev.raya.cache.error.ErrorCodes;
import dev.raya.cache.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code explain CODE}: cause, example and remedy of an error, offline (cli.md 1). */
public final class ExplainCommand implements Command {
  private static final String CODE = "CODE";

  /**
   * The declaration, for every program that explains.
   *
   * @param program the program's name
   * @param example a code that its users meet
   */
  public static CommandSpec spec(String program, String example) {
    return CommandSpec.named("explain", "tell cause, example and remedy of an error code")
        .positional(CODE, PositionalSpec.Arity.OPTIONAL, "the code; without one, all are listed")
        .example(program + " explain " + example, "what that error means and how to mend it")
        .runs(new ExplainCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console) throws CommandException {
    String given = arguments.positional(CODE);
    if (given == null) {
      list(console);
      return ExitCode.OK;
    }
    ErrorCode code = find(given.toUpperCase(Locale.ROOT), given);
    console.result(json(code));
    console.line(StyledText.of(Style.BOLD, code.code() + ": " + code.title()));
    console.line("exit code " + code.exit());
    section(console, "Cause", code.cause());
    section(console, "Example", code.example());
    section(console, "Remedy", code.remedy());
    return ExitCode.OK;
  }

  private static void list(Console console) {
    List<Json> all = new ArrayList<>();
    for (ErrorCode code : ErrorCodes.all()) {
      all.add(json(code));
      console.line(code.code() + "  " + code.title());
    }
    console.result(new Json.Array(all));
  }

  /** Accepts {@code raya-pkg-006}, {@code PKG-006} and compiler codes without their prefix. */
  private static ErrorCode find(String upper, String given) throws UsageException {
    List<String> names = new ArrayList<>();
    for (ErrorCode code : ErrorCodes.all()) {
      String known = code.code().toUpperCase(Locale.ROOT);
      if (known.equals(upper) || known.equals("RAYA-" + upper)) {
        return code;
      }
      names.add(code.code());
    }
    String near = Nearest.of(upper.startsWith("RAYA-") ? upper : "RAYA-" + upper, names);
    throw near == null
        ? new UsageException("there is no error code \"" + given + "\"")
        : new UsageException(
            "there is no error code \"" + given + "\"", "did you mean " + near + "?");
  }

  private static void section(Console console, String title, String text) {
    console.line("");
    console.line(StyledText.of(Style.BOLD, title));
    for (String line : text.split("\n", -1)) {
      console.line(line.isEmpty() ? "" : "  " + line);
    }
  }

  private static Json json(ErrorCode code) {
    return Json.object()
        .put("code", code.code())
        .put("exit", code.exit())
        .put("title", code.title())
        .put("cause", code.cause())
        .put("example", code.example())
        .put("remedy", code.remedy())
        .build();
  }
}
