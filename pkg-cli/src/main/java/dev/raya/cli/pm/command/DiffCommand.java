package dev.raya.cli.pm.command;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.install.NewDependency;
import dev.raya.cli.pm.install.PublishedVersion;
import dev.raya.cli.pm.install.Resolutions;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionTag;
import dev.raya.vm.bytecode.compat.InterfaceChange;
import dev.raya.vm.bytecode.compat.InterfaceComparison;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code diff PKG@A PKG@B}: what differs between two versions in typed interface, capabilities and
 * files. Both are fetched and verified, so the answer does not depend on the registry's word.
 */
final class DiffCommand implements Command {
  private static final String BEFORE = "PKG@A";
  private static final String AFTER = "PKG@B";

  /** Files that the cache puts beside those of the archive. */
  static CommandSpec spec() {
    return CommandSpec.named("diff", "compare two versions of a package")
        .description(
            """
            Compares the typed interface, the capabilities and the files of two published versions.
            A breaking change is one that publish refuses within a compatibility line.""")
        .positional(BEFORE, PositionalSpec.Arity.ONE, "the older version, or a tag")
        .positional(AFTER, PositionalSpec.Arity.ONE, "the newer version, or a tag")
        .example("raya-pm diff logging@1.2.0 logging@1.3.0", "what an update would bring")
        .runs(new DiffCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    NewDependency before = NewDependency.parse(arguments.required(BEFORE));
    NewDependency after = NewDependency.parse(arguments.required(AFTER));
    if (!before.name().equals(after.name())) {
      throw new UsageException(
          "diff compares versions of one package, and these are of "
              + before.name()
              + " and "
              + after.name());
    }
    try (Session session = Session.of(arguments, console);
        Resolutions resolutions = new Resolutions(session, List.of(before.name()))) {
      IndexDocument document = PublishedVersion.document(resolutions, before.name());
      PublishedVersion from =
          PublishedVersion.of(
              session, document, resolutions.origin(), version(document, before.written()));
      PublishedVersion to =
          PublishedVersion.of(
              session, document, resolutions.origin(), version(document, after.written()));
      List<InterfaceChange> changes = InterfaceComparison.of(from.module(), to.module()).changes();
      tell(console, from, to, changes, from.entry().files(), to.entry().files());
      return ExitCode.OK;
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  private static Version version(IndexDocument document, @Nullable String written)
      throws CommandException {
    String text = written == null ? VersionTag.LATEST.text() : written;
    Version version =
        VersionTag.isTag(text) ? document.tags().get(new VersionTag(text)) : Version.tryParse(text);
    if (version == null) {
      throw new CommandException(
          "RAYA-RES-003",
          document.name() + " has no version or tag \"" + text + '"',
          "write PKG@1.2.3 or PKG@TAG");
    }
    return version;
  }

  private static void tell(
      Console console,
      PublishedVersion from,
      PublishedVersion to,
      List<InterfaceChange> changes,
      SortedMap<String, Digest> before,
      SortedMap<String, Digest> after) {
    List<String> gained = minus(to.claim().capabilities(), from.claim().capabilities());
    List<String> lost = minus(from.claim().capabilities(), to.claim().capabilities());
    List<Json> api = new ArrayList<>();
    List<Json> files = new ArrayList<>();
    console.line(from.claim().label() + " -> " + to.claim().version());
    console.line(changes.isEmpty() ? "interface: the same" : "interface:");
    for (InterfaceChange change : changes) {
      console.line("  " + change.impact().word() + "  " + change.text());
      api.add(
          Json.object()
              .put("impact", change.impact().word())
              .put("module", change.module())
              .put("item", change.item())
              .put("change", change.what())
              .build());
    }
    console.line(gained.isEmpty() && lost.isEmpty() ? "capabilities: the same" : "capabilities:");
    gained.forEach(name -> console.line("  + " + name));
    lost.forEach(name -> console.line("  - " + name));
    console.line(before.equals(after) ? "files: the same" : "files:");
    TreeSet<String> paths = new TreeSet<>(before.keySet());
    paths.addAll(after.keySet());
    for (String path : paths) {
      Digest was = before.get(path);
      Digest is = after.get(path);
      if (was == null || !was.equals(is)) {
        String change = was == null ? "added" : is == null ? "removed" : "changed";
        console.line("  " + change + "  " + path);
        files.add(Json.object().put("path", path).put("change", change).build());
      }
    }
    console.result(
        Json.object()
            .put("name", from.claim().name().text())
            .put("from", from.claim().version().text())
            .put("to", to.claim().version().text())
            .put("api", Json.array(api))
            .put(
                "capabilities",
                Json.object()
                    .put("added", Json.strings(gained))
                    .put("removed", Json.strings(lost))
                    .build())
            .put("files", Json.array(files))
            .build());
  }

  private static List<String> minus(List<String> all, List<String> without) {
    return all.stream().filter(each -> !without.contains(each)).toList();
  }
}
