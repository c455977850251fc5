package dev.raya.cli.pm.command;

import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.Nearest;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.install.InstallOutcome;
import dev.raya.cli.pm.install.Installer;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.cli.pm.project.Toolchain;
import dev.raya.cli.pm.project.WorkspaceMembers;
import dev.raya.resolver.manifest.Manifest;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code run [SCRIPT|BIN|FILE] [-- ARGS]}: checks the lockfile, then hands over to {@code rayac
 * run}, which builds if needed. Writes nothing of its own to standard output and ends with the
 * program's exit code.
 */
final class RunCommand implements Command {
  private static final String WHAT = "SCRIPT|BIN|FILE";

  static CommandSpec spec() {
    return CommandSpec.named("run", "build if needed and run")
        .positional(
            WHAT,
            PositionalSpec.Arity.OPTIONAL,
            "a script or program of raya.toml, a program of a dependency, or a source file")
        .rest("ARGS")
        .example("raya-pm run", "run the project's main")
        .example("raya-pm run -- --verbose", "with an argument for the program")
        .runs(new RunCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    Path directory = arguments.environment().directory();
    try (Session session = Session.of(arguments, console)) {
      Toolchain toolchain = Toolchain.of(arguments.environment());
      ProcessBuilder process;
      String what = arguments.positional(WHAT);
      if (what != null && what.endsWith(".raya")) {
        process = toolchain.rayac(directory, words(what, arguments.rest()));
      } else {
        ProjectFolder project = ProjectFolder.find(directory);
        if (what == null) {
          requireProgram(project, session);
        }
        InstallOutcome installed = new Installer(session, project).installAndHold();
        console.detail("lockfile checked, " + installed.packages() + " packages");
        process =
            what == null
                ? toolchain.rayac(directory, words(project.root().toString(), arguments.rest()))
                : named(what, project, toolchain, arguments, session);
      }
      console.finishBare();
      // The session stays open meanwhile: it holds the entries that the program runs from.
      return Toolchain.inherit(process);
    }
  }

  /** The root of a workspace has members to run, and may be no package itself. */
  private static void requireProgram(ProjectFolder project, Session session)
      throws CommandException {
    try {
      if (!Files.readString(project.manifest()).contains("[workspace")) {
        return; // known without a parser
      }
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
    Manifest manifest = Manifests.read(project, session.console());
    if (manifest.about() == null && manifest.workspace() != null) {
      List<String> members = List.copyOf(new WorkspaceMembers(project.root(), manifest).folders());
      throw new UsageException(
          project.root() + " is the root of a workspace, and no program",
          members.isEmpty()
              ? "it has no members yet: `raya-pm init packages/app`"
              : "run a member: `raya-pm run -C " + members.getFirst() + "`, for example");
    }
  }

  private static List<String> words(String target, List<String> rest) {
    List<String> words = new ArrayList<>(List.of("run", target));
    if (!rest.isEmpty()) {
      words.add("--");
      words.addAll(rest);
    }
    return words;
  }

  private static ProcessBuilder named(
      String what, ProjectFolder project, Toolchain toolchain, Arguments arguments, Session session)
      throws CommandException {
    Manifest manifest = Manifests.read(project, session.console());
    String source = manifest.bin().get(what);
    if (source != null) {
      return toolchain.rayac(
          arguments.environment().directory(),
          words(project.root().resolve(source).toString(), arguments.rest()));
    }
    String script = manifest.scripts().get(what);
    if (script == null) {
      List<String> names = new ArrayList<>(manifest.bin().keySet());
      names.addAll(manifest.scripts().keySet());
      for (Map<String, PackageProgram> programs : PackageProgram.of(session, project).values()) {
        PackageProgram program = programs.get(what);
        if (program != null) {
          return program.process(
              toolchain, arguments.environment().directory(), project, arguments.rest());
        }
        names.addAll(programs.keySet());
      }
      String near = Nearest.of(what, names);
      throw near == null
          ? new UsageException(
              "no script and no program is called \"" + what + "\"",
              names.isEmpty()
                  ? "the project has none at all"
                  : "there are " + String.join(", ", names))
          : new UsageException(
              "no script and no program is called \"" + what + "\"", "did you mean " + near + "?");
    }
    return shell(script, project, toolchain, arguments);
  }

  /** A script runs in the project's folder, with the toolchain's programs first on the path. */
  private static ProcessBuilder shell(
      String script, ProjectFolder project, Toolchain toolchain, Arguments arguments) {
    List<String> command = new ArrayList<>(List.of("sh", "-c", script + " \"$@\"", "sh"));
    command.addAll(arguments.rest());
    ProcessBuilder builder = new ProcessBuilder(command).directory(project.root().toFile());
    builder.environment().clear();
    builder.environment().putAll(arguments.environment().variables());
    String path = arguments.environment().variables().getOrDefault("PATH", "");
    builder.environment().put("PATH", toolchain.home().resolve("bin") + File.pathSeparator + path);
    return builder;
  }
}
