package dev.raya.cli.console.shell;

import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.OptionSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The script for bash 3.2 and later. */
final class BashScript {
  private BashScript() {}

  static String of(CommandSpec program) {
    List<CompletionPoint> points = CompletionPoint.of(program);
    String function = "_" + program.name().replace('-', '_');
    StringBuilder text = new StringBuilder();
    text.append("# bash completion of ").append(program.name()).append('\n');
    text.append(function).append("() {\n");
    text.append("  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n");
    text.append("  local point='' word i next\n");
    text.append("  COMPREPLY=()\n");
    text.append("  for ((i = 1; i < COMP_CWORD; i++)); do\n");
    text.append("    word=${COMP_WORDS[i]}\n");
    text.append("    [[ $word == -- ]] && { COMPREPLY=($(compgen -f -- \"$cur\")); return; }\n");
    text.append("    next=\"${point:+$point }$word\"\n");
    text.append("    case \"$next\" in\n");
    text.append("      ").append(paths(points)).append(") point=$next ;;\n");
    text.append("    esac\n");
    text.append("  done\n");
    text.append("  case \"$point:$prev\" in\n");
    values(points, text);
    text.append("  esac\n");
    text.append("  case \"$point\" in\n");
    for (CompletionPoint point : points) {
      List<String> words = new ArrayList<>();
      point.subcommands().forEach(each -> words.add(each.name()));
      point.options().forEach(each -> words.addAll(each.names()));
      text.append("    '").append(String.join(" ", point.path())).append("')\n");
      text.append("      COMPREPLY=($(compgen -W '").append(String.join(" ", words));
      text.append("' -- \"$cur\"))\n");
      if (point.takesFiles()) {
        text.append("      [[ $cur == -* ]] || COMPREPLY+=($(compgen -f -- \"$cur\"))\n");
      }
      text.append("      ;;\n");
    }
    text.append("  esac\n");
    text.append("}\n");
    text.append("complete -o filenames -F ").append(function).append(' ');
    return text.append(program.name()).append('\n').toString();
  }

  private static String paths(List<CompletionPoint> points) {
    List<String> quoted = new ArrayList<>();
    for (CompletionPoint point : points) {
      if (!point.path().isEmpty()) {
        quoted.add("'" + String.join(" ", point.path()) + "'");
      }
    }
    return quoted.isEmpty() ? "''" : String.join(" | ", quoted);
  }

  /** Where the word before is an option with a value, only values are offered. */
  private static void values(List<CompletionPoint> points, StringBuilder text) {
    TreeSet<String> common = new TreeSet<>();
    for (CompletionPoint point : points) {
      for (OptionSpec option : point.options()) {
        for (String name : option.names()) {
          String where = option.common() ? "*:" + name : quoted(point, name);
          if (option.kind() != OptionSpec.Kind.FLAG && (!option.common() || common.add(name))) {
            text.append("    ").append(where).append(") ").append(reply(option)).append(" ;;\n");
          }
        }
      }
    }
  }

  private static String quoted(CompletionPoint point, String name) {
    return "'" + String.join(" ", point.path()) + ":" + name + "'";
  }

  private static String reply(OptionSpec option) {
    return switch (CompletionPoint.value(option)) {
      case CHOICE ->
          "COMPREPLY=($(compgen -W '"
              + String.join(" ", option.choices())
              + "' -- \"$cur\")); return";
      case FILE -> "COMPREPLY=($(compgen -f -- \"$cur\")); return";
      case FOLDER -> "COMPREPLY=($(compgen -d -- \"$cur\")); return";
      case OTHER, NONE -> "return";
    };
  }
}
