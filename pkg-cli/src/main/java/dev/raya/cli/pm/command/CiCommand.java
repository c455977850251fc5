package dev.raya.cli.pm.command;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cache.store.RayaHome;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.ProgramVersion;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.install.InstallOutcome;
import dev.raya.cli.pm.install.InstallRequest;
import dev.raya.cli.pm.install.Installer;
import dev.raya.cli.pm.project.Machine;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.version.Version;
import dev.raya.toolchain.platform.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code ci key|paths|setup} (toolchain.md 5): what a CI system needs to keep the cache between
 * runs, and to start from what it restored, which may be stale or tampered with.
 */
final class CiCommand {
  private static final int KEY_DIGITS = 32;
  private static final OptionSpec TARGET =
      OptionSpec.value("--target", "T", "the key of another target than this machine's");

  private CiCommand() {}

  static CommandSpec spec() {
    return CommandSpec.named("ci", "keep the cache between runs of a CI system")
        .subcommand(
            CommandSpec.named("key", "print a key that changes with what the cache must hold")
                .description(
                    "It changes exactly when raya.lock, the toolchain pin (without one: the"
                        + " version that runs) or the target changes.")
                .options(TARGET)
                .example("raya-pm ci key", "the name to store the cache under")
                .runs(CiCommand::key)
                .build())
        .subcommand(
            CommandSpec.named("paths", "print the paths to keep, one a line")
                .description(
                    "Never keys, credentials, settings or the known registries: what a run may"
                        + " trust must not come from a cache that other runs can write.")
                .example("raya-pm ci paths", "what to store")
                .runs(CiCommand::paths)
                .build())
        .subcommand(
            CommandSpec.named("setup", "verify what was restored and install what is missing")
                .description(
                    "Hashes every entry of raya.lock anew, moves damaged ones out, fetches only"
                        + " those and the missing ones, and fails if raya.lock would change.")
                .example("raya-pm ci setup", "after the CI system restored the paths")
                .runs(CiCommand::setup)
                .build())
        .build();
  }

  private static int key(Arguments arguments, Console console) throws CommandException {
    ProjectFolder project = ProjectFolder.find(arguments.environment().directory());
    if (!Files.isRegularFile(project.lockfile())) {
      throw new CommandException(
          "RAYA-PKG-006",
          "there is no raya.lock to make a key of",
          "run `raya-pm install` and commit raya.lock");
    }
    Manifest manifest = Manifests.read(project, console);
    Version pinned = manifest.toolchain();
    String toolchain = pinned == null ? ProgramVersion.CURRENT : pinned.text();
    String target = target(arguments, console);
    try {
      String facts =
          String.join("\n", Digest.ofFile(project.lockfile()).toString(), toolchain, target);
      Digest digest = Digest.of(facts.getBytes(StandardCharsets.UTF_8));
      String key = "raya-" + target + "-" + digest.hex().substring(0, KEY_DIGITS);
      console.line(key);
      console.result(
          Json.object()
              .put("key", key)
              .put("prefix", "raya-" + target + "-")
              .put("target", target)
              .put("toolchain", toolchain)
              .build());
      return ExitCode.OK;
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  private static String target(Arguments arguments, Console console) throws UsageException {
    String named = arguments.value(TARGET.name());
    if (named != null) {
      return Target.parse(named)
          .orElseThrow(() -> new UsageException("there is no target \"" + named + "\"", targets()))
          .id();
    }
    return Machine.target(console.environment())
        .orElseThrow(
            () ->
                new UsageException("this machine is no target; name one with --target", targets()))
        .id();
  }

  private static String targets() {
    return "there are "
        + String.join(", ", List.of(Target.values()).stream().map(Target::id).toList());
  }

  private static int paths(Arguments arguments, Console console) throws CommandException {
    try (Session session = Session.of(arguments, console)) {
      RayaHome home = session.home();
      List<Path> paths = List.of(home.cache(), home.build(), home.git(), home.toolchains());
      for (Path path : paths) {
        console.line(path.toString());
      }
      console.result(
          Json.object()
              .put("paths", Json.strings(paths.stream().map(Path::toString).toList()))
              .build());
      return ExitCode.OK;
    }
  }

  private static int setup(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.frozen(arguments, console)) {
      ProjectFolder project = ProjectFolder.find(arguments.environment().directory());
      InstallOutcome outcome =
          new Installer(session, project).install(InstallRequest.PLAIN.verifying());
      InstallOptions.tell(console, outcome);
      return ExitCode.OK;
    }
  }
}
