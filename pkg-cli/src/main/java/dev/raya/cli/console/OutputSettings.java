package dev.raya.cli.console;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a command speaks: format, colour, progress, loudness. Decided by flag, then environment, then
 * the user's {@code config.toml}, then default (cli.md 6).
 *
 * @param format text or one of the JSON forms
 * @param llmBudget tokens under {@code --llm}; meaningless otherwise
 * @param color whether text is coloured
 * @param progress whether long work shows its progress
 * @param questions whether a question may be asked
 * @param level how much is said
 */
public record OutputSettings(
    Format format, int llmBudget, boolean color, boolean progress, boolean questions, Level level) {

  /** Tokens of {@code --llm} unless something else is said. */
  public static final int DEFAULT_LLM_BUDGET = 12_000;

  private static final int MAX_LLM_BUDGET = 10_000_000;

  /** Output formats. */
  public enum Format {
    /** For people. */
    TEXT,
    /** One document. */
    JSON,
    /** One document a line. */
    JSONL,
    /** One document fitted to a token budget. */
    LLM,
    /** The findings alone, as a SARIF log. */
    SARIF,
    /** The document that the command gives in that form. */
    JUNIT
  }

  /** How much is said. */
  public enum Level {
    /** Results and errors only. */
    QUIET,
    /** As designed. */
    NORMAL,
    /** What is being done as well. */
    VERBOSE
  }

  /**
   * Decides from the command line, the environment and the user's settings.
   *
   * @param user values of {@code [output]} and {@code [llm]} of the user's file, by dotted name
   * @throws UsageException if one of them is not a value it can have
   */
  public static OutputSettings of(Arguments arguments, Streams streams, Map<String, String> user)
      throws UsageException {
    Environment environment = arguments.environment();
    Format format =
        switch (choose(
            arguments,
            CommonOptions.OUTPUT,
            user.get("output.format"),
            "text",
            "json",
            "jsonl",
            "sarif",
            "junit")) {
          case "json" -> Format.JSON;
          case "jsonl" -> Format.JSONL;
          case "sarif" -> Format.SARIF;
          case "junit" -> Format.JUNIT;
          default -> Format.TEXT;
        };
    if (arguments.flag(CommonOptions.LLM.name())) {
      format = Format.LLM;
    }
    int budget =
        (int)
            arguments.number(
                CommonOptions.LLM_BUDGET.name(),
                1,
                MAX_LLM_BUDGET,
                userNumber(user.get("llm.budget")));
    String color =
        choose(arguments, CommonOptions.COLOR, user.get("output.color"), "auto", "always", "never");
    boolean coloured = coloured(color, streams, environment);
    boolean progress =
        !arguments.flag(CommonOptions.NO_PROGRESS.name())
            && !isOff(environment.get("RAYA_PROGRESS"))
            && (environment.has("RAYA_PROGRESS") || !isOff(user.get("output.progress")));
    boolean questions =
        format == Format.TEXT
            && streams.inTerminal()
            && streams.errTerminal()
            && !arguments.flag(CommonOptions.NO_INPUT.name())
            && !environment.has("CI");
    return new OutputSettings(
        format,
        budget,
        coloured,
        progress,
        questions,
        level(arguments, user.get("output.log-level")));
  }

  private static boolean coloured(
      @Nullable String color, Streams streams, Environment environment) {
    // No switch with a case of null: what the platform makes for it costs each start 2 ms.
    if ("always".equals(color)) {
      return true;
    }
    return !"never".equals(color)
        && streams.outTerminal()
        && !environment.has("NO_COLOR")
        && !"dumb".equals(environment.get("TERM"));
  }

  /** How an error is shown that was found before the command line was understood. */
  static OutputSettings fromWords(List<String> words, Streams streams, Environment environment) {
    boolean llm = words.contains("--llm");
    String format = environment.get("RAYA_OUTPUT");
    String color = environment.get("RAYA_COLOR");
    for (int i = 0; i < words.size() && !words.get(i).equals("--"); i++) {
      String word = words.get(i);
      if (word.equals("--output") && i + 1 < words.size()) {
        format = words.get(i + 1);
      } else if (word.startsWith("--output=")) {
        format = word.substring("--output=".length());
      } else if (word.equals("--color") && i + 1 < words.size()) {
        color = words.get(i + 1);
      } else if (word.startsWith("--color=")) {
        color = word.substring("--color=".length());
      }
    }
    Format chosen =
        llm
            ? Format.LLM
            : "json".equals(format)
                ? Format.JSON
                : "jsonl".equals(format)
                    ? Format.JSONL
                    : "sarif".equals(format) ? Format.SARIF : Format.TEXT;
    return new OutputSettings(
        chosen,
        DEFAULT_LLM_BUDGET,
        coloured(color, streams, environment),
        false,
        false,
        Level.NORMAL);
  }

  private static Level level(Arguments arguments, @Nullable String user) throws UsageException {
    if (arguments.flag(CommonOptions.QUIET.name())) {
      return Level.QUIET;
    }
    if (arguments.flag(CommonOptions.VERBOSE.name())) {
      return Level.VERBOSE;
    }
    return switch (choose(
        arguments, CommonOptions.LOG_LEVEL, user, "warn", "error", "info", "debug")) {
      case "error" -> Level.QUIET;
      case "info", "debug" -> Level.VERBOSE;
      default -> Level.NORMAL;
    };
  }

  private static boolean isOff(@Nullable String value) {
    return value != null && (value.equals("0") || value.equals("false") || value.equals("never"));
  }

  private static int userNumber(@Nullable String value) throws UsageException {
    if (value == null) {
      return DEFAULT_LLM_BUDGET;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= 1 && number <= MAX_LLM_BUDGET) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      throw new UsageException("[llm] budget of config.toml is \"" + value + "\"");
    }
    throw new UsageException("[llm] budget of config.toml is \"" + value + "\"");
  }

  private static String choose(
      Arguments arguments, OptionSpec option, @Nullable String user, String first, String... others)
      throws UsageException {
    String value = arguments.value(option.name());
    if (value == null) {
      value = user;
    }
    if (value == null || value.equals(first)) {
      return first;
    }
    for (String other : others) {
      if (other.equals(value)) {
        return other;
      }
    }
    throw new UsageException(
        (arguments.value(option.name()) == null
                ? "config.toml: the setting of " + option.name()
                : arguments.origin(option.name()))
            + " is \""
            + value.toLowerCase(Locale.ROOT)
            + "\"",
        "it takes " + first + ", " + String.join(", ", others));
  }
}
