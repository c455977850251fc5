package dev.raya.integration.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.SigningException;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.PublisherKey;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.sigstore.ExpectedSigner;
import dev.raya.signing.sigstore.ExpectedSigner.CertificateIdentity;
import dev.raya.signing.sigstore.PublishBundle;
import dev.raya.signing.sigstore.SignedArtifact;
import dev.raya.signing.sigstore.SigstoreBundle;
import dev.raya.signing.sigstore.SigstoreTrust;
import dev.raya.signing.sigstore.SigstoreVerifier;
import dev.raya.signing.sigstore.TrustedRoot;
import dev.raya.signing.statement.PublishStatement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bundles: publish statements of plain and hybrid keys, and those of Sigstore. */
final class BundleFuzzTest {
  private static final Path SIGSTORE = Path.of("..", "signing/src/test/resources/sigstore");
  private static final Digest A = Digest.of(new byte[] {1});
  private static final PublishStatement STATEMENT =
      new PublishStatement(
          "@acme/http",
          "1.2.3",
          A,
          List.of(),
          A,
          List.of("net"),
          null,
          new PublishStatement.PackingToolchain("1.0.0", A));

  private static Fuzz fuzz(String name) {
    return Fuzz.brief(name, e -> e instanceof SigningException, 64 << 20);
  }

  private static List<LogRecord.Attestation> named(List<byte[]> bundles) {
    return bundles.stream()
        .map(
            bytes ->
                new LogRecord.Attestation(
                    PublishStatement.PREDICATE_TYPE, bytes.length, Digest.of(bytes)))
        .toList();
  }

  private static void statements(Fuzz fuzz) throws Exception {
    PublisherKey hybrid = PublisherKey.generateHybrid(new SecureRandom());
    for (PublisherKey key : List.of(PublisherKey.plain(SigningKey.ofSeed(new byte[32])), hybrid)) {
      Identity publisher = key.publicHalf().identity(17);
      List<byte[]> good =
          PublishBundle.sign(STATEMENT, key).stream().map(PublishBundle::bytes).toList();
      Random random = fuzz.random();
      List<Mutator> mutators =
          good.stream().map(bundle -> new Mutator(random, List.of(bundle))).toList();
      int[] changed = new int[1];
      fuzz.run(
          () -> {
            changed[0] = random.nextInt(good.size());
            return mutators.get(changed[0]).json();
          },
          input -> {
            List<byte[]> bundles = new ArrayList<>(good);
            bundles.set(changed[0], input);
            assertThat(PublishBundle.verify(publisher, named(bundles), bundles, SigstoreTrust.NONE))
                .isEqualTo(STATEMENT);
          });
    }
  }

  private static void sigstore(Fuzz fuzz) throws Exception {
    List<byte[]> corpus = new ArrayList<>();
    try (Stream<Path> cases = Files.list(SIGSTORE)) {
      for (Path each : cases.sorted().toList()) {
        Path bundle = each.resolve("bundle.sigstore.json");
        if (Files.exists(bundle)) {
          corpus.add(Files.readAllBytes(bundle));
        }
      }
    }
    assertThat(corpus).hasSizeGreaterThan(20);
    TrustedRoot root =
        TrustedRoot.read(Files.readAllBytes(SIGSTORE.resolve("default-trusted-root.json")));
    SignedArtifact artifact = SignedArtifact.ofFile(SIGSTORE.resolve("default-artifact"));
    // Nobody is called so: of all that may come, nothing is to be accepted.
    ExpectedSigner nobody = new CertificateIdentity("nobody", "https://nobody.example");
    Mutator mutator = new Mutator(fuzz.random(), corpus);
    Fuzz.Outcome outcome =
        fuzz.run(
            mutator::json,
            input ->
                new SigstoreVerifier(root).verify(SigstoreBundle.read(input), artifact, nobody));
    assertThat(outcome.accepted()).isZero();
    Mutator roots =
        new Mutator(
            fuzz.random(),
            List.of(Files.readAllBytes(SIGSTORE.resolve("default-trusted-root.json"))));
    fuzz.run(roots::json, TrustedRoot::read);
  }

  @Test
  @Timeout(120)
  void changedPublishBundlesAreRefusedOrStateTheSame() throws Exception {
    statements(fuzz("publish-bundle"));
  }

  @Test
  @Timeout(120)
  void changedSigstoreBundlesAreRefused() throws Exception {
    sigstore(fuzz("sigstore"));
  }

  @Test
  @Tag("long")
  void bothForLong() throws Exception {
    statements(fuzz("publish-bundle").longer());
    sigstore(fuzz("sigstore").longer());
  }
}
