package dev.raya.cli.pm.command;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.install.InstallOutcome;
import dev.raya.cli.pm.install.InstallRequest;
import dev.raya.cli.pm.install.Installer;
import dev.raya.cli.pm.project.LockedFiles;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.resolver.lock.Lockfile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code lock}: the resolver alone. */
final class LockCommand implements Command {
  private static final String REPAIR = "--repair";
  private static final String FORMAT = "--format";

  static CommandSpec spec() {
    return CommandSpec.named("lock", "resolve and write raya.lock, fetch nothing")
        .options(
            OptionSpec.flag(REPAIR, "rebuild a lockfile that is malformed or in conflict"),
            OptionSpec.value(FORMAT, "json", "print the lockfile as canonical JSON"),
            InstallOptions.GRANT,
            InstallOptions.PRE,
            InstallOptions.MINIMAL,
            InstallOptions.DIRECT_MINIMAL,
            InstallOptions.MIN_AGE,
            InstallOptions.EXCLUDE_NEWER)
        .example("raya-pm lock", "bring raya.lock in line with raya.toml")
        .example("raya-pm lock --repair", "after a merge conflict")
        .runs(new LockCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    String format = arguments.value(FORMAT);
    if (format != null && !format.equals("json")) {
      throw new UsageException("--format is \"" + format + "\"", "it takes json");
    }
    try (Session session = Session.of(arguments, console)) {
      ProjectFolder project = ProjectFolder.find(arguments.environment().directory());
      InstallRequest asked = InstallOptions.request(arguments, List.of()).withLockOnly();
      Installer installer = new Installer(session, project);
      InstallOutcome outcome =
          arguments.flag(REPAIR) ? installer.repair(asked) : installer.install(asked);
      @Nullable Lockfile lockfile = LockedFiles.read(project);
      if (format != null && lockfile != null) {
        console.streams().out().print(CanonicalJson.text(LockJson.of(lockfile)) + "\n");
        console.finishBare();
      } else {
        InstallOptions.tell(console, outcome);
      }
      return ExitCode.OK;
    }
  }
}
