package dev.raya.tuf.client;

import static dev.raya.tuf.client.Repository.LATER;
import static dev.raya.tuf.client.Repository.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.signing.key.SigningKey;
import dev.raya.tuf.TufException;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.Role.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client kept serves it, and another client, without a repository. */
final class HeldClientTest {
  private static final String TARGET = "dir/file";

  @TempDir private Path home = Path.of("");
  private final Repository repository = new Repository();

  @BeforeEach
  void fill() throws Exception {
    repository.targets.put(TARGET, repository.target(TARGET));
    repository.publish(2);
    TufClient.init(online(), repository.file("1.root.json"));
    new TufClient(online(), repository, NOW).refresh();
  }

  private Path online() {
    return home.resolve("online");
  }

  @Test
  void heldMetadataIsVerifiedAndNeverExpires() throws Exception {
    TufClient tomorrow = new TufClient(online(), repository, LATER.plus(Duration.ofDays(1)));
    assertThatThrownBy(tomorrow::refresh).hasMessageContaining("expired");
    TufClient held = TufClient.held(online());
    assertThat(held.find(TARGET)).contains(repository.target(TARGET));
    assertThat(held.find("dir/none")).isEmpty();
    assertThat(held.trusted().timestamp().version()).isEqualTo(2);
    assertThatThrownBy(() -> held.download(TARGET, home.resolve("out")))
        .isInstanceOf(TufException.class);
    assertThat(home.resolve("out")).isEmptyDirectory();
  }

  @Test
  void changedOrMissingHeldFilesAreFound() throws Exception {
    Path targets = online().resolve("targets.json");
    byte[] honest = Files.readAllBytes(targets);
    String changed = new String(honest, StandardCharsets.UTF_8).replace(TARGET, "dir/fool");
    Files.writeString(targets, changed);
    assertThatThrownBy(() -> TufClient.held(online()).find(TARGET))
        .isInstanceOf(TufException.class);
    Files.delete(targets);
    assertThatThrownBy(() -> TufClient.held(online()).find(TARGET))
        .isInstanceOf(TufException.class);
    Files.write(targets, honest);
    assertThat(TufClient.held(online()).find(TARGET)).isPresent();
    Files.delete(online().resolve("root.json"));
    assertThatThrownBy(() -> TufClient.held(online()).refresh())
        .isInstanceOf(TufException.class)
        .hasMessageContaining("no root is trusted yet");
  }

  @Test
  void anotherFolderIsTakenOverByTheSameRules() throws Exception {
    Path offline = home.resolve("offline");
    TufClient.init(offline, repository.file("1.root.json"));
    assertThat(TufClient.taking(offline, online()).find(TARGET)).isPresent();
    assertThat(offline.resolve("snapshot.json"))
        .hasSameBinaryContentAs(online().resolve("snapshot.json"));
    // What is older than what was taken over is a roll-back, whoever brings it.
    Path older = home.resolve("older");
    Repository former = new Repository();
    TufClient.init(older, former.file("1.root.json"));
    new TufClient(older, former, NOW).refresh();
    assertThatThrownBy(() -> TufClient.taking(offline, older).refresh())
        .isInstanceOf(TufException.class)
        .hasMessageContaining("rolled back");
    // A folder that trusts other keys brings nothing.
    Repository foreign = new Repository();
    for (Kind kind : Kind.values()) {
      foreign.signers.put(kind, List.of(Repository.key(40 + kind.ordinal())));
    }
    foreign.root(1, LATER, foreign.by(Kind.ROOT));
    foreign.publish(9);
    Path stranger = home.resolve("stranger");
    TufClient.init(stranger, foreign.file("1.root.json"));
    new TufClient(stranger, foreign, NOW).refresh();
    assertThatThrownBy(() -> TufClient.taking(offline, stranger).refresh())
        .isInstanceOf(TufException.class)
        .hasMessageContaining("expected signatures of 1");
    assertThat(TufClient.held(offline).find(TARGET)).isPresent();
  }

  @Test
  void aRoleThatIsCalledLikeANumberedRootIsNotTakenForOne() throws Exception {
    SigningKey key = Repository.key(50);
    repository.root(2, LATER, repository.by(Kind.ROOT));
    repository.delegated(
        "x.root", 2, new Role.Delegations(Map.of(), List.of(), null), List.of(key), "by/x");
    Role.DelegatedRole role =
        new Role.DelegatedRole(
            "x.root", Repository.signedBy(1, key), List.of("by/*"), List.of(), false);
    repository.delegations = new Role.Delegations(Repository.keys(key), List.of(role), null);
    repository.publish(3);
    assertThat(new TufClient(online(), repository, NOW).find("by/x")).isPresent();
    Path offline = home.resolve("offline");
    TufClient.init(offline, repository.file("1.root.json"));
    assertThat(TufClient.taking(offline, online()).find("by/x")).isPresent();
  }

  @Test
  void bytesThatCameAnotherWayAreCheckedAgainstTheirTarget() throws Exception {
    Role.TargetFile target = repository.target(TARGET);
    byte[] content = TARGET.getBytes(StandardCharsets.UTF_8);
    TufClient.requireTarget(TARGET, content, target);
    byte[] changed = content.clone();
    changed[0] ^= 1;
    for (byte[] wrong :
        new byte[][] {changed, new byte[0], "dir/files".getBytes(StandardCharsets.UTF_8)}) {
      assertThatThrownBy(() -> TufClient.requireTarget(TARGET, wrong, target))
          .isInstanceOf(TufException.class);
    }
    Role.TargetFile unknown = new Role.TargetFile(content.length, Map.of("crc32", "00000000"));
    assertThatThrownBy(() -> TufClient.requireTarget(TARGET, content, unknown))
        .isInstanceOf(TufException.class)
        .hasMessageContaining("no hash that can be checked");
  }
}
