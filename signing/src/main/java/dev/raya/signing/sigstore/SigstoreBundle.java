package dev.raya.signing.sigstore;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.SigningException;
import dev.raya.signing.dsse.DsseEnvelope;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A Sigstore bundle of version 0.1, 0.2 or 0.3 (protobuf-specs, message Bundle), read strictly:
 * unknown members, Base64 in another form and values out of range are refused. Reading verifies
 * nothing.
 *
 * @param signer what the bundle says of its signer
 * @param entries of transparency logs, at least one
 * @param timestamps responses of RFC 3161
 * @param content what was signed, with its signature
 */
public record SigstoreBundle(
    Signer signer, List<LogEntry> entries, List<Timestamp> timestamps, Content content) {
  /** Largest bundle that is read, in bytes. */
  public static final int MAX_BYTES = 8 << 20;

  private static final int MAX_ENTRIES = 8;
  private static final int MAX_PROOF = 63;
  private static final String OLD_TYPE = "application/vnd.dev.sigstore.bundle+json;version=";

  /** What a bundle says of its signer. */
  sealed interface Signer {
    /**
     * The holder of a certificate.
     *
     * @param certificates the signer's own first
     */
    record Certified(List<X509Certificate> certificates) implements Signer {
      public Certified {
        certificates = List.copyOf(certificates);
      }
    }

    /**
     * The holder of a key that the verifier knows.
     *
     * @param hint which one
     */
    record Keyed(String hint) implements Signer {}
  }

  /** What was signed. */
  sealed interface Content {
    /**
     * A signature over the artifact.
     *
     * @param hash of {@code digest}, or null
     * @param digest of the artifact as the signer saw it, or null; identifies, proves nothing
     * @param signature its bytes
     */
    record Message(@Nullable HashAlgorithm hash, @Nullable Octets digest, Octets signature)
        implements Content {}

    /**
     * A signed statement about the artifact.
     *
     * @param envelope with exactly one signature
     */
    record Envelope(DsseEnvelope envelope) implements Content {}

    /** The signature's bytes. */
    default byte[] signatureBytes() {
      return switch (this) {
        case Message message -> message.signature().bytes();
        case Envelope(DsseEnvelope envelope) ->
            envelope.signatures().getFirst().signature().bytes();
      };
    }
  }

  /** A timestamp response in DER. */
  record Timestamp(Octets response) {}

  /**
   * An entry of a log.
   *
   * @param index of the entry over all shards of the log
   * @param log the log's id
   * @param kind of the entry's body
   * @param version of the kind
   * @param integratedTime seconds since the epoch; 0 where there is none
   * @param promise the signed entry timestamp, or null
   * @param proof of inclusion
   * @param body of the entry
   */
  record LogEntry(
      long index,
      Digest log,
      String kind,
      String version,
      long integratedTime,
      @Nullable Octets promise,
      InclusionProof proof,
      Octets body) {}

  /**
   * The proof that a tree holds an entry.
   *
   * @param index in that tree
   * @param root of the tree
   * @param size of the tree
   * @param hashes from the leaf's sibling up
   * @param checkpoint the log's signed state
   */
  record InclusionProof(
      long index, Digest root, long size, List<Digest> hashes, String checkpoint) {
    InclusionProof {
      hashes = List.copyOf(hashes);
    }
  }

  /** Copies the lists in. */
  public SigstoreBundle {
    entries = List.copyOf(entries);
    timestamps = List.copyOf(timestamps);
  }

  /**
   * Reads a bundle.
   *
   * @throws SigningException with {@link SigningException.Code#STATEMENT_REFUSED} if it is too
   *     large or malformed
   */
  public static SigstoreBundle read(byte[] document) throws SigningException {
    if (document.length > MAX_BYTES) {
      throw Refusal.bundle("expected at most " + MAX_BYTES + " bytes, found " + document.length);
    }
    try {
      JsonFields root = JsonFields.root(JsonReader.read(document));
      root.only(Set.of("mediaType", "verificationMaterial", "messageSignature", "dsseEnvelope"));
      boolean single = singleCertificate(root);
      JsonFields material = root.fields("verificationMaterial");
      material.only(
          Set.of(
              single ? "certificate" : "x509CertificateChain",
              "publicKey",
              "tlogEntries",
              "timestampVerificationData"));
      return new SigstoreBundle(
          signer(material, single), entries(material), timestamps(material), content(root));
    } catch (JsonException malformed) {
      throw Refusal.bundle("malformed", malformed);
    }
  }

  /** Whether the bundle's version has one certificate in the place of a chain. */
  private static boolean singleCertificate(JsonFields root) throws JsonException {
    String type = root.string("mediaType");
    return switch (type) {
      case OLD_TYPE + "0.1", OLD_TYPE + "0.2" -> false;
      case OLD_TYPE + "0.3", PublishBundle.MEDIA_TYPE -> true;
      default ->
          throw root.fault("mediaType", "expected a bundle v0.1 to v0.3, found \"" + type + '"');
    };
  }

  private static Signer signer(JsonFields material, boolean single)
      throws JsonException, SigningException {
    String certified = single ? "certificate" : "x509CertificateChain";
    if (material.has(certified) == material.has("publicKey")) {
      throw material.fault(certified, "expected either this or publicKey");
    }
    if (material.has("publicKey")) {
      JsonFields key = material.fields("publicKey");
      key.only(Set.of("hint"));
      return new Signer.Keyed(key.has("hint") ? key.string("hint") : "");
    }
    JsonFields fields = material.fields(certified);
    if (single) {
      fields.only(Set.of("rawBytes"));
      return new Signer.Certified(
          List.of(TrustedRoot.certificate(Octets.read(fields, "rawBytes").bytes())));
    }
    fields.only(Set.of("certificates"));
    for (JsonFields certificate : fields.list("certificates")) {
      certificate.only(Set.of("rawBytes"));
    }
    return new Signer.Certified(TrustedRoot.certificates(fields));
  }

  private static List<LogEntry> entries(JsonFields material) throws JsonException {
    List<JsonFields> list = material.list("tlogEntries");
    if (list.isEmpty() || list.size() > MAX_ENTRIES) {
      throw material.fault(
          "tlogEntries", "expected 1 to " + MAX_ENTRIES + ", found " + list.size());
    }
    List<LogEntry> entries = new ArrayList<>();
    Set<Octets> bodies = new HashSet<>();
    for (JsonFields fields : list) {
      LogEntry entry = entry(fields);
      if (!bodies.add(entry.body())) {
        throw material.fault("tlogEntries", "an entry is there twice");
      }
      entries.add(entry);
    }
    return entries;
  }

  private static LogEntry entry(JsonFields entry) throws JsonException {
    entry.only(
        Set.of(
            "logIndex",
            "logId",
            "kindVersion",
            "integratedTime",
            "inclusionPromise",
            "inclusionProof",
            "canonicalizedBody"));
    JsonFields id = entry.fields("logId");
    id.only(Set.of("keyId"));
    JsonFields kind = entry.fields("kindVersion");
    kind.only(Set.of("kind", "version"));
    Octets promise = null;
    if (entry.has("inclusionPromise")) {
      JsonFields fields = entry.fields("inclusionPromise");
      fields.only(Set.of("signedEntryTimestamp"));
      promise = Octets.read(fields, "signedEntryTimestamp");
    }
    return new LogEntry(
        number(entry, "logIndex"),
        TrustedRoot.logId(id),
        kind.string("kind"),
        kind.string("version"),
        number(entry, "integratedTime"),
        promise,
        proof(entry.fields("inclusionProof")),
        Octets.read(entry, "canonicalizedBody"));
  }

  private static InclusionProof proof(JsonFields proof) throws JsonException {
    proof.only(Set.of("logIndex", "rootHash", "treeSize", "hashes", "checkpoint"));
    JsonFields checkpoint = proof.fields("checkpoint");
    checkpoint.only(Set.of("envelope"));
    List<Digest> hashes = new ArrayList<>();
    for (String text : proof.strings("hashes")) {
      hashes.add(hash(proof, "hashes", text));
    }
    if (hashes.size() > MAX_PROOF) {
      throw proof.fault("hashes", "expected at most " + MAX_PROOF + ", found " + hashes.size());
    }
    return new InclusionProof(
        number(proof, "logIndex"),
        hash(proof, "rootHash", proof.string("rootHash")),
        number(proof, "treeSize"),
        hashes,
        checkpoint.string("envelope"));
  }

  private static Digest hash(JsonFields fields, String name, String text) throws JsonException {
    JsonFields single = JsonFields.root(Json.object().put(name, text).build());
    byte[] bytes = Octets.read(single, name).bytes();
    if (bytes.length != 32) {
      throw fields.fault(name, "expected hashes of 32 bytes, found " + bytes.length);
    }
    return Digest.of(bytes, 0);
  }

  /**
   * A 64-bit integer as the JSON mapping of protobuf writes it: decimal in a string, absent for 0.
   * A number is taken as well.
   */
  private static long number(JsonFields fields, String name) throws JsonException {
    if (!fields.has(name)) {
      return 0;
    }
    if (fields.value(name) instanceof Json.Int(long number) && number >= 0) {
      return number;
    }
    String text = fields.string(name);
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && Long.toString(number).equals(text)) {
        return number;
      }
    } catch (NumberFormatException malformed) {
      throw fields.fault(name, "expected a decimal number, found \"" + text + '"');
    }
    throw fields.fault(name, "expected a decimal number from 0 up, found \"" + text + '"');
  }

  private static List<Timestamp> timestamps(JsonFields material) throws JsonException {
    if (!material.has("timestampVerificationData")) {
      return List.of();
    }
    JsonFields data = material.fields("timestampVerificationData");
    data.only(Set.of("rfc3161Timestamps"));
    List<Timestamp> timestamps = new ArrayList<>();
    for (JsonFields fields : data.list("rfc3161Timestamps")) {
      fields.only(Set.of("signedTimestamp"));
      Timestamp timestamp = new Timestamp(Octets.read(fields, "signedTimestamp"));
      if (timestamps.contains(timestamp) || timestamps.size() == MAX_ENTRIES) {
        throw data.fault(
            "rfc3161Timestamps", "expected at most " + MAX_ENTRIES + ", all different");
      }
      timestamps.add(timestamp);
    }
    return timestamps;
  }

  private static Content content(JsonFields root) throws JsonException, SigningException {
    if (root.has("messageSignature") == root.has("dsseEnvelope")) {
      throw root.fault("messageSignature", "expected either this or dsseEnvelope");
    }
    if (root.has("dsseEnvelope")) {
      DsseEnvelope envelope = DsseEnvelope.read(root.fields("dsseEnvelope"));
      if (envelope.signatures().size() != 1) {
        throw root.fault(
            "dsseEnvelope", "expected one signature, found " + envelope.signatures().size());
      }
      return new Content.Envelope(envelope);
    }
    JsonFields message = root.fields("messageSignature");
    message.only(Set.of("messageDigest", "signature"));
    Octets signature = Octets.read(message, "signature");
    if (!message.has("messageDigest")) {
      return new Content.Message(null, null, signature);
    }
    JsonFields digest = message.fields("messageDigest");
    digest.only(Set.of("algorithm", "digest"));
    return new Content.Message(
        HashAlgorithm.named(digest.string("algorithm")), Octets.read(digest, "digest"), signature);
  }
}
