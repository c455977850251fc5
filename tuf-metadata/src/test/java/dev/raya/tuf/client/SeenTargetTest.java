package dev.raya.tuf.client;

import static dev.raya.tuf.client.Repository.LATER;
import static dev.raya.tuf.client.Repository.NOW;
import static dev.raya.tuf.client.Repository.key;
import static dev.raya.tuf.client.Repository.keys;
import static dev.raya.tuf.client.Repository.signedBy;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.signing.key.SigningKey;
import dev.raya.tuf.TufException;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of which an old one is better than none: who vouches for the one that is here. */
final class SeenTargetTest {
  private static final String LIST = "advisories/osv.json";
  private static final String ROLE = "advisories";
  private static final SigningKey KEY = key(50);
  private static final SigningKey OTHER = key(51);

  @TempDir private Path folder;
  private final Repository repository = new Repository();

  @BeforeEach
  void trust() throws Exception {
    Role.DelegatedRole role =
        new Role.DelegatedRole(ROLE, signedBy(1, KEY), List.of("advisories/*"), List.of(), true);
    repository.delegations = new Role.Delegations(keys(KEY), List.of(role), null);
    TufClient.init(home(), repository.file("1.root.json"));
  }

  private Path home() {
    return folder.resolve("tuf");
  }

  private Path kept() {
    return folder.resolve("trust");
  }

  private Path list() {
    return kept().resolve(TufClient.fileName(LIST));
  }

  /** The file of the advisories role that names a list, and no other target. */
  private byte[] naming(long version, String content, SigningKey by) {
    return signed(version, Map.of(LIST, repository.target(LIST, content)), by);
  }

  private static byte[] signed(long version, Map<String, Role.TargetFile> named, SigningKey by) {
    return RoleWriter.sign(new Role.Targets(version, LATER, named, null), List.of(by));
  }

  /** Advisories, and everything else, of one version. */
  private void publish(long version, String content) {
    repository.put(ROLE, version, naming(version, content, KEY));
    repository.publish(version);
  }

  private void publishNothing(long version) {
    repository.put(ROLE, version, signed(version, Map.of(), KEY));
    repository.publish(version);
  }

  private TufClient online() {
    return new TufClient(home(), repository, NOW);
  }

  private Optional<TufClient.LastSeen> lastSeen() throws Exception {
    return TufClient.held(home()).lastSeen(LIST, kept());
  }

  private boolean take(long version, String content) throws Exception {
    return TufClient.held(home())
        .takeSeen(LIST, kept(), content.getBytes(UTF_8), naming(version, content, KEY));
  }

  private void assertSeen(long version, String content) throws Exception {
    TufClient.LastSeen seen = lastSeen().orElseThrow();
    assertThat(seen.role().version()).isEqualTo(version);
    assertThat(seen.file()).isEqualTo(list()).hasContent(content);
    assertThat(seen.roleFile()).hasBinaryContent(naming(version, content, KEY));
  }

  private List<Path> keptRoles() throws Exception {
    try (var files = Files.list(kept())) {
      return files.filter(file -> !file.equals(list())).toList();
    }
  }

  @Test
  void aListIsKeptWithTheRoleThatNamesItAndWithNoFormerOne() throws Exception {
    publish(2, "two");
    assertThat(online().downloadWithRole(LIST, kept())).isEqualTo(list()).hasContent("two");
    assertThat(keptRoles()).singleElement().satisfies(f -> assertRole(f, 2, "two"));
    assertSeen(2, "two");
    repository.asked.clear();
    online().downloadWithRole(LIST, kept());
    assertThat(repository.asked).containsExactly("2.root.json", "timestamp.json");
    publish(3, "three");
    online().downloadWithRole(LIST, kept());
    assertThat(keptRoles()).singleElement().satisfies(f -> assertRole(f, 3, "three"));
    assertSeen(3, "three");
  }

  private void assertRole(Path file, long version, String content) {
    assertThat(file).hasBinaryContent(naming(version, content, KEY));
  }

  @Test
  void aRoleOfALaterVersionThatNamesTheSameListIsKeptInTheFormersPlace() throws Exception {
    publish(2, "same");
    online().downloadWithRole(LIST, kept());
    publish(3, "same");
    online().downloadWithRole(LIST, kept());
    assertThat(keptRoles()).singleElement().satisfies(f -> assertRole(f, 3, "same"));
  }

  @Test
  void underNewerMetadataTheRoleCountsThatWasKeptWithTheList() throws Exception {
    publish(2, "two");
    online().downloadWithRole(LIST, kept());
    publish(3, "three");
    assertThat(online().find(LIST)).contains(repository.target(LIST, "three"));
    assertSeen(2, "two");
    Files.delete(home().resolve(ROLE + ".json"));
    assertSeen(2, "two");
  }

  @Test
  void aRoleThatNamesNoListAnyMoreTakesTheFormerOneAway() throws Exception {
    publish(2, "two");
    online().downloadWithRole(LIST, kept());
    publishNothing(3);
    assertThat(online().find(LIST)).isEmpty();
    assertThat(lastSeen()).isEmpty();
    assertThat(take(2, "two")).isFalse();
    assertThatThrownBy(() -> online().downloadWithRole(LIST, kept()))
        .isInstanceOf(TufException.class)
        .hasMessageContaining("no role names the target");
  }

  @Test
  void aNewerListStaysUnderAnOlderRoleThatNamesNone() throws Exception {
    publishNothing(3);
    assertThat(online().find(LIST)).isEmpty();
    assertThat(take(7, "seven")).isTrue();
    assertSeen(7, "seven");
    assertThat(take(5, "five")).isFalse();
    assertSeen(7, "seven");
    assertThat(take(8, "eight")).isTrue();
    assertSeen(8, "eight");
  }

  @Test
  void whatWasNeverHereIsNotSeen() throws Exception {
    publish(2, "two");
    online().refresh();
    assertThat(lastSeen()).isEmpty();
    assertThat(kept()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"changed", "missing", "of another key", "of another list"})
  void aListForWhichNobodyVouchesIsRefusedUntilAnotherIsTaken(String damage) throws Exception {
    publish(2, "two");
    online().downloadWithRole(LIST, kept());
    publish(3, "three");
    online().find(LIST);
    Path role = keptRoles().getFirst();
    switch (damage) {
      case "changed" -> Files.writeString(list(), "twO");
      case "missing" -> Files.delete(role);
      case "of another key" -> Files.write(role, naming(2, "two", OTHER));
      default -> Files.write(role, naming(2, "one", KEY));
    }
    assertThatThrownBy(this::lastSeen)
        .isInstanceOf(TufException.class)
        .hasMessageContaining("none that signed metadata names");
    assertThat(take(2, "two")).isFalse();
    assertThat(take(3, "three")).isTrue();
    assertSeen(3, "three");
    assertThat(keptRoles()).hasSize(1);
  }

  @Test
  void onlyANewerListIsTakenFromAnotherHome() throws Exception {
    publish(2, "two");
    online().downloadWithRole(LIST, kept());
    assertThat(take(1, "one")).isFalse();
    assertThat(take(2, "two")).isFalse();
    assertThat(take(4, "four")).isTrue();
    assertThat(keptRoles()).singleElement().satisfies(f -> assertRole(f, 4, "four"));
    assertSeen(4, "four");
    assertThat(take(3, "three")).isFalse();
    assertSeen(4, "four");
  }

  @Test
  void aListOfAnotherHomeThatNobodyVouchesForIsRefusedAndNotKept() throws Exception {
    publish(2, "two");
    online().downloadWithRole(LIST, kept());
    TufClient held = TufClient.held(home());
    byte[] list = "three".getBytes(UTF_8);
    byte[] role = naming(3, "three", KEY);
    assertThatThrownBy(() -> held.takeSeen(LIST, kept(), list, naming(3, "three", OTHER)))
        .isInstanceOf(TufException.class)
        .hasMessageContaining("expected signatures of 1 of 1 keys");
    assertThatThrownBy(() -> held.takeSeen(LIST, kept(), "threE".getBytes(UTF_8), role))
        .isInstanceOf(TufException.class)
        .hasMessageContaining("target " + LIST + " refused");
    assertThatThrownBy(() -> held.takeSeen(LIST, kept(), list, signed(3, Map.of(), KEY)))
        .isInstanceOf(TufException.class)
        .hasMessage("the role advisories does not name the target " + LIST);
    assertSeen(2, "two");
    assertThat(keptRoles()).hasSize(1);
    assertThat(held.takeSeen(LIST, kept(), list, role)).isTrue();
  }

  @Test
  void aHomeThatReadNoAdvisoriesYetTakesThem() throws Exception {
    publish(2, "two");
    online().refresh();
    assertThat(home().resolve(ROLE + ".json")).doesNotExist();
    assertThat(take(1, "one")).isTrue();
    assertSeen(1, "one");
  }

  @Test
  void aTargetOfTheTopLevelRoleIsKeptWithThatOne() throws Exception {
    String path = "trust/policy";
    repository.targets.put(path, repository.target(path));
    publish(2, "two");
    assertThat(online().downloadWithRole(path, kept())).hasContent(path);
    TufClient.LastSeen seen = TufClient.held(home()).lastSeen(path, kept()).orElseThrow();
    assertThat(seen.roleFile()).isEqualTo(home().resolve("targets.json"));
    assertThat(keptRoles())
        .anySatisfy(file -> assertThat(file).hasBinaryContent(repository.file("2.targets.json")));
  }

  @Test
  void aTargetNamedByAnotherHashAloneIsFetchedAndItsRoleNotKept() throws Exception {
    repository.consistent = false;
    repository.root(2, LATER, repository.by(Role.Kind.ROOT));
    String hash =
        java.util.HexFormat.of()
            .formatHex(
                java.security.MessageDigest.getInstance("SHA-512").digest("two".getBytes(UTF_8)));
    repository.target(LIST, "two");
    repository.put(
        ROLE, 2, signed(2, Map.of(LIST, new Role.TargetFile(3, Map.of("sha512", hash))), KEY));
    repository.publish(2);
    assertThat(online().downloadWithRole(LIST, kept())).hasContent("two");
    assertThat(keptRoles()).isEmpty();
  }
}
