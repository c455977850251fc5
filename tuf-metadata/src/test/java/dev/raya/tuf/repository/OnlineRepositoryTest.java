package dev.raya.tuf.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.key.VerificationKey;
import dev.raya.tuf.TufException;
import dev.raya.tuf.client.TufClient;
import dev.raya.tuf.client.TufSource;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleReader;
import dev.raya.tuf.role.RoleWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OnlineRepositoryTest {
  private static final String LOGGING = "index/3f/a2/logging";
  private static final String CLAIM = "claimed/3f/a2/logging";

  @TempDir Path home;

  private final MemoryFiles served = new MemoryFiles();
  private final MemoryFiles memory = new MemoryFiles();
  private final Map<RegistryRole, List<SigningKey>> keys = new EnumMap<>(RegistryRole.class);
  private Instant now = Instant.parse("2026-06-01T00:00:00Z");

  /** Files in memory; a write may be the last one. */
  private static final class MemoryFiles implements MetadataFiles {
    private final TreeMap<String, byte[]> files = new TreeMap<>();
    private int left = Integer.MAX_VALUE;

    @Override
    public Optional<byte[]> read(String name) {
      return Optional.ofNullable(files.get(name));
    }

    @Override
    public void write(String name, byte[] content) throws IOException {
      if (left-- <= 0) {
        throw new IOException("the machine stopped here");
      }
      files.put(name, content);
      times.put(name, clock.get());
    }

    @Override
    public void writeSame(List<String> names, byte[] content) throws IOException {
      for (String name : names) {
        write(name, content);
      }
    }

    @Override
    public List<String> names() {
      return List.copyOf(files.keySet());
    }

    private final java.util.Map<String, Instant> times = new java.util.HashMap<>();
    private java.util.function.Supplier<Instant> clock = () -> Instant.EPOCH;

    @Override
    public Optional<Instant> written(String name) {
      return Optional.ofNullable(times.get(name));
    }

    @Override
    public void delete(String name) {
      files.remove(name);
    }
  }

  OnlineRepositoryTest() {
    int number = 1;
    for (RegistryRole role : RegistryRole.values()) {
      List<SigningKey> made = new java.util.ArrayList<>();
      for (int i = 0; i < role.keys(); i++) {
        byte[] seed = new byte[32];
        seed[0] = (byte) number++;
        made.add(SigningKey.ofSeed(seed));
      }
      keys.put(role, made);
    }
  }

  private List<SigningKey> of(RegistryRole role) {
    return Objects.requireNonNull(keys.get(role));
  }

  private OfflineRoles offlineRoles() {
    Map<RegistryRole, List<VerificationKey>> known = new EnumMap<>(RegistryRole.class);
    keys.forEach(
        (role, list) -> known.put(role, list.stream().map(SigningKey::verificationKey).toList()));
    return new OfflineRoles(known);
  }

  /** The offline roles, version 1 each. */
  private Map<String, Long> ceremony() throws IOException {
    OfflineRoles roles = offlineRoles();
    Instant year = now.plus(Duration.ofDays(365));
    Map<RegistryRole, Role> all = new LinkedHashMap<>();
    all.put(RegistryRole.ROOT, roles.root(1, year));
    all.put(RegistryRole.TARGETS, roles.targets(1, year, Map.of("trust/x", file("x")), false));
    all.put(RegistryRole.PACKAGES, roles.packages(1, year));
    for (RegistryRole role :
        List.of(RegistryRole.CLAIMED, RegistryRole.TOOLCHAINS, RegistryRole.NIGHTLY)) {
      Map<String, Role.TargetFile> targets =
          role == RegistryRole.CLAIMED ? Map.of(CLAIM, file("claim")) : Map.of();
      all.put(role, OfflineRoles.plain(1, year, targets));
    }
    Map<String, Long> offline = new TreeMap<>();
    for (Map.Entry<RegistryRole, Role> role : all.entrySet()) {
      served.write(
          "1." + role.getKey().file(), RoleWriter.sign(role.getValue(), of(role.getKey())));
      if (role.getKey() != RegistryRole.ROOT) {
        offline.put(role.getKey().file(), 1L);
      }
    }
    return offline;
  }

  private RoleSigner signer() throws TufException, IOException {
    Map<RegistryRole, SigningKey> online = new EnumMap<>(RegistryRole.class);
    keys.forEach(
        (role, list) -> {
          if (role.online()) {
            online.put(role, list.getFirst());
          }
        });
    return new RoleSigner(online, memory, () -> now);
  }

  private OnlineRepository repository() throws TufException, IOException {
    return new OnlineRepository(served, signer(), () -> now);
  }

  private static Role.TargetFile file(String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return new Role.TargetFile(bytes.length, Map.of("sha256", Digest.of(bytes).hex()));
  }

  private Optional<Role.TargetFile> find(String path) throws Exception {
    return client("client").find(path);
  }

  private TufClient client(String name) throws Exception {
    Path folder = home.resolve(name);
    if (!Files.isDirectory(folder)) {
      TufClient.init(folder, served.read("1.root.json").orElseThrow());
    }
    TufSource source =
        new TufSource() {
          @Override
          public Optional<byte[]> metadata(String path, long limit) {
            return served.read(path);
          }

          @Override
          public boolean target(String path, Path file, long limit) {
            return false;
          }
        };
    return new TufClient(folder, source, now);
  }

  @Test
  void aClientFindsWhatWasPublishedAndNothingElse() throws Exception {
    OnlineRepository repository = repository();
    assertThat(repository.refresh(ceremony())).isTrue();
    assertThat(find(LOGGING)).isEmpty();
    assertThat(find("trust/x")).contains(file("x"));
    repository.publish(Map.of(LOGGING, file("1"), "index/00/00/other", file("o")));
    assertThat(find(LOGGING)).contains(file("1"));
    repository.publish(Map.of(LOGGING, file("2")));
    assertThat(find(LOGGING)).contains(file("2"));
    assertThat(find("index/00/00/other")).contains(file("o"));
    repository.advisories(Map.of("advisories/osv.json", file("a")));
    assertThat(find("advisories/osv.json")).contains(file("a"));
    byte[] timestamp = served.read("timestamp.json").orElseThrow();
    repository.publish(Map.of(LOGGING, file("2")));
    assertThat(served.read("timestamp.json")).contains(timestamp);
    assertThat(repository().refresh(Map.of())).isFalse();
    assertThat(served.read("timestamp.json")).contains(timestamp);
  }

  @Test
  void whatGrowsOldIsSignedAnewInTime() throws Exception {
    OnlineRepository repository = repository();
    Map<String, Long> offline = ceremony();
    repository.refresh(offline);
    repository.publish(Map.of(LOGGING, file("1")));
    long bins = Objects.requireNonNull(repository.versions().get(HashBin.of(LOGGING) + ".json"));
    byte[] timestamp = served.read("timestamp.json").orElseThrow();
    now = now.plus(Duration.ofMinutes(59));
    repository.refresh(offline);
    assertThat(served.read("timestamp.json")).contains(timestamp);
    for (int hour = 0; hour < 24 * 8; hour += 6) {
      now = now.plus(Duration.ofHours(6));
      repository.refresh(offline);
      assertThat(find(LOGGING)).contains(file("1"));
    }
    assertThat(repository.versions().get(HashBin.of(LOGGING) + ".json"))
        .isIn(bins + 2, bins + 4, bins + 6);
    now = now.plus(Duration.ofDays(2));
    assertThatThrownBy(() -> find(LOGGING)).hasMessageContaining("expired");
  }

  @Test
  void aCrashAnywhereLeavesAStateThatIsServedAndGoneOnFrom() throws Exception {
    for (int steps = 0; ; steps++) {
      served.files.clear();
      memory.files.clear();
      Map<String, Long> offline = ceremony();
      repository().refresh(offline);
      // Each of the two folders may stop; the files of one publish are few.
      MemoryFiles stopping = steps % 2 == 0 ? served : memory;
      stopping.left = steps / 2;
      boolean ended = true;
      try {
        repository().publish(Map.of(LOGGING, file("1"), "index/00/00/other", file("o")));
      } catch (IOException stopped) {
        ended = false;
      }
      stopping.left = Integer.MAX_VALUE;
      client("before" + steps).refresh();
      OnlineRepository again = repository();
      again.refresh(offline);
      again.publish(Map.of(LOGGING, file("1"), "index/00/00/other", file("o")));
      again.publish(Map.of(LOGGING, file("2")));
      assertThat(client("after" + steps).find(LOGGING)).contains(file("2"));
      assertThat(client("before" + steps).find("index/00/00/other")).contains(file("o"));
      if (ended && stopping == served) {
        assertThat(steps).isGreaterThan(6);
        return;
      }
    }
  }

  @Test
  void aFolderFromABackupGoesOnWhereTheSignerIs() throws Exception {
    Map<String, Long> offline = ceremony();
    OnlineRepository repository = repository();
    repository.refresh(offline);
    TreeMap<String, byte[]> backup = new TreeMap<>(served.files);
    repository.publish(Map.of(LOGGING, file("1")));
    client("seen").refresh();
    served.files.clear();
    served.files.putAll(backup);
    OnlineRepository restored = repository();
    restored.refresh(offline);
    restored.publish(Map.of(LOGGING, file("1")));
    assertThat(client("seen").find(LOGGING)).contains(file("1"));
  }

  @Test
  void aBackupKeepsItsTargetsUnderVersionsThatNobodySaw() throws Exception {
    Map<String, Long> offline = ceremony();
    OnlineRepository repository = repository();
    repository.refresh(offline);
    repository.publish(Map.of(LOGGING, file("1")));
    TreeMap<String, byte[]> backup = new TreeMap<>(served.files);
    repository.publish(Map.of(LOGGING, file("2")));
    repository.advisories(Map.of("advisories/osv.json", file("a")));
    assertThat(client("seen").find(LOGGING)).contains(file("2"));
    assertThat(client("seen").find("advisories/osv.json")).contains(file("a"));
    served.files.clear();
    served.files.putAll(backup);
    OnlineRepository restored = repository();
    restored.refresh(offline);
    for (String name : List.of("seen", "fresh")) {
      assertThat(client(name).find(LOGGING)).contains(file("1"));
      assertThat(client(name).find("advisories/osv.json")).isEmpty();
    }
    restored.publish(Map.of(LOGGING, file("3")));
    restored.advisories(Map.of("advisories/osv.json", file("b")));
    assertThat(client("seen").find(LOGGING)).contains(file("3"));
    assertThat(client("seen").find("advisories/osv.json")).contains(file("b"));
  }

  @Test
  void aBackupWithoutAnOfflineRoleThatWasServedIsNotGoneOnFrom() throws Exception {
    Map<String, Long> before = ceremony();
    repository().refresh(before);
    TreeMap<String, byte[]> backup = new TreeMap<>(served.files);
    Role.Targets next =
        OfflineRoles.claims(
            "claimed", 2, now.plus(Duration.ofDays(7)), Map.of(CLAIM, file("next")));
    byte[] claimed = RoleWriter.sign(next, of(RegistryRole.CLAIMED));
    served.write("2.claimed.json", claimed);
    Map<String, Long> after = new TreeMap<>(before);
    after.put("claimed.json", 2L);
    repository().refresh(after);
    assertThat(client("seen").find(CLAIM)).contains(file("next"));
    served.files.clear();
    served.files.putAll(backup);
    assertThatThrownBy(() -> repository().refresh(before))
        .isInstanceOf(TufException.class)
        .hasMessage("the signer knows version 2 of claimed, whose file is missing");
    served.write("2.claimed.json", claimed);
    repository().refresh(after);
    assertThat(client("seen").find(CLAIM)).contains(file("next"));
  }

  @Test
  void claimsAreFoundInTheirBinsOfASplitRole() throws Exception {
    Map<String, Long> offline = ceremony();
    Instant week = now.plus(Duration.ofDays(7));
    List<SigningKey> by = of(RegistryRole.CLAIMED);
    served.write(
        "2.targets.json",
        RoleWriter.sign(
            offlineRoles().targets(2, week, Map.of("trust/x", file("x")), true),
            of(RegistryRole.TARGETS)));
    served.write("2.claimed.json", RoleWriter.sign(offlineRoles().claimed(2, week, 4), by));
    offline.put("targets.json", 2L);
    offline.put("claimed.json", 2L);
    Map<String, Role.TargetFile> claims = new TreeMap<>();
    for (int number = 0; number < 20; number++) {
      claims.put("claimed/00/00/package-" + number, file("claim " + number));
    }
    for (var bin : ClaimBins.split(4, claims).entrySet()) {
      Role.Targets role = OfflineRoles.claims(bin.getKey(), 1, week, bin.getValue());
      served.write("1." + bin.getKey() + ".json", RoleWriter.sign(role, by));
      offline.put(bin.getKey() + ".json", 1L);
    }
    repository().refresh(offline);
    for (Map.Entry<String, Role.TargetFile> claim : claims.entrySet()) {
      assertThat(find(claim.getKey())).contains(claim.getValue());
    }
    assertThat(find(CLAIM)).isEmpty();
    // Another bin of the same keys counts in no bin's place.
    String own = ClaimBins.of(4, CLAIM);
    String other = own.equals("claimed-0") ? "claimed-1" : "claimed-0";
    served.write("1." + own + ".json", served.read("1." + other + ".json").orElseThrow());
    assertThatThrownBy(() -> client("fresh").find(CLAIM))
        .isInstanceOf(TufException.class)
        .hasMessage("another role in the place of " + own + ": the file is of " + other);
  }

  @Test
  void theSignerSignsOnlyWhatTheRoleMaySay() throws Exception {
    RoleSigner signer = signer();
    String bin = HashBin.of(LOGGING);
    assertThatThrownBy(() -> signer.bin("bin-000", 1, Map.of(LOGGING, file("1"))))
        .hasMessageContaining("does not fall into bin-000");
    for (String path : List.of("trust/log.policy", "claimed/3f/a2/logging", "index/3f/a2/../x")) {
      assertThatThrownBy(() -> signer.bin(HashBin.of(path), 1, Map.of(path, file("1"))))
          .hasMessageContaining("no index document");
    }
    Role.TargetFile weak = new Role.TargetFile(1, Map.of("md5", "0"));
    assertThatThrownBy(() -> signer.bin(bin, 1, Map.of(LOGGING, weak)))
        .hasMessageContaining("SHA-256");
    assertThatThrownBy(() -> signer.bin(bin, 1, Map.of(LOGGING, file("1"))))
        .hasMessageContaining("with targets are even");
    assertThatThrownBy(() -> signer.bin(bin, 2, Map.of()))
        .hasMessageContaining("without targets are odd");
    assertThatThrownBy(() -> signer.emptyBin(2)).hasMessageContaining("without targets are odd");
    assertThatThrownBy(() -> signer.advisories(1, Map.of(LOGGING, file("1"))))
        .hasMessageContaining("not for the advisories role");
    byte[] snapshot = signer.snapshot(Map.of(bin + ".json", 2L, "targets.json", 1L));
    signer.timestamp(Digest.of(snapshot));
    assertThatThrownBy(() -> signer.bin(bin, 2, Map.of())).hasMessageContaining("version 3");
    assertThatThrownBy(() -> signer.snapshot(Map.of(bin + ".json", 1L, "targets.json", 1L)))
        .hasMessageContaining("go back");
    assertThatThrownBy(() -> signer.snapshot(Map.of(bin + ".json", 2L)))
        .hasMessageContaining("no longer name");
    assertThatThrownBy(
            () -> signer.snapshot(Map.of(bin + ".json", 2L, "targets.json", 1L, "x.json", 1L)))
        .hasMessageContaining("of no role");
    assertThatThrownBy(() -> signer.timestamp(Digest.of(new byte[0])))
        .hasMessageContaining("signed last");
    // Another signer over the same memory knows it all.
    RoleSigner again = signer();
    assertThatThrownBy(() -> again.bin(bin, 2, Map.of())).hasMessageContaining("version 3");
    byte[] next = again.timestamp(Digest.of(snapshot));
    assertThat(RoleReader.timestamp(next).role().version()).isEqualTo(2);
  }

  @Test
  void whoeverHoldsEveryOnlineKeyCannotChangeAClaim() throws Exception {
    OnlineRepository repository = repository();
    repository.refresh(ceremony());
    repository.publish(Map.of(LOGGING, file("1")));
    assertThat(find(CLAIM)).contains(file("claim"));
    List<SigningKey> stolen = new java.util.ArrayList<>();
    keys.forEach(
        (role, list) -> {
          if (role.online()) {
            stolen.addAll(list);
          }
        });
    TreeMap<String, byte[]> honest = new TreeMap<>(served.files);
    Map<String, Long> named = new LinkedHashMap<>(repository.versions());
    // Another claim, by all stolen keys.
    Role.Targets other =
        OfflineRoles.plain(2, now.plus(Duration.ofDays(7)), Map.of(CLAIM, file("thief")));
    served.write("2.claimed.json", RoleWriter.sign(other, stolen));
    named.put("claimed.json", 2L);
    serve(named, 100, stolen);
    for (String client : List.of("client", "fresh")) {
      assertThatThrownBy(() -> client(client).find(CLAIM))
          .hasMessageContaining("expected signatures of 2");
    }
    // No claimed role at all.
    named.remove("claimed.json");
    serve(named, 101, stolen);
    assertThatThrownBy(() -> client("client").find(CLAIM)).hasMessageContaining("no longer names");
    assertThatThrownBy(() -> client("unseen").find(CLAIM)).hasMessageContaining("does not name");
    // Targets without the delegation.
    named.put("claimed.json", 1L);
    named.put("targets.json", 2L);
    served.write(
        "2.targets.json",
        RoleWriter.sign(OfflineRoles.plain(2, now.plus(Duration.ofDays(7)), Map.of()), stolen));
    serve(named, 102, stolen);
    assertThatThrownBy(() -> client("another").find(CLAIM))
        .hasMessageContaining("expected signatures of 2");
    // The honest twin: the stolen keys do name another index document, and the claim still stands.
    served.files.clear();
    served.files.putAll(honest);
    repository().publish(Map.of(LOGGING, file("thief")));
    assertThat(client("honest").find(LOGGING)).contains(file("thief"));
    assertThat(client("honest").find(CLAIM)).contains(file("claim"));
  }

  /** Snapshot and timestamp by whoever holds the keys. */
  private void serve(Map<String, Long> named, long version, List<SigningKey> by)
      throws IOException {
    Map<String, Role.MetaFile> meta = new TreeMap<>();
    named.forEach((name, number) -> meta.put(name, new Role.MetaFile(number, null, Map.of())));
    byte[] snapshot =
        RoleWriter.sign(new Role.Snapshot(version, now.plus(Duration.ofDays(1)), meta), by);
    served.write(version + ".snapshot.json", snapshot);
    Role.MetaFile file =
        new Role.MetaFile(
            version, (long) snapshot.length, Map.of("sha256", Digest.of(snapshot).hex()));
    served.write(
        "timestamp.json",
        RoleWriter.sign(new Role.Timestamp(version, now.plus(Duration.ofDays(1)), file), by));
  }

  @Test
  void whatIsSupersededGoesAwayOnceNoTimestampInForceLeadsToIt() throws Exception {
    served.clock = () -> now;
    OnlineRepository repository = repository();
    repository.refresh(ceremony());
    for (int i = 0; i < 20; i++) {
      repository.publish(Map.of(LOGGING, file("version " + i)));
    }
    assertThat(repository.prune()).isZero();
    now = now.plus(Duration.ofHours(49));
    repository.refresh(Map.of());
    client("before").refresh();
    // All but the current one of snapshot and bin; what a day's timestamp may name stays.
    assertThat(repository.prune()).isBetween(38, 42);
    assertThat(client("before").find(LOGGING)).contains(file("version 19"));
    assertThat(client("after").find(LOGGING)).contains(file("version 19"));
    assertThat(served.read("1.root.json")).isPresent();
  }

  @Test
  void afterARotationOfOnlineKeysEveryOnlineRoleIsSignedAnew() throws Exception {
    Map<String, Long> offline = ceremony();
    OnlineRepository repository = repository();
    repository.refresh(offline);
    repository.publish(Map.of(LOGGING, file("1")));
    repository.advisories(Map.of("advisories/osv.json", file("a")));
    Map<String, Long> before = new TreeMap<>(repository.versions());
    repository.signAnew(offline);
    offline.keySet().forEach(before::remove);
    assertThat(before).isNotEmpty();
    Map<String, Long> after = repository.versions();
    // A bin keeps to odd or even versions, as it is without targets or not.
    before.forEach(
        (name, version) ->
            assertThat(after.get(name))
                .as(name)
                .isEqualTo(version + (name.startsWith(HashBin.PREFIX) ? 2 : 1)));
    assertThat(after).containsAllEntriesOf(offline);
    for (String name : List.of("seen", "fresh")) {
      assertThat(client(name).find(LOGGING)).contains(file("1"));
      assertThat(client(name).find("advisories/osv.json")).contains(file("a"));
    }
  }

  @Test
  void noBinCanBePutInThePlaceOfAnotherByAMirror() throws Exception {
    Map<String, Long> offline = ceremony();
    OnlineRepository repository = repository();
    repository.refresh(offline);
    TreeMap<String, String> documents = new TreeMap<>();
    for (int i = 0; documents.size() < 12; i++) {
      String path = "index/00/00/p" + i;
      documents.putIfAbsent(HashBin.of(path), path);
    }
    now = now.plus(Duration.ofDays(2));
    repository.refresh(offline);
    documents.values().stream().limit(6).forEach(path -> publish(repository, path));
    // Bins without targets are signed anew by then, those with some not yet.
    now = now.plus(Duration.ofDays(2));
    repository.refresh(offline);
    documents.values().stream().skip(6).forEach(path -> publish(repository, path));
    Map<String, Long> named = repository.versions();

    int offered = 0;
    for (String bin : documents.keySet().stream().limit(2).toList()) {
      String own = Objects.requireNonNull(named.get(bin + ".json")) + "." + bin + ".json";
      byte[] honest = served.read(own).orElseThrow();
      for (String other : List.copyOf(served.files.keySet())) {
        boolean anotherBin = other.contains(".bin-") && !other.contains(bin);
        if (!anotherBin || (!other.endsWith("0.json") && !documents.containsKey(role(other)))) {
          continue;
        }
        served.files.put(own, served.read(other).orElseThrow());
        offered++;
        String path = Objects.requireNonNull(documents.get(bin));
        assertThatThrownBy(() -> client("victim-" + bin).find(path))
            .as("%s in the place of %s", other, own)
            .isInstanceOf(TufException.class);
      }
      served.files.put(own, honest);
      assertThat(client("victim-" + bin).find(Objects.requireNonNull(documents.get(bin))))
          .contains(file("content"));
    }
    assertThat(offered).isGreaterThan(100);
  }

  private static String role(String file) {
    return file.substring(file.indexOf('.') + 1, file.length() - ".json".length());
  }

  private static void publish(OnlineRepository repository, String path) {
    try {
      repository.publish(Map.of(path, file("content")));
    } catch (TufException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
