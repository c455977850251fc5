package dev.raya.signing.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.SigningException;
import dev.raya.signing.dsse.DsseEnvelope;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.statement.BuildProvenance;
import dev.raya.signing.statement.PublishStatement;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statements that a run signed with a certificate, of a Sigstore made for the test. */
final class KeylessBundleTest {
  private static final Digest A = Digest.of(new byte[] {1});
  private static final Identity.Oidc RUN =
      new Identity.Oidc(
          "https://token.actions.githubusercontent.com",
          "acme",
          "7",
          "http",
          "42",
          ".github/workflows/release.yml",
          "refs/tags/v1.2.3",
          null,
          "0123456789abcdef0123456789abcdef01234567",
          null);
  private static final PublishStatement STATEMENT =
      new PublishStatement(
          "http",
          "1.2.3",
          A,
          List.of(),
          A,
          List.of(),
          null,
          new PublishStatement.PackingToolchain("1.0.0", A));

  private static final SigningKey KEY = SigningKey.generate(new SecureRandom());

  private final FakeSigstore sigstore = new FakeSigstore();

  private static PublishStatement verify(byte[] bundle, Identity.Oidc run, SigstoreTrust trust)
      throws SigningException {
    List<LogRecord.Attestation> named =
        List.of(
            new LogRecord.Attestation(
                PublishStatement.PREDICATE_TYPE, bundle.length, Digest.of(bundle)));
    return PublishBundle.verify(run, named, List.of(bundle), trust);
  }

  private void refused(byte[] bundle, Identity.Oidc run, String why) {
    assertThatThrownBy(() -> verify(bundle, run, sigstore::trusted))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining(why);
  }

  @Test
  void aRunsCertificateShowsWhoSigned() throws Exception {
    byte[] bundle = sigstore.sign(STATEMENT.bytes(), FakeSigstore.claims(RUN));
    assertThat(KeylessBundle.isCertified(bundle)).isTrue();
    assertThat(verify(bundle, RUN, sigstore::trusted)).isEqualTo(STATEMENT);
  }

  @Test
  void noOtherStatementStandsBesideTheCertifiedOne() {
    byte[] bundle = sigstore.sign(STATEMENT.bytes(), FakeSigstore.claims(RUN));
    byte[] other = new PublishBundle("", DsseEnvelope.sign("x", new byte[1], KEY)).bytes();
    List<byte[]> bundles = List.of(bundle, other);
    for (String type : List.of(PublishStatement.PREDICATE_TYPE, "https://slsa.dev/provenance/v1")) {
      List<LogRecord.Attestation> named =
          List.of(
              new LogRecord.Attestation(
                  PublishStatement.PREDICATE_TYPE, bundle.length, Digest.of(bundle)),
              new LogRecord.Attestation(type, other.length, Digest.of(other)));
      if (type.equals(PublishStatement.PREDICATE_TYPE)) {
        assertThatThrownBy(() -> PublishBundle.verify(RUN, named, bundles, sigstore::trusted))
            .isInstanceOf(SigningException.class)
            .hasMessageContaining("attestation 2 is one more publish statement");
      } else {
        assertThatNoException()
            .isThrownBy(() -> PublishBundle.verify(RUN, named, bundles, sigstore::trusted));
      }
    }
  }

  @Test
  void provenanceIsSignedTheSameWay() throws Exception {
    BuildProvenance build =
        BuildProvenance.of(STATEMENT, RUN, "", null, "https://github.com/actions/runner/x", null);
    byte[] bundle = sigstore.sign(build.bytes(), FakeSigstore.claims(RUN));
    assertThat(ProvenanceBundle.verify(bundle, RUN, STATEMENT.subjects(), sigstore::trusted))
        .isEqualTo(build);
    assertThat(ProvenanceBundle.statement(bundle)).isEqualTo(build.bytes());
    assertThatThrownBy(
            () ->
                ProvenanceBundle.verify(
                    bundle, RUN, STATEMENT.subjects(), new FakeSigstore()::trusted))
        .isInstanceOf(SigningException.class)
        .extracting(e -> ((SigningException) e).code())
        .isEqualTo("RAYA-SEC-009");
  }

  @Test
  void anotherSigstoreOrNoneIsNotBelieved() {
    byte[] bundle = sigstore.sign(STATEMENT.bytes(), FakeSigstore.claims(RUN));
    assertThatThrownBy(() -> verify(bundle, RUN, new FakeSigstore()::trusted))
        .isInstanceOf(SigningException.class);
    assertThatThrownBy(() -> verify(bundle, RUN, SigstoreTrust.NONE))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("no Sigstore service is trusted here");
    SigningKey key = SigningKey.generate(new SecureRandom());
    byte[] keyed =
        new PublishBundle(
                "",
                dev.raya.signing.dsse.DsseEnvelope.sign(
                    PublishStatement.PAYLOAD_TYPE, STATEMENT.bytes(), key))
            .bytes();
    assertThat(KeylessBundle.isCertified(keyed)).isFalse();
    assertThat(KeylessBundle.isCertified("junk".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .isFalse();
    assertThatThrownBy(() -> verify(keyed, RUN, sigstore::trusted))
        .isInstanceOf(SigningException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "8, https://gitlab.com, the issuer",
    "9, https://github.com/acme/http/.github/workflows/other.yml@refs/tags/v1.2.3, the workflow",
    "9, https://github.com/acme/http/.github/workflows/release.yml, the workflow",
    "9, https://github.com/evil/x/.github/workflows/release.yml@refs/tags/v1.2.3, the workflow",
    "12, https://github.com/acme/http2, the repository",
    "13, 0123456789abcdef0123456789abcdef01234568, the commit",
    "14, refs/heads/main, the reference",
    "15, 43, the repository's number",
    "17, 8, the owner's number",
    "20, pull_request_target, set off may not publish"
  })
  void everythingThatTheCertificateSaysOfTheRunMustFit(int number, String claim, String why) {
    Map<Integer, String> claims = FakeSigstore.claims(RUN);
    claims.put(number, claim);
    refused(sigstore.sign(STATEMENT.bytes(), claims), RUN, why);
    claims.remove(number);
    refused(sigstore.sign(STATEMENT.bytes(), claims), RUN, number == 8 ? "issuer" : "extension");
  }

  @Test
  void anEnvironmentThatThePublisherNamesMustBeCertified() throws Exception {
    Identity.Oidc released =
        new Identity.Oidc(
            RUN.issuer(),
            RUN.owner(),
            RUN.ownerId(),
            RUN.repository(),
            RUN.repositoryId(),
            RUN.workflow(),
            RUN.ref(),
            "release",
            RUN.sha(),
            null);
    Map<Integer, String> claims = FakeSigstore.claims(RUN);
    refused(sigstore.sign(STATEMENT.bytes(), claims), released, "extension");
    claims.put(23, "release");
    assertThat(verify(sigstore.sign(STATEMENT.bytes(), claims), released, sigstore::trusted))
        .isEqualTo(STATEMENT);
  }

  @Test
  void aReusableWorkflowIsNamedByItsOwnRepository() throws Exception {
    Identity.Oidc reused =
        new Identity.Oidc(
            RUN.issuer(),
            RUN.owner(),
            RUN.ownerId(),
            RUN.repository(),
            RUN.repositoryId(),
            "shared/flows/.github/workflows/release.yml",
            RUN.ref(),
            null,
            RUN.sha(),
            null);
    Map<Integer, String> claims = FakeSigstore.claims(reused);
    claims.put(9, "https://github.com/shared/flows/.github/workflows/release.yml@refs/heads/main");
    assertThat(verify(sigstore.sign(STATEMENT.bytes(), claims), reused, sigstore::trusted))
        .isEqualTo(STATEMENT);
  }

  @Test
  void nameEntryAndStatementMustAgree() {
    Map<Integer, String> claims = FakeSigstore.claims(RUN);
    refused(
        sigstore.sign(STATEMENT.bytes(), claims, "https://github.com/evil", text -> text),
        RUN,
        "expected the identity");
    refused(
        sigstore.sign(
            STATEMENT.bytes(),
            claims,
            claims.getOrDefault(9, ""),
            text -> text.replace(Digest.of(STATEMENT.bytes()).hex(), A.hex())),
        RUN,
        "another envelope");
    byte[] loose =
        (" " + new String(STATEMENT.bytes(), java.nio.charset.StandardCharsets.UTF_8))
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    refused(sigstore.sign(loose, claims), RUN, "canonical form");
  }

  @Test
  void everyChangedByteIsRefused() throws Exception {
    byte[] bundle = sigstore.sign(STATEMENT.bytes(), FakeSigstore.claims(RUN));
    TrustedRoot root = sigstore.trusted();
    Random random = new Random(7);
    for (int i = 0; i < bundle.length; i += 3) {
      byte[] changed = bundle.clone();
      changed[i] ^= (byte) (1 << random.nextInt(7));
      assertThatThrownBy(() -> verify(changed, RUN, () -> root))
          .as("byte " + i)
          .isInstanceOf(SigningException.class);
    }
  }
}
