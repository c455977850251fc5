package dev.raya.registry.publish;

import dev.raya.cache.archive.PackageArchive;
import dev.raya.cache.blob.BlobSink;
import dev.raya.cache.json.Json;
import dev.raya.registry.account.Caller;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.name.Capability;
import dev.raya.signing.key.Identity;
import dev.raya.signing.statement.PublishStatement;
import dev.raya.vm.bytecode.VerifiedModule;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A publish on its way. Owned by the request's thread; closing it throws away the temporary blobs
 * that were not stored.
 */
final class Publication implements AutoCloseable {
  /**
   * What the request says besides its body.
   *
   * @param caller who publishes
   * @param contentType with the boundary
   * @param requestId for the audit
   * @param dryRun whether nothing is to be stored
   */
  record Request(Caller caller, String contentType, String requestId, boolean dryRun) {}

  /**
   * What the archive holds that later steps look at.
   *
   * @param module bytes of module.rbin
   * @param readme text of README.md, or null
   */
  record Content(byte[] module, @Nullable String readme) {}

  private final Request request;
  private final InputStream body;
  private final List<BlobSink> sinks = new ArrayList<>();

  private ModuleMemory.@Nullable Share share;

  private @Nullable Announcement announcement;
  private byte[] announced = {};
  private @Nullable StageRow promotes;
  private @Nullable PackageArchive archive;
  private @Nullable Content content;
  private @Nullable BlobSink archiveSink;
  private final List<BlobSink> nativeSinks = new ArrayList<>();
  private final List<byte[]> attestations = new ArrayList<>();
  private @Nullable PackageMetadata metadata;
  private @Nullable VerifiedModule module;
  private final List<Json> remarks = new ArrayList<>();
  private List<Identity> publishers = List.of();
  private boolean keyToCome;
  private @Nullable Identity signer;
  private @Nullable PublishStatement statement;
  private boolean provenance;
  private @Nullable String readmeBlob;
  private long readmeSize;
  private @Nullable Published published;

  Publication(Request request, InputStream body) {
    this.request = request;
    this.body = body;
  }

  /** A staged release on its way into the log: what was received and checked then counts. */
  static Publication promoting(Request request, StageRow staged) {
    Publication publication = new Publication(request, InputStream.nullInputStream());
    publication.promotes = staged;
    publication.announcement = staged.announced();
    publication.metadata = staged.metadataRead();
    publication.signer = staged.signerIdentity();
    publication.provenance = staged.provenance;
    publication.readmeBlob = staged.readme;
    publication.readmeSize = staged.readmeSize;
    return publication;
  }

  Request request() {
    return request;
  }

  Caller caller() {
    return request.caller();
  }

  InputStream body() {
    return body;
  }

  /** Takes a sink over: it is closed with this. */
  BlobSink own(BlobSink sink) {
    sinks.add(sink);
    return sink;
  }

  /** Takes a share of memory over: it is given back with this. */
  void holds(ModuleMemory.Share taken) {
    share = taken;
  }

  /**
   * Takes the first part of the request.
   *
   * @param part its bytes
   */
  void announce(Announcement found, byte[] part) {
    announcement = found;
    announced = part;
  }

  /** The first part of the request, as it was sent. */
  byte[] announced() {
    return announced;
  }

  /** The staged release that this promotes; null where the version itself was sent. */
  @Nullable StageRow promotes() {
    return promotes;
  }

  /** The same in the steps that only a promotion takes. */
  StageRow staged() {
    return known(promotes);
  }

  /** Whose version it is: an owner who promotes what another account staged does not take it. */
  long account() {
    StageRow staged = promotes;
    return staged == null ? caller().account() : staged.accountId;
  }

  /** {@code token} or {@code oidc}: how it came here. */
  String method() {
    StageRow staged = promotes;
    return staged != null ? staged.method : caller().run() == null ? "token" : "oidc";
  }

  Announcement announcement() {
    return known(announcement);
  }

  void received(PackageArchive found, Content inside, BlobSink sink) {
    archive = found;
    content = inside;
    archiveSink = sink;
  }

  PackageArchive archive() {
    return known(archive);
  }

  Content content() {
    return known(content);
  }

  BlobSink archiveSink() {
    return known(archiveSink);
  }

  List<BlobSink> nativeSinks() {
    return nativeSinks;
  }

  List<byte[]> attestations() {
    return attestations;
  }

  void describe(PackageMetadata found) {
    metadata = found;
  }

  PackageMetadata metadata() {
    return known(metadata);
  }

  void verified(VerifiedModule found) {
    module = found;
  }

  VerifiedModule module() {
    return known(module);
  }

  /** Adds to what the answer remarks: an object with code, severity and message. */
  void remark(Json.Obj remark) {
    remarks.add(remark);
  }

  /** The remarks so far. */
  Json remarks() {
    return Json.array(remarks);
  }

  /** What the bytecode needs, sorted; the bytecode check has compared it. */
  List<String> capabilities() {
    return metadata().capabilities().stream().map(Capability::text).toList();
  }

  void allow(List<Identity> identities) {
    publishers = List.copyOf(identities);
  }

  /** Who may sign this version. */
  List<Identity> publishers() {
    return publishers;
  }

  /**
   * Notes that this is a dry run for an account whose first key is registered only by the publish
   * itself, so that there is nobody yet whose signature could be checked.
   */
  void firstKeyIsToCome() {
    keyToCome = true;
  }

  boolean isFirstKeyToCome() {
    return keyToCome;
  }

  void signedBy(Identity identity) {
    signer = identity;
  }

  Identity signer() {
    return known(signer);
  }

  void stated(PublishStatement found) {
    statement = found;
  }

  /** The publish statement. */
  PublishStatement statement() {
    return known(statement);
  }

  void carriesProvenance() {
    provenance = true;
  }

  /** Whether one of its attestations is provenance of its build. */
  boolean hasProvenance() {
    return provenance;
  }

  void readme(String hash, long size) {
    readmeBlob = hash;
    readmeSize = size;
  }

  @Nullable String readmeBlob() {
    return readmeBlob;
  }

  long readmeSize() {
    return readmeSize;
  }

  /** Ends the publish early: this very version is there already. */
  void answer(Published found) {
    published = found;
  }

  @Nullable Published published() {
    return published;
  }

  @Override
  public void close() throws IOException {
    if (share != null) {
      share.close();
    }
    for (BlobSink sink : sinks) {
      sink.close();
    }
  }

  private static <T> T known(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("an earlier step finds this out");
    }
    return value;
  }
}
