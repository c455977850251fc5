package dev.raya.tuf.client;

import static dev.raya.tuf.client.Repository.LATER;
import static dev.raya.tuf.client.Repository.NOW;
import static dev.raya.tuf.client.Repository.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.tuf.TufException;
import dev.raya.tuf.role.Role.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A damaged root begins anew with the first one, and forgets nothing that was seen since. */
final class MendedRootTest {
  @TempDir private Path home;
  private final Repository repository = new Repository();
  private final byte[] first = repository.file("1.root.json");

  @BeforeEach
  void trust() throws Exception {
    TufClient.init(home, first);
    client().refresh();
  }

  private TufClient client() {
    return new TufClient(home, repository, NOW);
  }

  private Path file(String role) {
    return home.resolve(role + ".json");
  }

  /** Root 2 replaces the keys of timestamp and snapshot. */
  private void rotate() {
    repository.signers.put(Kind.TIMESTAMP, List.of(key(30)));
    repository.signers.put(Kind.SNAPSHOT, List.of(key(31)));
    repository.root(2, LATER, repository.by(Kind.ROOT));
  }

  private void mend() throws Exception {
    Files.write(file("root"), new byte[0]);
    assertThat(TufClient.mendRoot(home, first)).isTrue();
  }

  @Test
  void aMirrorCannotRollBackAcrossARotationThatWasFollowedBefore() throws Exception {
    rotate();
    repository.publish(2);
    byte[] older = repository.file("timestamp.json");
    repository.publish(3);
    client().refresh();
    mend();
    byte[] newest = repository.replace("timestamp.json", older);
    assertThatThrownBy(() -> client().refresh())
        .isInstanceOf(TufException.class)
        .hasMessageContaining("rolled back: timestamp was at version 3, found 2");
    assertThat(file("root")).hasBinaryContent(repository.file("2.root.json"));
    assertThat(file("timestamp")).hasBinaryContent(newest);
    repository.files.put("timestamp.json", newest);
    client().refresh();
  }

  @Test
  void withoutANetworkTheChainThatWasFollowedServesOn() throws Exception {
    rotate();
    repository.publish(3);
    client().refresh();
    mend();
    TufClient held = TufClient.held(home);
    assertThat(held.trusted().root().version()).isEqualTo(2);
    assertThat(held.trusted().timestamp().version()).isEqualTo(3);
    // So does one of an earlier release, whose files lay beside the roles.
    Files.move(file("roots/2"), file("2.root"));
    mend();
    assertThat(TufClient.held(home).trusted().root().version()).isEqualTo(2);
  }

  @Test
  void rootsThatWereFollowedAreFollowedAgainWhateverTheSourceSays() throws Exception {
    var replaced = repository.by(Kind.ROOT);
    repository.signers.put(Kind.ROOT, List.of(key(20)));
    repository.root(2, LATER, List.of(replaced.getFirst(), key(20)));
    byte[] second = repository.file("2.root.json");
    repository.root(3, LATER, List.of(key(20)));
    client().refresh();
    mend();
    // Another second root, by the key that was replaced since, and none after it.
    repository.signers.put(Kind.ROOT, replaced);
    repository.root(2, LATER, replaced);
    repository.files.remove("3.root.json");
    repository.asked.clear();
    assertThat(client().trusted().root().version()).isEqualTo(3);
    assertThat(repository.asked).startsWith("4.root.json").doesNotContain("2.root.json");
    assertThat(file("roots/2")).hasBinaryContent(second);
  }

  @Test
  void aFollowedRootThatIsDamagedTooIsAskedForAgain() throws Exception {
    repository.root(2, LATER, repository.by(Kind.ROOT));
    client().refresh();
    Files.writeString(file("roots/2"), "{}");
    mend();
    client().refresh();
    for (String role : List.of("root", "roots/2")) {
      assertThat(file(role)).hasBinaryContent(repository.file("2.root.json"));
    }
  }

  /** By this order a root that is held by its number has had its deletions already. */
  @ParameterizedTest
  @ValueSource(strings = {"timestamp", "snapshot"})
  void aRootIsKeptOnlyOnceWhatItRevokesIsGone(String role) throws Exception {
    rotate();
    repository.publish(2);
    Path blocked = file(role);
    Files.delete(blocked);
    Path inside = Files.createDirectories(blocked.resolve("inside"));
    assertThatThrownBy(() -> client().refresh()).isInstanceOf(IOException.class);
    assertThat(file("roots/2")).doesNotExist();
    assertThat(file("root")).hasBinaryContent(first);
    Files.delete(inside);
    client().refresh();
    assertThat(file("root")).hasBinaryContent(repository.file("2.root.json"));
  }

  @Test
  void aSoundRootIsLeftAlone() throws Exception {
    repository.root(2, LATER, repository.by(Kind.ROOT));
    client().refresh();
    assertThat(TufClient.mendRoot(home, first)).isFalse();
    assertThat(file("root")).hasBinaryContent(repository.file("2.root.json"));
  }

  @Test
  void aRootThatIsGoneIsMendedAndAFirstOneThatNobodySignedIsNotTaken() throws Exception {
    Files.delete(file("root"));
    repository.root(1, LATER, List.of(key(9)));
    for (byte[] wrong :
        List.of(repository.file("1.root.json"), "{}".getBytes(StandardCharsets.UTF_8))) {
      assertThatThrownBy(() -> TufClient.mendRoot(home, wrong)).isInstanceOf(TufException.class);
      assertThat(file("root")).doesNotExist();
    }
    assertThat(TufClient.mendRoot(home, first)).isTrue();
    assertThat(file("root")).hasBinaryContent(first);
    client().refresh();
  }
}
