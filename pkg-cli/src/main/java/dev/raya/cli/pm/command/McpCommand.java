package dev.raya.cli.pm.command;

import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.CommonOptions;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.mcp.McpServer;
import dev.raya.cli.pm.mcp.Roots;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code mcp serve}: the same actions as tools of the Model Context Protocol. */
final class McpCommand {
  private static final String ROOT = "--root";
  private static final String NETWORK = "--network";

  private McpCommand() {}

  static CommandSpec spec() {
    return CommandSpec.named("mcp", "offer the same actions to agents")
        .subcommand(
            CommandSpec.named(
                    "serve", "speak the Model Context Protocol on standard input and output")
                .description(
                    """
                    Tools work in the folders that --root names, and nowhere else; what a project
                    there names itself, such as a package by its path, is read where it lies, and
                    the cache of RAYA_HOME is used. Without --network they never open a socket. No tool runs a program, publishes, signs in, grants a
                    package anything, or changes what is trusted.

                    An agent's settings name this command, for example
                    {"command": "raya-pm", "args": ["mcp", "serve", "--root", "/home/ann/app"]}.""")
                .options(
                    OptionSpec.list(ROOT, "DIR", "a folder to work in; default: this one"),
                    OptionSpec.flag(NETWORK, "let tools ask the registries"))
                .example("raya-pm mcp serve", "in this folder, without network")
                .example("raya-pm mcp serve --root app --root lib --network", "in two folders")
                .runs(McpCommand::serve)
                .build())
        .build();
  }

  private static int serve(Arguments arguments, Console console) throws UsageException {
    Path directory = arguments.environment().directory();
    List<Path> folders = new ArrayList<>();
    for (String root : arguments.values(ROOT)) {
      folders.add(directory.resolve(root));
    }
    Roots roots;
    try {
      roots = Roots.of(folders.isEmpty() ? List.of(directory) : folders);
    } catch (IOException missing) {
      throw new UsageException("--root: no such folder: " + missing.getMessage());
    }
    boolean network = arguments.flag(NETWORK) && !arguments.flag(CommonOptions.OFFLINE.name());
    try {
      new McpServer(
              Commands::forLine,
              arguments.environment(),
              roots,
              network,
              arguments.value(CommonOptions.LLM_BUDGET.name()))
          .serve(console.input(), console.streams().out());
    } catch (IOException gone) {
      console.detail("the other side has gone: " + gone.getMessage());
    }
    console.finishBare();
    return ExitCode.OK;
  }
}
