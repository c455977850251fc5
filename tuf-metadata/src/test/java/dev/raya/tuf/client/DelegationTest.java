package dev.raya.tuf.client;

import static dev.raya.tuf.client.Repository.NOW;
import static dev.raya.tuf.client.Repository.key;
import static dev.raya.tuf.client.Repository.keys;
import static dev.raya.tuf.client.Repository.signedBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.key.SigningKey;
import dev.raya.tuf.TufException;
import dev.raya.tuf.role.Role;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may speak for a target. */
final class DelegationTest {
  private static final SigningKey KEY = key(50);
  private static final SigningKey OTHER = key(51);
  private static final Role.Delegations NONE = new Role.Delegations(Map.of(), List.of(), null);

  @TempDir private Path home;
  private final Repository repository = new Repository();

  @BeforeEach
  void trust() throws Exception {
    TufClient.init(home, repository.file("1.root.json"));
  }

  private static Role.DelegatedRole to(String name, boolean terminating, String... paths) {
    return new Role.DelegatedRole(name, signedBy(1, KEY), List.of(paths), List.of(), terminating);
  }

  private static Role.Delegations named(Role.DelegatedRole... roles) {
    return new Role.Delegations(keys(KEY), List.of(roles), null);
  }

  private void role(String name, Role.Delegations further, String... targets) {
    repository.delegated(name, 1, further, List.of(KEY), targets);
  }

  private void publish(Role.DelegatedRole... roles) {
    repository.delegations = named(roles);
    repository.publish(2);
  }

  private TufClient client() {
    return new TufClient(home, repository, NOW);
  }

  private List<String> visited() {
    List<String> visited = new ArrayList<>(repository.asked);
    return visited.subList(4, visited.size());
  }

  @Test
  void rolesAreAskedDepthFirstInTheirOrderAndOnce() throws Exception {
    role("a", named(to("c", false, "*"), to("b", false, "*")));
    role("b", named(to("a", false, "*"), to("d", false, "x*")));
    role("c", named(to("a", false, "*")));
    role("d", NONE, "path");
    publish(to("a", false, "*"), to("b", false, "*"));
    assertThat(client().find("path")).isEmpty();
    assertThat(visited()).containsExactly("1.a.json", "1.c.json", "1.b.json");
    role("b", NONE, "path");
    Files.delete(home.resolve("b.json"));
    assertThat(client().find("path")).isPresent();
  }

  @Test
  void nothingIsAskedBehindATerminatingRole() throws Exception {
    role("a", named(to("c", true, "*")));
    role("b", NONE, "path");
    role("c", named(to("d", false, "*")));
    role("d", NONE);
    publish(to("a", false, "*"), to("b", false, "*"));
    assertThat(client().find("path")).isEmpty();
    assertThat(visited()).containsExactly("1.a.json", "1.c.json", "1.d.json");
    repository.asked.clear();
    role("a", NONE);
    Files.delete(home.resolve("a.json"));
    assertThat(client().find("path")).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "*, a, true",
    "*, a/b, false",
    "a/*/c, a/b/c, true",
    "a/*/c, a/b/d, false",
    "a?c, abc, true",
    "a?c, ac, false",
    "a?c, a/c, false",
    "*.tgz, x.tgz, true",
    "*.tgz, x.TGZ, false",
    "a*b*c, aXbYbZc, true",
    "a*b*c, aXbYbZ, false",
    "[a-c]x, bx, true",
    "[!a-c]x, bx, false",
    "[]]x, ]x, true",
    "[ab, [ab, true",
    "*a, a, true",
    "a**, a, true",
  })
  void patterns(String pattern, String path, boolean matches) {
    assertThat(PathPattern.matches(pattern, path)).isEqualTo(matches);
  }

  @Test
  void aLongPatternTakesNoLongTime() {
    assertThat(PathPattern.matches("*a".repeat(2_000) + "b", "a".repeat(20_000))).isFalse();
  }

  @Test
  void aKeptRoleIsNotTrustedForAnotherDelegator() throws Exception {
    role("a", named(to("shared", false, "a/*")));
    repository.delegated(
        "b",
        1,
        new Role.Delegations(
            keys(OTHER),
            List.of(
                new Role.DelegatedRole(
                    "shared", signedBy(1, OTHER), List.of("b/*"), List.of(), false)),
            null),
        List.of(KEY));
    role("shared", NONE, "a/file", "b/file");
    publish(to("a", false, "a/*"), to("b", false, "b/*"));
    TufClient client = client();
    assertThat(client.download("a/file", home.resolve("out"))).hasContent("a/file");
    assertThatThrownBy(() -> client.download("b/file", home.resolve("out")))
        .isInstanceOf(TufException.class)
        .hasMessageContaining("expected signatures of 1 of 1 keys on targets");
    repository.delegated("shared", 1, NONE, List.of(KEY, OTHER), "a/file", "b/file");
    Files.delete(home.resolve("shared.json"));
    TufClient both = client();
    assertThat(both.download("a/file", home.resolve("out"))).hasContent("a/file");
    assertThat(both.download("b/file", home.resolve("out"))).hasContent("b/file");
  }

  @Test
  void aRoleThatTheSnapshotDoesNotNameIsNotAskedFor() throws Exception {
    role("a", NONE, "path");
    repository.meta.remove("a.json");
    publish(to("a", false, "*"));
    assertThatThrownBy(() -> client().find("path")).hasMessageContaining("does not name a.json");
    assertThat(visited()).isEmpty();
  }

  @Test
  void aSearchVisitsABoundedNumberOfRoles() throws Exception {
    int count = TargetSearch.MAX_ROLES + 1;
    Role.DelegatedRole[] roles = new Role.DelegatedRole[count];
    for (int i = 0; i < count; i++) {
      roles[i] = to("r" + i, false, "*");
      role("r" + i, NONE, "path" + i);
    }
    publish(roles);
    assertThat(client().find("path" + (count - 2))).isPresent();
    assertThatThrownBy(() -> client().find("path" + (count - 1)))
        .hasMessageContaining("more than 32 delegated roles");
  }

  @Test
  void hashPrefixesDelegate() throws Exception {
    String hash = Digest.of("path".getBytes(StandardCharsets.UTF_8)).hex();
    role("a", NONE, "path", "elsewhere");
    publish(
        new Role.DelegatedRole(
            "a", signedBy(1, KEY), List.of(), List.of(hash.substring(0, 3)), false));
    assertThat(client().find("path")).isPresent();
    assertThat(client().find("elsewhere")).isEmpty();
  }

  @Test
  void everyTargetIsInTheBinOfItsHash() throws Exception {
    for (int bits : new int[] {1, 3, 8, 12, 32}) {
      Repository binned = new Repository();
      String hash = Digest.of("some/path".getBytes(StandardCharsets.UTF_8)).hex();
      String binary = Long.toBinaryString(1L << 32 | Long.parseLong(hash.substring(0, 8), 16));
      long number = Long.parseLong(binary.substring(1, 1 + bits), 2);
      String name = "bin-" + String.format("%0" + (bits + 3) / 4 + "x", number);
      binned.delegations =
          new Role.Delegations(
              keys(KEY), List.of(), new Role.HashBins(signedBy(1, KEY), bits, "bin"));
      binned.delegated(name, 1, NONE, List.of(KEY), "some/path");
      binned.publish(2);
      Path folder = home.resolve("bins" + bits);
      TufClient.init(folder, binned.file("1.root.json"));
      assertThat(new TufClient(folder, binned, NOW).find("some/path")).isPresent();
      binned.delegated(name, 1, NONE, List.of(OTHER), "some/path");
      Files.delete(folder.resolve(name + ".json"));
      assertThatThrownBy(() -> new TufClient(folder, binned, NOW).find("some/path"))
          .hasMessageContaining("expected signatures");
    }
  }

  @Test
  void aBinThatHoldsWhatFallsIntoAnotherIsNotTakenFromTheSourceNorFromTheFolder() throws Exception {
    String hash = Digest.of("some/path".getBytes(StandardCharsets.UTF_8)).hex();
    String own = "bin-" + hash.charAt(0);
    String other = "bin-" + (hash.charAt(0) == '0' ? '1' : '0');
    String foreign = "";
    for (int i = 0; !foreign.startsWith(other); i++) {
      String path = "other/path" + i;
      foreign = "bin-" + Digest.of(path.getBytes(StandardCharsets.UTF_8)).hex().charAt(0);
      if (foreign.equals(other)) {
        repository.delegated(other, 7, NONE, List.of(KEY), path);
      }
    }
    repository.delegated(own, 7, NONE, List.of(KEY), "some/path");
    repository.delegations =
        new Role.Delegations(keys(KEY), List.of(), new Role.HashBins(signedBy(1, KEY), 4, "bin"));
    repository.publish(2);
    byte[] swapped = repository.file("7." + other + ".json");
    byte[] honest = repository.replace("7." + own + ".json", swapped);
    assertThatThrownBy(() -> client().find("some/path"))
        .isInstanceOf(TufException.class)
        .hasMessageContaining("another bin in the place of " + own);
    repository.replace("7." + own + ".json", honest);
    assertThat(client().find("some/path")).isPresent();
    Files.write(home.resolve(own + ".json"), swapped);
    assertThat(client().find("some/path")).isPresent();
    assertThat(Files.readAllBytes(home.resolve(own + ".json"))).isEqualTo(honest);
  }

  @Test
  void whereADelegationAsksForNamesAFileCountsForTheRoleThatItNamesAlone() throws Exception {
    String hash = Digest.of("path".getBytes(StandardCharsets.UTF_8)).hex();
    String bin = "a-" + hash.charAt(0);
    Role.Delegations bins =
        new Role.Delegations(keys(KEY), List.of(), new Role.HashBins(signedBy(1, KEY), 4, "a"));
    repository.delegations =
        named(new Role.DelegatedRole("a", signedBy(1, KEY), List.of("*"), List.of(), true, true));
    repository.named("a", 1, "a", bins, KEY);
    repository.named(bin, 1, bin, NONE, KEY, "path");
    repository.publish(2);
    byte[] role = repository.file("1.a.json");
    byte[] ownBin = repository.file("1." + bin + ".json");
    assertThat(client().find("path")).isPresent();

    repository.replace("1.a.json", ownBin);
    Files.delete(home.resolve("a.json"));
    assertThatThrownBy(() -> client().find("path"))
        .hasMessage("another role in the place of a: the file is of " + bin);
    repository.replace("1.a.json", role);
    repository.named(bin, 1, "a-g", NONE, KEY);
    Files.delete(home.resolve(bin + ".json"));
    assertThatThrownBy(() -> client().find("path"))
        .hasMessage("another role in the place of " + bin + ": the file is of a-g");
    role(bin, NONE, "path");
    assertThatThrownBy(() -> client().find("path"))
        .hasMessage(
            "another role in the place of " + bin + ": the file does not say which one it is of");
    // What lies in the home is no better than what is served.
    repository.replace("1." + bin + ".json", ownBin);
    Files.write(home.resolve("a.json"), ownBin);
    assertThat(client().find("path")).isPresent();
    assertThat(Files.readAllBytes(home.resolve("a.json"))).isEqualTo(role);
  }

  @ParameterizedTest
  @ValueSource(strings = {"?", "#", "/role", "../role", "a b%2f", "..", "ä"})
  void namesAreQuotedInAddressesAndStayInTheFolder(String name) throws Exception {
    role(name, NONE, "path");
    publish(to(name, false, "*"));
    client().download("path", home.resolve("out"));
    String quoted = java.net.URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    assertThat(repository.asked).contains("1." + quoted + ".json");
    try (var inside = Files.list(home)) {
      assertThat(inside.filter(file -> file.toString().endsWith(".json"))).hasSize(5);
    }
    assertThat(home.resolve("../role.json")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"root", "Root", "TIMESTAMP"})
  void noDelegationTakesTheNameOfATopLevelRole(String name) {
    publish(to(name, false, "*"));
    assertThatThrownBy(() -> client().refresh()).hasMessageContaining("cannot be called " + name);
  }

  @Test
  void longNamesAreKeptUnderTheirDigest() throws Exception {
    String name = "ü".repeat(100);
    role(name, NONE, "path");
    publish(to(name, false, "*"));
    assertThat(client().find("path")).isPresent();
    repository.asked.clear();
    assertThat(client().find("path")).isPresent();
    assertThat(repository.asked).hasSize(2);
  }
}
