package dev.raya.cli.console;

import dev.raya.cache.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The help text of a command, made from its declaration. */
final class HelpText {
  private static final int NAME_WIDTH = 26;
  private static final int TEXT_WIDTH = 80;
  private static final int ROW_WIDTH = 100;

  private HelpText() {}

  static String of(CommandSpec command, List<String> path) {
    StringBuilder text = new StringBuilder();
    text.append(sentence(command.summary())).append("\n\n");
    text.append("Usage: ").append(usage(command, path)).append('\n');
    if (!command.description().isEmpty()) {
      text.append('\n').append(filled(command.description())).append('\n');
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
    options(text, "\nCommon options:\n", common(command));
    if (path.size() == 1) {
      row(text, "-V, " + Program.VERSION, "print the version");
    }
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

  /** The same for programs. */
  static Json json(CommandSpec command, List<String> path) {
    List<Json> commands = new ArrayList<>();
    for (CommandSpec each : command.subcommands()) {
      if (!each.hidden()) {
        commands.add(Json.object().put("name", each.name()).put("summary", each.summary()).build());
      }
    }
    List<Json> arguments = new ArrayList<>();
    for (PositionalSpec each : command.positionals()) {
      arguments.add(Json.object().put("name", each.usage()).put("help", each.help()).build());
    }
    List<Json> examples = new ArrayList<>();
    for (CommandSpec.Example each : command.examples()) {
      examples.add(Json.object().put("line", each.line()).put("effect", each.effect()).build());
    }
    return Json.object()
        .put("usage", usage(command, path))
        .put("summary", command.summary())
        .put("description", filled(command.description()))
        .put("commands", new Json.Array(commands))
        .put("arguments", new Json.Array(arguments))
        .put("options", options(command.options()))
        .put("commonOptions", options(common(command)))
        .put("examples", new Json.Array(examples))
        .build();
  }

  private static Json options(List<OptionSpec> options) {
    List<Json> list = new ArrayList<>();
    for (OptionSpec each : options) {
      list.add(
          Json.object()
              .put("names", Json.strings(each.names()))
              .put("value", each.metavar())
              .put("choices", Json.strings(each.choices()))
              .put("help", each.help())
              .putIfPresent("variable", text(each.mirror()))
              .build());
    }
    return new Json.Array(list);
  }

  private static @Nullable Json text(@Nullable String value) {
    return value == null ? null : new Json.Str(value);
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

  /** The common options that the command has not got in a form of its own. */
  static List<OptionSpec> common(CommandSpec command) {
    List<OptionSpec> common = new ArrayList<>();
    for (OptionSpec each : CommonOptions.ALL) {
      if (command.options().stream().noneMatch(own -> own.name().equals(each.name()))) {
        common.add(each);
      }
    }
    return common;
  }

  private static void row(StringBuilder text, String left, String right) {
    text.append("  ").append(left);
    if (left.length() >= NAME_WIDTH) {
      text.append('\n').append(" ".repeat(NAME_WIDTH + 3));
    } else {
      text.append(" ".repeat(NAME_WIDTH + 1 - left.length()));
    }
    List<String> lines = lines(right, ROW_WIDTH - NAME_WIDTH - 3);
    text.append(String.join("\n" + " ".repeat(NAME_WIDTH + 3), lines)).append('\n');
  }

  /** Paragraphs, each filled anew: a declaration breaks its lines where its source does. */
  static String filled(String description) {
    List<String> paragraphs = new ArrayList<>();
    for (String paragraph : description.strip().split("\n\\s*\n")) {
      paragraphs.add(String.join("\n", lines(paragraph, TEXT_WIDTH)));
    }
    return String.join("\n\n", paragraphs);
  }

  /** Words in lines of at most this width, but for words that are longer. */
  private static List<String> lines(String words, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : words.strip().split("\\s+")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private static String sentence(String summary) {
    return Character.toUpperCase(summary.charAt(0)) + summary.substring(1) + ".";
  }
}
