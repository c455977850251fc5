package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.Style;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.IndexAnswers;
import dev.raya.cli.pm.install.Resolutions;
import dev.raya.cli.pm.install.VersionJump;
import dev.raya.cli.pm.project.LockedFiles;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine.StatusLine;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.lock.LinkPlan;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code outdated}: for each direct dependency the locked version, the highest that its range
 * allows, the newest there is, and what kind of step that would be.
 */
final class OutdatedCommand implements Command {
  private static final String ALL = "--all";

  /**
   * One dependency.
   *
   * @param alias its key in the manifest
   * @param locked its locked version, or null if it is not locked
   * @param safe the highest version its range allows, or null if there is none
   * @param newest the highest version there is, or null if none is usable
   * @param deprecated whether the locked version is deprecated
   * @param yanked whether the locked version is yanked
   */
  private record Row(
      String alias,
      @Nullable Version locked,
      @Nullable Version safe,
      @Nullable Version newest,
      boolean deprecated,
      boolean yanked) {
    boolean upToDate() {
      return locked != null && !yanked && (newest == null || newest.compareTo(locked) <= 0);
    }

    String jump() {
      return locked == null || newest == null
          ? VersionJump.NONE.word()
          : VersionJump.between(locked, newest).word();
    }
  }

  static CommandSpec spec() {
    return CommandSpec.named("outdated", "show which dependencies have newer versions")
        .description(
            "\"safe\" is what `update` would move to: the highest version that the range in"
                + " raya.toml allows.\n\"newest\" needs `update --latest`.")
        .options(OptionSpec.flag(ALL, "list those that are up to date as well"), InstallOptions.PRE)
        .example("raya-pm outdated", "what could be updated, and how far")
        .runs(new OutdatedCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.of(arguments, console)) {
      ProjectFolder project = ProjectFolder.find(arguments.environment().directory());
      Manifest manifest = Manifests.read(project, console);
      @Nullable Lockfile lockfile = LockedFiles.read(project);
      List<Dependency> dependencies =
          DirectDependency.fromRegistries(manifest).stream()
              .map(DirectDependency::dependency)
              .toList();
      List<PackageName> names = dependencies.stream().map(Dependency::name).distinct().toList();
      Map<String, String> locked =
          lockfile == null ? Map.of() : LinkPlan.of(lockfile, manifest).project();
      List<Row> rows = new ArrayList<>();
      boolean pre = arguments.flag(InstallOptions.PRE.name());
      session.prepareHome();
      try (Resolutions resolutions = new Resolutions(session, names)) {
        resolutions.index().prefetch(names);
        for (Dependency each : dependencies) {
          IndexDocument document = IndexAnswers.document(resolutions.index(), each.name());
          if (document != null) {
            rows.add(row(each, document, locked.get(each.alias().text()), pre));
          }
        }
      }
      tell(console, rows, arguments.flag(ALL));
      return ExitCode.OK;
    }
  }

  private static Row row(
      Dependency dependency, IndexDocument document, @Nullable String lockedId, boolean pre) {
    Version locked =
        lockedId == null ? null : Version.tryParse(lockedId.substring(lockedId.indexOf(' ') + 1));
    Version safe = null;
    Version newest = null;
    Map<Version, StatusLine> statuses = document.statuses();
    for (VersionLine line : document.versions()) {
      Version version = line.version();
      StatusLine status = statuses.get(version);
      if (status != null && (status.yanked() || status.tombstone())) {
        continue;
      }
      if (dependency.rangeOrAny().matches(version, pre)) {
        safe = version;
      }
      if (pre || !version.isPreRelease()) {
        newest = version;
      }
    }
    StatusLine status = locked == null ? null : statuses.get(locked);
    return new Row(
        dependency.alias().text(),
        locked,
        safe,
        newest,
        status != null && status.deprecated(),
        status != null && (status.yanked() || status.tombstone()));
  }

  private static void tell(Console console, List<Row> rows, boolean all) {
    List<List<String>> table = new ArrayList<>();
    List<Json> items = new ArrayList<>();
    table.add(List.of("package", "locked", "safe", "newest", "jump"));
    for (Row row : rows) {
      if (all || !row.upToDate()) {
        table.add(
            List.of(
                row.alias(), text(row.locked()), text(row.safe()), text(row.newest()), note(row)));
        items.add(json(row));
      }
    }
    if (items.isEmpty()) {
      console.line(
          rows.isEmpty() ? "no dependencies from a registry" : "all dependencies are up to date");
    } else {
      TextTable.print(console, table, Style.BOLD);
    }
    console.result(Json.object().put("dependencies", new Json.Array(items)).build());
  }

  private static String note(Row row) {
    String jump = row.upToDate() ? "-" : row.jump();
    if (row.yanked()) {
      return jump + ", locked version yanked";
    }
    return row.deprecated() ? jump + ", locked version deprecated" : jump;
  }

  private static String text(@Nullable Version version) {
    return version == null ? "-" : version.text();
  }

  private static Json json(Row row) {
    return Json.object()
        .put("name", row.alias())
        .put("locked", version(row.locked()))
        .put("safe", version(row.safe()))
        .put("newest", version(row.newest()))
        .put("jump", row.jump())
        .put("deprecated", row.deprecated())
        .put("yanked", row.yanked())
        .build();
  }

  private static Json version(@Nullable Version version) {
    return version == null ? new Json.Null() : new Json.Str(version.text());
  }
}
