package dev.raya.cli.console;

import java.util.ArrayList;
import java.util.List;

/** The help text of a command, made from its declaration. */
final class HelpText {
  private static final int NAME_WIDTH = 26;

  private HelpText() {}

  static String of(CommandSpec command, List<String> path) {
    StringBuilder text = new StringBuilder();
    text.append(sentence(command.summary())).append("\n\n");
    text.append("Usage: ").append(usage(command, path)).append('\n');
    if (!command.description().isEmpty()) {
      text.append('\n').append(command.description().strip()).append('\n');
    }
    if (!command.subcommands().isEmpty()) {
      text.append("\nCommands:\n");
      for (CommandSpec each : command.subcommands()) {
        if (!each.hidden()) {
          row(text, each.name(), each.summary());
        }
      }
    }
    if (!command.positionals().isEmpty()) {
      text.append("\nArguments:\n");
      for (PositionalSpec each : command.positionals()) {
        row(text, each.usage(), each.help());
      }
    }
    options(text, "\nOptions:\n", command.options());
    options(text, "\nCommon options:\n", CommonOptions.ALL);
    if (!command.examples().isEmpty()) {
      text.append("\nExamples:\n");
      for (CommandSpec.Example each : command.examples()) {
        text.append("  ").append(each.line()).append('\n');
        text.append("      ").append(each.effect()).append('\n');
      }
    }
    if (!command.subcommands().isEmpty()) {
      text.append("\n`").append(String.join(" ", path)).append(" help COMMAND` tells more.\n");
    }
    return text.toString();
  }

  /** The usage line, without the word before it. */
  static String usage(CommandSpec command, List<String> path) {
    StringBuilder line = new StringBuilder(String.join(" ", path));
    if (!command.subcommands().isEmpty()) {
      line.append(" COMMAND");
    }
    line.append(" [OPTIONS]");
    for (PositionalSpec each : command.positionals()) {
      line.append(' ').append(each.usage());
    }
    String rest = command.rest();
    if (rest != null) {
      line.append(command.stopsAtPositional() ? " [" : " [-- ").append(rest).append("…]");
    }
    return line.toString();
  }

  private static void options(StringBuilder text, String heading, List<OptionSpec> options) {
    if (options.isEmpty()) {
      return;
    }
    text.append(heading);
    for (OptionSpec each : options) {
      List<String> names = new ArrayList<>(each.names());
      String left = String.join(", ", names);
      if (!each.metavar().isEmpty()) {
        left += " " + each.metavar();
      }
      String mirror = each.mirror();
      row(text, left, mirror == null ? each.help() : each.help() + " [" + mirror + "]");
    }
  }

  private static void row(StringBuilder text, String left, String right) {
    text.append("  ").append(left);
    if (left.length() >= NAME_WIDTH) {
      text.append('\n').append(" ".repeat(NAME_WIDTH + 3));
    } else {
      text.append(" ".repeat(NAME_WIDTH + 1 - left.length()));
    }
    text.append(right).append('\n');
  }

  private static String sentence(String summary) {
    return Character.toUpperCase(summary.charAt(0)) + summary.substring(1) + ".";
  }
}
