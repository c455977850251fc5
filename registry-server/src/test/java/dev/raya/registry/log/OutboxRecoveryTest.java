package dev.raya.registry.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.registry.ops.RunningRegistry;
import dev.raya.registry.ops.VerifyForTests;
import dev.raya.registry.publish.Client;
import dev.raya.registry.publish.TestPackage;
import dev.raya.resolver.name.PackageName;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A crash between commit and index, as the database would show it: work that is not done yet. */
@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class OutboxRecoveryTest {
  @TestHTTPResource("/")
  @Nullable URL address;

  @Inject @Nullable LogLeader leader;
  @Inject @Nullable AgroalDataSource database;

  @Test
  void whatTheOutboxHoldsIsDoneAndTwiceIsAsGoodAsOnce() throws Exception {
    if (address == null || leader == null || database == null) {
      throw new IllegalStateException("Quarkus sets these");
    }
    Client ann = Client.publisher(address, "ann-outbox");
    assertThat(ann.publish(TestPackage.of("outbox", "1.0.0")).status()).isEqualTo(201);
    PackageName name = new PackageName("outbox");
    Path file = RunningRegistry.directory().tree().resolve("index").resolve(name.indexPath());
    byte[] document = Files.readAllBytes(file);
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      Files.delete(file);
      statement.executeUpdate("delete from package_search where name = 'outbox'");
      assertThat(VerifyForTests.run()).isEqualTo(3);
      statement.executeUpdate(
          "insert into outbox (kind, package_id, created_at)"
              + " select 'index', id, now() from package where name = 'outbox'");
    }
    leader.finish();
    assertThat(Files.readAllBytes(file)).isEqualTo(document);
    assertThat(ann.get("search?q=outbox").text()).contains("\"name\":\"outbox\"");
    leader.finish();
    assertThat(Files.readAllBytes(file)).isEqualTo(document);
    assertThat(VerifyForTests.run()).isZero();
  }

  @Test
  void aFlippedByteOfABlobIsFound() throws Exception {
    if (address == null) {
      throw new IllegalStateException("Quarkus sets the address");
    }
    Client ann = Client.publisher(address, "ann-verify");
    TestPackage sample = TestPackage.of("verify-me", "1.0.0");
    assertThat(ann.publish(sample).status()).isEqualTo(201);
    String hex = sample.facts().checksum().hex();
    Path blob =
        RunningRegistry.directory()
            .tree()
            .resolve("blobs/sha256")
            .resolve(hex.substring(0, 2))
            .resolve(hex);
    byte[] bytes = Files.readAllBytes(blob);
    byte[] flipped = bytes.clone();
    flipped[bytes.length / 2] ^= 1;
    Files.write(blob, flipped);
    assertThat(VerifyForTests.run()).isEqualTo(3);
    Files.write(blob, bytes);
    assertThat(VerifyForTests.run()).isZero();
  }
}
