package dev.raya.cli.pm.command;

import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.install.Installer;
import dev.raya.cli.pm.project.ProjectFolder;
import java.util.List;

/** {@code install}: brings cache and lockfile in line with the manifest. */
final class InstallCommand implements Command {
  static CommandSpec spec() {
    return CommandSpec.named("install", "bring cache and lockfile in line with the manifest")
        .calledElsewhere("i", "sync", "fetch", "restore")
        .surplusFor("add")
        .options(
            InstallOptions.VERIFY,
            InstallOptions.PRODUCTION,
            InstallOptions.TARGET,
            InstallOptions.GRANT,
            InstallOptions.PRE,
            InstallOptions.MINIMAL,
            InstallOptions.DIRECT_MINIMAL,
            InstallOptions.MIN_AGE,
            InstallOptions.EXCLUDE_NEWER,
            InstallOptions.STAGE,
            InstallOptions.ALLOW_QUARANTINED)
        .example("raya-pm install", "resolve, fetch, write raya.lock")
        .example("raya-pm install --frozen --offline", "as a build without network does it")
        .runs(new InstallCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.of(arguments, console)) {
      ProjectFolder project = ProjectFolder.find(arguments.environment().directory());
      InstallOptions.tell(
          console,
          new Installer(session, project)
              .forTargets(InstallOptions.targets(arguments))
              .takingStaged(InstallOptions.stages(arguments))
              .allowingQuarantined(InstallOptions.quarantined(arguments))
              .install(InstallOptions.request(arguments, List.of())));
      return ExitCode.OK;
    }
  }
}
