package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cache.store.CacheException;
import dev.raya.cache.store.CacheStats;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.Finding;
import dev.raya.cli.console.Progress;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code cache verify|path|stats}: the global package cache. */
final class CacheCommand {
  private CacheCommand() {}

  static CommandSpec spec() {
    return CommandSpec.named("cache", "look after the global package cache")
        .subcommand(
            CommandSpec.named("verify", "hash every entry anew; a damaged one is moved out")
                .runs(CacheCommand::verify)
                .build())
        .subcommand(
            CommandSpec.named("path", "print where the cache lies")
                .runs(CacheCommand::path)
                .build())
        .subcommand(
            CommandSpec.named("stats", "count entries and bytes").runs(CacheCommand::stats).build())
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
          entries
              + " entries verified, "
              + (damaged.isEmpty() ? "all" : damaged.size() + " not")
              + " good");
      return console.exitCode();
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
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
      console.line(stats.entries() + " entries, " + Progress.bytes(stats.bytes()));
      console.result(
          Json.object().put("entries", stats.entries()).put("bytes", stats.bytes()).build());
      return ExitCode.OK;
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }
}
