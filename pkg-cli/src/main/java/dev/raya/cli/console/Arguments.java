package dev.raya.cli.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parsed command line.
 *
 * @param command the command it names
 * @param path the words that lead to it, the program's name first
 * @param options given options by long name, each with its values in order ({@code "1"} or {@code
 *     "0"} for a flag)
 * @param positionals positional arguments by declared name
 * @param rest what belongs to the started program
 * @param environment the surroundings, whose variables mirror options
 */
public record Arguments(
    CommandSpec command,
    List<String> path,
    Map<String, List<String>> options,
    Map<String, List<String>> positionals,
    List<String> rest,
    Environment environment) {

  /** Copies the collections. */
  public Arguments {
    path = List.copyOf(path);
    options = new LinkedHashMap<>(options);
    positionals = new LinkedHashMap<>(positionals);
    rest = List.copyOf(rest);
  }

  /** Whether the option stands on the command line itself. */
  public boolean given(String option) {
    return options.containsKey(option);
  }

  /**
   * Whether the flag is on: by the command line, else by its environment variable.
   *
   * @throws UsageException if the variable is neither 0 nor 1
   */
  public boolean flag(String option) throws UsageException {
    Boolean set = flagOrUnset(option);
    return set != null && set;
  }

  /**
   * As {@link #flag}, but null where neither says anything, so that files may.
   *
   * @throws UsageException if the variable is neither 0 nor 1
   */
  public @Nullable Boolean flagOrUnset(String option) throws UsageException {
    List<String> given = options.get(option);
    if (given != null) {
      return given.getLast().equals("1");
    }
    String variable = mirrorOf(option);
    String value = variable == null ? null : environment.get(variable);
    if (value == null) {
      return null;
    }
    return switch (value) {
      case "1", "true" -> true;
      case "0", "false" -> false;
      default ->
          throw new UsageException(
              "the variable " + variable + " is \"" + value + "\"", "it takes 1 or 0");
    };
  }

  /** The option's value by the command line, else by its environment variable, else null. */
  public @Nullable String value(String option) {
    List<String> given = options.get(option);
    if (given != null) {
      return given.getLast();
    }
    String variable = mirrorOf(option);
    return variable == null ? null : environment.get(variable);
  }

  /** All values of the option on the command line. */
  public List<String> values(String option) {
    return options.getOrDefault(option, List.of());
  }

  /**
   * The option's value as a number.
   *
   * @throws UsageException if it is none, or out of range
   */
  public long number(String option, long low, long high, long fallback) throws UsageException {
    String value = value(option);
    if (value == null) {
      return fallback;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= low && number <= high) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      throw wrongNumber(option, value, low, high);
    }
    throw wrongNumber(option, value, low, high);
  }

  private UsageException wrongNumber(String option, String value, long low, long high) {
    String where = origin(option);
    return new UsageException(
        where + " is \"" + value + "\"", "it takes a number from " + low + " to " + high);
  }

  /**
   * What an option's value comes from: the option itself, or the environment variable that mirrors
   * it where the command line does not have it.
   */
  public String origin(String option) {
    String variable = given(option) ? null : mirrorOf(option);
    return variable == null ? option : variable;
  }

  /** The positional's only value, or null if it was not given. */
  public @Nullable String positional(String name) {
    List<String> given = positionals.get(name);
    return given == null || given.isEmpty() ? null : given.getFirst();
  }

  /** The positional's value, which the declaration makes sure is there. */
  public String required(String name) {
    String value = positional(name);
    if (value == null) {
      throw new IllegalStateException("no positional " + name + " is declared as required");
    }
    return value;
  }

  /** All values of the positional. */
  public List<String> all(String name) {
    return positionals.getOrDefault(name, List.of());
  }

  private @Nullable String mirrorOf(String option) {
    for (OptionSpec spec : command.options()) {
      if (spec.name().equals(option)) {
        return spec.mirror();
      }
    }
    for (OptionSpec spec : CommonOptions.ALL) {
      if (spec.name().equals(option)) {
        return spec.mirror();
      }
    }
    return null;
  }
}
