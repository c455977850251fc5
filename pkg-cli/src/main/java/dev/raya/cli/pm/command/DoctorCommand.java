package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.Finding;
import dev.raya.cli.console.Progress;
import dev.raya.cli.pm.Counted;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.project.LockedFiles;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.cli.pm.settings.Credentials;
import dev.raya.cli.pm.settings.UserConfig;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code doctor}: looks at the home, the settings, the toolchain, the registry and the project, and
 * says of each what is wrong and how to mend it. Changes nothing.
 */
final class DoctorCommand implements Command {
  private static final long LITTLE_SPACE = 1L << 30;
  private static final String UNUSABLE = "RAYA-PKG-017";

  private final List<Json> results = new ArrayList<>();

  /** A look at one thing. */
  private interface Check {
    /** What was found good; a failure is thrown, a lesser doubt reported. */
    String look() throws CommandException, IOException, InterruptedException;
  }

  static CommandSpec spec() {
    return CommandSpec.named("doctor", "find what is wrong with an installation")
        .description("Changes nothing. Each fault comes with the command or edit that mends it.")
        .example("raya-pm doctor", "look at home, settings, toolchain, registry and project")
        .example("raya-pm doctor --offline", "without asking the registry")
        .runs((arguments, console) -> new DoctorCommand().run(arguments, console))
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.of(arguments, console)) {
      check("home", () -> home(session, console), console);
      check("settings", () -> settings(session), console);
      check("credentials", () -> credentials(session), console);
      check("toolchain", () -> toolchain(arguments, console), console);
      check("cache", () -> cache(session), console);
      check("registry", () -> registry(session), console);
      check("project", () -> project(arguments, console), console);
    }
    console.result(Json.object().put("checks", new Json.Array(results)).build());
    return console.exitCode();
  }

  private void check(String name, Check check, Console console) throws InterruptedException {
    String found;
    boolean ok = true;
    try {
      found = check.look();
      console.line("ok    " + name + ": " + found);
    } catch (CommandException fault) {
      ok = false;
      found = fault.findings().getFirst().message();
      console.line("FAULT " + name);
      fault.findings().forEach(console::report);
    } catch (IOException fault) {
      ok = false;
      found = String.valueOf(fault.getMessage());
      console.line("FAULT " + name);
      console.report(Finding.error(UNUSABLE, found, "check permissions and free space"));
    }
    results.add(Json.object().put("check", name).put("ok", ok).put("found", found).build());
  }

  private static String home(Session session, Console console)
      throws CommandException, IOException {
    Path root = session.home().root();
    session.home().check();
    if (!Files.exists(root)) {
      return root + " is not there yet; the first command that needs it makes it";
    }
    if (!Files.isWritable(root)) {
      throw new CommandException(
          UNUSABLE, root + " cannot be written", "chown it to yourself, or set RAYA_HOME");
    }
    String left = Progress.bytes(Files.getFileStore(root).getUsableSpace());
    if (Files.getFileStore(root).getUsableSpace() < LITTLE_SPACE) {
      console.report(
          Finding.warning(
              UNUSABLE, "only " + left + " are free for " + root, "`raya-pm cache stats` counts"));
    }
    return root + ", " + left + " free";
  }

  private static String settings(Session session) {
    UserConfig user = session.settings().user();
    return Files.exists(user.file())
        ? user.file() + ", " + user.values().size() + " values"
        : "no " + user.file().getFileName() + ", all defaults";
  }

  private static String credentials(Session session) throws CommandException {
    Path file = session.home().credentials();
    if (!Files.exists(file)) {
      return "none stored";
    }
    Credentials.read(file);
    return file.toString();
  }

  private static String toolchain(Arguments arguments, Console console) throws CommandException {
    Path home = arguments.environment().toolchainHome();
    if (home == null) {
      throw new CommandException(
          "RAYA-TC-001",
          "raya-pm does not run from a toolchain, so there is no compiler",
          "start raya-pm from a toolchain's bin folder");
    }
    for (String name : List.of("bin/raya-pm", "bin/rayac", "bin/raya", "toolchain.json")) {
      if (!Files.isRegularFile(home.resolve(name))) {
        throw new CommandException(
            "RAYA-TC-003", home + " lacks " + name, "install the toolchain again");
      }
    }
    Path found = onPath(arguments);
    Path bin = home.resolve("bin");
    if (found != null && !found.equals(bin)) {
      console.report(
          Finding.warning(
              "RAYA-TC-001",
              "the raya-pm first on PATH is that of " + found + ", not of " + bin,
              "put " + bin + " before it"));
    }
    return home.toString();
  }

  private static @Nullable Path onPath(Arguments arguments) {
    String path = arguments.environment().get("PATH");
    if (path != null) {
      for (String folder : path.split(File.pathSeparator, -1)) {
        if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, "raya-pm"))) {
          return Path.of(folder).toAbsolutePath().normalize();
        }
      }
    }
    return null;
  }

  private static String cache(Session session) throws IOException {
    if (!Files.isDirectory(session.home().cache())) {
      return "empty";
    }
    return Counted.entries(session.cache().stats().entries())
        + "; `raya-pm cache verify` hashes them";
  }

  private static String registry(Session session) throws CommandException, InterruptedException {
    if (session.settings().registry() == null) {
      return "none is set";
    }
    if (session.settings().offline()) {
      return session.settings().requireRegistry().base() + ", not asked (offline)";
    }
    return session.registry().config().origin() + " answers";
  }

  private static String project(Arguments arguments, Console console) throws CommandException {
    Path directory = arguments.environment().directory();
    for (Path at = directory; at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve(ProjectFolder.MANIFEST))) {
        ProjectFolder project = new ProjectFolder(at);
        Manifests.read(project, console);
        return LockedFiles.read(project) == null
            ? project.root() + ", not locked yet"
            : project.root() + ", manifest and lockfile can be read";
      }
    }
    return "none here";
  }
}
