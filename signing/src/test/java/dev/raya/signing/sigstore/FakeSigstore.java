package dev.raya.signing.sigstore;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.signing.dsse.DsseEnvelope;
import dev.raya.signing.key.Identity;
import dev.raya.signing.log.MerkleProofs;
import dev.raya.signing.statement.PublishStatement;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;

/**
 * A Sigstore of one's own: an authority that certifies runs, a log of certificates and a log of
 * signatures (Rekor v1) that holds whatever was signed last. What it makes is as real as its keys.
 */
final class FakeSigstore {
  /** Extensions of a run's certificate, by the last number of Fulcio's identifiers. */
  private static final String FULCIO = "1.3.6.1.4.1.57264.1.";

  private static final ASN1ObjectIdentifier SCTS =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2");
  private static final AlgorithmIdentifier ECDSA =
      new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.2.840.10045.4.3.2"));
  private static final String HOST = "rekor.example";
  private static final Instant NOW = Instant.parse("2026-02-03T10:00:00Z");

  private final KeyPair authority = pair();
  private final KeyPair certificates = pair();
  private final KeyPair log = pair();
  private final byte[] root;

  FakeSigstore() {
    root =
        certificate(
            authority,
            List.of(
                extension(Extension.basicConstraints, true, new BasicConstraints(0)),
                extension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign))),
            "CN=root");
  }

  /** What Fulcio certifies of a run, by the last number of its identifiers. */
  static Map<Integer, String> claims(Identity.Oidc run) {
    Map<Integer, String> claims = new TreeMap<>();
    claims.put(8, run.issuer());
    claims.put(9, run.repositoryAddress() + "/" + run.workflow() + "@" + run.ref());
    claims.put(12, run.repositoryAddress());
    claims.put(13, String.valueOf(run.sha()));
    claims.put(14, run.ref());
    claims.put(15, run.repositoryId());
    claims.put(17, run.ownerId());
    claims.put(20, "push");
    return claims;
  }

  /** Whom this Sigstore's users believe. */
  TrustedRoot trusted() {
    try {
      return TrustedRoot.read(trustedRoot());
    } catch (dev.raya.signing.SigningException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private byte[] trustedRoot() {
    Json since = Json.object().put("start", "2026-01-01T00:00:00Z").build();
    return CanonicalJson.bytes(
        Json.object()
            .put("mediaType", TrustedRoot.MEDIA_TYPE + "+json;version=0.1")
            .put("tlogs", Json.array(List.of(log(HOST, log, since))))
            .put(
                "certificateAuthorities",
                Json.array(
                    List.of(
                        Json.object()
                            .put(
                                "certChain",
                                Json.object()
                                    .put("certificates", Json.array(List.of(raw(root))))
                                    .build())
                            .put("validFor", since)
                            .build())))
            .put("ctlogs", Json.array(List.of(log("ct.example", certificates, since))))
            .put("timestampAuthorities", Json.array(List.of()))
            .build());
  }

  private static Json log(String host, KeyPair key, Json since) {
    byte[] spki = key.getPublic().getEncoded();
    return Json.object()
        .put("baseUrl", "https://" + host)
        .put(
            "publicKey", Json.object().put("rawBytes", base64(spki)).put("validFor", since).build())
        .put("logId", Json.object().put("keyId", base64(Digest.of(spki).bytes())).build())
        .build();
  }

  private static Json raw(byte[] der) {
    return Json.object().put("rawBytes", base64(der)).build();
  }

  /** A bundle over a statement, by a run whose certificate says what it says. */
  byte[] sign(byte[] statement, Map<Integer, String> claims) {
    return sign(statement, claims, claims.getOrDefault(9, "https://nobody.example"), text -> text);
  }

  /**
   * A bundle over a statement.
   *
   * @param name the one in the certificate
   * @param change of the entry that the log holds
   */
  byte[] sign(
      byte[] statement, Map<Integer, String> claims, String name, UnaryOperator<String> change) {
    KeyPair run = pair();
    byte[] certificate = leaf(run, claims, name);
    byte[] signature =
        signature(
            run.getPrivate(),
            DsseEnvelope.preAuthenticationEncoding(PublishStatement.PAYLOAD_TYPE, statement));
    String pem =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate)
            + "\n-----END CERTIFICATE-----\n";
    String body =
        change.apply(
            CanonicalJson.text(
                Json.object()
                    .put("apiVersion", "0.0.1")
                    .put("kind", "dsse")
                    .put(
                        "spec",
                        Json.object()
                            .put(
                                "payloadHash",
                                Json.object()
                                    .put("algorithm", "sha256")
                                    .put("value", Digest.of(statement).hex())
                                    .build())
                            .put(
                                "signatures",
                                Json.array(
                                    List.of(
                                        Json.object()
                                            .put("signature", base64(signature))
                                            .put("verifier", base64(utf8(pem)))
                                            .build())))
                            .build())
                    .build()));
    return CanonicalJson.bytes(
        Json.object()
            .put("mediaType", PublishBundle.MEDIA_TYPE)
            .put(
                "verificationMaterial",
                Json.object()
                    .put("certificate", raw(certificate))
                    .put("tlogEntries", Json.array(List.of(entry(utf8(body)))))
                    .build())
            .put(
                "dsseEnvelope",
                Json.object()
                    .put("payload", base64(statement))
                    .put("payloadType", PublishStatement.PAYLOAD_TYPE)
                    .put(
                        "signatures",
                        Json.array(List.of(Json.object().put("sig", base64(signature)).build())))
                    .build())
            .build());
  }

  private Json entry(byte[] body) {
    byte[] id = Digest.of(log.getPublic().getEncoded()).bytes();
    Digest leaf = MerkleProofs.leafHash(body);
    String text = HOST + " - 1\n1\n" + base64(leaf.bytes()) + "\n";
    byte[] noted = signature(log.getPrivate(), utf8(text));
    byte[] line = ByteBuffer.allocate(4 + noted.length).put(id, 0, 4).put(noted).array();
    long time = NOW.getEpochSecond();
    byte[] promise =
        signature(
            log.getPrivate(),
            CanonicalJson.bytes(
                Json.object()
                    .put("body", base64(body))
                    .put("integratedTime", time)
                    .put("logID", Digest.of(log.getPublic().getEncoded()).hex())
                    .put("logIndex", 0)
                    .build()));
    return Json.object()
        .put("logIndex", "0")
        .put("logId", Json.object().put("keyId", base64(id)).build())
        .put("kindVersion", Json.object().put("kind", "dsse").put("version", "0.0.1").build())
        .put("integratedTime", String.valueOf(time))
        .put("inclusionPromise", Json.object().put("signedEntryTimestamp", base64(promise)).build())
        .put(
            "inclusionProof",
            Json.object()
                .put("logIndex", "0")
                .put("rootHash", base64(leaf.bytes()))
                .put("treeSize", "1")
                .put("hashes", Json.array(List.of()))
                .put(
                    "checkpoint",
                    Json.object()
                        .put("envelope", text + "\n\u2014 " + HOST + " " + base64(line) + "\n")
                        .build())
                .build())
        .put("canonicalizedBody", base64(body))
        .build();
  }

  private byte[] leaf(KeyPair run, Map<Integer, String> claims, String name) {
    List<Extension> extensions = new ArrayList<>();
    extensions.add(extension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)));
    extensions.add(
        extension(
            Extension.extendedKeyUsage,
            false,
            new ExtendedKeyUsage(KeyPurposeId.id_kp_codeSigning)));
    extensions.add(
        extension(
            Extension.subjectAlternativeName,
            true,
            new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, name))));
    new LinkedHashMap<>(claims)
        .forEach(
            (number, text) ->
                extensions.add(
                    extension(
                        new ASN1ObjectIdentifier(FULCIO + number),
                        false,
                        new DERUTF8String(text))));
    byte[] body = body(run, extensions, "");
    extensions.add(timestamps(body));
    return certificate(run, extensions, "");
  }

  /** A promise of the log of certificates over the certificate without it (RFC 6962, 3.2). */
  private Extension timestamps(byte[] body) {
    byte[] issuer = Digest.of(authority.getPublic().getEncoded()).bytes();
    byte[] signed =
        ByteBuffer.allocate(2 + 8 + 2 + 32 + 3 + body.length + 2)
            .putShort((short) 0)
            .putLong(NOW.toEpochMilli())
            .putShort((short) 1)
            .put(issuer)
            .put((byte) (body.length >> 16))
            .putShort((short) body.length)
            .put(body)
            .putShort((short) 0)
            .array();
    byte[] signature = signature(certificates.getPrivate(), signed);
    int length = 1 + 32 + 8 + 2 + 2 + 2 + signature.length;
    byte[] list =
        ByteBuffer.allocate(4 + length)
            .putShort((short) (2 + length))
            .putShort((short) length)
            .put((byte) 0)
            .put(Digest.of(certificates.getPublic().getEncoded()).bytes())
            .putLong(NOW.toEpochMilli())
            .putShort((short) 0)
            .put((byte) 4)
            .put((byte) 3)
            .putShort((short) signature.length)
            .put(signature)
            .array();
    return extension(SCTS, false, new DEROctetString(list));
  }

  private byte[] body(KeyPair subject, List<Extension> extensions, String name) {
    V3TBSCertificateGenerator body = new V3TBSCertificateGenerator();
    body.setSerialNumber(new org.bouncycastle.asn1.ASN1Integer(BigInteger.TWO));
    body.setSignature(ECDSA);
    body.setIssuer(new X500Name("CN=root"));
    body.setSubject(new X500Name(name));
    body.setStartDate(new Time(Date.from(NOW.minusSeconds(60))));
    body.setEndDate(new Time(Date.from(NOW.plusSeconds(540))));
    body.setSubjectPublicKeyInfo(
        SubjectPublicKeyInfo.getInstance(subject.getPublic().getEncoded()));
    body.setExtensions(new Extensions(extensions.toArray(Extension[]::new)));
    return encoded(body.generateTBSCertificate());
  }

  private byte[] certificate(KeyPair subject, List<Extension> extensions, String name) {
    byte[] body = body(subject, extensions, name);
    ASN1EncodableVector parts = new ASN1EncodableVector();
    parts.add(org.bouncycastle.asn1.ASN1Sequence.getInstance(body));
    parts.add(ECDSA);
    parts.add(new DERBitString(signature(authority.getPrivate(), body)));
    return encoded(new DERSequence(parts));
  }

  private static Extension extension(
      ASN1ObjectIdentifier id, boolean critical, org.bouncycastle.asn1.ASN1Encodable value) {
    return new Extension(id, critical, encoded(value));
  }

  private static byte[] encoded(org.bouncycastle.asn1.ASN1Encodable value) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      value.toASN1Primitive().encodeTo(out, "DER");
      return out.toByteArray();
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] signature(PrivateKey key, byte[] message) {
    try {
      Signature signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(key);
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
