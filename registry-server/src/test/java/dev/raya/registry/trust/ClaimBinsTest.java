package dev.raya.registry.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.registry.signer.HeldKeys;
import dev.raya.registry.storage.StorageException;
import dev.raya.signing.key.SigningKey;
import dev.raya.tuf.TufException;
import dev.raya.tuf.repository.ClaimBins;
import dev.raya.tuf.repository.OfflineRoles;
import dev.raya.tuf.repository.RegistryRole;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleReader;
import dev.raya.tuf.role.RoleWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The claimed role above 256 entries: a client that knew it before follows each split, finds every
 * claim and none that is not there, and reads one bin for it.
 */
final class ClaimBinsTest {
  private static final Role.TargetFile FILE =
      new Role.TargetFile(3, Map.of("sha256", "0".repeat(64)));

  @TempDir Path folder;

  private static String path(int number) {
    return "claimed/%02x/%02x/package-%d".formatted(number & 0xff, number >> 8 & 0xff, number);
  }

  private static void assertFound(Ceremony held, Path home, List<String> claims) throws Exception {
    var client = held.client(home);
    for (String claim : claims) {
      assertThat(client.find(claim)).as(claim).contains(FILE);
    }
    assertThat(client.find("claimed/00/00/nobody")).isEmpty();
  }

  private static void refresh(Ceremony held) throws Exception {
    held.online()
        .refresh(held.renewal().renew(Rotation.targets(held.directory(), Ceremony.ORIGIN)));
  }

  private static long files(Ceremony held, String pattern) throws Exception {
    return held.metadata().names().stream().filter(name -> name.matches(pattern)).count();
  }

  @Test
  void isSplitAboveItsMostAndSplitFinerWhereABinHasMore() throws Exception {
    Ceremony held = Ceremony.in(folder.resolve("data"), new MemoryMetadata());
    Path known = folder.resolve("known");
    List<String> claims = new ArrayList<>();
    for (int number = 0; number < ClaimBins.MOST; number++) {
      held.renewal().claim(path(number), FILE);
      claims.add(path(number));
    }
    refresh(held);
    assertFound(held, known, claims);
    assertThat(files(held, ".*claimed-.*")).isZero();

    held.renewal().claim(path(ClaimBins.MOST), FILE);
    claims.add(path(ClaimBins.MOST));
    refresh(held);
    assertThat(files(held, "1\\.claimed-[0-9a-f]\\.json")).isEqualTo(16);
    assertFound(held, known, claims);
    assertFound(held, folder.resolve("new"), claims);

    // One more: one bin and no other file of the role.
    long before = files(held, ".*claimed.*");
    held.renewal().claim(path(300), FILE);
    claims.add(path(300));
    assertThat(files(held, ".*claimed.*")).isEqualTo(before + 1);
    refresh(held);
    assertFound(held, known, claims);

    int number = 1_000;
    for (int full = 0; full <= ClaimBins.MOST; number++) {
      if (ClaimBins.of(4, path(number)).equals("claimed-7")) {
        held.renewal().claim(path(number), FILE);
        claims.add(path(number));
        full++;
      }
    }
    refresh(held);
    assertThat(files(held, "1\\.claimed-[0-9a-f]{2}\\.json")).isEqualTo(256);
    assertFound(held, known, claims);
    assertFound(held, folder.resolve("newer"), claims);

    Rotation rotation =
        new Rotation(
            held.directory(),
            held.metadata(),
            HeldKeys::open,
            new SecureRandom(),
            InstantSource.system());
    rotation.begin(RegistryRole.CLAIMED);
    rotation.finish();
    assertFound(held, known, claims);
    for (Map.Entry<String, Long> file : held.online().versions().entrySet()) {
      if (file.getKey().matches("claimed-..\\.json")) {
        assertThat(file.getValue()).as(file.getKey()).isGreaterThan(1);
      }
    }
  }

  /** Snapshot and timestamp by the stolen online keys, and a file in the place of a role's. */
  private static Map<String, byte[]> forged(Ceremony held, String role, byte[] document)
      throws Exception {
    TrustKeys stolen = new TrustKeys(held.directory());
    Role.Timestamp before =
        RoleReader.timestamp(held.metadata().read("timestamp.json").orElseThrow()).role();
    long number = before.snapshot().version();
    Role.Snapshot named =
        RoleReader.snapshot(
                held.metadata().read(number + ".snapshot.json").orElseThrow(), Integer.MAX_VALUE)
            .role();
    long version = RoleReader.targets(document).role().version();
    Map<String, Role.MetaFile> files = new TreeMap<>(named.files());
    files.put(role + ".json", new Role.MetaFile(version, null, Map.of()));
    byte[] snapshot =
        RoleWriter.sign(
            new Role.Snapshot(number + 1, named.expires(), files),
            stolen.load(RegistryRole.SNAPSHOT));
    Role.MetaFile next =
        new Role.MetaFile(
            number + 1, (long) snapshot.length, Map.of("sha256", Digest.of(snapshot).hex()));
    byte[] timestamp =
        RoleWriter.sign(
            new Role.Timestamp(before.version() + 1, before.expires(), next),
            stolen.load(RegistryRole.TIMESTAMP));
    return Map.of(
        "timestamp.json",
        timestamp,
        number + 1 + ".snapshot.json",
        snapshot,
        version + "." + role + ".json",
        document);
  }

  private void assertServed(Ceremony held, String role, byte[] document, String claim, String what)
      throws Exception {
    var client = held.client(folder.resolve("new-" + what), forged(held, role, document));
    assertThat(client.find(claim)).as(what).contains(FILE);
  }

  /** What 0333 left: bins and role have the same keys, and the thief chooses all versions. */
  @Test
  void whoHoldsEveryOnlineKeyServesNoBinInThePlaceOfTheRoleNorOfAnotherBin() throws Exception {
    Ceremony held = Ceremony.in(folder.resolve("data"));
    for (int number = 0; number <= ClaimBins.MOST; number++) {
      held.renewal().claim(path(number), FILE);
    }
    refresh(held);
    String claim = path(7);
    String own = ClaimBins.of(4, claim);
    Map<String, byte[]> signed = new HashMap<>();
    for (Map.Entry<String, Long> file : held.online().versions().entrySet()) {
      if (file.getKey().matches("claimed.*")) {
        String role = file.getKey().replace(".json", "");
        signed.put(
            role, held.metadata().read(file.getValue() + "." + role + ".json").orElseThrow());
      }
    }
    // One that is empty, as bins of a fine split often are.
    signed.put(
        "claimed-fff",
        RoleWriter.sign(
            OfflineRoles.claims(
                "claimed-fff", 9, InstantSource.system().instant().plusSeconds(100_000), Map.of()),
            new TrustKeys(held.directory()).load(RegistryRole.CLAIMED)));
    assertThat(signed).hasSize(18);
    for (String place : List.of("claimed", own)) {
      assertServed(held, place, Objects.requireNonNull(signed.get(place)), claim, place);
      for (Map.Entry<String, byte[]> other : signed.entrySet()) {
        if (!other.getKey().equals(place)) {
          String what = other.getKey() + "-as-" + place;
          assertThatThrownBy(() -> assertServed(held, place, other.getValue(), claim, what))
              .as(what)
              .isInstanceOf(TufException.class)
              .hasMessageContaining("another role in the place of " + place);
        }
      }
    }
  }

  /** A registry whose claims were signed before files said which role they are of. */
  @Test
  void claimsGetTheirNamesFirstAndTargetsAskForThemAfterwards() throws Exception {
    Ceremony held = Ceremony.in(folder.resolve("data"));
    held.renewal().claim(path(1), FILE);
    TrustKeys keys = new TrustKeys(held.directory());
    InstantSource clock = InstantSource.system();
    Role.Targets named =
        RoleReader.targets(held.metadata().read("1.targets.json").orElseThrow()).role();
    held.metadata()
        .write(
            "2.targets.json",
            RoleWriter.sign(
                new OfflineRoles(keys.known()).targets(2, named.expires(), named.targets(), false),
                keys.load(RegistryRole.TARGETS)));
    held.metadata()
        .write(
            "3.claimed.json",
            RoleWriter.sign(
                OfflineRoles.plain(3, clock.instant().plusSeconds(500_000), Map.of(path(1), FILE)),
                keys.load(RegistryRole.CLAIMED)));
    Path known = folder.resolve("known");
    Files.move(keys.offline(), folder.resolve("away"));
    refresh(held);
    assertFound(held, known, List.of(path(1)));

    Files.move(folder.resolve("away"), keys.offline());
    refresh(held);
    assertThat(held.online().versions()).containsEntry("targets.json", 2L);
    assertFound(held, known, List.of(path(1)));
    byte[] claimed = held.metadata().read("4.claimed.json").orElseThrow();
    assertThat(RoleReader.targets(claimed).role().name()).isEqualTo("claimed");

    refresh(held);
    assertThat(held.online().versions()).containsEntry("targets.json", 3L);
    assertFound(held, known, List.of(path(1)));
    byte[] unnamed = held.metadata().read("3.claimed.json").orElseThrow();
    assertThatThrownBy(() -> assertServed(held, "claimed", unnamed, path(1), "unnamed"))
        .hasMessageContaining("does not say which one it is of");
    refresh(held);
    assertThat(held.online().versions())
        .containsEntry("targets.json", 3L)
        .containsEntry("claimed.json", 4L);
  }

  /** The same of a registry that split its claims twice: nobody asks for the first bins again. */
  @Test
  void binsOfASplitThatIsNotUsedAnyMoreKeepNoTargetsFromAskingForNames() throws Exception {
    Ceremony held = Ceremony.in(folder.resolve("data"), new MemoryMetadata());
    TrustKeys keys = new TrustKeys(held.directory());
    OfflineRoles roles = new OfflineRoles(keys.known());
    Instant expires = InstantSource.system().instant().plus(RegistryRole.CLAIMED.life());
    Map<String, Role.TargetFile> claims = Map.of(path(1), FILE, path(2), FILE);
    Role.Targets first =
        RoleReader.targets(held.metadata().read("1.targets.json").orElseThrow()).role();
    held.metadata()
        .write(
            "2.targets.json",
            RoleWriter.sign(
                roles.targets(2, first.expires(), first.targets(), false),
                keys.load(RegistryRole.TARGETS)));
    for (int bits : new int[] {4, 8}) {
      for (Map.Entry<String, SortedMap<String, Role.TargetFile>> bin :
          ClaimBins.split(bits, claims).entrySet()) {
        held.metadata()
            .write(
                "1." + bin.getKey() + ".json",
                RoleWriter.sign(
                    OfflineRoles.plain(1, expires, bin.getValue()),
                    keys.load(RegistryRole.CLAIMED)));
      }
    }
    Role.Targets split = roles.claimed(2, expires, 8);
    held.metadata()
        .write(
            "2.claimed.json",
            RoleWriter.sign(
                new Role.Targets(2, expires, Map.of(), split.delegations()),
                keys.load(RegistryRole.CLAIMED)));
    Path known = folder.resolve("known");
    refresh(held);
    assertThat(held.online().versions())
        .containsEntry("targets.json", 2L)
        .containsEntry("claimed.json", 3L);
    assertFound(held, known, List.copyOf(claims.keySet()));
    refresh(held);
    assertThat(held.online().versions())
        .containsEntry("targets.json", 3L)
        .containsEntry("claimed-0.json", 1L);
    assertFound(held, known, List.copyOf(claims.keySet()));
    byte[] unnamed = held.metadata().read("2.claimed.json").orElseThrow();
    assertThatThrownBy(() -> assertServed(held, "claimed", unnamed, path(1), "unnamed"))
        .hasMessageContaining("does not say which one it is of");
  }

  @Test
  void aBinThatSomebodyElsePutThereIsNotSignedAgain() throws Exception {
    Ceremony held = Ceremony.in(folder.resolve("data"), new MemoryMetadata());
    for (int number = 0; number <= ClaimBins.MOST; number++) {
      held.renewal().claim(path(number), FILE);
    }
    String bin = ClaimBins.of(4, path(7));
    Role.Targets forged =
        OfflineRoles.plain(
            99, InstantSource.system().instant().plusSeconds(100_000), Map.of(path(999), FILE));
    held.metadata()
        .write(
            "99." + bin + ".json",
            RoleWriter.sign(forged, List.of(SigningKey.generate(new SecureRandom()))));
    assertThatThrownBy(() -> held.renewal().claim(path(7), FILE))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(bin);
    assertThatThrownBy(() -> refresh(held)).isInstanceOf(StorageException.class);
    held.metadata().delete("99." + bin + ".json");
    Files.move(new TrustKeys(held.directory()).offline(), folder.resolve("away"));
    refresh(held);
    byte[] served = held.metadata().read("1." + bin + ".json").orElseThrow();
    assertThat(RoleReader.targets(served).signatures()).hasSize(3);
    assertThatThrownBy(() -> held.renewal().claim(path(1_000), FILE))
        .isInstanceOf(StorageException.class);
  }
}
