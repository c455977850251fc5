package dev.raya.registry.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.registry.ops.CommandsForTests;
import dev.raya.registry.ops.RunningRegistry;
import dev.raya.registry.trust.Claims;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.SigningKey;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A claimed package takes versions from whom its claim names, whatever else its publishers are. */
@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class CheckClaimTest {
  @TestHTTPResource("/")
  @Nullable URL address;

  private URL base() {
    if (address == null) {
      throw new IllegalStateException("Quarkus sets the address");
    }
    return address;
  }

  private static SigningKey further(Client client) throws Exception {
    SigningKey later = SigningKey.generate(new SecureRandom());
    assertThat(client.register(later).status()).isEqualTo(201);
    return later;
  }

  @Test
  void aKeyThatIsAPublisherAndNotInTheClaimIsRefusedUntilTheClaimIsRenewed() throws Exception {
    Client ann = Client.publisher(base(), "claim-ann");
    assertThat(ann.publish(TestPackage.of("heirloom", "1.0.0")).status()).isEqualTo(201);
    assertThat(CommandsForTests.run("claim", "heirloom").exit()).isZero();
    SigningKey later = further(ann);
    assertThat(ann.get("packages/heirloom/publishers").text())
        .contains(later.verificationKey().keyId().hex());

    TestPackage next = TestPackage.of("heirloom", "1.1.0");
    for (String query : new String[] {"?dry-run=true", ""}) {
      Client.Answer refused = ann.publish(next.parts(later), query);
      assertThat(refused.status()).as(refused.text()).isEqualTo(422);
      assertThat(refused.member("code")).isEqualTo("RAYA-REG-011");
      assertThat(refused.text()).contains("heirloom is claimed", "raya-registry claim heirloom");
    }
    assertThat(ann.get("packages/heirloom/1.1.0").status()).isEqualTo(404);
    // The honest twin: the same version by the key that the claim names.
    assertThat(ann.publish(next).status()).isEqualTo(201);

    assertThat(CommandsForTests.run("claim", "heirloom").exit()).isZero();
    Client.Answer renewed = ann.publish(TestPackage.of("heirloom", "1.2.0").parts(later));
    assertThat(renewed.status()).as(renewed.text()).isEqualTo(201);
  }

  @Test
  void aPackageWithoutAClaimTakesVersionsFromEveryPublisher() throws Exception {
    Client ann = Client.publisher(base(), "claim-bob");
    assertThat(ann.publish(TestPackage.of("commonplace", "1.0.0")).status()).isEqualTo(201);
    SigningKey later = further(ann);
    assertThat(ann.publish(TestPackage.of("commonplace", "1.1.0").parts(later)).status())
        .isEqualTo(201);
  }

  @Test
  void aClaimThatCannotBeReadLetsNobodyPublish() throws Exception {
    Client ann = Client.publisher(base(), "claim-cid");
    assertThat(ann.publish(TestPackage.of("sealed", "1.0.0")).status()).isEqualTo(201);
    Path claim = RunningRegistry.directory().tree().resolve(Claims.path(new PackageName("sealed")));
    Files.createDirectories(claim.getParent());
    Files.writeString(claim, "{\"publishers\":[{\"kind\":\"key\"}]}");
    try {
      Client.Answer answer = ann.publish(TestPackage.of("sealed", "1.1.0"));
      assertThat(answer.status()).as(answer.text()).isGreaterThanOrEqualTo(500);
      assertThat(ann.get("packages/sealed/1.1.0").status()).isEqualTo(404);
    } finally {
      Files.delete(claim);
    }
    assertThat(ann.publish(TestPackage.of("sealed", "1.1.0")).status()).isEqualTo(201);
  }
}
