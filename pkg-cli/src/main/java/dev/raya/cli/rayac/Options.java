package dev.raya.cli.rayac;

import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommonOptions;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.UsageException;
import java.util.List;

/** Options that several commands share. */
final class Options {
  static final OptionSpec MAX_ERRORS =
      OptionSpec.value("--max-errors", "N", "show at most N errors (default 50)");
  static final OptionSpec RELEASE =
      OptionSpec.flag("--release", "leave line numbers and names of locals out");
  static final OptionSpec FORCE =
      OptionSpec.flag("--force", "as if nothing had been checked or built before");
  static final List<OptionSpec> OUTPUT =
      List.of(
          OptionSpec.value("--output", "FORMAT", "text, json, jsonl or sarif")
              .choices(List.of("text", "json", "jsonl", "sarif"))
              .mirror("RAYA_OUTPUT"),
          CommonOptions.LLM,
          CommonOptions.LLM_BUDGET,
          CommonOptions.COLOR,
          CommonOptions.QUIET,
          CommonOptions.VERBOSE,
          CommonOptions.CWD,
          CommonOptions.HELP);

  private static final long DEFAULT_ERRORS = 50;

  private Options() {}

  static long maxErrors(Arguments arguments) throws UsageException {
    return arguments.number("--max-errors", 1, Integer.MAX_VALUE, DEFAULT_ERRORS);
  }
}
