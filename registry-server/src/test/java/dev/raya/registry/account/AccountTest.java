package dev.raya.registry.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.registry.ops.RunningRegistry;
import dev.raya.registry.publish.Client;
import dev.raya.registry.publish.TestPackage;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexDocumentReader;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.SigningKey;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class AccountTest {
  @TestHTTPResource("/")
  @Nullable URL address;

  private URL base() {
    if (address == null) {
      throw new IllegalStateException("Quarkus sets the address");
    }
    return address;
  }

  private static Client.Answer create(Client client, String body) throws Exception {
    return client.post("tokens", "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aTokenMadeBesideTheRunningServerWorksAtOnce() throws Exception {
    Client ann = Client.with(base(), Client.token("ann-token"));
    Client.Answer account = ann.get("account");
    assertThat(account.member("name")).isEqualTo("ann-token");
    assertThat(account.member("operator")).isEqualTo("true");
    assertThat(account.header("Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void aTokenMakesNarrowerTokensAndRevokesThem() throws Exception {
    Client ann = Client.publisher(base(), "ann-narrow");
    Client.Answer made =
        create(ann, "{\"scopes\":[\"publish\"],\"packages\":[\"narrow-*\"],\"days\":3}");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    String token = made.member("token");
    assertThat(Tokens.isToken(token)).isTrue();
    Client narrow = Client.with(base(), token);
    assertThat(narrow.publish(TestPackage.of("narrow-one", "1.0.0").parts(ann.key())).status())
        .isEqualTo(201);
    assertThat(narrow.publish(TestPackage.of("wide-one", "1.0.0").parts(ann.key())).member("code"))
        .isEqualTo("RAYA-REG-003");
    assertThat(create(narrow, "{\"scopes\":[\"key\"]}").member("code")).isEqualTo("RAYA-REG-003");
    assertThat(create(narrow, "{\"scopes\":[\"publish\"],\"packages\":[\"*\"]}").member("code"))
        .isEqualTo("RAYA-REG-003");
    assertThat(narrow.get("tokens").member("code")).isEqualTo("RAYA-REG-003");
    assertThat(ann.get("tokens").text()).doesNotContain(token).contains("narrow-*");

    assertThat(ann.delete("tokens/" + made.member("id")).status()).isEqualTo(204);
    assertThat(narrow.get("account").member("code")).isEqualTo("RAYA-REG-002");
    assertThat(ann.delete("tokens/" + made.member("id")).status()).isEqualTo(404);
  }

  @Test
  void malformedTokenRequestsAreRefused() throws Exception {
    Client ann = Client.with(base(), Client.token("ann-malformed"));
    for (String body :
        new String[] {
          "{}",
          "{\"scopes\":[]}",
          "{\"scopes\":[\"root\"]}",
          "{\"scopes\":[\"read\"],\"days\":91}",
          "{\"scopes\":[\"read\"],\"packages\":[\"A B\"]}",
          "{\"scopes\":[\"read\"],\"x\":1}"
        }) {
      assertThat(create(ann, body).member("code")).as(body).isEqualTo("RAYA-REG-001");
    }
  }

  @Test
  void aKeyNeedsItsProofAndBelongsToOneAccount() throws Exception {
    Client ann = Client.with(base(), Client.token("ann-key"));
    SigningKey key = SigningKey.generate(new SecureRandom());
    Client.Answer unproven =
        ann.post(
            "keys",
            "application/json",
            ("{\"publicKey\":\"" + key.verificationKey().base64() + "\",\"proof\":\"AAAA\"}")
                .getBytes(StandardCharsets.UTF_8));
    assertThat(unproven.member("code")).isEqualTo("RAYA-REG-001");
    assertThat(ann.register(key).status()).isEqualTo(201);
    assertThat(ann.register(key).status()).isEqualTo(200);
    assertThat(ann.get("keys").text()).contains(key.verificationKey().keyId().hex());
    Client bob = Client.with(base(), Client.token("bob-key"));
    assertThat(bob.register(key).member("code")).isEqualTo("RAYA-REG-003");
  }

  @Test
  void aPersonalTokenRegistersTheFirstKeyOnly() throws Exception {
    Client operator = Client.with(base(), Client.token("ann-first-key"));
    Client personal =
        Client.with(base(), create(operator, "{\"scopes\":[\"key\"]}").member("token"));
    assertThat(personal.register(personal.key()).status()).isEqualTo(201);
    SigningKey second = SigningKey.generate(new SecureRandom());
    assertThat(personal.register(second).member("code")).isEqualTo("RAYA-REG-003");
    assertThat(operator.register(second).status()).isEqualTo(201);
  }

  @Test
  void aFurtherKeyOfAnOwnerMayPublishWhatTheFirstOneMay() throws Exception {
    Client ann = Client.publisher(base(), "ann-second-key");
    assertThat(ann.publish(TestPackage.of("second-key", "1.0.0")).status()).isEqualTo(201);
    SigningKey second = SigningKey.generate(new SecureRandom());
    TestPackage next = TestPackage.of("second-key", "1.0.1");
    assertThat(ann.publish(next.parts(second)).member("code")).isEqualTo("RAYA-REG-011");
    assertThat(ann.register(second).status()).isEqualTo(201);
    Client.Answer published = ann.publish(next.parts(second));
    assertThat(published.status()).as(published.text()).isEqualTo(201);
    PackageName name = new PackageName("second-key");
    IndexDocument document =
        IndexDocumentReader.read(name, ann.get("index/" + name.indexPath()).body());
    assertThat(document.publishingBefore(Long.parseLong(published.member("log"))))
        .isNotNull()
        .satisfies(line -> assertThat(line.publishers()).hasSize(2));
  }
}
