package dev.raya.cli.console.shell;

import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.OptionSpec;
import java.util.List;

/** The script for PowerShell 5 and later. */
final class PowerShellScript {
  private PowerShellScript() {}

  static String of(CommandSpec program) {
    StringBuilder text = new StringBuilder();
    text.append("# PowerShell completion of ").append(program.name()).append('\n');
    text.append("Register-ArgumentCompleter -Native -CommandName ").append(program.name());
    text.append(" -ScriptBlock {\n  param($wordToComplete, $commandAst, $cursorPosition)\n");
    text.append("  $points = @{\n");
    List<CompletionPoint> points = CompletionPoint.of(program);
    for (CompletionPoint point : points) {
      text.append("    ").append(quoted(String.join(" ", point.path()))).append(" = @(\n");
      for (CommandSpec each : point.subcommands()) {
        text.append("      @(").append(quoted(each.name())).append(", ");
        text.append(quoted(each.summary())).append("),\n");
      }
      for (OptionSpec option : point.options()) {
        text.append("      @(").append(quoted(option.name())).append(", ");
        text.append(quoted(option.help())).append("),\n");
      }
      text.setLength(text.length() - 2);
      text.append("\n    )\n");
    }
    text.append("  }\n");
    text.append(
        """
          $point = ''
          foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
            $word = $element.ToString()
            if ($element.Extent.EndOffset -ge $cursorPosition -and $word -eq $wordToComplete) { break }
            $next = if ($point) { "$point $word" } else { $word }
            if ($points.ContainsKey($next)) { $point = $next }
          }
          $points[$point] | Where-Object { $_[0] -like "$wordToComplete*" } | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new(
              $_[0], $_[0], 'ParameterValue', $_[1])
          }
        }
        """);
    return text.toString();
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
