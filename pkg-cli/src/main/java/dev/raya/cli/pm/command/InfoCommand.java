package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.Failures;
import dev.raya.cli.pm.fetch.Registry;
import dev.raya.cli.pm.fetch.RegistryApi;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine;
import dev.raya.resolver.metadata.MetadataJson;
import dev.raya.resolver.metadata.NativeBlob;
import dev.raya.resolver.metadata.PublishedDependency;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.version.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code info PKG[@V]}: a package and one of its versions, for people. */
final class InfoCommand {
  private static final String PACKAGE = "PKG[@V]";
  private static final int VERSIONS_SHOWN = 12;

  private InfoCommand() {}

  static CommandSpec spec() {
    return CommandSpec.named("info", "show a package of the registry")
        .calledElsewhere("show")
        .description(
            """
            Asks the registry each time; with --offline it says what the last look at the index
            said. V is a version, a tag or a range.""")
        .positional(PACKAGE, PositionalSpec.Arity.ONE, "the package")
        .example("raya-pm info logging@^1.2", "the highest version of that range")
        .runs(InfoCommand::run)
        .build();
  }

  private static int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    PackageArgument wanted = PackageArgument.parse(arguments.required(PACKAGE));
    try (Session session = Session.of(arguments, console)) {
      if (session.settings().offline()) {
        held(session, wanted);
        return ExitCode.OK;
      }
      session.prepareHome();
      Registry registry = session.registry();
      try {
        online(session, wanted, registry.api());
        return ExitCode.OK;
      } catch (JsonException malformed) {
        throw Failures.notARegistry(registry.base(), String.valueOf(malformed.getMessage()));
      }
    }
  }

  private static void online(Session session, PackageArgument wanted, RegistryApi api)
      throws CommandException, JsonException, InterruptedException {
    PublishedPackage known = PublishedPackage.of(api.read(wanted.path()));
    String version = known.select(wanted.selector());
    JsonFields document = api.read(wanted.path() + "/" + version);
    JsonFields status = api.read(wanted.path() + "/" + version + "/status");
    JsonFields metadata = document.fields("metadata");
    Console console = session.console();
    String license = metadata.optionalString("license");
    console.line(wanted.name() + " " + version + (license == null ? "" : "  " + license));
    fact(console, "", metadata.optionalString("description"));
    marks(console, status);
    fact(
        console,
        "published ",
        document.string("time")
            + " by "
            + document.string("publisher")
            + ", record "
            + document.integer("log")
            + " of the log");
    versions(console, known);
    fact(
        console, "owners ", String.join(", ", JsonFields.root(known.document()).strings("owners")));
    fact(console, "repository ", metadata.optionalString("repository"));
    fact(console, "keywords ", joined(metadata, "keywords"));
    fact(console, "needs ", joined(metadata, "capabilities"));
    fact(
        console,
        "archive ",
        document.integer("size") + " bytes, sha256:" + document.string("sha256"));
    built(console, document);
    if (metadata.has("native")) {
      natives(console, MetadataJson.natives(metadata, "native"));
    }
    if (metadata.has("dependencies")) {
      console.line("dependencies");
      for (JsonFields each : metadata.list("dependencies")) {
        console.line(
            "  "
                + each.string("name")
                + " "
                + each.string("range")
                + (each.bool("optional", false) ? " (optional)" : ""));
      }
    }
    console.line("add it with: raya-pm add " + wanted.name());
    console.result(
        Json.object()
            .put("package", known.document())
            .put("version", document.object())
            .put("status", status.object())
            .build());
  }

  /** What the registry says of a version's build; `verify --explain` checks it. */
  private static void built(Console console, JsonFields document) throws JsonException {
    JsonFields build = document.optionalFields("provenance");
    if (build != null) {
      String directory = build.string("directory");
      console.line(
          "built from "
              + build.string("repository")
              + (directory.isEmpty() ? "" : ", folder " + directory)
              + " at "
              + build.string("commit")
              + " ("
              + build.string("ref")
              + ") by "
              + build.string("workflow")
              + ", toolchain "
              + build.string("toolchain"));
      fact(console, "run ", build.optionalString("invocation"));
    }
  }

  private static void natives(Console console, List<NativeBlob> natives) {
    for (NativeBlob each : natives) {
      console.line(
          "native:"
              + each.module()
              + " for "
              + each.target()
              + ", "
              + each.size()
              + " bytes, "
              + each.sha256());
    }
  }

  private static String joined(JsonFields fields, String member) throws JsonException {
    return fields.has(member) ? String.join(", ", fields.strings(member)) : "";
  }

  private static void marks(Console console, JsonFields status) throws JsonException {
    for (String mark : List.of("yanked", "deprecated")) {
      if (status.bool(mark, false)) {
        String reason = status.optionalString("reason");
        String message = status.optionalString("message");
        String use = status.optionalString("use");
        console.line(
            mark.toUpperCase(Locale.ROOT)
                + (reason == null ? "" : " (" + reason + ")")
                + (message == null ? "" : ": " + message)
                + (use == null ? "" : "; use " + use));
      }
    }
  }

  private static void versions(Console console, PublishedPackage known) {
    List<String> shown = new ArrayList<>();
    for (PublishedPackage.Listed each : known.versions()) {
      if (shown.size() == VERSIONS_SHOWN) {
        shown.add("…");
        break;
      }
      shown.add(each.marked());
    }
    console.line("latest " + known.latest());
    console.line("versions (" + known.versions().size() + ") " + String.join(", ", shown));
    List<String> tags = new ArrayList<>();
    for (Map.Entry<String, String> tag : known.tags().entrySet()) {
      tags.add(tag.getKey() + " = " + tag.getValue());
    }
    fact(console, "tags ", String.join(", ", tags));
  }

  private static void fact(Console console, String label, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      console.line(label + value);
    }
  }

  private static void held(Session session, PackageArgument wanted) throws CommandException {
    IndexDocument document = new HeldPackages(session).document(wanted.name());
    PublishedPackage known = HeldPackages.published(document);
    String version = known.select(wanted.selector());
    Version parsed = Version.tryParse(version);
    IndexLine.VersionLine line = parsed == null ? null : document.version(parsed);
    if (line == null) {
      throw new CommandException("RAYA-RES-003", wanted.name() + " has no version yet");
    }
    Console console = session.console();
    console.status("offline: as the index was when it was last read");
    console.line(wanted.name() + " " + version);
    fact(console, "published ", line.time() + ", record " + line.log() + " of the log");
    versions(console, known);
    fact(
        console,
        "needs ",
        String.join(", ", line.capabilities().stream().map(Capability::text).toList()));
    fact(console, "archive ", line.size() + " bytes, " + line.sha256());
    natives(console, line.natives());
    for (PublishedDependency each : line.dependencies()) {
      console.line("  " + each.name() + " " + each.range().text());
    }
    console.result(
        Json.object()
            .put("name", wanted.name().text())
            .put("version", version)
            .put("latest", known.latest())
            .put(
                "versions",
                Json.strings(
                    known.versions().stream().map(PublishedPackage.Listed::version).toList()))
            .put("offline", true)
            .build());
  }
}
