package dev.raya.registry.ops;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.registry.log.LogLeader;
import dev.raya.registry.packages.PackageRow;
import dev.raya.registry.publish.Client;
import dev.raya.registry.publish.TestPackage;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.DatabaseAddress;
import dev.raya.registry.storage.EmbeddedPostgres;
import dev.raya.registry.storage.StorageException;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.SigningKey;
import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does about versions and names, beside the running server. */
@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class ModerationTest {
  @TestHTTPResource("/")
  @Nullable URL address;

  @Inject @Nullable LogLeader leader;
  @Inject @Nullable AgroalDataSource database;

  private URL base() {
    if (address == null) {
      throw new IllegalStateException("Quarkus sets the address");
    }
    return address;
  }

  private void finish() throws Exception {
    if (leader == null) {
      throw new IllegalStateException("Quarkus injects the leader");
    }
    leader.finish();
  }

  /** The newest record of the log. */
  private String newest(String type) throws Exception {
    if (database == null) {
      throw new IllegalStateException("Quarkus injects the database");
    }
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select convert_from(record, 'UTF8') from log_leaf where type = '"
                    + type
                    + "' order by seq desc limit 1")) {
      return row.next() ? row.getString(1) : "";
    }
  }

  @Test
  void anEmptyDataFolderBesideTheDatabaseOfARegistryIsGivenNoRoot(@TempDir Path data)
      throws Exception {
    Client ann = Client.publisher(base(), "ann-history");
    assertThat(ann.publish(TestPackage.of("kept-history", "1.0.0")).status()).isEqualTo(201);
    DatabaseAddress database = EmbeddedPostgres.running(RunningRegistry.directory()).orElseThrow();
    DataDirectory directory = new DataDirectory(data.resolve("data")).create();
    RegistryServer server =
        new RegistryServer(
            RegistryServer.class, System.err, new SecureRandom(), InstantSource.system());
    assertThatThrownBy(() -> server.prepare(directory, database))
        .isInstanceOf(StorageException.RootMissing.class)
        .hasMessageContainingAll(database.jdbcUrl(), "holds the packages of a registry");
    assertThat(directory.keys()).isEmptyDirectory();
    // Nor does it help to make the root before.
    List<String> ceremony =
        List.of(
            "tuf",
            "ceremony",
            "--origin",
            RunningRegistry.ORIGIN,
            "--data-dir",
            directory.root().toString());
    PrintStream quiet = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
    CommandLine commands =
        new CommandLine(quiet, quiet, new SecureRandom(), InstantSource.system(), options -> 1);
    assertThat(commands.run(ceremony)).isZero();
    assertThatThrownBy(() -> server.prepare(directory, database))
        .isInstanceOf(StorageException.RootMissing.class)
        .hasMessageContainingAll(database.jdbcUrl(), "is new", "holds the packages of a registry");
    // That root beside an empty database is a first start; the registry's own tree goes on.
    String empty = database.jdbcUrl().replaceFirst("/[^/?]+(\\?|$)", "/template1$1");
    RegistryRoot.requireHistory(
        directory, new DatabaseAddress(empty, database.user(), database.password()));
    RegistryRoot.requireHistory(RunningRegistry.directory(), database);
  }

  @Test
  void aQuarantineIsLoggedAndOnTheSignedListUntilItIsTakenBack() throws Exception {
    Client ann = Client.publisher(base(), "ann-quarantine");
    assertThat(ann.publish(TestPackage.of("suspect", "1.0.0")).status()).isEqualTo(201);
    assertThat(CommandsForTests.run("quarantine", "add", "suspect@1.0.0").exit()).isEqualTo(2);
    assertThat(CommandsForTests.run("quarantine", "add", "suspect@9.0.0", "--reason", "malware"))
        .isEqualTo(new CommandsForTests.Result(1, "error: there is no version suspect@9.0.0\n"));
    assertThat(
            CommandsForTests.run(
                "quarantine",
                "add",
                "suspect@1.0.0",
                "--reason",
                "malware",
                "--advisory",
                "RAYA-2026-7"))
        .isEqualTo(new CommandsForTests.Result(0, "under quarantine: suspect@1.0.0\n"));
    finish();
    String entry =
        "{\"advisory\":\"RAYA-2026-7\",\"name\":\"suspect\",\"reason\":\"malware\","
            + "\"version\":\"1.0.0\"}";
    Client.Answer list = ann.get("advisories/quarantine.json");
    assertThat(list.text()).contains(entry);
    String digest = Digest.of(list.body()).hex();
    assertThat(ann.get("advisories/" + digest + ".quarantine.json").text()).contains(entry);
    assertThat(newest("quarantine"))
        .contains("\"actor\":\"registry\"", "\"on\":true", "\"reason\":\"malware\"");
    assertThat(VerifyForTests.run()).isZero();

    assertThat(CommandsForTests.run("quarantine", "remove", "suspect@1.0.0").exit()).isZero();
    finish();
    assertThat(newest("quarantine")).contains("\"on\":false");
    assertThat(VerifyForTests.run()).isZero();
    assertThat(CommandsForTests.run("quarantine", "remove", "suspect@1.0.0").exit()).isEqualTo(1);
  }

  @Test
  void aVersionThatIsTakenDownLeavesATombstoneAndItsNumberStaysTaken() throws Exception {
    Client ann = Client.publisher(base(), "ann-takedown");
    TestPackage sample = TestPackage.of("unlawful", "1.0.0");
    assertThat(ann.publish(sample).status()).isEqualTo(201);
    String hex = sample.facts().checksum().hex();
    String blob = "blobs/sha256/" + hex.substring(0, 2) + '/' + hex;
    assertThat(CommandsForTests.run("takedown", "unlawful@1.0.0", "--reason", "legal"))
        .isEqualTo(new CommandsForTests.Result(0, "taken down: unlawful@1.0.0\n"));
    finish();
    Client.Answer gone = ann.get(blob);
    assertThat(gone.status()).as(gone.text()).isEqualTo(451);
    assertThat(ann.get("index/" + new PackageName("unlawful").indexPath()).text())
        .contains("\"reason\":\"legal\"", "\"tombstone\":true");
    assertThat(newest("status")).contains("\"tombstone\":true", "\"name\":\"unlawful\"");
    assertThat(ann.publish(TestPackage.of("unlawful", "1.0.0", "# other", Map.of())).status())
        .isGreaterThanOrEqualTo(400);
    assertThat(CommandsForTests.run("takedown", "unlawful@1.0.0", "--reason", "legal").exit())
        .isZero();
    assertThat(VerifyForTests.run()).isZero();
  }

  @Test
  void aClaimBindsAPackageToThePublishersThatItHadThen() throws Exception {
    Client ann = Client.publisher(base(), "ann-claim");
    assertThat(ann.publish(TestPackage.of("precious", "1.0.0")).status()).isEqualTo(201);
    assertThat(CommandsForTests.run("claim", "nosuch").exit()).isEqualTo(1);
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      Future<CommandsForTests.Result> claimed =
          QuarkusTransaction.requiringNew()
              .call(
                  () -> {
                    // As a change of the publishers that is under way.
                    PackageRow.lock(new PackageName("precious"));
                    Future<CommandsForTests.Result> begun =
                        other.submit(() -> CommandsForTests.run("claim", "precious"));
                    DatabaseWaits.untilNameIsWaitedFor(1, begun);
                    return begun;
                  });
      assertThat(claimed.get()).isEqualTo(new CommandsForTests.Result(0, "claimed: precious\n"));
    }
    finish();
    Client.Answer claim = ann.get("claimed/" + new PackageName("precious").indexPath());
    assertThat(claim.member("schema")).isEqualTo("raya/claim/1");
    assertThat(CanonicalJson.bytes(claim.json())).isEqualTo(claim.body());
    assertThat(claim.text()).contains(ann.key().verificationKey().keyId().hex());
    assertThat(newest("package")).contains("\"claimed\":true", "\"name\":\"precious\"");
    assertThat(ann.publish(TestPackage.of("precious", "1.1.0")).status()).isEqualTo(201);
    // A key that joined later is the package's publisher, but not in the claim.
    SigningKey later = SigningKey.generate(new SecureRandom());
    assertThat(ann.register(later).status()).isEqualTo(201);
    assertThat(VerifyForTests.run()).isZero();
  }
}
