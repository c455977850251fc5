package dev.raya.integration.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.digest.Digest;
import dev.raya.integration.demo.Programs;
import dev.raya.integration.demo.RegistryProcess;
import dev.raya.integration.demo.Trees;
import dev.raya.integration.journey.Suite;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.trust.TrustKeys;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.SigningKey;
import dev.raya.tuf.repository.RegistryRole;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleReader;
import dev.raya.tuf.role.RoleWriter;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The drill (security.md, Roots; anchors S7): a thief has the server, its database and every online
 * key: timestamp, snapshot, bins, advisories, log, witness. Of a claimed package no client takes
 * what the thief publishes; what its owner publishes is taken the moment after.
 */
@ExtendWith(Suite.Extension.class)
final class StolenKeysTest {
  private static final int INTEGRITY = 3;
  private static final int TRIES = 100;

  private Path folder = Path.of("");
  private DataDirectory data = new DataDirectory(Path.of("").toAbsolutePath());
  private RegistryProcess registry;
  private TamperingProxy proxy;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void start() throws IOException {
    folder = Suite.workFolder();
    data = new DataDirectory(folder.resolve("data"));
    registry = Suite.startRegistry(data.root(), folder.resolve("registry.log"));
    proxy = new TamperingProxy(registry.url());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    registry.close();
    http.close();
    Trees.remove(folder);
  }

  private Programs person(String home) throws IOException {
    return Programs.of(Suite.BIN, folder.resolve(home))
        .with("RAYA_REGISTRY", registry.url())
        .with("RAYA_TOKEN", Suite.token(data.root(), folder, "owner"));
  }

  private Programs.Outcome publish(Suite suite, Programs as, String name, String version)
      throws IOException {
    Path library =
        suite.project(
            "[package]\nname = \""
                + name
                + "\"\nversion = \""
                + version
                + "\"\nmain = \"src/main.raya\"\ndescription = \"d\"\nlicense = \"MIT\"\n",
            "export function one(): int {\n  return 1;\n}\n");
    return as.run(library, "raya-pm", "publish");
  }

  private Victim victim(String home, String dependency) throws IOException {
    Victim victim = Victim.at(Files.createDirectories(folder.resolve(home)), proxy.url());
    victim.write(
        "raya.toml",
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nmain = \"src/main.raya\"\n\n"
            + "[dependencies]\n"
            + dependency
            + " = \"^1.0\"\n");
    return victim;
  }

  private Programs.Outcome admin(String... words) throws IOException {
    return Programs.of(Suite.REGISTRY_BIN, folder.resolve("admin"))
        .run(folder, "raya-registry", words);
  }

  private void claim(String name) throws Exception {
    Programs.Outcome claimed = admin("claim", name, "--data-dir", data.root().toString());
    assertThat(claimed.exit()).as(claimed.err()).isZero();
    Files.move(new TrustKeys(data).offline(), folder.resolve("safe"));
    for (int i = 0; claims() < 2 && i < TRIES; i++) {
      new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
    }
    assertThat(claims()).as("version of the claimed role").isEqualTo(2);
  }

  private SignedAnew metadata() {
    return new SignedAnew(registry.url(), new TrustKeys(data), http);
  }

  private long claims() throws Exception {
    return version(metadata().snapshot().files(), RegistryRole.CLAIMED);
  }

  private static long version(Map<String, Role.MetaFile> files, RegistryRole role) {
    return Objects.requireNonNull(files.get(role.file()), role.file()).version();
  }

  private List<SigningKey> stolen(RegistryRole role) throws Exception {
    return new TrustKeys(data).load(role);
  }

  /** Everything that may be signed with the stolen keys, over these files. */
  private Map<String, byte[]> signed(Map<String, Role.MetaFile> files, Map<String, byte[]> more)
      throws Exception {
    Role.Timestamp before = metadata().timestamp();
    long number = before.snapshot().version() + 1_000;
    byte[] snapshot =
        RoleWriter.sign(
            new Role.Snapshot(number, metadata().snapshot().expires(), files),
            stolen(RegistryRole.SNAPSHOT));
    byte[] timestamp =
        RoleWriter.sign(
            new Role.Timestamp(
                before.version() + 1_000,
                before.expires(),
                new Role.MetaFile(
                    number, (long) snapshot.length, Map.of("sha256", Digest.of(snapshot).hex()))),
            stolen(RegistryRole.TIMESTAMP));
    Map<String, byte[]> forged = new LinkedHashMap<>();
    more.forEach((path, bytes) -> forged.put("/" + path, bytes));
    forged.put("/tuf/" + number + ".snapshot.json", snapshot);
    forged.put("/tuf/timestamp.json", timestamp);
    return forged;
  }

  private static void refused(String what, Victim victim, String command) {
    Victim.Outcome outcome = victim.run(command, "--timeout", "5s");
    assertThat(outcome.exit()).as(what + ": " + outcome.out() + outcome.err()).isEqualTo(INTEGRITY);
    assertThat(outcome.err()).as(what).contains("error[RAYA-SEC-0");
  }

  private static void taken(Victim victim, String command, String version) {
    Victim.Outcome outcome = victim.run(command);
    assertThat(outcome.exit()).as(outcome.out() + outcome.err()).isZero();
    assertThat(victim.read("raya.lock")).contains("version = \"" + version + "\"");
  }

  /** The thief is in the server: it believes that the thief's key is the owner's. */
  private void breakIn(Suite suite) throws Exception {
    Path claim = data.tree().resolve("claimed/" + new PackageName("vault").indexPath());
    Files.delete(claim);
    Programs thief = person("thief");
    for (String[] step : new String[][] {{"key", "generate"}, {"key", "register"}}) {
      Programs.Outcome outcome = thief.run(folder, "raya-pm", step);
      assertThat(outcome.exit()).as(outcome.err()).isZero();
    }
    for (String name : List.of("vault", "plain")) {
      publish(suite, thief, name, "1.1.0");
      String index =
          new String(
              metadata().served("index/" + new PackageName(name).indexPath()),
              StandardCharsets.UTF_8);
      assertThat(index).as("logged and signed with the online keys").contains("\"1.1.0\"");
    }
  }

  /**
   * The server is the operator's again: new online keys, which the offline ones name, so that
   * clients forget the versions to which the thief ran metadata forward; the thief's version goes.
   */
  private void recover() throws IOException {
    int port = registry.port();
    registry.close();
    Files.move(folder.resolve("safe"), new TrustKeys(data).offline());
    for (RegistryRole role : RegistryRole.values()) {
      if (role.online()) {
        Programs.Outcome rotated =
            admin("tuf", "rotate", role.id(), "--data-dir", data.root().toString());
        assertThat(rotated.exit()).as(role + ": " + rotated.err()).isZero();
      }
    }
    registry =
        RegistryProcess.start(
            Suite.REGISTRY_BIN.resolve("raya-registry"),
            data.root(),
            port,
            folder.resolve("registry.log"));
    Programs.Outcome gone =
        admin(
            "takedown", "vault@1.1.0", "--reason", "malware", "--data-dir", data.root().toString());
    assertThat(gone.exit()).as(gone.err()).isZero();
  }

  @Test
  void nobodyPublishesForAClaimedPackageWithEveryOnlineKey(Suite suite) throws Exception {
    Programs owner = person("owner");
    for (String name : List.of("vault", "plain")) {
      Programs.Outcome published = publish(suite, owner, name, "1.0.0");
      assertThat(published.exit()).as(published.err()).isZero();
    }
    claim("vault");
    Victim known = victim("known", "vault");
    Victim open = victim("open", "plain");
    taken(known, "install", "1.0.0");
    taken(open, "install", "1.0.0");

    breakIn(suite);
    refused("the thief's version", known, "update");
    refused("the thief's version, at first contact", victim("new", "vault"), "install");
    assertThat(known.read("raya.lock")).contains("version = \"1.0.0\"");
    // What a claim is for: without one, whoever has the server publishes.
    taken(open, "update", "1.1.0");

    int number = 0;
    for (Map.Entry<String, Map<String, byte[]>> forgery : forgeries().entrySet()) {
      proxy.tamper(SignedAnew.serving(forgery.getValue()));
      refused(forgery.getKey(), known, "update");
      refused(forgery.getKey(), victim("new-" + number++, "vault"), "install");
      assertThat(known.read("raya.lock")).contains("version = \"1.0.0\"");
    }

    proxy.honest();
    recover();
    Programs.Outcome honest = publish(suite, owner, "vault", "1.2.0");
    assertThat(honest.exit()).as(honest.err()).isZero();
    taken(victim("afterwards", "vault"), "install", "1.2.0");
    taken(known, "update", "1.2.0");
  }

  /** What stolen keys can make of the metadata that stands between a client and the claim. */
  private Map<String, Map<String, byte[]>> forgeries() throws Exception {
    Map<String, Role.MetaFile> files = metadata().snapshot().files();
    String role = RegistryRole.CLAIMED.file();
    Role.Targets claimed =
        RoleReader.targets(metadata().served("tuf/" + claims() + "." + role)).role();
    List<SigningKey> online = new ArrayList<>();
    for (RegistryRole each : RegistryRole.values()) {
      if (each.online()) {
        online.addAll(stolen(each));
      }
    }
    long next = claims() + 1;
    byte[] empty =
        RoleWriter.sign(new Role.Targets(next, claimed.expires(), Map.of(), null), online);
    Map<String, Map<String, byte[]>> forgeries = new LinkedHashMap<>();
    forgeries.put(
        "an empty claimed role signed with all online keys",
        signed(with(files, role, next), Map.of("tuf/" + next + "." + role, empty)));
    Map<String, Role.MetaFile> without = new TreeMap<>(files);
    without.remove(role);
    forgeries.put("a snapshot without the claimed role", signed(without, Map.of()));
    forgeries.put(
        "rolled back to the claimed role before the claim", signed(with(files, role, 1), Map.of()));
    String targets = RegistryRole.TARGETS.file();
    long named = version(files, RegistryRole.TARGETS);
    Role.Targets top = RoleReader.targets(metadata().served("tuf/" + named + "." + targets)).role();
    long above = named + 1;
    forgeries.put(
        "targets that delegate no claims, signed with all online keys",
        signed(
            with(files, targets, above),
            Map.of(
                "tuf/" + above + "." + targets,
                RoleWriter.sign(
                    new Role.Targets(above, top.expires(), top.targets(), null), online))));
    return forgeries;
  }

  private static Map<String, Role.MetaFile> with(
      Map<String, Role.MetaFile> files, String name, long version) {
    Map<String, Role.MetaFile> changed = new TreeMap<>(files);
    changed.put(name, new Role.MetaFile(version, null, Map.of()));
    return changed;
  }
}
