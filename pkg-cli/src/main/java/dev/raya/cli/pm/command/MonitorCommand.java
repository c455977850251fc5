package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.Registry;
import dev.raya.cli.pm.trust.RegistryTrust;
import dev.raya.cli.pm.verify.LogAudit;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.log.LogRecordReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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
            line that you did not cause is a version that somebody else published.""")
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
      Checkpoint checkpoint =
          new LogAudit(session.log(registry), registry.tiles())
              .read(
                  (index, record) -> {
                    LogRecord.Publish publish = published(record);
                    if (publish != null && names.contains(publish.name())) {
                      lines.add(line(index, publish));
                      found.add(json(index, publish));
                    }
                  });
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

  private static LogRecord.@org.jspecify.annotations.Nullable Publish published(byte[] record) {
    try {
      return LogRecordReader.read(record) instanceof LogRecord.Publish publish ? publish : null;
    } catch (JsonException ofALaterKind) {
      // Records of types that this client does not know are counted and not shown.
      return null;
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
