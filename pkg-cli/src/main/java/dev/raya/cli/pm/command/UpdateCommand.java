package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.Style;
import dev.raya.cli.console.StyledText;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.install.InstallOutcome;
import dev.raya.cli.pm.install.InstallRequest;
import dev.raya.cli.pm.install.Installer;
import dev.raya.cli.pm.install.LockChange;
import dev.raya.cli.pm.install.NewDependency;
import dev.raya.cli.pm.install.Preview;
import dev.raya.cli.pm.install.Resolutions;
import dev.raya.cli.pm.install.VersionJump;
import dev.raya.cli.pm.project.LockedFiles;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.DependencyEdit;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestEditor;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code update [PKG…] [--latest] [--dry-run]}: moves locked versions up, within the ranges of
 * {@code raya.toml} or, with {@code --latest}, past them. What is not named keeps its version.
 */
final class UpdateCommand implements Command {
  private static final String PACKAGES = "PKG";
  private static final String LATEST = "--latest";
  private static final String DRY_RUN = "--dry-run";

  static CommandSpec spec() {
    return CommandSpec.named("update", "move locked versions up")
        .calledElsewhere("up", "upgrade")
        .description(
            "Without names all packages may move. Prints old -> new, and marks capabilities that a"
                + " new version needs\nand the old one did not.")
        .positional(PACKAGES, PositionalSpec.Arity.ANY, "only these, direct or further down")
        .options(
            OptionSpec.flag(LATEST, "write ranges that allow the newest versions"),
            OptionSpec.flag(DRY_RUN, "print what would change, write nothing"),
            InstallOptions.GRANT,
            InstallOptions.PRE,
            InstallOptions.MIN_AGE,
            InstallOptions.EXCLUDE_NEWER)
        .example("raya-pm update --dry-run", "what an update would bring")
        .example("raya-pm update fmt --latest", "fmt to its newest version, whatever its range")
        .runs(new UpdateCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.of(arguments, console)) {
      ProjectFolder project = ProjectFolder.find(arguments.environment().directory());
      Manifest manifest = Manifests.read(project, console);
      @Nullable Lockfile before = LockedFiles.read(project);
      List<PackageName> named = named(arguments.all(PACKAGES), manifest, before);
      InstallRequest request =
          InstallOptions.request(arguments, named).withUpdate(moving(named, manifest, before));
      session.prepareHome();
      ManifestEditor editor = AddCommand.open(project);
      List<String> widened = new ArrayList<>();
      if (arguments.flag(LATEST)) {
        widen(session, manifest, named, request, editor, widened);
      }
      boolean dryRun = arguments.flag(DRY_RUN);
      if (dryRun) {
        Lockfile after = new Preview(session, project).of(editor.text(), request).lockfile();
        tell(console, widened, LockChange.between(before, after), true);
      } else {
        InstallOutcome outcome =
            new Installer(session, project).installEdited(editor.text(), request);
        Lockfile after = LockedFiles.read(project);
        if (after == null) {
          throw new IllegalStateException("an install leaves a lockfile");
        }
        InstallOptions.tell(console, outcome);
        tell(console, widened, LockChange.between(before, after), false);
      }
      return ExitCode.OK;
    }
  }

  private static List<PackageName> named(
      List<String> words, Manifest manifest, @Nullable Lockfile lockfile) throws CommandException {
    Set<PackageName> known = everything(manifest, lockfile);
    List<PackageName> names = new ArrayList<>();
    for (String word : words) {
      PackageName name = PackageName.tryParse(word);
      Dependency direct = name == null ? null : direct(manifest, name);
      PackageName meant = direct == null ? name : direct.name();
      if (meant == null || !known.contains(meant)) {
        throw LockedNames.unknown(word, known);
      }
      names.add(meant);
    }
    return names;
  }

  private static @Nullable Dependency direct(Manifest manifest, PackageName alias) {
    Dependency found = manifest.dependencies().get(alias);
    return found == null ? manifest.devDependencies().get(alias) : found;
  }

  private static Set<PackageName> everything(Manifest manifest, @Nullable Lockfile lockfile) {
    Set<PackageName> names = new TreeSet<>();
    manifest.dependencies().values().forEach(each -> names.add(each.name()));
    manifest.devDependencies().values().forEach(each -> names.add(each.name()));
    if (lockfile != null) {
      for (LockedPackage each : lockfile.packages()) {
        names.add(each.name());
      }
    }
    return names;
  }

  private static Set<PackageName> moving(
      List<PackageName> named, Manifest manifest, @Nullable Lockfile lockfile) {
    return named.isEmpty() ? everything(manifest, lockfile) : new TreeSet<>(named);
  }

  /** Gives each direct dependency whose range leaves the newest version out a caret range of it. */
  private static void widen(
      Session session,
      Manifest manifest,
      List<PackageName> named,
      InstallRequest request,
      ManifestEditor editor,
      List<String> widened)
      throws CommandException, InterruptedException {
    List<DirectDependency> asked = DirectDependency.fromRegistries(manifest);
    asked.removeIf(each -> !named.isEmpty() && !named.contains(each.dependency().name()));
    List<PackageName> names = asked.stream().map(each -> each.dependency().name()).toList();
    try (Resolutions resolutions = new Resolutions(session, names)) {
      resolutions.index().prefetch(names);
      for (DirectDependency each : asked) {
        Dependency dependency = each.dependency();
        String range =
            new NewDependency(dependency.name(), null)
                .range(resolutions.index(), request.rules().preReleases());
        Version newest = Version.tryParse(range.substring(1));
        VersionRange written = dependency.rangeOrAny();
        if (newest != null && !written.matches(newest, request.rules().preReleases())) {
          String before = editor.range(each.table(), dependency.alias());
          editor.setDependency(each.table(), dependency.alias(), DependencyEdit.ofRange(range));
          widened.add(dependency.alias() + " " + (before == null ? "*" : before) + " -> " + range);
        }
      }
    }
  }

  private static void tell(
      Console console, List<String> widened, List<LockChange> changes, boolean dryRun) {
    for (String line : widened) {
      console.line("raya.toml: " + line);
    }
    List<Json> items = new ArrayList<>();
    for (LockChange change : changes) {
      console.line(line(change));
      items.add(json(change));
    }
    if (changes.isEmpty()) {
      console.line("nothing to update");
    } else if (dryRun) {
      console.status("dry run: nothing was written");
    }
    console.result(
        Json.object()
            .put("changes", new Json.Array(items))
            .put("ranges", Json.strings(widened))
            .put("dryRun", dryRun)
            .build());
  }

  private static StyledText line(LockChange change) {
    Version from = change.from();
    Version to = change.to();
    StringBuilder line = new StringBuilder();
    if (from == null) {
      line.append("+ ").append(change.name()).append(' ').append(to);
    } else if (to == null) {
      line.append("- ").append(change.name()).append(' ').append(from);
    } else {
      line.append("  ").append(change.name()).append(' ').append(from).append(" -> ").append(to);
      line.append(" (").append(VersionJump.between(from, to).word());
      line.append(VersionJump.mayBreak(from, to) ? ", may break)" : ")");
    }
    StyledText text = StyledText.plain(line.toString());
    return change.newCapabilities().isEmpty()
        ? text
        : text.and(Style.YELLOW, " NEW: needs " + words(change.newCapabilities()));
  }

  private static String words(List<Capability> capabilities) {
    return String.join(", ", capabilities.stream().map(Capability::text).toList());
  }

  private static Json json(LockChange change) {
    Version from = change.from();
    Version to = change.to();
    Json.ObjectBuilder json = Json.object().put("name", change.name().text());
    json.put("from", from == null ? new Json.Null() : new Json.Str(from.text()));
    json.put("to", to == null ? new Json.Null() : new Json.Str(to.text()));
    json.put(
        "jump",
        from == null ? "added" : to == null ? "removed" : VersionJump.between(from, to).word());
    json.put("mayBreak", from != null && to != null && VersionJump.mayBreak(from, to));
    return json.put(
            "newCapabilities",
            Json.strings(change.newCapabilities().stream().map(Capability::text).toList()))
        .build();
  }
}
