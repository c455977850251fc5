package dev.raya.cli.pm.command;

import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.Nearest;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.install.InstallOutcome;
import dev.raya.cli.pm.install.InstallRequest;
import dev.raya.cli.pm.install.Installer;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestEditor;
import dev.raya.resolver.manifest.ManifestEditor.Table;
import dev.raya.resolver.name.PackageName;
import java.util.ArrayList;
import java.util.List;

/** {@code remove PKG…}: takes dependencies out of the manifest and installs what is left. */
final class RemoveCommand implements Command {
  private static final String PACKAGES = "PKG";

  static CommandSpec spec() {
    return CommandSpec.named("remove", "remove packages from the manifest")
        .calledElsewhere("rm", "un", "uninstall", "delete")
        .positional(PACKAGES, PositionalSpec.Arity.SOME, "the names as raya.toml has them")
        .example("raya-pm remove fmt", "out of raya.toml and raya.lock")
        .runs(new RemoveCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.of(arguments, console)) {
      ProjectFolder project = ProjectFolder.find(arguments.environment().directory());
      Installer installer = new Installer(session, project).begin();
      ManifestEditor editor = AddCommand.open(project);
      for (String word : arguments.all(PACKAGES)) {
        PackageName alias = PackageName.tryParse(word);
        boolean found = false;
        for (Table table : List.of(Table.DEPENDENCIES, Table.DEV_DEPENDENCIES)) {
          if (alias != null && editor.removeDependency(table, alias)) {
            found = true;
          }
        }
        if (!found) {
          throw unknown(word, Manifests.read(project, console));
        }
      }
      InstallOutcome outcome = installer.installEdited(editor.text(), InstallRequest.PLAIN);
      for (String word : arguments.all(PACKAGES)) {
        console.line("removed " + word);
      }
      InstallOptions.tell(console, outcome);
      return ExitCode.OK;
    }
  }

  private static UsageException unknown(String word, Manifest manifest) {
    List<String> names = new ArrayList<>();
    for (PackageName name : manifest.dependencies().keySet()) {
      names.add(name.text());
    }
    for (PackageName name : manifest.devDependencies().keySet()) {
      names.add(name.text());
    }
    String near = Nearest.of(word, names);
    String message = "\"" + word + "\" is no dependency of this project";
    return near == null
        ? new UsageException(message)
        : new UsageException(message, "did you mean " + near + "?");
  }
}
