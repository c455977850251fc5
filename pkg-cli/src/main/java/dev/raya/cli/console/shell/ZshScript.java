package dev.raya.cli.console.shell;

import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.OptionSpec;
import java.util.List;

/** The script for zsh: one function a command, over {@code _arguments}. */
final class ZshScript {
  private ZshScript() {}

  static String of(CommandSpec program) {
    StringBuilder text = new StringBuilder();
    text.append("#compdef ").append(program.name()).append('\n');
    for (CompletionPoint point : CompletionPoint.of(program)) {
      function(program, point, text);
    }
    String main = name(program, List.of());
    text.append("if [ \"$funcstack[1]\" = \"").append(main).append("\" ]; then\n");
    text.append("  ").append(main).append(" \"$@\"\nelse\n");
    text.append("  compdef ").append(main).append(' ').append(program.name()).append("\nfi\n");
    return text.toString();
  }

  private static String name(CommandSpec program, List<String> path) {
    return "_" + program.name() + (path.isEmpty() ? "" : "_" + String.join("_", path));
  }

  private static void function(CommandSpec program, CompletionPoint point, StringBuilder text) {
    text.append(name(program, point.path())).append("() {\n");
    List<CommandSpec> subcommands = point.subcommands();
    if (!subcommands.isEmpty()) {
      text.append("  local curcontext=\"$curcontext\" state line\n");
    }
    text.append("  _arguments -C");
    for (OptionSpec option : point.options()) {
      for (String each : option.names()) {
        text.append(" \\\n    ").append(quoted(option(option, each)));
      }
    }
    if (subcommands.isEmpty()) {
      text.append(point.takesFiles() ? " \\\n    '*:file:_files'" : " \\\n    '*: :'");
      text.append("\n}\n");
      return;
    }
    text.append(" \\\n    '1: :->command' \\\n    '*:: :->rest'\n");
    text.append("  case $state in\n    command)\n      local -a commands=(\n");
    for (CommandSpec each : subcommands) {
      text.append("        ").append(quoted(each.name() + ":" + each.summary())).append('\n');
    }
    text.append("      )\n      _describe command commands\n      ;;\n");
    text.append("    rest)\n      case $line[1] in\n");
    for (CommandSpec each : subcommands) {
      List<String> path = new java.util.ArrayList<>(point.path());
      path.add(each.name());
      text.append("        ").append(each.name()).append(") ");
      text.append(name(program, path)).append(" ;;\n");
    }
    text.append("      esac\n      ;;\n  esac\n}\n");
  }

  private static String option(OptionSpec option, String name) {
    String help = option.help().replace("[", "\\[").replace("]", "\\]").replace(":", "\\:");
    String repeat = option.kind() == OptionSpec.Kind.LIST ? "*" : "";
    String spec = repeat + name + "[" + help + "]";
    String metavar = option.metavar().replace(":", "\\:");
    return switch (CompletionPoint.value(option)) {
      case NONE -> spec;
      case CHOICE -> spec + ":" + metavar + ":(" + String.join(" ", option.choices()) + ")";
      case FILE -> spec + ":" + metavar + ":_files";
      case FOLDER -> spec + ":" + metavar + ":_files -/";
      case OTHER -> spec + ":" + metavar + ": ";
    };
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
