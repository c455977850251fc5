package dev.raya.cli.pm.command;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.Registry;
import dev.raya.cli.pm.trust.HeldMetadata;
import dev.raya.cli.pm.trust.RegistryTrust;
import dev.raya.cli.pm.verify.LogAudit;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.log.LogRecordReader;
import dev.raya.tuf.client.TufClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code monitor NAME…}: what the registry's log says was published under one's names, by whom. All
 * records are read and lead to the signed root, so none can be hidden from who looks.
 */
final class MonitorCommand {
  private static final String NAMES = "NAME";

  private MonitorCommand() {}

  static CommandSpec spec() {
    return CommandSpec.named("monitor", "list what was published for one's names")
        .description(
            """
            Reads the registry's whole log and checks it against its signed state. For owners: a
            line that you did not cause is a version that somebody else published. New roots are
            listed too, and compared with those that this home follows.""")
        .positional(NAMES, PositionalSpec.Arity.SOME, "the names to look for")
        .example("raya-pm monitor logging --output json", "for a job that compares with last time")
        .runs(MonitorCommand::run)
        .build();
  }

  private static int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    Set<String> names = new TreeSet<>();
    for (String word : arguments.all(NAMES)) {
      if (PackageName.tryParse(word) == null) {
        throw new UsageException("\"" + word + "\" is no name of a package", "such as @acme/http");
      }
      names.add(word);
    }
    try (Session session = Offline.refused(Session.of(arguments, console), "reading the log")) {
      session.prepareHome();
      Registry registry = session.registry();
      List<Json> found = new ArrayList<>();
      List<String> lines = new ArrayList<>();
      Map<Long, Digest> roots = new TreeMap<>();
      // Before the log is read: what another process takes meanwhile may be logged after its end.
      List<HeldRoot> held = heldRoots(session, registry);
      Checkpoint checkpoint =
          new LogAudit(session.log(registry), registry.tiles())
              .read(
                  (index, record) -> {
                    switch (read(record)) {
                      case LogRecord.Publish publish when names.contains(publish.name()) -> {
                        lines.add(line(index, publish));
                        found.add(json(index, publish));
                      }
                      case LogRecord.Root root -> {
                        lines.add(
                            index
                                + "  root "
                                + root.version()
                                + "  "
                                + root.header().time()
                                + "  "
                                + root.digest());
                        roots.put(root.version(), root.digest());
                      }
                      case null, default -> {
                        // Of others' names, or of a kind that this client does not know.
                      }
                    }
                  });
      requireLogged(registry, held, roots);
      lines.forEach(console::line);
      console.line(
          found.size()
              + (found.size() == 1 ? " version" : " versions")
              + " in "
              + checkpoint.size()
              + " records of "
              + checkpoint.origin());
      console.result(
          Json.object()
              .put("log", checkpoint.origin())
              .put("size", checkpoint.size())
              .put("root", checkpoint.root().hex())
              .put("published", Json.array(found))
              .build());
      return ExitCode.OK;
    }
  }

  private static @Nullable LogRecord read(byte[] record) {
    try {
      return LogRecordReader.read(record);
    } catch (JsonException ofALaterKind) {
      // Records of types that this client does not know are counted and not shown.
      return null;
    }
  }

  /** A root after the first that this home follows. */
  private record HeldRoot(long version, Path file, Digest digest) {}

  private static List<HeldRoot> heldRoots(Session session, Registry registry)
      throws CommandException, InterruptedException {
    session.metadata(registry).refresh();
    Path tuf = HeldMetadata.tufFolder(session.known().folder(registry.known()));
    List<HeldRoot> held = new ArrayList<>();
    try {
      for (Map.Entry<Long, Path> root : TufClient.numberedRoots(tuf).entrySet()) {
        if (root.getKey() > 1) {
          Digest digest = Digest.of(Files.readAllBytes(root.getValue()));
          held.add(new HeldRoot(root.getKey(), root.getValue(), digest));
        }
      }
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
    return held;
  }

  /** A root that this home followed and the log does not hold was made for this home alone. */
  private static void requireLogged(
      Registry registry, List<HeldRoot> held, Map<Long, Digest> logged) throws CommandException {
    for (HeldRoot root : held) {
      Digest known = logged.get(root.version());
      if (!root.digest().equals(known)) {
        throw new CommandException(
            "RAYA-SEC-005",
            "root "
                + root.version()
                + " of "
                + registry.config().origin()
                + ", which this home follows, is not in its log",
            "expected: a root record with " + root.digest(),
            "found: " + (known == null ? "none" : known.toString()),
            "the root is kept: " + root.file(),
            "do not use the registry until its operator has explained it");
      }
    }
  }

  private static String line(long index, LogRecord.Publish publish) {
    return index
        + "  "
        + publish.name()
        + "@"
        + publish.version()
        + "  "
        + publish.header().time()
        + "  by "
        + RegistryTrust.describe(publish.publisher());
  }

  private static Json json(long index, LogRecord.Publish publish) {
    return Json.object()
        .put("log", index)
        .put("name", publish.name())
        .put("version", publish.version())
        .put("time", publish.header().time())
        .put("actor", publish.header().actor())
        .put("sha256", publish.archive().hex())
        .put("publisher", publish.publisher().json())
        .build();
  }
}
