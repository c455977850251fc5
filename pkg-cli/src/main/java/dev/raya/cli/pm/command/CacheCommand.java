package dev.raya.cli.pm.command;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.store.CacheEntry;
import dev.raya.cache.store.CacheException;
import dev.raya.cache.store.CacheStats;
import dev.raya.cache.store.EntryUse;
import dev.raya.cache.store.PackageCache;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.Finding;
import dev.raya.cli.console.Progress;
import dev.raya.cli.pm.Counted;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.project.KnownProjects;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PackageMetadataCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** {@code cache}: the global package cache; collection and kits are commands of their own. */
final class CacheCommand {
  private static final int SHOWN_DIGITS = 16;
  private static final int DATE_LENGTH = 10;

  private CacheCommand() {}

  static CommandSpec spec() {
    return CommandSpec.named("cache", "look after the global package cache")
        .subcommand(
            CommandSpec.named("verify", "hash every entry anew; a damaged one is moved out")
                .example("raya-pm cache verify", "ends with 3 if an entry was damaged")
                .runs(CacheCommand::verify)
                .build())
        .subcommand(CollectCommand.gc())
        .subcommand(CollectCommand.prune())
        .subcommand(KitCommand.export())
        .subcommand(KitCommand.load())
        .subcommand(
            CommandSpec.named("list", "list the entries, most recently used first")
                .example("raya-pm cache list", "what is there, and what no project names")
                .runs(CacheCommand::list)
                .build())
        .subcommand(
            CommandSpec.named("path", "print where the cache lies")
                .example("du -sh \"$(raya-pm cache path)\"", "how much it takes")
                .runs(CacheCommand::path)
                .build())
        .subcommand(
            CommandSpec.named("stats", "count entries and bytes")
                .example("raya-pm cache stats", "entries and bytes")
                .runs(CacheCommand::stats)
                .build())
        .build();
  }

  private static int verify(Arguments arguments, Console console) throws CommandException {
    try (Session session = Session.of(arguments, console)) {
      session.prepareHome();
      int entries = session.cache().list().size();
      List<CacheException.Damaged> damaged;
      try (Progress progress = console.progress("verifying", entries, Progress.Unit.ITEMS)) {
        damaged = session.cache().verifyAll();
        progress.advance(entries);
      }
      List<Json> moved = new ArrayList<>();
      for (CacheException.Damaged each : damaged) {
        console.report(
            Finding.error(
                each.code(),
                String.valueOf(each.getMessage()),
                "`raya-pm install` fetches it again"));
        moved.add(
            Json.object()
                .put("entry", each.entry().hex())
                .put("movedTo", each.movedTo().toString())
                .build());
      }
      console.result(
          Json.object().put("entries", entries).put("damaged", new Json.Array(moved)).build());
      console.line(
          Counted.entries(entries)
              + " verified, "
              + (damaged.isEmpty() ? "all" : damaged.size() + " not")
              + " good");
      return console.exitCode();
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  private static int list(Arguments arguments, Console console) throws CommandException {
    try (Session session = Session.of(arguments, console)) {
      List<EntryUse> uses = new ArrayList<>(session.cache().uses());
      uses.sort(Comparator.comparing(EntryUse::lastUsed).reversed());
      Set<Digest> named = new KnownProjects(session.home()).read();
      List<Json> entries = new ArrayList<>();
      for (EntryUse use : uses) {
        String label = label(session.cache(), use.checksum());
        console.line(
            use.checksum().hex().substring(0, SHOWN_DIGITS)
                + "  "
                + String.format(Locale.ROOT, "%9s", Progress.bytes(use.bytes()))
                + "  "
                + use.lastUsed().toString().substring(0, DATE_LENGTH)
                + "  "
                + label
                + (named.contains(use.checksum()) ? "" : "  (no project)"));
        entries.add(
            Json.object()
                .put("bytes", use.bytes())
                .put("checksum", use.checksum().toString())
                .put("label", label)
                .put("lastUsed", use.lastUsed().toString())
                .put("needed", named.contains(use.checksum()))
                .build());
      }
      console.result(Json.object().put("entries", new Json.Array(entries)).build());
      return ExitCode.OK;
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  /** What an entry is: name and version, the library's file name, or that it is no entry. */
  private static String label(PackageCache cache, Digest checksum) throws IOException {
    Optional<CacheEntry> entry = cache.get(checksum);
    if (entry.isEmpty()) {
      return "(no entry)";
    }
    Path metadata = entry.get().file(PackageMetadata.FILE_NAME);
    try {
      if (Files.isRegularFile(metadata, LinkOption.NOFOLLOW_LINKS)) {
        PackageMetadata read = PackageMetadataCodec.read(Files.readAllBytes(metadata));
        return read.name() + "@" + read.version();
      }
      try (Stream<Path> files = Files.list(entry.get().folder())) {
        return files
            .map(file -> String.valueOf(file.getFileName()))
            .filter(name -> !name.equals(CacheEntry.FILE))
            .sorted()
            .findFirst()
            .orElse("(empty)");
      }
    } catch (JsonException malformed) {
      return "(damaged)";
    }
  }

  private static int path(Arguments arguments, Console console) throws CommandException {
    try (Session session = Session.of(arguments, console)) {
      console.line(session.home().cache().toString());
      console.result(Json.object().put("path", session.home().cache().toString()).build());
      return ExitCode.OK;
    }
  }

  private static int stats(Arguments arguments, Console console) throws CommandException {
    try (Session session = Session.of(arguments, console)) {
      CacheStats stats = session.cache().stats();
      console.line(Counted.entries(stats.entries()) + ", " + Progress.bytes(stats.bytes()));
      console.result(
          Json.object().put("entries", stats.entries()).put("bytes", stats.bytes()).build());
      return ExitCode.OK;
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }
}
