package dev.raya.cli.console.shell;

import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.CommonOptions;
import dev.raya.cli.console.OptionSpec;
import java.util.List;

/** The script for fish. */
final class FishScript {
  private FishScript() {}

  static String of(CommandSpec program) {
    String begin = "complete -c " + program.name();
    StringBuilder text = new StringBuilder();
    text.append("# fish completion of ").append(program.name()).append('\n');
    for (CompletionPoint point : CompletionPoint.of(program)) {
      String here = condition(point);
      text.append(begin).append(here).append(point.takesFiles() ? " -F\n" : " -f\n");
      for (CommandSpec each : point.subcommands()) {
        text.append(begin).append(here).append(" -a ").append(each.name());
        text.append(" -d ").append(quoted(each.summary())).append('\n');
      }
      for (OptionSpec option : point.command().options()) {
        text.append(begin).append(here).append(option(option)).append('\n');
      }
    }
    for (OptionSpec option : CommonOptions.ALL) {
      text.append(begin).append(option(option)).append('\n');
    }
    return text.toString();
  }

  /** The words before are those that lead here, and none of the next ones is among them. */
  private static String condition(CompletionPoint point) {
    List<String> next = point.subcommands().stream().map(CommandSpec::name).toList();
    StringBuilder condition = new StringBuilder();
    for (String word : point.path()) {
      condition.append(condition.isEmpty() ? "" : "; and ");
      condition.append("__fish_seen_subcommand_from ").append(word);
    }
    if (!next.isEmpty()) {
      condition.append(condition.isEmpty() ? "" : "; and ");
      condition.append("not __fish_seen_subcommand_from ").append(String.join(" ", next));
    }
    return condition.isEmpty() ? "" : " -n " + quoted(condition.toString());
  }

  private static String option(OptionSpec option) {
    StringBuilder text = new StringBuilder();
    for (String name : option.names()) {
      text.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    text.append(
        switch (CompletionPoint.value(option)) {
          case NONE -> "";
          case CHOICE -> " -x -a " + quoted(String.join(" ", option.choices()));
          case FILE -> " -r -F";
          case FOLDER -> " -x -a '(__fish_complete_directories)'";
          case OTHER -> " -x";
        });
    return text.append(" -d ").append(quoted(option.help())).toString();
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
