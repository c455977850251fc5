package dev.raya.cli.pm.command;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.install.Installer;
import dev.raya.cli.pm.install.NewDependency;
import dev.raya.cli.pm.install.Resolutions;
import dev.raya.cli.pm.project.AtomicFiles;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.cli.pm.project.Toolchain;
import dev.raya.resolver.manifest.DependencyEdit;
import dev.raya.resolver.manifest.ManifestEditor;
import dev.raya.resolver.manifest.ManifestException;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionException;
import dev.raya.resolver.version.VersionTag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code exec PKG[@V] [-- ARGS]}: runs a program of a package in the user's directory without
 * adding the package to a project. It is installed for a project of its own in the home, one for
 * every version, registry and set of grants given, so that the next run finds its lockfile.
 */
final class ExecCommand implements Command {
  private static final String PACKAGE = "PKG[@V]";
  private static final String BIN = "--bin";
  private static final String FOLDER = "exec";
  private static final String EMPTY =
      "[package]\nname = \"exec\"\nversion = \"0.0.0\"\n\n[dependencies]\n";

  static CommandSpec spec() {
    return CommandSpec.named("exec", "run a package's program without adding it")
        .positional(PACKAGE, PositionalSpec.Arity.ONE, "the package; without a version: latest")
        .rest("ARGS")
        .options(
            OptionSpec.value(BIN, "NAME", "which of its programs"),
            OptionSpec.list("--grant", "NAME,…", "allow what it needs, for this run"))
        .example("raya-pm exec acme-log -- app.log", "the newest version, with an argument")
        .example("raya-pm exec acme-log@1.2.0 --grant fs.read", "a version, and what it may do")
        .runs(new ExecCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.of(arguments, console)) {
      Toolchain toolchain = Toolchain.of(arguments.environment());
      NewDependency wanted = NewDependency.parse(arguments.required(PACKAGE));
      Map<PackageName, List<Capability>> grants =
          InstallOptions.request(arguments, List.of(wanted.name())).grants();
      session.prepareHome();
      ProjectFolder project = project(session, wanted, grants);
      new Installer(session, project).ofTheHome().installAndHold();
      PackageProgram program =
          choose(wanted.name(), PackageProgram.of(session, project), arguments.value(BIN));
      console.finishBare();
      // The session stays open meanwhile: it holds the entries that the program runs from.
      return Toolchain.inherit(
          program.process(
              toolchain, arguments.environment().directory(), project, arguments.rest()));
    }
  }

  /** The folder of a project that has the version as its only dependency. */
  private static ProjectFolder project(
      Session session, NewDependency wanted, Map<PackageName, List<Capability>> grants)
      throws CommandException, InterruptedException {
    try {
      ManifestEditor editor =
          ManifestEditor.open(ProjectFolder.MANIFEST, EMPTY.getBytes(StandardCharsets.UTF_8));
      editor.setDependency(
          ManifestEditor.Table.DEPENDENCIES,
          wanted.name(),
          new DependencyEdit(
              null,
              null,
              "=" + version(session, wanted).precedence(),
              List.of(),
              null,
              null,
              List.of(),
              grants.getOrDefault(wanted.name(), List.of())));
      for (Map.Entry<PackageName, List<Capability>> grant : grants.entrySet()) {
        if (!grant.getKey().equals(wanted.name())) {
          editor.addGrants(grant.getKey(), grant.getValue());
        }
      }
      String key = session.settings().registry() + "\n" + editor.text();
      Path folder =
          session
              .home()
              .root()
              .resolve(FOLDER)
              .resolve(Digest.of(key.getBytes(StandardCharsets.UTF_8)).hex());
      ProjectFolder project = new ProjectFolder(folder);
      if (!Files.exists(project.manifest())) {
        Files.createDirectories(folder);
        AtomicFiles.write(project.manifest(), editor.bytes());
      }
      return project;
    } catch (ManifestException malformed) {
      throw Manifests.refused(malformed);
    } catch (IOException unwritable) {
      throw Failure.of(unwritable);
    }
  }

  /** The version named, or what a tag or {@code latest} points to now. */
  private static Version version(Session session, NewDependency wanted)
      throws CommandException, InterruptedException {
    String written = wanted.written();
    try {
      if (written != null && !VersionTag.isTag(written)) {
        return Version.parse(written);
      }
      try (Resolutions resolutions = new Resolutions(session, List.of(wanted.name()))) {
        return Version.parse(wanted.range(resolutions.index(), false).substring(1));
      }
    } catch (VersionException malformed) {
      throw new UsageException(
          "\"" + written + "\" is neither a version nor a tag",
          "write " + wanted.name() + "@1.2.3, for example");
    }
  }

  private static PackageProgram choose(
      PackageName name, Map<String, Map<String, PackageProgram>> all, @Nullable String wanted)
      throws UsageException {
    Map<String, PackageProgram> programs = all.getOrDefault(name.text(), Map.of());
    if (programs.isEmpty()) {
      throw new UsageException(name + " has no program", "`raya-pm add " + name + "` uses it");
    }
    PackageProgram only = programs.size() == 1 ? programs.values().iterator().next() : null;
    String last = name.text().substring(name.text().lastIndexOf('/') + 1);
    PackageProgram chosen =
        wanted != null ? programs.get(wanted) : only != null ? only : programs.get(last);
    if (chosen == null) {
      throw new UsageException(
          wanted == null
              ? name + " has several programs"
              : name + " has no program \"" + wanted + "\"",
          "name one with --bin: " + String.join(", ", programs.keySet()));
    }
    return chosen;
  }
}
