package dev.raya.signing.sigstore;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.SigningException;
import dev.raya.signing.sigstore.SigstoreBundle.LogEntry;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** What the body of a log's entry says was signed, by whom, with which signature. */
sealed interface LogBody {
  /** The signature's bytes. */
  Octets signature();

  /** The signer's certificate, or SubjectPublicKeyInfo, in DER. */
  Octets verifier();

  /**
   * The hash of the signed bytes.
   *
   * @param hash of {@code digest}
   * @param digest of the signed bytes
   */
  record Hashed(HashAlgorithm hash, Octets digest, Octets signature, Octets verifier)
      implements LogBody {}

  /**
   * An envelope, by the hash of its payload.
   *
   * @param hash of {@code payloadDigest}
   * @param payloadDigest of the payload
   */
  record Enveloped(HashAlgorithm hash, Octets payloadDigest, Octets signature, Octets verifier)
      implements LogBody {}

  /** Whether entries of that kind are of Rekor v2, which neither promises nor states a time. */
  static boolean isSecondRekor(LogEntry entry) {
    return entry.version().equals("0.0.2") && !entry.kind().equals("intoto");
  }

  /**
   * Reads an entry's body.
   *
   * @param certified whether the signer is to have a certificate, else a bare key
   * @throws SigningException if the body is malformed or of another kind than the entry says
   */
  static LogBody read(LogEntry entry, boolean certified) throws SigningException {
    try {
      JsonFields body = JsonFields.root(JsonReader.read(entry.body().bytes()));
      body.only(Set.of("apiVersion", "kind", "spec"));
      if (!body.string("kind").equals(entry.kind())
          || !body.string("apiVersion").equals(entry.version())) {
        throw Refusal.log(
            "expected an entry of kind "
                + entry.kind()
                + ' '
                + entry.version()
                + ", found "
                + body.string("kind")
                + ' '
                + body.string("apiVersion"));
      }
      JsonFields spec = body.fields("spec");
      return switch (entry.kind() + ' ' + entry.version()) {
        case "hashedrekord 0.0.1" -> hashed(spec, certified);
        case "hashedrekord 0.0.2" -> hashedSecond(spec.fields("hashedRekordV002"), certified);
        case "dsse 0.0.1" -> enveloped(spec, certified);
        case "dsse 0.0.2" -> envelopedSecond(spec.fields("dsseV002"), certified);
        case "intoto 0.0.2" -> statement(spec.fields("content"), certified);
        default ->
            throw Refusal.log(
                "expected an entry of kind hashedrekord, dsse or intoto of a known version, found "
                    + entry.kind()
                    + ' '
                    + entry.version());
      };
    } catch (JsonException malformed) {
      throw Refusal.bundle("malformed log entry", malformed);
    }
  }

  private static Hashed hashed(JsonFields spec, boolean certified)
      throws JsonException, SigningException {
    JsonFields hash = spec.fields("data").fields("hash");
    JsonFields signature = spec.fields("signature");
    return new Hashed(
        HashAlgorithm.inRekor(hash.string("algorithm")),
        hex(hash, "value"),
        Octets.read(signature, "content"),
        pem(signature.fields("publicKey"), "content", certified));
  }

  private static Hashed hashedSecond(JsonFields spec, boolean certified)
      throws JsonException, SigningException {
    JsonFields data = spec.fields("data");
    JsonFields signature = spec.fields("signature");
    return new Hashed(
        HashAlgorithm.named(data.string("algorithm")),
        Octets.read(data, "digest"),
        Octets.read(signature, "content"),
        der(signature.fields("verifier"), certified));
  }

  private static Enveloped enveloped(JsonFields spec, boolean certified)
      throws JsonException, SigningException {
    JsonFields hash = spec.fields("payloadHash");
    JsonFields signature = single(spec, "signatures");
    return new Enveloped(
        HashAlgorithm.inRekor(hash.string("algorithm")),
        hex(hash, "value"),
        Octets.read(signature, "signature"),
        pem(signature, "verifier", certified));
  }

  private static Enveloped envelopedSecond(JsonFields spec, boolean certified)
      throws JsonException, SigningException {
    JsonFields hash = spec.fields("payloadHash");
    JsonFields signature = single(spec, "signatures");
    return new Enveloped(
        HashAlgorithm.named(hash.string("algorithm")),
        Octets.read(hash, "digest"),
        Octets.read(signature, "content"),
        der(signature.fields("verifier"), certified));
  }

  /** An {@code intoto} entry, in which Rekor wraps the signature in Base64 a second time. */
  private static Enveloped statement(JsonFields content, boolean certified)
      throws JsonException, SigningException {
    JsonFields hash = content.fields("payloadHash");
    JsonFields signature = single(content.fields("envelope"), "signatures");
    String once = new String(Octets.read(signature, "sig").bytes(), StandardCharsets.ISO_8859_1);
    return new Enveloped(
        HashAlgorithm.inRekor(hash.string("algorithm")),
        hex(hash, "value"),
        Octets.read(JsonFields.root(Json.object().put("sig", once).build()), "sig"),
        pem(signature, "publicKey", certified));
  }

  private static JsonFields single(JsonFields fields, String name) throws JsonException {
    List<JsonFields> list = fields.list(name);
    if (list.size() != 1) {
      throw fields.fault(name, "expected one signature, found " + list.size());
    }
    return list.getFirst();
  }

  private static Octets hex(JsonFields fields, String name) throws JsonException {
    String text = fields.string(name);
    try {
      return Octets.of(HexFormat.of().parseHex(text));
    } catch (IllegalArgumentException malformed) {
      throw fields.fault(name, "expected a hash in hexadecimal, found \"" + text + '"');
    }
  }

  private static Octets pem(JsonFields fields, String name, boolean certified)
      throws JsonException, SigningException {
    return Octets.of(
        PublicKeyInfo.pem(
            Octets.read(fields, name).utf8(), certified ? "CERTIFICATE" : "PUBLIC KEY"));
  }

  private static Octets der(JsonFields verifier, boolean certified) throws JsonException {
    return Octets.read(verifier.fields(certified ? "x509Certificate" : "publicKey"), "rawBytes");
  }
}
