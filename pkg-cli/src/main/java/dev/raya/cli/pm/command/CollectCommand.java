package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cache.store.Collected;
import dev.raya.cache.store.EntryUse;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.ByteSize;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.Progress;
import dev.raya.cli.pm.CacheUpkeep;
import dev.raya.cli.pm.Counted;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code cache gc} and {@code cache prune}: what nobody needs any more. */
final class CollectCommand {
  private static final OptionSpec DRY_RUN =
      OptionSpec.flag("--dry-run", "only tell what would be removed");
  private static final OptionSpec MAX_SIZE =
      OptionSpec.value("--max-size", "SIZE", "in place of [cache] max-size, e.g. 2GB");

  private CollectCommand() {}

  static CommandSpec gc() {
    return CommandSpec.named("gc", "remove the least recently used entries above max-size")
        .description(
            "Never removes what the lockfile of a known project names, what a running process"
                + " holds, or what was used within the last hour. Installs do this by themselves,"
                + " at most once a day.")
        .options(MAX_SIZE, DRY_RUN)
        .example("raya-pm cache gc --max-size 2GB", "shrink the cache to 2 GB if it can be")
        .runs(CollectCommand::gc)
        .build();
  }

  static CommandSpec prune() {
    return CommandSpec.named(
            "prune", "remove all entries that no known project names, and leftovers")
        .description(
            "Removes from the cache every package that the lockfile of no known project names,"
                + " however much room there is; what killed processes left in tmp/; and packages"
                + " from git that were compiled more than a month ago, which are compiled again"
                + " when they are needed. A project is known where `raya-pm install` ran and"
                + " raya.lock still lies. What a running process holds or what was used within the"
                + " last hour stays. An install fetches again what it misses.")
        .options(DRY_RUN)
        .example("raya-pm cache prune --dry-run", "what would go")
        .runs(CollectCommand::prune)
        .build();
  }

  private static int gc(Arguments arguments, Console console) throws CommandException {
    try (Session session = Session.of(arguments, console)) {
      String given = arguments.value(MAX_SIZE.name());
      long size =
          given == null
              ? session.settings().cacheMaxSize()
              : ByteSize.parse(MAX_SIZE.name(), given);
      boolean dryRun = arguments.flag(DRY_RUN.name());
      session.prepareHome();
      Collected collected = new CacheUpkeep(session).collect(size, dryRun);
      tell(console, collected, null, dryRun);
      if (collected.remaining() > size) {
        console.line(
            "the cache still takes "
                + Progress.bytes(collected.remaining())
                + ": the rest is named by projects, held by programs, or was just used");
      }
      return ExitCode.OK;
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  private static int prune(Arguments arguments, Console console) throws CommandException {
    try (Session session = Session.of(arguments, console)) {
      boolean dryRun = arguments.flag(DRY_RUN.name());
      session.prepareHome();
      CacheUpkeep upkeep = new CacheUpkeep(session);
      Collected collected = upkeep.collect(0, dryRun);
      tell(console, collected, upkeep.leftovers(dryRun), dryRun);
      return ExitCode.OK;
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  private static void tell(
      Console console,
      Collected collected,
      CacheUpkeep.@Nullable Leftovers leftovers,
      boolean dryRun) {
    List<String> removed = new ArrayList<>();
    for (EntryUse entry : collected.removed()) {
      removed.add(entry.checksum().toString());
      console.detail(entry.checksum().hex() + "  " + Progress.bytes(entry.bytes()));
    }
    Json.ObjectBuilder result =
        Json.object()
            .put("bytes", collected.bytes())
            .put("dryRun", dryRun)
            .put("remaining", collected.remaining())
            .put("removed", Json.strings(removed));
    String verb = dryRun ? "would be removed" : "removed";
    console.line(
        Counted.entries(removed.size()) + " " + verb + ", " + Progress.bytes(collected.bytes()));
    if (leftovers != null) {
      result
          .put("leftovers", leftovers.leftovers())
          .put("outputs", leftovers.outputs())
          .put("leftoverBytes", leftovers.bytes());
      if (leftovers.leftovers() + leftovers.outputs() > 0) {
        console.line(
            leftovers.leftovers()
                + " leftovers and "
                + leftovers.outputs()
                + " old outputs "
                + verb
                + ", "
                + Progress.bytes(leftovers.bytes()));
      }
    }
    console.result(result.build());
  }
}
