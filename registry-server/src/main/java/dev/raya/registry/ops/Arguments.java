package dev.raya.registry.ops;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A command line, taken apart: the words of the command, then {@code --name value} or {@code
 * --name=value}.
 *
 * @param words the command
 * @param options name without dashes to value
 */
record Arguments(List<String> words, Map<String, String> options) {
  Arguments {
    words = List.copyOf(words);
  }

  /**
   * Takes a command line apart.
   *
   * @throws UsageException if an option has no value or stands twice
   */
  static Arguments parse(List<String> arguments) throws UsageException {
    List<String> words = new ArrayList<>();
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (!argument.startsWith("--")) {
        words.add(argument);
        continue;
      }
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument.substring(2) : argument.substring(2, equals);
      String value;
      if (equals >= 0) {
        value = argument.substring(equals + 1);
      } else if (i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--")) {
        value = arguments.get(++i);
      } else {
        throw new UsageException("--" + name + " needs a value");
      }
      if (options.put(name, value) != null) {
        throw new UsageException("--" + name + " stands twice");
      }
    }
    return new Arguments(words, options);
  }

  /**
   * Refuses options that the command does not have.
   *
   * @throws UsageException naming the first one
   */
  void only(Set<String> names) throws UsageException {
    for (String name : options.keySet()) {
      if (!names.contains(name)) {
        throw new UsageException(
            "unknown option --"
                + name
                + "; "
                + String.join(" ", words)
                + " has --"
                + String.join(", --", names.stream().sorted().toList()));
      }
    }
  }

  /** The value of an option, or null. */
  @Nullable String option(String name) {
    return options.get(name);
  }

  /**
   * The value of an option that must be there.
   *
   * @throws UsageException if it is not
   */
  String required(String name) throws UsageException {
    String value = options.get(name);
    if (value == null || value.isEmpty()) {
      throw new UsageException("--" + name + " is missing");
    }
    return value;
  }
}
