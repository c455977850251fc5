package dev.raya.cli.console;

import java.util.List;
import java.util.Locale;

/**
 * A command's manual page (section 1), made from the declaration that its help comes from. Source
 * for {@code man} in the classic macros, which every implementation knows.
 */
final class ManPage {
  private ManPage() {}

  /** The page's file name, for example {@code raya-pm-add.1}. */
  static String fileName(List<String> path) {
    return String.join("-", path) + ".1";
  }

  static String of(CommandSpec command, List<String> path) {
    String title = String.join("-", path);
    StringBuilder text = new StringBuilder();
    text.append(".TH \"").append(title.toUpperCase(Locale.ROOT)).append("\" 1 \"\" \"Raya ");
    text.append(ProgramVersion.CURRENT).append("\" \"Raya\"\n");
    text.append(".SH NAME\n").append(escaped(title)).append(" \\- ");
    text.append(escaped(command.summary())).append('\n');
    text.append(".SH SYNOPSIS\n.B ").append(escaped(HelpText.usage(command, path))).append('\n');
    if (!command.description().isEmpty()) {
      text.append(".SH DESCRIPTION\n");
      for (String line : command.description().strip().split("\n", -1)) {
        text.append(line.isBlank() ? ".PP" : escaped(line)).append('\n');
      }
    }
    if (!command.subcommands().isEmpty()) {
      text.append(".SH COMMANDS\n");
      for (CommandSpec each : command.subcommands()) {
        if (!each.hidden()) {
          item(text, "\\fB" + escaped(each.name()) + "\\fR", each.summary());
        }
      }
    }
    if (!command.positionals().isEmpty()) {
      text.append(".SH ARGUMENTS\n");
      for (PositionalSpec each : command.positionals()) {
        item(text, "\\fI" + escaped(each.usage()) + "\\fR", each.help());
      }
    }
    options(text, "OPTIONS", command.options());
    options(text, "COMMON OPTIONS", HelpText.common(command));
    if (!command.examples().isEmpty()) {
      text.append(".SH EXAMPLES\n");
      for (CommandSpec.Example each : command.examples()) {
        item(text, "\\fB" + escaped(each.line()) + "\\fR", each.effect());
      }
    }
    text.append(".SH EXIT STATUS\n");
    for (String line :
        List.of(
            "0 done",
            "1 the user's problem",
            "2 usage",
            "3 integrity, signature or freshness failure",
            "4 network or registry unreachable",
            "5 not permitted",
            "70 internal fault",
            "130 interrupted")) {
      int space = line.indexOf(' ');
      item(text, "\\fB" + line.substring(0, space) + "\\fR", line.substring(space + 1));
    }
    return text.toString();
  }

  private static void options(StringBuilder text, String heading, List<OptionSpec> options) {
    if (options.isEmpty()) {
      return;
    }
    text.append(".SH ").append(heading).append('\n');
    for (OptionSpec each : options) {
      StringBuilder tag = new StringBuilder("\\fB");
      tag.append(escaped(String.join(", ", each.names()))).append("\\fR");
      if (!each.metavar().isEmpty()) {
        tag.append(" \\fI").append(escaped(each.metavar())).append("\\fR");
      }
      String mirror = each.mirror();
      item(text, tag.toString(), mirror == null ? each.help() : each.help() + " [" + mirror + "]");
    }
  }

  private static void item(StringBuilder text, String tag, String body) {
    text.append(".TP\n").append(tag).append('\n').append(escaped(body)).append('\n');
  }

  /** Text in which nothing is a request: backslashes, hyphens, and a dot or quote at the start. */
  private static String escaped(String text) {
    String safe = text.replace("\\", "\\e").replace("-", "\\-").replace("…", "...");
    return safe.startsWith(".") || safe.startsWith("'") ? "\\&" + safe : safe;
  }
}
