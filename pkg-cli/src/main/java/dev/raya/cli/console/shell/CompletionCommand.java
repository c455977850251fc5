package dev.raya.cli.console.shell;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import java.util.function.Supplier;

/** {@code completion bash|zsh|fish|powershell}: prints the shell's script. */
public final class CompletionCommand implements Command {
  private static final String SHELL = "SHELL";

  private final Supplier<CommandSpec> program;

  private CompletionCommand(Supplier<CommandSpec> program) {
    this.program = program;
  }

  /**
   * The declaration.
   *
   * @param name the program's name
   * @param program its declaration, asked for only when the command runs
   */
  public static CommandSpec spec(String name, Supplier<CommandSpec> program) {
    return CommandSpec.named("completion", "print a script that completes command lines in a shell")
        .positional(SHELL, PositionalSpec.Arity.ONE, "bash, zsh, fish or powershell")
        .example("source <(" + name + " completion bash)", "in ~/.bashrc")
        .example(
            name + " completion zsh > \"${fpath[1]}/_" + name + "\"", "once, then start zsh anew")
        .example(
            name + " completion fish > ~/.config/fish/completions/" + name + ".fish", "for fish")
        .example(name + " completion powershell | Out-String | Invoke-Expression", "in $PROFILE")
        .runs(new CompletionCommand(program))
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console) throws CommandException {
    String shell = arguments.required(SHELL);
    String script =
        switch (shell) {
          case "bash" -> BashScript.of(program.get());
          case "zsh" -> ZshScript.of(program.get());
          case "fish" -> FishScript.of(program.get());
          case "powershell", "pwsh" -> PowerShellScript.of(program.get());
          default ->
              throw new UsageException(
                  "no completion for \"" + shell + "\"", "there is bash, zsh, fish, powershell");
        };
    if (console.isText()) {
      console.streams().out().print(script);
    }
    console.result(Json.object().put("shell", shell).put("script", script).build());
    return ExitCode.OK;
  }
}
