package dev.raya.cli.pm.command;

import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.install.InstallOutcome;
import dev.raya.cli.pm.install.InstallRequest;
import dev.raya.cli.pm.install.Installer;
import dev.raya.cli.pm.install.NewDependency;
import dev.raya.cli.pm.install.Resolutions;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.DependencyEdit;
import dev.raya.resolver.manifest.ManifestEditor;
import dev.raya.resolver.manifest.ManifestEditor.Table;
import dev.raya.resolver.manifest.ManifestException;
import dev.raya.resolver.name.PackageName;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code add PKG[@RANGE|@TAG]…}: edits the manifest, resolves, installs. Nothing is written if that
 * cannot be done.
 */
final class AddCommand implements Command {
  private static final String PACKAGES = "PKG[@RANGE|@TAG]";
  private static final String DEV = "--dev";
  private static final String PATH = "--path";
  private static final String FEATURES = "--features";

  static CommandSpec spec() {
    return CommandSpec.named("add", "add packages to the manifest and install them")
        .positional(PACKAGES, PositionalSpec.Arity.SOME, "what to add; without a range: ^latest")
        .options(
            OptionSpec.flag(DEV, "for development only").shortName("-D"),
            OptionSpec.value(FEATURES, "A,B", "features to switch on"),
            OptionSpec.value(PATH, "DIR", "take the package from this folder"),
            InstallOptions.GRANT,
            InstallOptions.PRE,
            InstallOptions.MIN_AGE,
            InstallOptions.EXCLUDE_NEWER)
        .example("raya-pm add logging@^1.2 fmt", "two packages, one with a range")
        .example("raya-pm add net-lib --grant net", "allow it what it needs")
        .runs(new AddCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.of(arguments, console)) {
      ProjectFolder project = ProjectFolder.find(arguments.environment().directory());
      List<NewDependency> wanted = new ArrayList<>();
      List<PackageName> names = new ArrayList<>();
      for (String word : arguments.all(PACKAGES)) {
        NewDependency dependency = NewDependency.parse(word);
        wanted.add(dependency);
        names.add(dependency.name());
      }
      session.prepareHome();
      InstallRequest request = InstallOptions.request(arguments, names);
      ManifestEditor editor = open(project);
      String path = arguments.value(PATH);
      List<String> added = new ArrayList<>();
      if (path == null) {
        fromRegistry(arguments, session, wanted, request, editor, added);
      } else {
        fromFolder(arguments, project, wanted, path, editor, added);
      }
      InstallOutcome outcome =
          new Installer(session, project).installEdited(editor.text(), request);
      for (String line : added) {
        console.line("added " + line);
      }
      InstallOptions.tell(console, outcome);
      return ExitCode.OK;
    }
  }

  static ManifestEditor open(ProjectFolder project) throws CommandException {
    try {
      return ManifestEditor.open(ProjectFolder.MANIFEST, Files.readAllBytes(project.manifest()));
    } catch (ManifestException malformed) {
      throw Manifests.refused(malformed);
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  private static void fromRegistry(
      Arguments arguments,
      Session session,
      List<NewDependency> wanted,
      InstallRequest request,
      ManifestEditor editor,
      List<String> added)
      throws CommandException, InterruptedException {
    List<PackageName> names = wanted.stream().map(NewDependency::name).toList();
    try (Resolutions resolutions = new Resolutions(session, names)) {
      for (NewDependency each : wanted) {
        resolutions.index().prefetch(List.of(each.name()));
      }
      for (NewDependency each : wanted) {
        String range = each.range(resolutions.index(), request.rules().preReleases());
        editor.setDependency(table(arguments), each.name(), edit(arguments, range, null));
        added.add(each.name() + " " + range);
      }
    }
  }

  private static void fromFolder(
      Arguments arguments,
      ProjectFolder project,
      List<NewDependency> wanted,
      String path,
      ManifestEditor editor,
      List<String> added)
      throws CommandException {
    if (wanted.size() != 1) {
      throw new UsageException("--path is for one package", "add the others by themselves");
    }
    String relative =
        project
            .root()
            .relativize(arguments.environment().directory().resolve(path).normalize())
            .toString()
            .replace('\\', '/');
    PackageName name = wanted.getFirst().name();
    editor.setDependency(
        table(arguments),
        name,
        edit(arguments, wanted.getFirst().written(), new Dependency.Source.Path(relative)));
    added.add(name + " from " + relative);
  }

  private static Table table(Arguments arguments) throws UsageException {
    return arguments.flag(DEV) ? Table.DEV_DEPENDENCIES : Table.DEPENDENCIES;
  }

  private static DependencyEdit edit(
      Arguments arguments, @Nullable String range, Dependency.@Nullable Source source) {
    String features = arguments.value(FEATURES);
    return new DependencyEdit(
        null,
        source,
        range,
        features == null ? List.of() : List.of(features.split(",", -1)),
        null,
        null,
        List.of(),
        List.of());
  }
}
