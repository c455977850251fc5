package dev.raya.vm.host;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A server's certificate chain and key in PEM. */
final class Certificates {
  private Certificates() {}

  static SSLContext context(String chain, String key) throws GeneralSecurityException, IOException {
    Certificate[] certificates =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(chain.getBytes(StandardCharsets.US_ASCII)))
            .toArray(new Certificate[0]);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("server", key(key), new char[0], certificates);
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static PrivateKey key(String pem) throws GeneralSecurityException {
    String text = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    byte[] encoded;
    try {
      encoded = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException malformed) {
      throw new InvalidKeySpecException("the key is no PEM of PKCS #8", malformed);
    }
    for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      } catch (InvalidKeySpecException other) {
        continue;
      }
    }
    throw new InvalidKeySpecException("the key is neither EC, RSA nor Ed25519 in PKCS #8");
  }
}
