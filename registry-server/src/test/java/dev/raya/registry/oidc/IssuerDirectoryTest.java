package dev.raya.registry.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.settings.RegistrySettings;
import dev.raya.registry.trust.TrustFiles;
import dev.raya.signing.oidc.CiService;
import dev.raya.signing.oidc.TrustedIssuers;
import dev.raya.signing.oidc.TrustedIssuers.Issuer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often an issuer is asked for its keys, and what is done while it does not answer. */
class IssuerDirectoryTest {
  @TempDir Path folder = Path.of("");

  private final TestIssuer server = newIssuer();
  private Instant now = Instant.parse("2026-11-29T12:00:00Z");
  private IssuerDirectory directory = directory(Path.of(""));

  private static TestIssuer newIssuer() {
    try {
      return new TestIssuer();
    } catch (Exception unstartable) {
      throw new AssertionError(unstartable);
    }
  }

  private IssuerDirectory directory(Path root) {
    return new IssuerDirectory(
        new RegistrySettings(root.toString(), "http://127.0.0.1", "signer", "witness"), () -> now);
  }

  @BeforeEach
  void trust() throws Exception {
    directory = directory(folder);
    Files.createDirectories(folder.resolve("trust"));
    Files.write(folder.resolve(IssuerDirectory.FILE), new TrustedIssuers(List.of(own())).bytes());
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Issuer own() {
    return new Issuer(server.url(), CiService.GITHUB);
  }

  @Test
  void onlyIssuersThatTheOperatorNamedAreTaken() throws Exception {
    assertThat(directory.issuer(server.url())).isEqualTo(own());
    RegistryException other =
        catchThrowableOfType(
            RegistryException.class, () -> directory.issuer("https://e.example/" + "x".repeat(99)));
    assertThat(other.problem()).isEqualTo(Problem.FORBIDDEN);
    assertThat(other.getMessage()).contains("…").hasSizeLessThan(300);
    Files.writeString(folder.resolve(IssuerDirectory.FILE), "[");
    assertThatIllegalStateException().isThrownBy(directory::issuers).withMessageContaining("oidc");
    Files.delete(folder.resolve(IssuerDirectory.FILE));
    assertThat(directory.issuers()).isEqualTo(TrustFiles.ISSUERS);
  }

  @Test
  void keysAreKeptForAWhileAndUnknownOnesAreSeldomAskedFor() throws Exception {
    assertThat(directory.keys(own(), "first").has("first")).isTrue();
    int once = server.fetched();
    directory.keys(own(), "first");
    // Whoever names keys that nobody has makes us ask no more often.
    assertThat(directory.keys(own(), "nobody's").has("nobody's")).isFalse();
    assertThat(server.fetched()).isEqualTo(once);
    server.rotate();
    now = now.plus(Duration.ofSeconds(31));
    assertThat(directory.keys(own(), "second").has("second")).isTrue();
    assertThat(server.fetched()).isEqualTo(2 * once);
    now = now.plus(Duration.ofMinutes(11));
    directory.keys(own(), "second");
    assertThat(server.fetched()).isEqualTo(3 * once);
  }

  @Test
  void heldKeysOutlastAnIssuerThatDoesNotAnswerForADay() throws Exception {
    directory.keys(own(), "first");
    Issuer issuer = own();
    server.close();
    now = now.plus(Duration.ofHours(23));
    assertThat(directory.keys(issuer, "first").has("first")).isTrue();
    now = now.plus(Duration.ofHours(2));
    RegistryException gone =
        catchThrowableOfType(RegistryException.class, () -> directory.keys(issuer, "first"));
    assertThat(gone.problem()).isEqualTo(Problem.BUSY);
  }

  @Test
  void anIssuerThatNeverAnsweredIsNotAskedAgainAtOnce() {
    Issuer issuer = own();
    server.close();
    for (String why : new String[] {"cannot be had", "a moment ago"}) {
      RegistryException refused =
          catchThrowableOfType(RegistryException.class, () -> directory.keys(issuer, "first"));
      assertThat(refused.problem()).isEqualTo(Problem.BUSY);
      assertThat(refused.getMessage()).contains(why);
    }
  }
}
