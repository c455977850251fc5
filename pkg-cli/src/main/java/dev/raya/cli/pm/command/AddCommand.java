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
import dev.raya.resolver.manifest.Dependency.GitReference;
import dev.raya.resolver.manifest.Dependency.Source;
import dev.raya.resolver.manifest.DependencyEdit;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestEditor;
import dev.raya.resolver.manifest.ManifestEditor.Table;
import dev.raya.resolver.manifest.ManifestException;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.VersionRange;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
  private static final String GIT = "--git";
  private static final String URL = "--url";
  private static final String FROM = "--from";

  static CommandSpec spec() {
    return CommandSpec.named("add", "add packages to the manifest and install them")
        .positional(PACKAGES, PositionalSpec.Arity.SOME, "what to add; without a range: ^latest")
        .options(
            OptionSpec.flag(DEV, "for development only").shortName("-D"),
            OptionSpec.value(FEATURES, "A,B", "features to switch on"),
            OptionSpec.value(PATH, "DIR", "take the package from this folder"),
            OptionSpec.value(GIT, "URL", "take it from this git repository"),
            OptionSpec.value(option(GitReference.TAG), "NAME", "the repository's tag"),
            OptionSpec.value(option(GitReference.BRANCH), "NAME", "the repository's branch"),
            OptionSpec.value(option(GitReference.REV), "COMMIT", "the repository's commit"),
            OptionSpec.value(URL, "URL", "take it from this archive, NAME-VERSION.tar.zst"),
            OptionSpec.value(FROM, "NAME", "take it from this registry of [registries]"),
            InstallOptions.GRANT,
            InstallOptions.PRE,
            InstallOptions.MIN_AGE,
            InstallOptions.EXCLUDE_NEWER)
        .example("raya-pm add logging@^1.2 fmt", "two packages, one with a range")
        .example("raya-pm add net-lib --grant net", "allow it what it needs")
        .example("raya-pm add exp --git https://example.com/exp.git --tag v0.2.0", "from git")
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
      Source source = source(arguments, project);
      session.prepareHome();
      Installer installer = new Installer(session, project).begin();
      if (source == null) {
        session.reachAhead();
      }
      InstallRequest request = InstallOptions.request(arguments, names);
      ManifestEditor editor = open(project);
      List<String> added = new ArrayList<>();
      if (source == null) {
        installer.expect(fromRegistry(arguments, session, wanted, request, editor, added));
      } else {
        fromElsewhere(arguments, session, wanted, source, request, editor, added);
        request = request.withUpdate(Set.copyOf(names));
      }
      InstallOutcome outcome = installer.installEdited(editor.text(), request);
      for (String line : added) {
        console.line("added " + line);
      }
      InstallOptions.tell(console, outcome);
      return ExitCode.OK;
    }
  }

  static ManifestEditor open(ProjectFolder project) throws CommandException {
    try {
      return ManifestEditor.open(project.manifestName(), Files.readAllBytes(project.manifest()));
    } catch (ManifestException malformed) {
      throw Manifests.refused(malformed);
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  private static Map<PackageName, VersionRange> fromRegistry(
      Arguments arguments,
      Session session,
      List<NewDependency> wanted,
      InstallRequest request,
      ManifestEditor editor,
      List<String> added)
      throws CommandException, InterruptedException {
    List<PackageName> names = wanted.stream().map(NewDependency::name).toList();
    Map<PackageName, VersionRange> ranges = new TreeMap<>();
    try (Resolutions resolutions = new Resolutions(session, names)) {
      resolutions.expect(names);
      for (NewDependency each : wanted) {
        String range;
        try {
          range = each.range(resolutions.index(), request.rules().preReleases());
        } catch (CommandException failed) {
          throw resolutions.missingOr(names, failed);
        }
        VersionRange parsed = VersionRange.tryParse(range);
        ranges.put(each.name(), parsed == null ? VersionRange.ANY : parsed);
        String moved = put(editor, arguments, each.name(), edit(arguments, range, null));
        added.add(each.name() + " " + range + moved);
      }
    }
    return ranges;
  }

  private static String option(GitReference reference) {
    return "--" + reference.key();
  }

  /** Where the options take the package from; null for the default registry. */
  private static @Nullable Source source(Arguments arguments, ProjectFolder project)
      throws UsageException {
    List<Source> sources = new ArrayList<>();
    String path = arguments.value(PATH);
    if (path != null) {
      sources.add(
          new Source.Path(
              project
                  .root()
                  .relativize(arguments.environment().directory().resolve(path).normalize())
                  .toString()
                  .replace('\\', '/')));
    }
    GitReference kind = null;
    for (GitReference candidate : GitReference.values()) {
      if (arguments.value(option(candidate)) != null) {
        if (kind != null) {
          throw new UsageException(
              option(kind) + " and " + option(candidate) + " exclude each other");
        }
        kind = candidate;
      }
    }
    String git = arguments.value(GIT);
    if (git != null) {
      sources.add(new Source.Git(git, kind, kind == null ? null : arguments.value(option(kind))));
    } else if (kind != null) {
      throw new UsageException(option(kind) + " goes with --git URL");
    }
    String url = arguments.value(URL);
    if (url != null) {
      sources.add(new Source.Url(url));
    }
    String registry = arguments.value(FROM);
    if (registry != null) {
      sources.add(new Source.Registry(registry));
    }
    if (sources.size() > 1) {
      throw new UsageException("--path, --git, --url and --from exclude each other");
    }
    return sources.isEmpty() ? null : sources.getFirst();
  }

  private static void fromElsewhere(
      Arguments arguments,
      Session session,
      List<NewDependency> wanted,
      Source source,
      InstallRequest request,
      ManifestEditor editor,
      List<String> added)
      throws CommandException, InterruptedException {
    if (source instanceof Source.Registry(String key) && key != null) {
      for (NewDependency each : wanted) {
        String range = rangeIn(session, editor.text(), key, each, request);
        String moved = put(editor, arguments, each.name(), edit(arguments, range, source));
        added.add(each.name() + " " + range + " from " + key + moved);
      }
      return;
    }
    if (wanted.size() != 1) {
      throw new UsageException(
          "--path, --git and --url are for one package", "add the others by themselves");
    }
    NewDependency one = wanted.getFirst();
    String moved = put(editor, arguments, one.name(), edit(arguments, one.written(), source));
    String where =
        switch (source) {
          case Source.Path(String path) -> path;
          case Source.Git(String git, var kind, var reference) ->
              git + (kind == null ? "" : " " + kind.key() + " " + reference);
          case Source.Url(String url) -> url;
          case Source.Registry registry -> throw new IllegalStateException("handled above");
          case Source.Workspace workspace -> throw new IllegalStateException("no option gives it");
        };
    added.add(one.name() + " from " + where + moved);
  }

  /**
   * Writes the dependency into the table that was asked for and takes it out of the other one.
   *
   * @return what to say of the move, empty if there was none
   */
  private static String put(
      ManifestEditor editor, Arguments arguments, PackageName name, DependencyEdit edit)
      throws UsageException {
    Table table = table(arguments);
    Table other = table == Table.DEPENDENCIES ? Table.DEV_DEPENDENCIES : Table.DEPENDENCIES;
    boolean moved = editor.removeDependency(other, name);
    editor.setDependency(table, name, edit);
    String word = table == Table.DEPENDENCIES ? "dependencies" : "dev-dependencies";
    return moved ? ", moved to [" + word + "]" : "";
  }

  private static String rangeIn(
      Session session, String manifest, String key, NewDependency wanted, InstallRequest request)
      throws CommandException, InterruptedException {
    Manifest.RegistryEntry entry =
        Manifests.parse(ProjectFolder.find(session.settings().environment().directory()), manifest)
            .registries()
            .get(key);
    if (entry == null) {
      throw new UsageException(
          "raya.toml has no registry \"" + key + "\"",
          "write " + key + " = { url = \"https://…\" } into its [registries]");
    }
    try (Resolutions resolutions =
        Resolutions.of(session, session.settings().named(entry.url(), entry.root()))) {
      return wanted.range(resolutions.index(), request.rules().preReleases());
    }
  }

  private static Table table(Arguments arguments) throws UsageException {
    return arguments.flag(DEV) ? Table.DEV_DEPENDENCIES : Table.DEPENDENCIES;
  }

  private static DependencyEdit edit(
      Arguments arguments, @Nullable String range, @Nullable Source source) {
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
