package dev.raya.cli.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A declared option. Written {@code --name}, {@code --name VALUE} or {@code --name=VALUE}; the last
 * occurrence counts unless it is {@link Kind#LIST}. Long flags without a value can be negated where
 * an environment variable may have set them: {@code --no-name}.
 *
 * @param name the long name with its dashes, e.g. {@code --offline}
 * @param shortName a short name with its dash, or null
 * @param kind whether and how it takes a value
 * @param metavar what the value is called in help, empty for a flag
 * @param help one line
 * @param mirror the environment variable of the same meaning, or null
 * @param common whether it belongs to every command, and is listed apart
 * @param choices the only values it takes, for completion; empty where there are others
 */
public record OptionSpec(
    String name,
    @Nullable String shortName,
    Kind kind,
    String metavar,
    String help,
    @Nullable String mirror,
    boolean common,
    List<String> choices) {

  /** Copies the list. */
  public OptionSpec {
    choices = List.copyOf(choices);
  }

  /** How an option takes values. */
  public enum Kind {
    /** No value. */
    FLAG,
    /** One value. */
    VALUE,
    /** A value, any number of times. */
    LIST
  }

  /** A flag. */
  public static OptionSpec flag(String name, String help) {
    return new OptionSpec(name, null, Kind.FLAG, "", help, null, false, List.of());
  }

  /** An option with one value. */
  public static OptionSpec value(String name, String metavar, String help) {
    return new OptionSpec(name, null, Kind.VALUE, metavar, help, null, false, List.of());
  }

  /** An option that may be given several times, each with a value. */
  public static OptionSpec list(String name, String metavar, String help) {
    return new OptionSpec(name, null, Kind.LIST, metavar, help, null, false, List.of());
  }

  /** The same option with a short name. */
  public OptionSpec shortName(String dashLetter) {
    return new OptionSpec(name, dashLetter, kind, metavar, help, mirror, common, choices);
  }

  /** The same option, mirrored by an environment variable. */
  public OptionSpec mirror(String variable) {
    return new OptionSpec(name, shortName, kind, metavar, help, variable, common, choices);
  }

  /** The same option, which takes these values only. */
  public OptionSpec choices(List<String> words) {
    return new OptionSpec(name, shortName, kind, metavar, help, mirror, common, words);
  }

  /** The same option as one of those every command has. */
  public OptionSpec asCommon() {
    return new OptionSpec(name, shortName, kind, metavar, help, mirror, true, choices);
  }

  /** The names by which it can be written. */
  public List<String> names() {
    return shortName == null ? List.of(name) : List.of(shortName, name);
  }
}
