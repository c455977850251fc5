package dev.raya.cli.console.shell;

import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.CommonOptions;
import dev.raya.cli.console.OptionSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A command as completion sees it: after these words, these may follow.
 *
 * @param path the words that lead here, without the program's name
 * @param command the command
 */
record CompletionPoint(List<String> path, CommandSpec command) {
  CompletionPoint {
    path = List.copyOf(path);
  }

  /** What an option's value is. */
  enum Value {
    /** No value. */
    NONE,
    /** One of {@link OptionSpec#choices}. */
    CHOICE,
    /** A file or folder. */
    FILE,
    /** A folder. */
    FOLDER,
    /** Something a shell cannot know. */
    OTHER
  }

  /** Every command of a program, the program itself first; hidden ones are left out. */
  static List<CompletionPoint> of(CommandSpec program) {
    List<CompletionPoint> points = new ArrayList<>();
    collect(program, List.of(), points);
    return points;
  }

  private static void collect(
      CommandSpec command, List<String> path, List<CompletionPoint> points) {
    points.add(new CompletionPoint(path, command));
    for (CommandSpec each : command.subcommands()) {
      if (!each.hidden()) {
        List<String> longer = new ArrayList<>(path);
        longer.add(each.name());
        collect(each, longer, points);
      }
    }
  }

  /** The subcommands that listings show. */
  List<CommandSpec> subcommands() {
    return command.subcommands().stream().filter(each -> !each.hidden()).toList();
  }

  /** Its own options and those every command has; an own one hides the common one of that name. */
  List<OptionSpec> options() {
    List<OptionSpec> all = new ArrayList<>(command.options());
    for (OptionSpec common : CommonOptions.ALL) {
      if (all.stream().noneMatch(own -> own.name().equals(common.name()))) {
        all.add(common);
      }
    }
    return all;
  }

  /** Whether a positional of the command is a file or folder. */
  boolean takesFiles() {
    return command.positionals().stream()
        .map(each -> each.name().toUpperCase(Locale.ROOT))
        .anyMatch(name -> name.contains("FILE") || name.contains("DIR"));
  }

  /** What the option's value is. */
  static Value value(OptionSpec option) {
    if (option.kind() == OptionSpec.Kind.FLAG) {
      return Value.NONE;
    }
    if (!option.choices().isEmpty()) {
      return Value.CHOICE;
    }
    return switch (option.metavar()) {
      case "DIR" -> Value.FOLDER;
      case "FILE", "OUT", "PATH" -> Value.FILE;
      default -> Value.OTHER;
    };
  }
}
