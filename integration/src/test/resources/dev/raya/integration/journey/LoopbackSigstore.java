import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sigstore.fulcio.v2.CAGrpc;
import dev.sigstore.fulcio.v2.CertificateChain;
import dev.sigstore.fulcio.v2.CreateSigningCertificateRequest;
import dev.sigstore.fulcio.v2.SigningCertificate;
import dev.sigstore.fulcio.v2.SigningCertificateEmbeddedSCT;
import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.TlsServerCredentials;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;

/**
 * Sigstore's services on loopback, over TLS: Fulcio, Rekor v2 and an authority of timestamps, with
 * keys of their own. Fulcio certifies whatever an ID token claims. A program that the JDK runs from
 * its source, on the jars of the component keyless, which hold what it is made of.
 */
final class LoopbackSigstore implements AutoCloseable {
  private static final ASN1ObjectIdentifier SCTS =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2");
  private static final String REKOR = "rekor.example";
  private static final String PASSWORD = "changeit";

  private final KeyPair authority = pair();
  private final KeyPair certificateLog = pair();
  private final KeyPair rekor = pair();
  private final KeyPair stamps = pair();
  private final KeyPair tls = pair();
  private final X509Certificate root;
  private final X509Certificate stampsCertificate;
  private final X509Certificate tlsCertificate;
  private final Server fulcio;
  private final HttpsServer http;

  LoopbackSigstore() throws Exception {
    root =
        certificate(
            authority.getPublic(),
            "CN=root",
            "CN=root",
            authority.getPrivate(),
            Duration.ofDays(1),
            new Ext(Extension.basicConstraints, true, new BasicConstraints(0)),
            new Ext(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign)));
    stampsCertificate =
        certificate(
            stamps.getPublic(),
            "CN=stamps",
            "CN=root",
            authority.getPrivate(),
            Duration.ofDays(1),
            new Ext(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)),
            new Ext(
                Extension.extendedKeyUsage,
                true,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping)));
    tlsCertificate =
        certificate(
            tls.getPublic(),
            "CN=tls",
            "CN=tls",
            tls.getPrivate(),
            Duration.ofDays(1),
            new Ext(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(
                    new GeneralName[] {
                      new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                      new GeneralName(GeneralName.dNSName, "localhost")
                    })));
    fulcio =
        Grpc.newServerBuilderForPort(
                0,
                TlsServerCredentials.create(
                    new ByteArrayInputStream(utf8(pem("CERTIFICATE", tlsCertificate.getEncoded()))),
                    new ByteArrayInputStream(
                        utf8(pem("PRIVATE KEY", tls.getPrivate().getEncoded())))))
            .addService(new Fulcio())
            .build()
            .start();
    http = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    http.setHttpsConfigurator(new HttpsConfigurator(context()));
    http.createContext(
        "/api/v2/log/entries",
        exchange -> answer(exchange, 201, "application/json", logged(exchange)));
    http.createContext(
        "/timestamp",
        exchange -> answer(exchange, 200, "application/timestamp-reply", stamped(exchange)));
    http.start();
  }

  private SSLContext context() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry(
        "tls", tls.getPrivate(), PASSWORD.toCharArray(), new X509Certificate[] {tlsCertificate});
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  /** The certificate of the services' own TLS, in PEM: an authority that a client must be told. */
  String authority() throws Exception {
    return pem("CERTIFICATE", tlsCertificate.getEncoded());
  }

  /** What names the services to a signer: {@code signing_config.json}. */
  String signingConfig() {
    String since = "\"validFor\":{\"start\":\"2026-01-01T00:00:00Z\"}";
    String web = "https://127.0.0.1:" + http.getAddress().getPort();
    return """
        {"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.2+json",
        "caUrls":[{"url":"https://127.0.0.1:%d","majorApiVersion":1,%s}],
        "oidcUrls":[],
        "rekorTlogUrls":[{"url":"%s","majorApiVersion":2,%s}],
        "tsaUrls":[{"url":"%s/timestamp","majorApiVersion":1,%s}],
        "rekorTlogConfig":{"selector":"ANY"},"tsaConfig":{"selector":"ANY"}}
        """
        .formatted(fulcio.getPort(), since, web, since, web, since);
  }

  /** Whom a verifier believes: {@code trusted_root.json}. */
  String trustedRoot() throws Exception {
    String since = "\"validFor\":{\"start\":\"2026-01-01T00:00:00Z\"}";
    String chain =
        "{\"subject\":{\"organization\":\"t\",\"commonName\":\"t\"},\"uri\":\"https://x.example\",\"certChain\":{\"certificates\":[%s]},"
            + since
            + "}";
    return """
        {"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1",
        "tlogs":[%s],"certificateAuthorities":[%s],"ctlogs":[%s],"timestampAuthorities":[%s]}
        """
        .formatted(
            log(REKOR, rekor, since),
            chain.formatted(raw(root)),
            log("ct.example", certificateLog, since),
            chain.formatted(raw(stampsCertificate) + "," + raw(root)));
  }

  private static String raw(X509Certificate certificate) throws Exception {
    return "{\"rawBytes\":\"" + base64(certificate.getEncoded()) + "\"}";
  }

  private static String log(String host, KeyPair key, String since) {
    return "{\"baseUrl\":\"https://"
        + host
        + "\",\"hashAlgorithm\":\"SHA2_256\",\"publicKey\":{\"rawBytes\":\""
        + base64(key.getPublic().getEncoded())
        + "\",\"keyDetails\":\"PKIX_ECDSA_P256_SHA_256\","
        + since
        + "},\"logId\":{\"keyId\":\""
        + base64(sha256(key.getPublic().getEncoded()))
        + "\"}}";
  }

  /** Certifies what the token claims, whoever made it. */
  private final class Fulcio extends CAGrpc.CAImplBase {
    @Override
    public void createSigningCertificate(
        CreateSigningCertificateRequest request, StreamObserver<SigningCertificate> answer) {
      try {
        String pem = request.getPublicKeyRequest().getPublicKey().getContent();
        byte[] spki = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        PublicKey key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki));
        X509Certificate leaf =
            certified(key, claims(request.getCredentials().getOidcIdentityToken()));
        answer.onNext(
            SigningCertificate.newBuilder()
                .setSignedCertificateEmbeddedSct(
                    SigningCertificateEmbeddedSCT.newBuilder()
                        .setChain(
                            CertificateChain.newBuilder()
                                .addCertificates(pem("CERTIFICATE", leaf.getEncoded()))
                                .addCertificates(pem("CERTIFICATE", root.getEncoded()))))
                .build());
        answer.onCompleted();
      } catch (Exception failed) {
        answer.onError(failed);
      }
    }
  }

  private static Map<String, String> claims(String token) {
    String body =
        new String(
            Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8);
    Map<String, String> claims = new TreeMap<>();
    Matcher member = Pattern.compile("\"([a-z_]+)\":\"([^\"]*)\"").matcher(body);
    while (member.find()) {
      claims.put(member.group(1), member.group(2));
    }
    return claims;
  }

  private X509Certificate certified(PublicKey key, Map<String, String> claims) throws Exception {
    String server = claims.get("iss");
    String workflow = server + "/" + claims.get("job_workflow_ref");
    Map<Integer, String> said = new TreeMap<>();
    said.put(8, server);
    said.put(9, workflow);
    said.put(12, server + "/" + claims.get("repository"));
    said.put(13, claims.get("sha"));
    said.put(14, claims.get("ref"));
    said.put(15, claims.get("repository_id"));
    said.put(17, claims.get("repository_owner_id"));
    said.put(20, claims.get("event_name"));
    List<Ext> extensions = new ArrayList<>();
    extensions.add(new Ext(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)));
    extensions.add(
        new Ext(
            Extension.extendedKeyUsage,
            false,
            new ExtendedKeyUsage(KeyPurposeId.id_kp_codeSigning)));
    extensions.add(
        new Ext(
            Extension.subjectAlternativeName,
            true,
            new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, workflow))));
    said.forEach(
        (number, text) ->
            extensions.add(
                new Ext(
                    new ASN1ObjectIdentifier("1.3.6.1.4.1.57264.1." + number),
                    false,
                    new DERUTF8String(text))));
    Instant now = InstantSource.system().instant();
    byte[] body =
        certificate(
                key, "", "CN=root", authority.getPrivate(), now, Duration.ofMinutes(10), extensions)
            .getTBSCertificate();
    extensions.add(timestamp(body));
    return certificate(
        key, "", "CN=root", authority.getPrivate(), now, Duration.ofMinutes(10), extensions);
  }

  private Ext timestamp(byte[] body) throws Exception {
    long now = InstantSource.system().millis();
    byte[] signature =
        sign(
            certificateLog.getPrivate(),
            ByteBuffer.allocate(49 + body.length)
                .putShort((short) 0)
                .putLong(now)
                .putShort((short) 1)
                .put(sha256(authority.getPublic().getEncoded()))
                .put((byte) (body.length >> 16))
                .putShort((short) body.length)
                .put(body)
                .putShort((short) 0)
                .array());
    int length = 47 + signature.length;
    return new Ext(
        SCTS,
        false,
        new DEROctetString(
            ByteBuffer.allocate(4 + length)
                .putShort((short) (2 + length))
                .putShort((short) length)
                .put((byte) 0)
                .put(sha256(certificateLog.getPublic().getEncoded()))
                .putLong(now)
                .putShort((short) 0)
                .put((byte) 4)
                .put((byte) 3)
                .putShort((short) signature.length)
                .put(signature)
                .array()));
  }

  /** Rekor v2: the entry is the only one of a tree of its own. */
  private byte[] logged(HttpExchange exchange) throws IOException {
    String request =
        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
            .replace("\\u003d", "=");
    try {
      String digest = base64(sha256(Base64.getDecoder().decode(member(request, "payload"))));
      String body =
          "{\"apiVersion\":\"0.0.2\",\"kind\":\"dsse\",\"spec\":{\"dsseV002\":{\"payloadHash\":{\"algorithm\":\"SHA2_256\",\"digest\":\""
              + digest
              + "\"},\"signatures\":[{\"content\":\""
              + member(request, "sig")
              + "\",\"verifier\":{\"keyDetails\":\"PKIX_ECDSA_P256_SHA_256\",\"x509Certificate\":{\"rawBytes\":\""
              + member(request, "rawBytes")
              + "\"}}}]}}}";
      byte[] entry = utf8(body);
      byte[] leaf = sha256(ByteBuffer.allocate(1 + entry.length).put((byte) 0).put(entry).array());
      byte[] other = sha256(new byte[] {0});
      byte[] tree = sha256(ByteBuffer.allocate(65).put((byte) 1).put(other).put(leaf).array());
      String note = REKOR + "\n2\n" + base64(tree) + "\n";
      byte[] signature = sign(rekor.getPrivate(), utf8(note));
      byte[] id = sha256(rekor.getPublic().getEncoded());
      byte[] line = ByteBuffer.allocate(4 + signature.length).put(id, 0, 4).put(signature).array();
      return utf8(
          "{\"logIndex\":\"1\",\"logId\":{\"keyId\":\""
              + base64(id)
              + "\"},\"kindVersion\":{\"kind\":\"dsse\",\"version\":\"0.0.2\"},"
              + "\"integratedTime\":\"0\",\"inclusionProof\":{\"logIndex\":\"1\",\"rootHash\":\""
              + base64(tree)
              + "\",\"treeSize\":\"2\",\"hashes\":[\""
              + base64(other)
              + "\"],\"checkpoint\":{\"envelope\":\""
              + (note + "\n\u2014 " + REKOR + " " + base64(line) + "\n").replace("\n", "\\n")
              + "\"}},\"canonicalizedBody\":\""
              + base64(entry)
              + "\"}");
    } catch (Exception failed) {
      throw new IOException(failed);
    }
  }

  private static String member(String json, String name) {
    Matcher member = Pattern.compile("\"" + name + "\":\\s*\"([^\"]+)\"").matcher(json);
    if (!member.find()) {
      throw new IllegalStateException("no " + name + " in " + json);
    }
    return member.group(1);
  }

  private byte[] stamped(HttpExchange exchange) throws IOException {
    try {
      TimeStampRequest request = new TimeStampRequest(exchange.getRequestBody().readAllBytes());
      TimeStampTokenGenerator tokens =
          new TimeStampTokenGenerator(
              new JcaSimpleSignerInfoGeneratorBuilder()
                  .build("SHA256withECDSA", stamps.getPrivate(), stampsCertificate),
              new JcaDigestCalculatorProviderBuilder()
                  .build()
                  .get(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256)),
              new ASN1ObjectIdentifier("1.2.3.4"));
      tokens.addCertificates(new JcaCertStore(List.of(stampsCertificate)));
      return new TimeStampResponseGenerator(tokens, TSPAlgorithms.ALLOWED)
          .generate(request, BigInteger.ONE, Date.from(InstantSource.system().instant()))
          .getEncoded();
    } catch (Exception failed) {
      throw new IOException(failed);
    }
  }

  private static void answer(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private record Ext(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {}

  private static X509Certificate certificate(
      PublicKey key, String subject, String issuer, PrivateKey by, Duration life, Ext... extensions)
      throws Exception {
    return certificate(
        key, subject, issuer, by, InstantSource.system().instant(), life, List.of(extensions));
  }

  private static X509Certificate certificate(
      PublicKey key,
      String subject,
      String issuer,
      PrivateKey by,
      Instant from,
      Duration life,
      List<Ext> extensions)
      throws Exception {
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            new X500Principal(issuer),
            BigInteger.TWO,
            Date.from(from.minusSeconds(60)),
            Date.from(from.plus(life)),
            new X500Principal(subject),
            key);
    for (Ext each : extensions) {
      builder.addExtension(each.id(), each.critical(), each.value());
    }
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(by)));
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), new SecureRandom());
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] sign(PrivateKey key, byte[] message) throws Exception {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key);
    signature.update(message);
    return signature.sign();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String pem(String type, byte[] der) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public void close() {
    fulcio.shutdownNow();
    http.stop(0);
  }

  /** Writes what signers and verifiers need into a folder, and serves until its input ends. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    try (LoopbackSigstore sigstore = new LoopbackSigstore()) {
      Files.writeString(folder.resolve("signing.json"), sigstore.signingConfig());
      Files.writeString(folder.resolve("root.json"), sigstore.trustedRoot());
      Files.writeString(folder.resolve("tls.pem"), sigstore.authority());
      System.out.println("ready");
      System.in.readAllBytes();
    }
    System.exit(0);
  }
}
