package dev.raya.signing.sigstore;

import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.SigningException;
import dev.raya.signing.sigstore.ExpectedSigner.CertificateIdentity;
import dev.raya.signing.sigstore.ExpectedSigner.ManagedKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A vector of {@code /sigstore/cases.json} with what it takes from the defaults. */
record SigstoreCase(
    String name,
    boolean accepted,
    byte[] bundle,
    SignedArtifact byPath,
    TrustedRoot root,
    ExpectedSigner signer) {

  static List<SigstoreCase> all() throws IOException, JsonException, SigningException {
    Path folder = folder();
    JsonFields document =
        JsonFields.root(JsonReader.read(Files.readAllBytes(folder.resolve("cases.json"))));
    JsonFields defaults = document.fields("defaults");
    List<SigstoreCase> cases = new ArrayList<>();
    for (JsonFields each : document.list("cases")) {
      Path own = folder.resolve(each.string("name"));
      ExpectedSigner signer =
          Files.exists(own.resolve("key.pub"))
              ? new ManagedKey(Files.readString(own.resolve("key.pub")))
              : new CertificateIdentity(
                  text(own.resolve("identity"), defaults.string("identity")),
                  text(own.resolve("issuer"), defaults.string("issuer")));
      cases.add(
          new SigstoreCase(
              each.string("name"),
              each.string("expect").equals("accept"),
              Files.readAllBytes(own.resolve("bundle.sigstore.json")),
              SignedArtifact.ofFile(
                  either(own.resolve("artifact"), folder.resolve(defaults.string("artifact")))),
              TrustedRoot.read(
                  Files.readAllBytes(
                      either(
                          own.resolve("trusted_root.json"),
                          folder.resolve(defaults.string("trusted_root"))))),
              signer));
    }
    return cases;
  }

  private static Path folder() {
    return Path.of("src/test/resources/sigstore").toAbsolutePath();
  }

  private static Path either(Path own, Path fallback) {
    return Files.exists(own) ? own : fallback;
  }

  private static String text(Path own, String fallback) throws IOException {
    return Files.exists(own) ? Files.readString(own).strip() : fallback;
  }

  SignedArtifact byDigest() {
    return SignedArtifact.ofDigest(byPath.sha256());
  }

  void verify(byte[] changed, SignedArtifact artifact) throws SigningException {
    new SigstoreVerifier(root).verify(SigstoreBundle.read(changed), artifact, signer);
  }
}
