package dev.raya.registry.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.disk.Directories;
import dev.raya.registry.account.Tokens;
import dev.raya.registry.signer.HeldKeys;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.StorageException;
import dev.raya.registry.trust.OfflineRenewal;
import dev.raya.registry.trust.TrustKeys;
import dev.raya.tuf.repository.DirectoryMetadata;
import dev.raya.tuf.repository.OnlineRepository;
import dev.raya.tuf.repository.RegistryRole;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data directory that has lost keys which its metadata names. */
final class MissingKeysTest {
  private static final String ORIGIN = "https://registry.example";

  @TempDir Path data = Path.of("");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeEach
  void aRegistry() {
    assertThat(run("tuf", "ceremony", "--origin", ORIGIN)).as(printed()).isZero();
  }

  private int run(String... words) {
    out.reset();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    List<String> line = new ArrayList<>(List.of(words));
    line.addAll(List.of("--data-dir", data.toString()));
    return new CommandLine(stream, stream, new SecureRandom(), InstantSource.system(), options -> 1)
        .run(line);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private void complete() throws Exception {
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    new RegistryServer(RegistryServer.class, stream, new SecureRandom(), InstantSource.system())
        .prepare(new DataDirectory(data));
  }

  /** What a server does first: the newest files of the offline roles become current. */
  private void serve() throws Exception {
    DataDirectory directory = new DataDirectory(data);
    InstantSource clock = InstantSource.system();
    DirectoryMetadata files = new DirectoryMetadata(directory.tree().resolve("tuf"));
    OfflineRenewal renewal = new OfflineRenewal(files, new TrustKeys(directory), clock);
    new OnlineRepository(files, HeldKeys.open(directory, ORIGIN, clock), clock)
        .refresh(renewal.renew(renewal.named()));
  }

  private List<String> keyFiles() throws IOException {
    try (Stream<Path> all = Files.walk(data.resolve("keys"))) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.endsWith(Tokens.PEPPER))
          .map(Path::toString)
          .sorted()
          .toList();
    }
  }

  private void refused(String... words) throws IOException {
    List<String> before = keyFiles();
    assertThatThrownBy(this::complete)
        .isInstanceOf(StorageException.KeysMissing.class)
        .hasMessageContainingAll(words)
        .hasMessageContaining("restore the folder keys");
    assertThat(keyFiles()).isEqualTo(before);
  }

  @Test
  void noOnlineKeyIsMadeInThePlaceOfOneThatMetadataNames() throws Exception {
    complete();
    Path online = data.resolve("keys/online");
    for (RegistryRole role : RegistryRole.values()) {
      if (role.online()) {
        Path away = data.resolve("away");
        Files.move(online.resolve(role.id()), away);
        refused("names keys of " + role.id() + " that are not in", "tuf rotate " + role.id());
        // Nor is another one used that an earlier start made.
        Files.move(data.resolve("keys/witness/others"), online.resolve(role.id()));
        refused("names keys of " + role.id() + " that are not in");
        Files.move(online.resolve(role.id()), data.resolve("keys/witness/others"));
        Files.move(away, online.resolve(role.id()));
      }
    }
    complete();
    // What the log's policy names: the log's key whoever is here, the witness's without the others.
    swapped(online.resolve("log"), "the log's key is missing");
    Directories.delete(data.resolve("keys/offline"));
    complete();
    swapped(data.resolve("keys/witness/local"), "the local witness's key is missing");
    complete();
    Directories.delete(online);
    refused("the log's key is missing");
  }

  private void swapped(Path key, String told) throws IOException {
    Path away = data.resolve("away");
    Files.move(key, away);
    refused(told);
    Files.move(data.resolve("keys/witness/others"), key);
    refused(told);
    Files.move(key, data.resolve("keys/witness/others"));
    Files.move(away, key);
  }

  @Test
  void whatARotationLeftUnsignedIsSignedOnceTheOtherLostKeyIsRestored() throws Exception {
    assertThat(run("tuf", "rotate", "timestamp")).as(printed()).isZero();
    complete();
    assertThat(printed()).doesNotContain("signed anew");
    Path timestamp = data.resolve("keys/online/timestamp");
    Files.move(timestamp, data.resolve("away"));
    Directories.delete(data.resolve("keys/online/bin"));
    assertThat(run("tuf", "rotate", "bin")).as(printed()).isZero();
    assertThat(printed()).contains("keys are missing", "timestamp");
    refused("names keys of timestamp that are not in");
    Files.move(data.resolve("away"), timestamp);
    complete();
    assertThat(printed()).contains("signed anew");
    serve();
    assertThat(run("tuf", "verify")).as(printed()).isZero();
    complete();
    assertThat(printed()).doesNotContain("signed anew");
  }

  @Test
  void commandsTellOfLostKeysOfTheLog() throws Exception {
    Path log = data.resolve("keys/online/log");
    Path policy = data.resolve("tree/trust/log.policy");
    String named = Files.readString(policy);
    Directories.delete(log);
    for (int i = 0; i < 2; i++) {
      assertThat(run("tuf", "rotate", "timestamp")).as(printed()).isEqualTo(1);
      assertThat(printed()).startsWith("error[RAYA-REG-019]: the log's key is missing in " + log);
      assertThat(policy).hasContent(named);
      if (i == 0) {
        Files.move(data.resolve("keys/witness/others"), log);
      }
    }
  }

  @Test
  void lostOnlineKeysAreReplacedOneAfterTheOther() throws Exception {
    for (String role : List.of("bin", "advisories", "snapshot", "timestamp")) {
      Directories.delete(data.resolve("keys/online").resolve(role));
    }
    // A role that is not rotated keeps the keys that are named for it, wherever they lie.
    Directories.delete(data.resolve("keys/offline/nightly"));
    Directories.delete(data.resolve("keys/offline/toolchains"));
    for (String role : List.of("timestamp", "snapshot", "advisories")) {
      assertThat(run("tuf", "rotate", role)).as(printed()).isZero();
      assertThat(printed()).contains("keys are missing", "bin");
    }
    refused("names keys of bin that are not in");
    assertThat(run("tuf", "rotate", "bin")).as(printed()).isZero();
    assertThat(printed()).doesNotContain("missing");
    complete();
    assertThat(run("tuf", "verify")).as(printed()).isZero();
  }
}
