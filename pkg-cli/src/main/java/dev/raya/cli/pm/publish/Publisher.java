package dev.raya.cli.pm.publish;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.store.CacheEntry;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ProgramVersion;
import dev.raya.cli.console.Progress;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.Failures;
import dev.raya.cli.pm.fetch.HttpIndexSource;
import dev.raya.cli.pm.fetch.IndexAnswers;
import dev.raya.cli.pm.fetch.IndexStore;
import dev.raya.cli.pm.fetch.PackageFetcher;
import dev.raya.cli.pm.fetch.Registry;
import dev.raya.cli.pm.trust.Evidence;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.log.LogRecordReader;
import dev.raya.signing.sigstore.PublishBundle;
import dev.raya.signing.statement.NativeSubject;
import dev.raya.signing.statement.PublishStatement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a packed version (registry.md 1.3, Client): statement, signature, upload, check of the
 * log's record, wait until the index names it, and its entry and proof in the own cache. Doing it
 * again with the same bytes only waits.
 */
public final class Publisher {
  private static final int MOST_TRIES = 30;
  private static final long BETWEEN_TRIES_MILLIS = 1_000;

  private final Session session;
  private final Registry registry;
  private final Console console;

  /**
   * What the command line adds.
   *
   * @param tag a tag to set, or null
   * @param dryRun whether the registry only checks
   * @param stage whether it is kept back until somebody promotes it
   * @param allowBreaking whether it may break users of the version before
   */
  public record Options(
      @Nullable String tag, boolean dryRun, boolean stage, boolean allowBreaking) {}

  /**
   * A release that was staged.
   *
   * @param id what `install --stage` takes
   * @param expires until when name and version are reserved
   */
  public record Staged(String id, String expires) {}

  /**
   * A release to promote.
   *
   * @param id its id
   * @param archive what the registry says that it is; null where it was not asked
   */
  public record Release(String id, @Nullable Digest archive) {}

  /**
   * A release that was promoted.
   *
   * @param log index of the record in the registry's log
   * @param archive what was published
   * @param checks what the registry remarked
   */
  public record Promoted(long log, Digest archive, List<String> checks) {
    /** Copies the list. */
    public Promoted {
      checks = List.copyOf(checks);
    }
  }

  /**
   * What became of it.
   *
   * @param log index of the record in the registry's log; -1 where there is none
   * @param staged the release, if it was staged
   * @param checks what the registry remarked
   */
  public record Outcome(long log, @Nullable Staged staged, List<String> checks) {
    /** Copies the list. */
    public Outcome {
      checks = List.copyOf(checks);
    }
  }

  /** Publishes to the session's registry. */
  public Publisher(Session session) throws CommandException, InterruptedException {
    this.session = session;
    this.registry = session.registry();
    this.console = session.console();
  }

  /**
   * Publishes.
   *
   * @param attestor signs for its publisher
   * @param toolchain digest of the toolchain that packed it
   * @throws CommandException as the registry refuses, or something it says does not hold
   * @throws InterruptedException if the thread was interrupted
   */
  public Outcome publish(Packed packed, Attestor attestor, Digest toolchain, Options options)
      throws CommandException, InterruptedException {
    PackageName name = packed.metadata().name();
    Version version = packed.metadata().version();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      HttpIndexSource index =
          new HttpIndexSource(
              registry,
              session.metadata(registry),
              session.trust(),
              new IndexStore(session.known().folder(registry.known())),
              threads,
              console::status);
      IndexDocument before = IndexAnswers.document(index, name);
      new InterfaceCheck(session, registry.config().origin())
          .check(before, packed, options.allowBreaking());
      List<Attestor.Attestation> attested =
          attestor.attest(statement(packed, toolchain, previous(before, version)));
      JsonFields answer = upload(packed, attested, options);
      if (options.dryRun()) {
        return new Outcome(-1, null, checks(answer));
      }
      if (options.stage() && !answer.has("leaf")) {
        return new Outcome(-1, staged(packed, answer), checks(answer));
      }
      byte[] leaf = leaf(answer);
      LogRecord.Publish record = checkLeaf(packed, leaf);
      VersionLine line = await(index, name, version, "raya-pm publish");
      PackageClaim claim = PackageClaim.of(name, registry.config().origin(), line);
      Evidence evidence =
          new Evidence(leaf, answer.optionalString("proof"), attestations(record, attested));
      session
          .trust()
          .accept(claim, IndexAnswers.document(index, name), evidence, session.log(registry));
      CacheEntry entry = PackageFetcher.putArchive(session.cache(), claim, packed.archive());
      PackageFetcher.writeProof(session.cache(), entry, registry, evidence);
      return new Outcome(line.log(), null, checks(answer));
    } catch (JsonException malformed) {
      throw Failures.notARegistry(registry.base(), String.valueOf(malformed.getMessage()));
    } catch (IOException unwritable) {
      throw Failure.of(unwritable);
    }
  }

  /**
   * Publishes what was staged, and checks what the registry says like after an upload.
   *
   * @param release the one that is meant; null to hear again of a version that is published
   * @throws CommandException as the registry refuses, RAYA-REG-007 if another release has the
   *     version by now, or if something that it says does not hold
   * @throws InterruptedException if the thread was interrupted
   */
  public Promoted promote(PackageName name, Version version, @Nullable Release release)
      throws CommandException, InterruptedException {
    Json body =
        release == null
            ? Json.object().put("again", true).build()
            : Json.object().put("stage", release.id()).build();
    try {
      JsonFields answer =
          registry
              .api()
              .change("POST", "packages/" + name + "/" + version + "/promote", body)
              .document();
      byte[] leaf = leaf(answer);
      if (!(LogRecordReader.read(leaf) instanceof LogRecord.Publish record)
          || !record.name().equals(name.text())
          || !record.version().equals(version.text())) {
        throw notSent("it is of something else");
      }
      Digest meant = release == null ? null : release.archive();
      if (meant != null && !record.archive().equals(meant)) {
        throw notSent("it is of " + record.archive() + ", and " + meant + " was to be promoted");
      }
      HttpIndexSource index = session.index(registry);
      VersionLine line = await(index, name, version, "raya-pm promote");
      PackageClaim claim = PackageClaim.of(name, registry.config().origin(), line);
      Evidence evidence =
          new Evidence(leaf, answer.optionalString("proof"), attestations(record, List.of()));
      session
          .trust()
          .accept(claim, IndexAnswers.document(index, name), evidence, session.log(registry));
      return new Promoted(line.log(), record.archive(), checks(answer));
    } catch (JsonException malformed) {
      throw Failures.notARegistry(registry.base(), String.valueOf(malformed.getMessage()));
    }
  }

  /** The registry must have staged what was sent. */
  private Staged staged(Packed packed, JsonFields answer) throws CommandException, JsonException {
    String id = answer.string("id");
    if (!LockedPackage.isStage(id)) {
      throw answer.fault("id", "expected 40 hexadecimal digits");
    }
    if (!answer.string("name").equals(packed.metadata().name().text())
        || !answer.string("version").equals(packed.metadata().version().text())
        || !answer.string("sha256").equals(packed.facts().checksum().hex())) {
      throw new CommandException(
          "RAYA-SEC-005",
          "what " + registry.base() + " staged is not what was sent",
          "tell the registry's operator");
    }
    return new Staged(id, answer.string("expires"));
  }

  /** The archive of the highest version published before; null for the first. */
  private static @Nullable Digest previous(@Nullable IndexDocument document, Version version) {
    Digest previous = null;
    if (document != null) {
      for (VersionLine line : document.versions()) {
        if (!line.version().equals(version)) {
          previous = line.sha256();
        }
      }
    }
    return previous;
  }

  private static PublishStatement statement(
      Packed packed, Digest toolchain, @Nullable Digest previous) {
    return new PublishStatement(
        packed.metadata().name().text(),
        packed.metadata().version().text(),
        packed.facts().checksum(),
        packed.metadata().natives().stream()
            .map(blob -> new NativeSubject(blob.module(), blob.target(), blob.sha256()))
            .toList(),
        packed.facts().tree(),
        packed.metadata().capabilities().stream().map(Capability::text).toList(),
        previous,
        new PublishStatement.PackingToolchain(ProgramVersion.CURRENT, toolchain));
  }

  private JsonFields upload(Packed packed, List<Attestor.Attestation> attested, Options options)
      throws CommandException, InterruptedException, IOException, JsonException {
    byte[] announcement =
        CanonicalJson.bytes(
            Json.object()
                .put("schema", "raya/publish/1")
                .put("name", packed.metadata().name().text())
                .put("version", packed.metadata().version().text())
                .put(
                    "archive",
                    Json.object()
                        .put("sha256", packed.facts().checksum().hex())
                        .put("size", packed.facts().size())
                        .put("tree", packed.facts().tree().hex())
                        .build())
                .put(
                    "natives",
                    Json.array(packed.natives().stream().map(NativeArtifact::json).toList()))
                .put(
                    "attestations",
                    Json.array(attested.stream().map(Attestor.Attestation::json).toList()))
                .put("tag", options.tag() == null ? Json.NULL : Json.of(options.tag()))
                .put("stage", options.stage())
                .put("allowBreaking", options.allowBreaking())
                .build());
    MultipartBody body =
        new MultipartBody("raya-" + Digest.of(announcement).hex())
            .part("publish", "application/json", announcement)
            .part("archive", "application/zstd", packed.archive());
    long bytes = packed.facts().size();
    for (NativeArtifact each : packed.natives()) {
      body.part("native", "application/octet-stream", each.file());
      bytes += each.blob().size();
    }
    for (Attestor.Attestation each : attested) {
      body.part("attestation", PublishBundle.MEDIA_TYPE, each.bundle());
    }
    console.status(
        (options.dryRun() ? "checking " : "uploading ")
            + packed.metadata().name()
            + " "
            + packed.metadata().version()
            + " ("
            + Progress.bytes(bytes)
            + ")");
    Json answer =
        registry.apiPost(
            options.dryRun() ? "publish?dry-run=true" : "publish",
            body.contentType(),
            body.body(),
            true);
    return JsonFields.root(answer);
  }

  private static List<String> checks(JsonFields answer) throws JsonException {
    return answer.list("checks").stream()
        .map(check -> text(check, "code") + ": " + text(check, "message"))
        .toList();
  }

  private static String text(JsonFields fields, String member) {
    return fields.object().get(member) instanceof Json.Str(String value) ? value : "";
  }

  private static byte[] leaf(JsonFields answer) throws JsonException {
    return CanonicalJson.bytes(answer.fields("leaf").object());
  }

  /**
   * The attestations of the record: what was just sent, or, where this version was published
   * before, what was sent then. The trust policy verifies them all the same.
   */
  private List<byte[]> attestations(LogRecord.Publish record, List<Attestor.Attestation> attested)
      throws CommandException, InterruptedException {
    Map<Digest, byte[]> sent = new HashMap<>();
    attested.forEach(each -> sent.put(Digest.of(each.bundle()), each.bundle()));
    List<byte[]> attestations = new ArrayList<>();
    for (LogRecord.Attestation each : record.attestations()) {
      byte[] held = sent.get(each.digest());
      attestations.add(
          held != null ? held : registry.smallBlob(each.digest(), PublishBundle.MAX_BYTES));
    }
    return attestations;
  }

  /** The registry's record must say of the package what was sent, and nothing else. */
  private LogRecord.Publish checkLeaf(Packed packed, byte[] leaf) throws CommandException {
    try {
      if (LogRecordReader.read(leaf) instanceof LogRecord.Publish record
          && record.name().equals(packed.metadata().name().text())
          && record.version().equals(packed.metadata().version().text())
          && record.archive().equals(packed.facts().checksum())
          && record.size() == packed.facts().size()
          && record.tree().equals(packed.facts().tree())
          && record.natives().equals(logged(packed))) {
        return record;
      }
    } catch (JsonException malformed) {
      throw notSent("it is malformed: " + malformed.getMessage());
    }
    throw notSent("it says something else than was sent");
  }

  private static List<LogRecord.Native> logged(Packed packed) {
    return packed.metadata().natives().stream()
        .map(
            blob ->
                new LogRecord.Native(
                    blob.module(), blob.target(), blob.file(), blob.size(), blob.sha256()))
        .toList();
  }

  private CommandException notSent(String why) {
    return new CommandException(
        "RAYA-SEC-005",
        "the record that " + registry.base() + " put into its log is not of what was sent: " + why,
        "tell the registry's operator");
  }

  private VersionLine await(HttpIndexSource index, PackageName name, Version version, String again)
      throws CommandException, InterruptedException {
    for (int tried = 0; tried < MOST_TRIES; tried++) {
      index.forget(name);
      IndexDocument document = IndexAnswers.document(index, name);
      VersionLine line = document == null ? null : document.version(version);
      if (line != null) {
        return line;
      }
      boolean counted = new CountDownLatch(1).await(BETWEEN_TRIES_MILLIS, TimeUnit.MILLISECONDS);
      assert !counted : "nobody counts this latch down";
    }
    throw new CommandException(
        "RAYA-NET-006",
        name + " " + version + " is published, but the index does not name it yet",
        "run `" + again + "` again: it only waits");
  }
}
