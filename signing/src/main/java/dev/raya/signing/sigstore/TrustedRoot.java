package dev.raya.signing.sigstore;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.SigningException;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sigstore's {@code trusted_root.json}: the logs, certificate and timestamp authorities that a
 * verifier trusts, each for a time (protobuf-specs, message TrustedRoot). Unknown members are
 * passed over, as the document itself is trusted.
 *
 * @param transparencyLogs Rekor instances
 * @param certificateAuthorities Fulcio instances
 * @param certificateLogs logs of RFC 6962 in which certificates are recorded
 * @param timestampAuthorities of RFC 3161
 */
public record TrustedRoot(
    List<Log> transparencyLogs,
    List<Authority> certificateAuthorities,
    List<Log> certificateLogs,
    List<Authority> timestampAuthorities) {
  /** Largest document that is read, in bytes. */
  public static final int MAX_BYTES = 4 << 20;

  /** What the media type of a trusted root begins with. */
  public static final String MEDIA_TYPE = "application/vnd.dev.sigstore.trustedroot";

  private static final int MAX_CHAIN = 8;
  private static final int MAX_AUTHORITIES = 256;
  private static final int ID_BYTES = 32;

  /**
   * A time of trust, both ends included.
   *
   * @param start or null where the document has none; then nothing is covered
   * @param end or null where it is open
   */
  record Validity(@Nullable Instant start, @Nullable Instant end) {
    boolean covers(Instant time) {
      return start != null && !time.isBefore(start) && (end == null || !time.isAfter(end));
    }

    @Override
    public String toString() {
      return (start == null ? "(no start)" : start) + " to " + (end == null ? "(open)" : end);
    }
  }

  /**
   * A log.
   *
   * @param host of its base address, with the port where there is one; it names the log's key
   * @param key as written
   * @param id of the log
   * @param validity of the key
   */
  record Log(String host, Octets key, Digest id, Validity validity) {}

  /**
   * An authority.
   *
   * @param chain of certificates up to its root
   * @param validity of the authority
   */
  record Authority(List<X509Certificate> chain, Validity validity) {
    Authority {
      chain = List.copyOf(chain);
    }
  }

  /** Copies the lists in. */
  public TrustedRoot {
    transparencyLogs = List.copyOf(transparencyLogs);
    certificateAuthorities = List.copyOf(certificateAuthorities);
    certificateLogs = List.copyOf(certificateLogs);
    timestampAuthorities = List.copyOf(timestampAuthorities);
  }

  /**
   * Reads the document.
   *
   * @throws SigningException with {@link SigningException.Code#STATEMENT_REFUSED} if it is too
   *     large or malformed
   */
  public static TrustedRoot read(byte[] document) throws SigningException {
    if (document.length > MAX_BYTES) {
      throw Refusal.bundle(
          "trusted root: expected at most " + MAX_BYTES + " bytes, found " + document.length);
    }
    try {
      JsonFields root = JsonFields.root(JsonReader.read(document));
      if (!root.string("mediaType").startsWith(MEDIA_TYPE)) {
        throw root.fault("mediaType", "expected " + MEDIA_TYPE);
      }
      return new TrustedRoot(
          logs(root, "tlogs"),
          authorities(root, "certificateAuthorities"),
          logs(root, "ctlogs"),
          authorities(root, "timestampAuthorities"));
    } catch (JsonException malformed) {
      throw Refusal.bundle("malformed trusted root", malformed);
    }
  }

  private static List<JsonFields> bounded(JsonFields root, String name) throws JsonException {
    List<JsonFields> list = root.list(name);
    if (list.size() > MAX_AUTHORITIES) {
      throw root.fault(name, "expected at most " + MAX_AUTHORITIES + ", found " + list.size());
    }
    return list;
  }

  private static List<Log> logs(JsonFields root, String name) throws JsonException {
    List<Log> logs = new ArrayList<>();
    for (JsonFields log : bounded(root, name)) {
      JsonFields key = log.fields("publicKey");
      logs.add(
          new Log(
              host(log),
              Octets.read(key, "rawBytes"),
              logId(log.fields("logId")),
              validity(key.optionalFields("validFor"))));
    }
    return logs;
  }

  private static String host(JsonFields log) throws JsonException {
    String address = log.string("baseUrl");
    try {
      String host = new URI(address).getAuthority();
      if (host != null) {
        return host;
      }
    } catch (URISyntaxException malformed) {
      throw log.fault("baseUrl", "malformed address: " + malformed.getMessage());
    }
    throw log.fault("baseUrl", "expected an address with a host, found \"" + address + '"');
  }

  static Digest logId(JsonFields id) throws JsonException {
    byte[] bytes = Octets.read(id, "keyId").bytes();
    if (bytes.length != ID_BYTES) {
      throw id.fault("keyId", "expected " + ID_BYTES + " bytes, found " + bytes.length);
    }
    return Digest.of(bytes, 0);
  }

  private static List<Authority> authorities(JsonFields root, String name)
      throws JsonException, SigningException {
    List<Authority> authorities = new ArrayList<>();
    for (JsonFields authority : bounded(root, name)) {
      authorities.add(
          new Authority(
              certificates(authority.fields("certChain")),
              validity(authority.optionalFields("validFor"))));
    }
    return authorities;
  }

  /** The certificates of a chain, at least one. */
  static List<X509Certificate> certificates(JsonFields chain)
      throws JsonException, SigningException {
    List<JsonFields> list = chain.list("certificates");
    if (list.isEmpty() || list.size() > MAX_CHAIN) {
      throw chain.fault("certificates", "expected 1 to " + MAX_CHAIN + ", found " + list.size());
    }
    List<X509Certificate> certificates = new ArrayList<>();
    for (JsonFields certificate : list) {
      certificates.add(certificate(Octets.read(certificate, "rawBytes").bytes()));
    }
    return certificates;
  }

  /** Reads one certificate in DER, with nothing after it. */
  static X509Certificate certificate(byte[] der) throws SigningException {
    try {
      ByteArrayInputStream in = new ByteArrayInputStream(der);
      if (CertificateFactory.getInstance("X.509").generateCertificate(in)
              instanceof X509Certificate certificate
          && Arrays.equals(certificate.getEncoded(), der)) {
        return certificate;
      }
    } catch (CertificateException malformed) {
      throw Refusal.bundle("malformed certificate", malformed);
    }
    throw Refusal.bundle("expected one certificate in DER");
  }

  private static Validity validity(@Nullable JsonFields fields) throws JsonException {
    return fields == null
        ? new Validity(null, null)
        : new Validity(time(fields, "start"), time(fields, "end"));
  }

  private static @Nullable Instant time(JsonFields fields, String name) throws JsonException {
    String text = fields.optionalString(name);
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException malformed) {
      throw fields.fault(name, "expected a time of RFC 3339, found \"" + text + '"');
    }
  }

  static Log find(List<Log> logs, Digest id, String kind) throws SigningException {
    for (Log log : logs) {
      if (log.id().equals(id)) {
        return log;
      }
    }
    throw Refusal.log("the trusted root has no " + kind + " with the id " + id.hex());
  }
}
