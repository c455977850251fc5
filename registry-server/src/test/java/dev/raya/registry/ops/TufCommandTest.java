package dev.raya.registry.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.registry.signer.HeldKeys;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.DirectoryStaticTree;
import dev.raya.registry.storage.KeysLock;
import dev.raya.registry.storage.StorageException;
import dev.raya.registry.trust.Claims;
import dev.raya.registry.trust.OfflineRenewal;
import dev.raya.registry.trust.TrustKeys;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.SigningKey;
import dev.raya.tuf.client.TufClient;
import dev.raya.tuf.client.TufSource;
import dev.raya.tuf.repository.ClaimBins;
import dev.raya.tuf.repository.DirectoryMetadata;
import dev.raya.tuf.repository.OfflineRoles;
import dev.raya.tuf.repository.OnlineRepository;
import dev.raya.tuf.repository.RegistryRole;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleReader;
import dev.raya.tuf.role.RoleWriter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ceremony and rotation of a registry that was never started, with files alone. */
final class TufCommandTest {
  private static final String ORIGIN = "https://registry.example";
  private static final String DOCUMENT = "index/3f/a2/logging";

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private int run(String... line) {
    out.reset();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    return new CommandLine(stream, stream, new SecureRandom(), InstantSource.system(), options -> 1)
        .run(List.of(line));
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private TufClient client(Path data) throws Exception {
    Path tuf = data.resolve("tree/tuf");
    Path home = folder.resolve("client");
    if (!Files.isDirectory(home)) {
      TufClient.init(home, Files.readAllBytes(tuf.resolve("1.root.json")));
    }
    TufSource source =
        new TufSource() {
          @Override
          public Optional<byte[]> metadata(String path, long limit) throws java.io.IOException {
            Path file = tuf.resolve(path);
            return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
          }

          @Override
          public boolean target(String path, Path file, long limit) {
            return false;
          }
        };
    return new TufClient(home, source, InstantSource.system().instant());
  }

  @Test
  void everyRoleIsRotatedAndAClientThatKnowsTheFirstRootFollows() throws Exception {
    Path data = folder.resolve("data");
    String dir = data.toString();
    assertThat(run("tuf", "ceremony", "--data-dir", dir, "--origin", "ftp://x")).isEqualTo(2);
    assertThat(run("tuf", "ceremony", "--data-dir", dir, "--origin", ORIGIN)).isZero();
    assertThat(printed()).startsWith("sha256:");
    assertThat(run("tuf", "ceremony", "--data-dir", dir, "--origin", ORIGIN)).isEqualTo(1);
    DataDirectory directory = new DataDirectory(data).create();
    DirectoryMetadata metadata = new DirectoryMetadata(data.resolve("tree/tuf"));
    Map<String, Long> offline = new TreeMap<>();
    for (String role : List.of("targets", "claimed", "toolchains", "nightly", "packages")) {
      offline.put(role + ".json", 1L);
    }
    InstantSource clock = InstantSource.system();
    OnlineRepository repository =
        new OnlineRepository(metadata, HeldKeys.open(directory, ORIGIN, clock), clock);
    repository.refresh(offline);
    Role.TargetFile file = new Role.TargetFile(3, Map.of("sha256", "0".repeat(64)));
    repository.publish(Map.of(DOCUMENT, file));
    assertThat(client(data).find(DOCUMENT)).contains(file);
    assertThat(run("tuf", "rotate", "nosuch", "--data-dir", dir)).isEqualTo(2);
    try (KeysLock server = KeysLock.shared(directory).orElseThrow()) {
      // Whatever database it uses.
      assertThat(run("tuf", "rotate", "bin", "--data-dir", dir)).isEqualTo(1);
      assertThat(printed()).contains("the registry is running: stop it");
      assertThat(server).isNotNull();
    }
    for (RegistryRole role : RegistryRole.values()) {
      assertThat(run("tuf", "rotate", role.id(), "--data-dir", dir)).as(printed()).isZero();
      assertThat(client(data).find(DOCUMENT)).as(role.id()).contains(file);
    }
    assertThat(client(data).find("trust/log.policy")).isPresent();
    assertThat(run("tuf", "verify", "--data-dir", dir)).as(printed()).isZero();

    // What clients could not read is not signed, and no key is replaced before that is known.
    for (String name : List.of("log.policy", "oidc.json", "registry.json", "witnesses")) {
      Path own = data.resolve("trust").resolve(name);
      Files.createDirectories(own.getParent());
      Files.writeString(own, "witness nonsense\n");
      assertThat(run("tuf", "rotate", "nightly", "--data-dir", dir)).as(name).isEqualTo(1);
      assertThat(printed()).contains(own.toString());
      Files.delete(own);
    }
    assertThat(data.resolve("keys/retired/nightly-2")).doesNotExist();

    // Offline keys move away; a file is signed where they are, and taken up.
    Path away = folder.resolve("away");
    Files.move(data.resolve("keys/offline"), away);
    assertThat(run("tuf", "rotate", "snapshot", "--data-dir", dir)).isEqualTo(1);
    assertThat(printed()).contains("are not in");
    long version = repository.versions().getOrDefault("nightly.json", -1L);
    Path nightly = data.resolve("tree/tuf/" + version + ".nightly.json");
    assertThat(
            run(
                "tuf",
                "sign",
                nightly.toString(),
                "--keys",
                away.resolve("nightly").toString(),
                "--renew",
                "7"))
        .as(printed())
        .isZero();
    byte[] signed = metadata.read(version + 1 + ".nightly.json").orElseThrow();
    assertThat(RoleReader.targets(signed).role().version()).isEqualTo(version + 1);
    assertThat(RoleReader.targets(signed).signatures()).hasSize(1);
    assertThat(new TrustKeys(directory).isHere(RegistryRole.NIGHTLY)).isFalse();
  }

  private int sign(Path file, Path keys, String... more) {
    List<String> line =
        new ArrayList<>(List.of("tuf", "sign", file.toString(), "--keys", keys.toString()));
    line.addAll(List.of(more));
    return run(line.toArray(String[]::new));
  }

  /** The file comes from a server that somebody may have broken into. */
  @Test
  void offlineKeysSignNothingThatIsNotWhatItIsCalledAndRenewOnlyWhatTheySigned() throws Exception {
    Path data = folder.resolve("data");
    String dir = data.toString();
    assertThat(run("tuf", "ceremony", "--data-dir", dir, "--origin", ORIGIN)).isZero();
    TrustKeys keys = new TrustKeys(new DataDirectory(data));
    Path usb = Files.createDirectories(folder.resolve("usb"));
    Path tuf = data.resolve("tree/tuf");
    Path claimed = Files.copy(tuf.resolve("1.claimed.json"), usb.resolve("1.claimed.json"));
    byte[] honest = Files.readAllBytes(claimed);
    Role.TargetFile file = new Role.TargetFile(1, Map.of("sha256", "0".repeat(64)));

    // Another role's file under the name: its keys would say what that role says.
    Path swapped = usb.resolve("1.targets.json");
    Files.write(swapped, honest);
    assertThat(sign(swapped, keys.offline(), "--renew", "7")).isEqualTo(3);
    assertThat(printed()).contains("it says that it is of the role claimed");
    Files.copy(tuf.resolve("1.nightly.json"), usb.resolve("1.toolchains.json"));
    assertThat(sign(usb.resolve("1.toolchains.json"), keys.offline(), "--renew", "7")).isEqualTo(3);
    assertThat(printed()).contains("nothing shows that the keys in");
    // Another version under the name, a name of no offline role, and no metadata at all.
    Files.write(usb.resolve("5.claimed.json"), honest);
    assertThat(sign(usb.resolve("5.claimed.json"), keys.offline())).isEqualTo(3);
    assertThat(printed()).contains("it holds version 1");
    Files.write(usb.resolve("1.timestamp.json"), honest);
    assertThat(sign(usb.resolve("1.timestamp.json"), keys.offline())).isEqualTo(2);
    for (String content : List.of("", "{}", "[".repeat(100_000))) {
      Files.writeString(usb.resolve("2.claimed.json"), content);
      assertThat(sign(usb.resolve("2.claimed.json"), keys.offline())).isEqualTo(3);
      assertThat(usb.resolve("2.claimed.json")).hasContent(content);
    }
    Files.delete(usb.resolve("2.claimed.json"));
    // Changed on the way, with the signatures of before or the online ones.
    Role.Targets more =
        OfflineRoles.claims(
            "claimed",
            1,
            RoleReader.targets(honest).role().expires(),
            Map.of("claimed/aa/bb/thief", file));
    Files.write(claimed, RoleWriter.sign(more, keys.load(RegistryRole.TIMESTAMP)));
    assertThat(sign(claimed, keys.offline(), "--renew", "7")).isEqualTo(3);
    assertThat(printed()).contains("nothing shows that the keys in");
    assertThat(usb.resolve("2.claimed.json")).doesNotExist();

    // The honest file: once with all keys of this role and no other, and nothing older afterwards.
    Files.write(claimed, honest);
    assertThat(sign(claimed, keys.offline(), "--renew", "7")).as(printed()).isZero();
    byte[] renewed = Files.readAllBytes(usb.resolve("2.claimed.json"));
    assertThat(RoleReader.targets(renewed).signatures()).hasSize(3);
    assertThat(sign(claimed, keys.offline(), "--renew", "7")).isEqualTo(1);
    // As if killed between memory and file: the same once more.
    Files.delete(usb.resolve("2.claimed.json"));
    assertThat(sign(claimed, keys.offline(), "--renew", "7")).as(printed()).isZero();
    assertThat(sign(usb.resolve("2.claimed.json"), keys.offline(), "--renew", "7")).isZero();
    Files.delete(usb.resolve("2.claimed.json"));
    assertThat(sign(claimed, keys.offline(), "--renew", "7")).isEqualTo(3);
    assertThat(printed()).contains("an older file in the place of the newest");
    // Two contents of one version.
    Role.Targets other =
        OfflineRoles.claims("claimed", 3, more.expires(), Map.of("claimed/aa/bb/thief", file));
    Files.write(usb.resolve("3.claimed.json"), RoleWriter.sign(other, List.of()));
    assertThat(sign(usb.resolve("3.claimed.json"), keys.offline())).isEqualTo(3);
    assertThat(printed()).contains("another version 3 of claimed");
  }

  /** From before files said their role: what one names has to lie in the bin it is called. */
  @Test
  void aFileThatDoesNotSayItsRoleIsRenewedAsNoBinThatItIsNot() throws Exception {
    Path data = folder.resolve("data");
    assertThat(run("tuf", "ceremony", "--data-dir", data.toString(), "--origin", ORIGIN)).isZero();
    TrustKeys keys = new TrustKeys(new DataDirectory(data));
    Instant expires = InstantSource.system().instant().plus(Duration.ofDays(7));
    Role.TargetFile file = new Role.TargetFile(1, Map.of("sha256", "0".repeat(64)));
    String own = "claimed/aa/bb/own";
    String bin = ClaimBins.of(4, own);
    Path given = folder.resolve("1." + bin + ".json");
    String other = bin.equals("claimed-7") ? "claimed-8" : "claimed-7";
    Path place = folder.resolve("1." + other + ".json");
    byte[] named =
        RoleWriter.sign(
            OfflineRoles.plain(1, expires, Map.of(own, file)), keys.load(RegistryRole.CLAIMED));
    Files.write(place, named);
    assertThat(sign(place, keys.offline(), "--renew", "7")).isEqualTo(3);
    assertThat(printed()).contains("it names " + own + ", which is of the role " + bin);
    Role.Targets split = new OfflineRoles(keys.known()).claimed(1, expires, 8);
    Files.write(
        place,
        RoleWriter.sign(
            new Role.Targets(1, expires, Map.of(), split.delegations()),
            keys.load(RegistryRole.CLAIMED)));
    assertThat(sign(place, keys.offline(), "--renew", "7")).isEqualTo(3);
    assertThat(printed()).contains("it hands on to other roles");
    assertThat(folder.resolve("2." + other + ".json")).doesNotExist();

    Files.write(given, named);
    assertThat(sign(given, keys.offline(), "--renew", "7")).as(printed()).isZero();
    assertThat(printed()).contains(", 1 targets", "did not say its role before");
    Path renewed = folder.resolve("2." + bin + ".json");
    assertThat(RoleReader.targets(Files.readAllBytes(renewed)).role().name()).isEqualTo(bin);
    assertThat(sign(renewed, keys.offline(), "--renew", "7")).as(printed()).isZero();
    assertThat(printed()).doesNotContain("did not say its role before");
    // An empty one fits everywhere: only who knows how many there are can tell.
    Files.write(
        place,
        RoleWriter.sign(OfflineRoles.plain(1, expires, Map.of()), keys.load(RegistryRole.CLAIMED)));
    assertThat(sign(place, keys.offline(), "--renew", "7")).as(printed()).isZero();
    assertThat(printed()).contains(", 0 targets", "did not say its role before");
  }

  @Test
  void aClaimSignsNothingThatSomebodyElsePutIntoTheTree() throws Exception {
    Path data = folder.resolve("data");
    String dir = data.toString();
    assertThat(run("tuf", "ceremony", "--data-dir", dir, "--origin", ORIGIN)).isZero();
    DataDirectory directory = new DataDirectory(data);
    DirectoryMetadata metadata = new DirectoryMetadata(data.resolve("tree/tuf"));
    DirectoryStaticTree tree = new DirectoryStaticTree(directory.tree());
    InstantSource clock = InstantSource.system();
    OfflineRenewal roles = new OfflineRenewal(metadata, new TrustKeys(directory), clock);
    PackageName name = new PackageName("coveted");
    byte[] claim = Claims.document(name, List.of());
    Role.TargetFile file = new Role.TargetFile(1, Map.of("sha256", "0".repeat(64)));
    Role.Targets forged =
        OfflineRoles.plain(
            999, clock.instant().plus(Duration.ofDays(1)), Map.of("claimed/other", file));
    SigningKey stranger = SigningKey.generate(new SecureRandom());
    byte[] older = metadata.read("1.claimed.json").orElseThrow();
    for (byte[] planted :
        List.of(
            RoleWriter.sign(forged, List.of()),
            RoleWriter.sign(forged, List.of(stranger)),
            older)) {
      metadata.write("999.claimed.json", planted);
      assertThatThrownBy(() -> Claims.sign(tree, roles, name, claim))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("claimed.json");
      assertThatThrownBy(() -> roles.renew(Map.of())).isInstanceOf(StorageException.class);
      assertThat(metadata.read("1000.claimed.json")).isEmpty();
      assertThat(Claims.publishers(tree, name)).isEmpty();
    }
    Files.delete(data.resolve("tree/tuf/999.claimed.json"));
    Claims.sign(tree, roles, name, claim);
    byte[] signed = metadata.read("2.claimed.json").orElseThrow();
    assertThat(RoleReader.targets(signed).role().targets()).containsOnlyKeys(Claims.path(name));
  }
}
