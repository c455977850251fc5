package dev.raya.cli.pm.trust;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.cache.store.RayaHome;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Console;
import dev.raya.cli.pm.project.AtomicFiles;
import dev.raya.cli.pm.settings.RegistryAddress;
import dev.raya.cli.pm.settings.TrustLevel;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine.PackageLine;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.metadata.NativeBlob;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.signing.SigningException;
import dev.raya.signing.key.Identity;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.log.LogRecordReader;
import dev.raya.signing.log.ProofFile;
import dev.raya.signing.sigstore.PublishBundle;
import dev.raya.signing.sigstore.SigstoreTrust;
import dev.raya.signing.statement.NativeSubject;
import dev.raya.signing.statement.PublishStatement;
import dev.raya.tuf.TufException;
import dev.raya.tuf.role.TrustedRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The trust policy of this client: registries are known by the digest of their first root, index
 * documents only ever grow, and a version is taken only if the registry's log holds its record, and
 * record and the publish statement of an allowed identity agree with the index line (security.md,
 * First contact, Who signs what, Log).
 */
public final class RegistryTrust implements TrustPolicy {
  private static final String NOT_LOGGED = "RAYA-SEC-005";
  private static final String BAD_STATEMENT = "RAYA-SEC-007";
  private static final String NOT_ALLOWED = "RAYA-SEC-008";
  private static final String NO_PROVENANCE = "RAYA-SEC-009";
  private static final String NO_PROOF = "RAYA-SEC-013";
  private static final String ARCHIVE_REFUSED = "RAYA-PKG-008";

  private static final String NO_WITNESS = "RAYA-SEC-010";

  /** How far a clock may stand behind signed time. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofHours(24);

  private final KnownRegistries known;
  private final Supplier<TrustLevel> level;
  private final Console console;
  private final InstantSource clock;

  /**
   * A policy that asks and gives notice through the console.
   *
   * @param level what is asked of a version, as a project may raise it meanwhile
   * @param clock what signed times are held against
   */
  public RegistryTrust(
      RayaHome home, Supplier<TrustLevel> level, Console console, InstantSource clock) {
    this.clock = clock;
    this.known = new KnownRegistries(home);
    this.level = level;
    this.console = console;
  }

  @Override
  public KnownRegistries.Known admit(RegistryAddress address, String origin, byte[] firstRoot)
      throws CommandException {
    Digest shown = Digest.of(firstRoot);
    Digest pinned = address.root();
    if (pinned != null && !pinned.equals(shown)) {
      throw RootFailures.notThePinned(address.base(), pinned, shown);
    }
    Optional<KnownRegistries.Known> before = known.byOrigin(origin);
    if (before.isPresent() && !before.get().root().equals(shown)) {
      throw RootFailures.changed(origin, before.get().root(), shown);
    }
    Optional<KnownRegistries.Known> underUrl = known.byUrl(address.base());
    if (underUrl.isPresent() && !underUrl.get().root().equals(shown) && pinned == null) {
      throw RootFailures.changed(underUrl.get().origin(), underUrl.get().root(), shown);
    }
    // One that lies here was looked at when it was admitted; a refresh verifies what it goes by.
    boolean kept = before.isPresent() && isKept(before.get(), firstRoot);
    if (!kept) {
      try {
        TrustedRoot.first(firstRoot, shown);
      } catch (TufException refused) {
        throw new CommandException(
            refused.code(),
            "the root of " + address.base() + " is refused: " + refused.getMessage());
      }
    }
    if (before.isEmpty() && pinned == null) {
      confirm(address, origin, shown);
    }
    KnownRegistries.Known admitted = known.remember(origin, shown, address.base());
    if (!kept) {
      keepRoot(admitted, firstRoot);
    }
    return admitted;
  }

  private boolean isKept(KnownRegistries.Known registry, byte[] firstRoot) {
    Path file = firstRootFile(registry);
    try {
      return Files.exists(file) && Arrays.equals(Files.readAllBytes(file), firstRoot);
    } catch (IOException unreadable) {
      return false;
    }
  }

  private Path firstRootFile(KnownRegistries.Known registry) {
    return known.folder(registry).resolve("tuf").resolve("1.root.json");
  }

  private void confirm(RegistryAddress address, String origin, Digest shown)
      throws CommandException {
    if (address.isLoopback() && address.namedByUser()) {
      console.notice("notice: new registry " + origin + " taken on first use, root " + shown);
      return;
    }
    boolean taken =
        address.namedByUser()
            && console.confirm(
                "The registry " + origin + " is new here. Its root is\n  " + shown + "\nTrust it?");
    if (!taken) {
      throw RootFailures.unconfirmed(address.base(), shown);
    }
  }

  private void keepRoot(KnownRegistries.Known registry, byte[] firstRoot) {
    try {
      AtomicFiles.writeIfChanged(firstRootFile(registry), firstRoot);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  @Override
  public void extend(KnownRegistries.Known registry, PackageName name, byte[] held, byte[] served)
      throws CommandException {
    boolean grows =
        served.length >= held.length && Arrays.equals(served, 0, held.length, held, 0, held.length);
    if (grows) {
      return;
    }
    String evidence;
    try {
      Path folder = known.folder(registry).resolve("evidence");
      Path before = folder.resolve(name.fileForm() + "-" + shortDigest(held) + ".held");
      Path after = folder.resolve(name.fileForm() + "-" + shortDigest(served) + ".served");
      AtomicFiles.writeIfChanged(before, held);
      AtomicFiles.writeIfChanged(after, served);
      evidence = "both are kept: " + before + " and " + after;
    } catch (IOException unwritable) {
      evidence = "they could not be kept: " + unwritable.getMessage();
    }
    throw new CommandException(
        "RAYA-SEC-012",
        "the index document of "
            + name
            + " was rewritten: "
            + registry.origin()
            + " serves "
            + served.length
            + " bytes that do not begin with the "
            + held.length
            + " held",
        evidence,
        "do not use the registry until its operator has explained it");
  }

  private static String shortDigest(byte[] bytes) {
    return Digest.of(bytes).hex().substring(0, 16);
  }

  @Override
  public @Nullable Proven accept(
      PackageClaim claim, @Nullable IndexDocument document, Evidence evidence, RegistryLog log)
      throws CommandException, InterruptedException {
    if (level.get() == TrustLevel.PERMISSIVE) {
      return null;
    }
    requireClock(claim);
    return prove(claim, document, evidence, log);
  }

  private Proven prove(
      PackageClaim claim, @Nullable IndexDocument document, Evidence evidence, RegistryLog log)
      throws CommandException, InterruptedException {
    String label = claim.label();
    LogRecord.Publish leaf = publishRecord(label, evidence.leaf());
    compareLeaf(claim, leaf);
    RegistryLog.Inclusion inclusion =
        claim.isStaged() ? staged(claim) : inclusion(claim, evidence, log);
    boolean named = document != null && !isUnpublished(document);
    if (document == null && claim.isStaged()) {
      throw nobodySays(claim);
    }
    if (document != null && (named || !claim.isStaged())) {
      requireAllowed(claim, document, leaf.publisher());
    }
    Optional<byte[]> nameClaim = log.metadata().claim(claim.name());
    if (nameClaim.isPresent()) {
      requireClaimed(claim, nameClaim.get(), leaf.publisher());
    } else if (document != null) {
      requireUnclaimed(claim, document);
    }
    SigstoreTrust trust = new MetadataTrust(log.metadata());
    PublishStatement statement = statement(label, leaf, evidence.attestations(), trust);
    compareStatement(label, leaf, statement);
    FoundProvenance provenance =
        FoundProvenance.of(leaf, statement.subjects(), evidence.attestations(), trust);
    PackageLine publishing = document == null ? null : publishing(claim, document);
    if (publishing != null && publishing.provenance()) {
      requireProvenance(
          label,
          provenance,
          "the package asks for it of every version",
          "do not use the version; tell the registry's operator, who should have refused it");
    }
    Proven proven =
        new Proven(
            leaf,
            statement,
            inclusion,
            inclusion == null ? Set.of() : cosigners(label, log, inclusion),
            provenance,
            named,
            nameClaim.isPresent());
    if (level.get() == TrustLevel.STRICT) {
      requireStrict(label, proven);
    }
    return proven;
  }

  /**
   * Stands for the index document of a name that has none, as signed metadata says: nobody is named
   * who alone may publish it.
   */
  public static IndexDocument unpublished(PackageName name) {
    return new IndexDocument(name, List.of());
  }

  private static boolean isUnpublished(IndexDocument document) {
    return document.lines().isEmpty();
  }

  private static CommandException nobodySays(PackageClaim claim) {
    return new CommandException(
        NO_PROOF,
        claim.label()
            + " is a staged release, in no log, and nothing signed here says who may publish "
            + claim.name(),
        "expected: the index document that the registry's metadata names, or that it names none",
        "found: neither",
        "run `raya-pm install` with a network: it asks the registry");
  }

  /** A staged release is in no log, and the level strict asks for what only a log has. */
  private RegistryLog.@Nullable Inclusion staged(PackageClaim claim) throws CommandException {
    if (level.get() == TrustLevel.STRICT) {
      throw new CommandException(
          NOT_LOGGED,
          claim.label() + " is a staged release, in no log, and the trust level is strict",
          "wait until it is promoted, or use the trust level normal");
    }
    return null;
  }

  /** The line that says who may publish a version: of a staged release the last one there is. */
  private static @Nullable PackageLine publishing(PackageClaim claim, IndexDocument document) {
    return claim.isStaged() ? document.publishing() : document.publishingBefore(claim.log());
  }

  private static RegistryLog.Inclusion inclusion(
      PackageClaim claim, Evidence evidence, RegistryLog log)
      throws CommandException, InterruptedException {
    String label = claim.label();
    String proof = evidence.proof();
    if (proof == null) {
      throw new CommandException(
          NO_PROOF,
          label + ": nothing shows that the log of " + claim.origin() + " holds its record",
          "expected: a proof of record " + claim.log(),
          "found: none");
    }
    return log.include(label, evidence.leaf(), claim.log(), proof);
  }

  private static Set<String> cosigners(
      String label, RegistryLog log, RegistryLog.Inclusion inclusion)
      throws CommandException, InterruptedException {
    try {
      return log.cosigners(inclusion.note());
    } catch (SigningException refused) {
      throw new CommandException(refused.code(), label + ": " + refused.getMessage());
    }
  }

  private static void requireProvenance(
      String label, FoundProvenance provenance, String why, String advice) throws CommandException {
    if (provenance.build() == null) {
      throw new CommandException(
          NO_PROVENANCE,
          label + " has no provenance, and " + why,
          "expected: a statement about its build, signed by the workflow that published it",
          "found: " + provenance.missing(),
          advice);
    }
  }

  private static void requireStrict(String label, Proven proven) throws CommandException {
    requireProvenance(
        label,
        proven.provenance(),
        "the trust level is strict",
        "use a version built and published by CI, or the trust level normal");
    if (!proven.isWitnessed()) {
      throw new CommandException(
          NO_WITNESS,
          label + ": no witness but the registry's own cosigned the log, and the level is strict",
          "expected: at least 1 witness besides " + Proven.LOCAL_WITNESS,
          "found: " + new TreeSet<>(proven.cosigners()),
          "ask the registry's operator for a witness, or use the trust level normal");
    }
  }

  /** Expiry means nothing to a clock that stands before what was signed. */
  private void requireClock(PackageClaim claim) throws CommandException {
    Instant now = clock.instant();
    if (claim.time().isAfter(now.plus(CLOCK_TOLERANCE))) {
      throw new CommandException(
          "RAYA-SEC-014",
          "this machine's clock stands before the logged time of " + claim.label(),
          "expected: a time after " + claim.time(),
          "found: " + now,
          "set the clock");
    }
  }

  private static void requireClaimed(PackageClaim claim, byte[] document, Identity publisher)
      throws CommandException {
    try {
      JsonFields fields = JsonFields.root(JsonReader.read(document));
      boolean fits =
          fields.string("schema").equals("raya/claim/1")
              && fields.string("name").equals(claim.name().text());
      for (JsonFields each : fits ? fields.list("publishers") : List.<JsonFields>of()) {
        if (allows(each.object(), publisher)) {
          return;
        }
      }
    } catch (JsonException malformed) {
      throw new CommandException(
          NOT_ALLOWED, "the claim of " + claim.name() + " is malformed: " + malformed.getMessage());
    }
    throw new CommandException(
        NOT_ALLOWED,
        claim.name() + " is claimed, and " + claim.label() + " was published by somebody else",
        "expected: a publisher that the claim of offline keys names",
        "found: " + describe(publisher));
  }

  /** The index says that there is a claim only once offline keys have signed it. */
  private static void requireUnclaimed(PackageClaim claim, IndexDocument document)
      throws CommandException {
    PackageLine publishing = document.publishing();
    if (publishing != null && publishing.claimed()) {
      throw new CommandException(
          NOT_ALLOWED,
          claim.name() + " is claimed, and signed metadata names no claim for " + claim.label(),
          "expected: the claim that its index document tells of since " + publishing.time(),
          "found: none, as if the metadata were older",
          "nothing was taken; tell the registry's operator");
    }
  }

  private static LogRecord.Publish publishRecord(String label, byte[] leaf)
      throws CommandException {
    try {
      if (LogRecordReader.read(leaf) instanceof LogRecord.Publish publish) {
        return publish;
      }
      throw new CommandException(
          NOT_LOGGED, "the log's record of " + label + " is of another type than publish");
    } catch (JsonException malformed) {
      throw new CommandException(
          NOT_LOGGED, "the log's record of " + label + " is malformed: " + malformed.getMessage());
    }
  }

  private static void compareLeaf(PackageClaim claim, LogRecord.Publish leaf)
      throws CommandException {
    String label = claim.label();
    same(NOT_LOGGED, label, "name", claim.name().text(), leaf.name());
    same(NOT_LOGGED, label, "version", claim.version().precedence(), precedence(leaf.version()));
    same(NOT_LOGGED, label, "sha256", claim.checksum(), leaf.archive());
    same(NOT_LOGGED, label, "size", claim.size(), leaf.size());
    same(NOT_LOGGED, label, "tree", claim.tree(), leaf.tree());
    same(NOT_LOGGED, label, "capabilities", claim.capabilities(), leaf.capabilities());
    if (!claim.isStaged()) {
      same(NOT_LOGGED, label, "time", claim.time().toString(), leaf.header().time());
    }
    Map<String, Digest> natives = new TreeMap<>();
    for (LogRecord.Native each : leaf.natives()) {
      natives.put(each.module() + " " + each.target(), each.digest());
    }
    same(NOT_LOGGED, label, "natives", claim.natives(), natives);
  }

  private static String precedence(String version) {
    Version parsed = Version.tryParse(version);
    return parsed == null ? version : parsed.precedence();
  }

  private static void requireAllowed(PackageClaim claim, IndexDocument document, Identity publisher)
      throws CommandException {
    PackageLine publishing = publishing(claim, document);
    List<Json.Obj> publishers = publishing == null ? List.of() : publishing.publishers();
    for (Json.Obj allowed : publishers) {
      if (allows(allowed, publisher)) {
        return;
      }
    }
    throw new CommandException(
        NOT_ALLOWED,
        claim.label() + " was published by an identity that may not publish " + claim.name(),
        "published by " + describe(publisher),
        "the index names " + publishers.size() + " publisher(s), and not this one");
  }

  /** Whether an identity stands for a signer; one of a kind that we cannot read does for nobody. */
  private static boolean allows(Json.Obj identity, Identity signer) {
    try {
      return Identity.read(JsonFields.root(identity)).standsFor(signer);
    } catch (JsonException ofAnUnknownKind) {
      return false;
    }
  }

  /** An identity in words. */
  public static String describe(Identity identity) {
    return switch (identity) {
      case Identity.Key key ->
          "the "
              + (key.mlDsa() == null ? "key " : "hybrid key ")
              + key.key().keyId().hex()
              + " of account "
              + key.account();
      case Identity.Oidc oidc ->
          "the workflow "
              + oidc.workflow()
              + " of "
              + oidc.owner()
              + '/'
              + oidc.repository()
              + " at "
              + oidc.ref();
    };
  }

  private static PublishStatement statement(
      String label, LogRecord.Publish leaf, List<byte[]> attestations, SigstoreTrust trust)
      throws CommandException {
    if (leaf.attestations().isEmpty() || attestations.size() != leaf.attestations().size()) {
      throw new CommandException(
          BAD_STATEMENT,
          label
              + ": the log names "
              + leaf.attestations().size()
              + " attestations, found "
              + attestations.size());
    }
    for (int i = 0; i < attestations.size(); i++) {
      same(
          BAD_STATEMENT,
          label,
          "attestation " + (i + 1),
          leaf.attestations().get(i).digest(),
          Digest.of(attestations.get(i)));
    }
    try {
      return PublishBundle.verify(leaf.publisher(), leaf.attestations(), attestations, trust);
    } catch (SigningException refused) {
      throw new CommandException(refused.code(), label + ": " + refused.getMessage());
    }
  }

  private static void compareStatement(
      String label, LogRecord.Publish leaf, PublishStatement statement) throws CommandException {
    same(BAD_STATEMENT, label, "statement's name", leaf.name(), statement.name());
    same(BAD_STATEMENT, label, "statement's version", leaf.version(), statement.version());
    same(BAD_STATEMENT, label, "statement's archive", leaf.archive(), statement.archive());
    same(BAD_STATEMENT, label, "statement's tree", leaf.tree(), statement.tree());
    same(
        BAD_STATEMENT,
        label,
        "statement's capabilities",
        leaf.capabilities(),
        statement.capabilities());
    List<NativeSubject> natives = new ArrayList<>();
    for (LogRecord.Native each : leaf.natives()) {
      natives.add(new NativeSubject(each.module(), each.target(), each.digest()));
    }
    same(BAD_STATEMENT, label, "statement's natives", natives, statement.natives());
  }

  @Override
  public void content(PackageClaim claim, @Nullable IndexDocument document, PackageContent content)
      throws CommandException {
    String label = claim.label();
    PackageMetadata metadata = content.metadata();
    same(ARCHIVE_REFUSED, label, "name in metadata.json", claim.name(), metadata.name());
    same(ARCHIVE_REFUSED, label, "version in metadata.json", claim.version(), metadata.version());
    same(
        ARCHIVE_REFUSED,
        label,
        "capabilities in metadata.json",
        claim.capabilities(),
        metadata.capabilities().stream().map(Capability::text).toList());
    same(
        ARCHIVE_REFUSED,
        label,
        "capabilities of module.rbin",
        claim.capabilities(),
        List.copyOf(content.capabilities()));
    Map<String, Digest> natives = new TreeMap<>();
    for (NativeBlob blob : metadata.natives()) {
      natives.put(blob.module() + " " + blob.target(), blob.sha256());
    }
    same(ARCHIVE_REFUSED, label, "natives in metadata.json", claim.natives(), natives);
    VersionLine line = document == null ? null : document.version(claim.version());
    if (line != null) {
      compareLine(label, line, metadata);
    }
  }

  private static void compareLine(String label, VersionLine line, PackageMetadata metadata)
      throws CommandException {
    same(ARCHIVE_REFUSED, label, "raya", line.raya(), metadata.raya());
    same(ARCHIVE_REFUSED, label, "bytecode", line.bytecode(), metadata.bytecode());
    same(ARCHIVE_REFUSED, label, "dependencies", line.dependencies(), metadata.dependencies());
    same(ARCHIVE_REFUSED, label, "constraints", line.constraints(), metadata.constraints());
    same(ARCHIVE_REFUSED, label, "features", line.features(), metadata.features());
  }

  @Override
  public @Nullable Proven cached(
      PackageClaim claim,
      @Nullable IndexDocument document,
      byte @Nullable [] proof,
      RegistryLog log)
      throws CommandException, InterruptedException {
    if (level.get() == TrustLevel.PERMISSIVE) {
      return null;
    }
    if (proof == null) {
      throw noProof(claim);
    }
    try {
      KnownRegistries.Known registry = log.registry();
      for (ProofFile.Proof each : ProofFile.read(proof).proofs()) {
        if (registry.origin().equals(claim.origin()) && each.root().equals(registry.root())) {
          List<byte[]> attestations = new ArrayList<>();
          for (String text : each.attestations()) {
            attestations.add(text.getBytes(StandardCharsets.UTF_8));
          }
          byte[] leaf = each.leaf().getBytes(StandardCharsets.UTF_8);
          return prove(claim, document, new Evidence(leaf, each.proof(), attestations), log);
        }
      }
    } catch (SigningException malformed) {
      throw new CommandException(malformed.code(), claim.label() + ": " + malformed.getMessage());
    }
    throw noProof(claim);
  }

  private static CommandException noProof(PackageClaim claim) {
    return new CommandException(
        NO_PROOF,
        claim.label() + " is in the cache without a proof of " + claim.origin(),
        "run `raya-pm install` with a network: it fetches the proof");
  }

  private static void same(String code, String label, String what, Object expected, Object found)
      throws CommandException {
    if (!expected.equals(found)) {
      throw new CommandException(
          code,
          label + ": " + what + " differs",
          "expected: " + expected,
          "found: " + found,
          "the version is not used; tell its publisher and the registry's operator");
    }
  }
}
