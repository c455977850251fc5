package dev.raya.cli.pm.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.archive.ArchiveFolder;
import dev.raya.cache.archive.ArchiveKind;
import dev.raya.cache.archive.ArchiveWriter;
import dev.raya.cache.archive.Content;
import dev.raya.cache.archive.ZstdCoding;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.Directories;
import dev.raya.cli.pm.project.ClosureRecord;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.toolchain.bundle.BytecodeLevel;
import dev.raya.toolchain.bundle.Component;
import dev.raya.toolchain.bundle.ToolchainFile;
import dev.raya.toolchain.bundle.ToolchainManifest;
import dev.raya.toolchain.platform.Target;
import dev.raya.tuf.TufException;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleReader;
import dev.raya.tuf.role.RoleWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A closure carried to a machine without network, and what becomes of it if it was changed. */
final class KitTest {
  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm pm() {
    registry.publish(TestPackage.of("fmt", "1.3.0"));
    registry.publish(TestPackage.of("logging", "1.2.3").on("fmt", "^1.0"));
    return Pm.in(folder.resolve("here")).at(registry).project("logging = \"^1.2\"");
  }

  /** Another machine, which has the project's manifest and lockfile and nothing else. */
  private Pm there(Pm here, String name) {
    Pm there = Pm.in(folder.resolve(name)).at(registry);
    there.write("raya.toml", here.read("raya.toml"));
    there.write("raya.lock", here.read("raya.lock"));
    return there;
  }

  private Path export(Pm here) {
    Path kit = folder.resolve("kit.tar.zst");
    assertThat(here.run("cache", "export", "-o", kit.toString()).exit()).isZero();
    return kit;
  }

  private static void assertNothingTaken(Pm pm) throws IOException {
    for (String part : new String[] {"cache", "tmp"}) {
      if (Files.exists(pm.home().resolve(part))) {
        try (Stream<Path> children = Files.list(pm.home().resolve(part))) {
          assertThat(children.filter(child -> !child.endsWith("damaged"))).as(part).isEmpty();
        }
      }
    }
  }

  /** The kit with its files changed, written anew. */
  private Path changed(Path kit, String name, Consumer<Map<String, Content>> change)
      throws IOException {
    Path unpacked = folder.resolve("unpacked-" + name);
    try (InputStream in = Files.newInputStream(kit)) {
      ArchiveFolder.unpack(ArchiveKind.KIT, in, unpacked);
    }
    Map<String, Content> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(unpacked)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(unpacked.relativize(file).toString(), Content.of(file));
      }
    }
    change.accept(files);
    Path out = folder.resolve("changed-" + name);
    ArchiveWriter.write(ArchiveKind.KIT, files, out);
    return out;
  }

  @Test
  void closureTravelsInOneDeterministicFile() throws IOException {
    Pm here = pm();
    byte[] kit = Files.readAllBytes(export(here));
    Directories.delete(here.home());
    assertThat(Files.readAllBytes(export(here))).isEqualTo(kit);
    Pm there = there(here, "there");
    registry.close();
    Pm.Outcome loaded = there.run("cache", "import", "../../kit.tar.zst", "--offline");
    assertThat(loaded.out()).isEqualTo("2 packages verified, 2 of them new here\n");
    assertThat(loaded.err()).contains("notice: new registry", registry.fingerprint().toString());
    assertThat(there.run("install", "--frozen", "--offline", "--verify"))
        .isEqualTo(new Pm.Outcome(0, "up to date, 2 packages\n", ""));
    assertThat(there.run("cache", "import", "../../kit.tar.zst").out())
        .isEqualTo("2 packages verified, 0 of them new here\n");
  }

  @Test
  void rootsThatWereFollowedTravelUnderTheNamesThatEveryReleaseReads() throws IOException {
    Pm here = pm();
    registry.newRoot(2, true);
    assertThat(here.run("monitor", "fmt").exit()).isZero();
    Path kit = export(here);
    Path unpacked = folder.resolve("unpacked");
    try (InputStream in = Files.newInputStream(kit)) {
      ArchiveFolder.unpack(ArchiveKind.KIT, in, unpacked);
    }
    try (Stream<Path> all = Files.walk(unpacked)) {
      assertThat(all.map(file -> unpacked.relativize(file).toString()))
          .anyMatch(name -> name.endsWith("/tuf/2.root.json"))
          .noneMatch(name -> name.contains("/tuf/roots"));
    }
    Pm there = there(here, "there");
    registry.close();
    Pm.Outcome loaded = there.run("cache", "import", kit.toString(), "--offline");
    assertThat(loaded.exit()).as(loaded.err()).isZero();
    assertThat(there.run("install", "--frozen", "--offline", "--verify").exit()).isZero();
  }

  @Test
  void rootOfAKitMustBeTheOneThatIsKnownOrPinned() throws IOException {
    Pm here = pm();
    export(here);
    Pm there = there(here, "there");
    Pm.Outcome wrong =
        there.run(
            "cache",
            "import",
            "../../kit.tar.zst",
            "--trust-root",
            Digest.of(new byte[1]).toString());
    assertThat(wrong.exit()).isEqualTo(3);
    assertThat(wrong.err()).startsWith("error[RAYA-SEC-002]");
    assertNothingTaken(there);
    assertThat(
            there
                .run(
                    "cache",
                    "import",
                    "../../kit.tar.zst",
                    "--trust-root",
                    registry.fingerprint().toString())
                .err())
        .isEmpty();
  }

  @Test
  void everyTruncationAndEveryByteThatChangesTheContentIsRefused() throws IOException {
    Pm here = pm();
    byte[] kit = Files.readAllBytes(export(here));
    Pm there = there(here, "there");
    Path bad = folder.resolve("bad");
    int step = Math.max(1, kit.length / 40);
    for (int length = 0; length < kit.length; length += step) {
      Files.write(bad, Arrays.copyOf(kit, length));
      assertRefused(there, bad);
    }
    for (int at = 0; at < kit.length; at += step) {
      byte[] flipped = kit.clone();
      flipped[at] ^= 0x10;
      if (!decodesAs(flipped, kit)) {
        Files.write(bad, flipped);
        assertRefused(there, bad);
      }
    }
    Files.write(bad, Arrays.copyOf(kit, kit.length + 1));
    assertRefused(there, bad);
  }

  /** A frame has bits that mean nothing (RFC 8878, 3.1.1.1.1.3 and what pads its bit streams). */
  private static boolean decodesAs(byte[] flipped, byte[] kit) throws IOException {
    byte[] content = ZstdCoding.decompress(kit, 1 << 20);
    try {
      return Arrays.equals(ZstdCoding.decompress(flipped, 1 << 20), content);
    } catch (IOException malformed) {
      return false;
    }
  }

  private static void assertRefused(Pm pm, Path kit) throws IOException {
    Pm.Outcome outcome = pm.run("cache", "import", kit.toString());
    assertThat(outcome.exit()).as(outcome.err()).isEqualTo(3);
    assertThat(outcome.err()).contains("error[RAYA-");
    assertNothingTaken(pm);
  }

  @Test
  void changedContentIsRefusedAsAWhole() throws IOException {
    Pm here = pm();
    Path kit = export(here);
    Pm there = there(here, "there");
    String archive = "packages/logging-1.2.3.tar.zst";
    String proof = "packages/logging-1.2.3.proof.json";
    TestPackage.Archive other = TestPackage.of("logging", "1.2.3").padded(10).archive();
    assertRefused(
        there, changed(kit, "archive", files -> files.put(archive, Content.of(other.bytes()))));
    assertRefused(there, changed(kit, "lacking", files -> files.remove(archive)));
    assertRefused(there, changed(kit, "unproved", files -> files.remove(proof)));
    assertRefused(there, changed(kit, "headless", files -> files.remove("kit.json")));
    assertRefused(there, changed(kit, "lockless", files -> files.remove("raya.lock")));
    assertRefused(
        there,
        changed(
            kit,
            "root",
            files ->
                files.replaceAll((path, c) -> path.startsWith("registries/") ? text("{}") : c)));
    assertRefused(
        there, changed(kit, "head", files -> files.put("kit.json", text("{\"schema\":1}"))));
    String lock = here.read("raya.lock");
    String of = lock.substring(lock.lastIndexOf("checksum = \"sha256:") + 19).substring(0, 64);
    String rewritten = lock.replace(of, other.facts().checksum().hex());
    assertRefused(
        there,
        changed(
            kit,
            "forged",
            files -> {
              files.put("raya.lock", text(rewritten));
              files.put(archive, Content.of(other.bytes()));
            }));
  }

  private static int count(Pm pm, String name) throws IOException {
    try (Stream<Path> files = Files.walk(pm.home())) {
      return (int)
          files.filter(file -> String.valueOf(file.getFileName()).startsWith(name)).count();
    }
  }

  @Test
  void listsTravelAlongAndAreTakenIfSignedAndNotOlderThanWhatWasSeen() throws IOException {
    Pm here = pm();
    assertThat(here.run("install").exit()).isZero();
    Path packages = Files.copy(export(here), folder.resolve("packages.tar.zst"));
    registry.publish(TestPackage.of("plain", "1.0.0"));
    registry.quarantine("fmt", "1.3.0");
    registry.advise("RAYA-2026-2", "fmt", "2.0.0");
    Pm other =
        Pm.in(folder.resolve("other"))
            .at(registry)
            .with("RAYA_HOME", here.home().toString())
            .project("plain = \"^1.0\"");
    assertThat(other.run("install").exit()).isZero();
    assertThat(other.run("audit").exit()).isZero();
    Path kit = export(other);
    String quarantine = "advisories/quarantine.json";
    String lists = KitLayout.registry(registry.fingerprint());
    for (String part : List.of(quarantine, quarantine + ".role", "advisories/osv.json.role")) {
      Pm refuses = there(here, "refuses");
      assertRefused(
          refuses,
          changed(
              kit,
              part.replace('/', '-'),
              files ->
                  files.computeIfPresent(
                      lists + part, (path, content) -> text("{\"schema\":\"raya/x/1\"}"))));
      String list = part.replace(".role", "").replace("/", "%2F");
      assertThat(count(refuses, list)).as("neither list nor role of " + part).isZero();
      Directories.delete(refuses.home());
    }

    Pm there = there(here, "there");
    assertThat(there.run("cache", "import", packages.toString()).exit()).isZero();
    assertThat(there.run("verify", "--offline").err()).contains("no quarantine list of");
    assertThat(there.run("install", "--frozen", "--offline").exit()).isZero();
    Path old = Files.copy(kit, folder.resolve("old.tar.zst"));
    assertThat(there.run("cache", "import", old.toString()).exit()).isZero();
    for (List<String> command :
        List.of(List.of("verify", "--offline"), List.of("install", "--frozen", "--offline"))) {
      Pm.Outcome refused = there.run(command.toArray(String[]::new));
      assertThat(refused.exit()).as(refused.err()).isEqualTo(3);
      assertThat(refused.err()).contains("error[RAYA-SEC-011]", "fmt@1.3.0");
    }
    assertThat(there.run("audit", "--offline").out()).contains("RAYA-2026-2");

    // The registry lets it go: the newer list travels too, and the older kit does not bring it
    // back.
    registry.quarantine("other", "1.0.0");
    assertThat(other.run("verify").exit()).isZero();
    assertThat(there.run("cache", "import", export(other).toString()).exit()).isZero();
    assertThat(there.run("verify", "--offline").exit()).isZero();
    assertThat(there.run("cache", "import", old.toString()).exit()).isZero();
    Pm.Outcome verified = there.run("verify", "--offline");
    assertThat(verified.exit()).as(verified.err()).isZero();
    assertThat(verified.err()).contains("quarantine list of " + registry.origin() + ": good until");
  }

  /** The kit without the lists of its registry, and with the next timestamp. */
  private Path newerWithoutLists(Path kit) throws IOException {
    String of = KitLayout.registry(registry.fingerprint());
    return changed(
        kit,
        "newer",
        files -> {
          files.keySet().removeIf(path -> path.startsWith(of + "advisories/"));
          files.computeIfPresent(
              of + "tuf/timestamp.json",
              (path, content) -> {
                try (InputStream in = content.open()) {
                  Role.Timestamp now = RoleReader.timestamp(in.readAllBytes()).role();
                  return Content.of(
                      RoleWriter.sign(
                          new Role.Timestamp(now.version() + 1, now.expires(), now.snapshot()),
                          List.of(registry.key())));
                } catch (IOException | TufException malformed) {
                  throw new IllegalStateException(malformed);
                }
              });
        });
  }

  @Test
  void listsOfAKitCountAlsoWhereItsOtherMetadataIsOlderAndAfterAKill() throws IOException {
    Pm here = pm();
    assertThat(here.run("install").exit()).isZero();
    Path packages = Files.copy(export(here), folder.resolve("packages.tar.zst"));
    registry.publish(TestPackage.of("plain", "1.0.0"));
    registry.quarantine("fmt", "1.3.0");
    Pm other =
        Pm.in(folder.resolve("other"))
            .at(registry)
            .with("RAYA_HOME", here.home().toString())
            .project("plain = \"^1.0\"");
    Path lists = export(other);
    Path newer = newerWithoutLists(lists);
    Pm there = there(here, "there");
    assertThat(there.run("cache", "import", packages.toString()).exit()).isZero();
    assertThat(there.run("cache", "import", newer.toString()).exit()).isZero();
    assertThat(there.run("verify", "--offline").err()).contains("no quarantine list of");
    assertThat(there.run("install", "--frozen", "--offline").exit()).isZero();
    Path record = ClosureRecord.file(there.project());
    byte[] finished = Files.readAllBytes(record);

    assertThat(there.run("cache", "import", lists.toString()).exit()).isZero();
    assertThat(there.run("verify", "--offline").err()).contains("error[RAYA-SEC-011]", "fmt@1.3.0");
    assertThat(record).doesNotExist();

    // As a kill leaves it between the list and what becomes of it.
    Files.write(record, finished);
    try (Stream<Path> files = Files.walk(there.home())) {
      for (Path told : files.filter(file -> file.endsWith("quarantine-told")).toList()) {
        Files.delete(told);
      }
    }
    assertThat(there.run("install", "--frozen", "--offline").out()).contains("up to date");
    assertThat(there.run("cache", "import", lists.toString()).exit()).isZero();
    assertThat(record).doesNotExist();
    Pm.Outcome refused = there.run("install", "--frozen", "--offline");
    assertThat(refused.err()).contains("error[RAYA-SEC-011]", "fmt@1.3.0");
  }

  @Test
  void trustedRootThatTheRegistryNoLongerNamesDoesNotTravel() throws IOException {
    Pm here = pm();
    assertThat(here.run("install").exit()).isZero();
    try (Stream<Path> files = Files.walk(here.home())) {
      for (Path trust : files.filter(file -> file.endsWith("trust")).toList()) {
        Files.writeString(trust.resolve("trust%2Fsigstore.json"), "{}");
      }
    }
    Path kit = export(here);
    Pm there = there(here, "there");
    Pm.Outcome loaded = there.run("cache", "import", kit.toString());
    assertThat(loaded.exit()).as(loaded.err()).isZero();
  }

  @Test
  void policyOfAForgedKitDoesNotTakeThePlaceOfTheOneThatIsHeld() throws IOException {
    Pm here = pm();
    Path kit = export(here);
    Pm there = there(here, "there");
    assertThat(there.run("cache", "import", kit.toString()).exit()).isZero();
    Pm.Outcome refused =
        there.run(
            "cache",
            "import",
            changed(
                    kit,
                    "policy",
                    files ->
                        files.put(
                            KitLayout.registry(registry.fingerprint()) + "log.policy",
                            text("log x\nquorum none\n")))
                .toString());
    assertThat(refused.err()).contains("error[RAYA-SEC-003]");
    assertThat(there.run("verify", "--offline").exit()).as("nothing was overwritten").isZero();
  }

  private static Content text(String text) {
    return Content.of(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void toolchainTravelsAlongAndIsInstalledOnlyWhenItsDigestIsGiven() throws IOException {
    Path home = folder.resolve("toolchain");
    Files.createDirectories(home.resolve("bin"));
    byte[] program = "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8);
    Files.write(home.resolve("bin/rayac"), program);
    byte[] document =
        new ToolchainManifest(
                "1.0.0",
                Target.LINUX_X64,
                List.of(Component.COMPILER),
                List.of(
                    new ToolchainFile(
                        "bin/rayac", program.length, Digest.of(program), Component.COMPILER, true)),
                new BytecodeLevel(1, 0, 1, 1),
                1)
            .bytes();
    Files.write(home.resolve("toolchain.json"), document);
    String digest = Digest.of(document).toString();
    Pm here = pm().using(home);
    Path kit = folder.resolve("kit.tar.zst");
    String[] export = {"cache", "export", "-o", kit.toString(), "--with-toolchain"};
    assertThat(here.run(export).out()).contains("with the toolchain " + digest);

    Pm there = there(here, "there");
    String[] load = {"cache", "import", kit.toString(), "--toolchain", digest};
    Pm.Outcome unasked = there.run("cache", "import", kit.toString());
    assertThat(unasked.err()).contains("error[RAYA-TC-003]", "--toolchain " + digest);
    assertRefused(there, kit);
    load[4] = Digest.of(program).toString();
    assertThat(there.run(load).exit()).isEqualTo(3);
    load[4] = digest;
    load[2] =
        changed(
                kit,
                "program",
                files -> files.put("toolchain/bin/rayac", text("#!/bin/sh\nrm -r /\n")))
            .toString();
    Pm.Outcome forged = there.run(load);
    assertThat(forged.exit()).isEqualTo(3);
    assertThat(forged.err()).contains("bin/rayac of the toolchain has another digest");
    assertNothingTaken(there);
    assertThat(there.run("cache", "import", kit.toString(), "--without-toolchain").exit()).isZero();
    Path installed = there.home().resolve("toolchains/1.0.0-linux-x64");
    assertThat(installed).doesNotExist();
    load[2] = kit.toString();
    assertThat(there.run(load).out()).contains("toolchain in " + installed);
    assertThat(installed.resolve("bin/rayac")).isExecutable().hasBinaryContent(program);

    Files.write(home.resolve("bin/rayac"), new byte[] {1});
    Pm.Outcome changed = here.run(export);
    assertThat(changed.exit()).isEqualTo(3);
    assertThat(changed.err()).contains("RAYA-TC-003", "bin/rayac");
  }

  @Test
  void missingFileIsAUsageError() {
    Pm.Outcome outcome = pm().run("cache", "import", "nothing-here");
    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err()).contains("there is no file");
  }

  @Test
  void vendoredProjectNeedsNeitherCacheNorNetwork() throws IOException {
    Pm here = pm();
    assertThat(here.run("vendor").out()).contains("vendor: 19 files, 19 written, 0 removed");
    assertThat(here.run("vendor").out()).contains("19 files, 0 written, 0 removed");
    Pm there = there(here, "there");
    copy(here.project().resolve("vendor"), there.project().resolve("vendor"));
    registry.close();
    assertThat(there.run("install", "--frozen", "--offline").out())
        .isEqualTo("up to date, 2 packages\n");
    assertThat(there.run("cache", "verify").out()).isEqualTo("2 entries verified, all good\n");
    assertThat(there.run("install", "--frozen", "--offline", "--verify").exit()).isZero();
  }

  @Test
  void vendoredProjectTakesNothingFromTheNetworkThatItHas() throws IOException {
    Pm here = pm();
    here.run("vendor");
    Pm there = there(here, "there");
    copy(here.project().resolve("vendor"), there.project().resolve("vendor"));
    registry.forgetRequests();
    assertThat(there.run("install").exit()).isZero();
    assertThat(registry.requests()).noneMatch(request -> request.contains("/blobs/"));
  }

  @Test
  void vendorFollowsTheLockfileAndTouchesOnlyWhatChanged() throws IOException {
    Pm here = pm();
    here.run("vendor");
    Path kept = here.project().resolve("vendor/packages/fmt-1.3.0.tar.zst");
    assertThat(Files.isWritable(kept) && !isRoot()).isFalse();
    registry.publish(TestPackage.of("other", "1.0.0"));
    here.project("fmt = \"^1\"", "other = \"^1\"");
    assertThat(here.run("install").exit()).isZero();
    assertThat(here.run("vendor").out()).contains("20 files, 13 written, 4 removed");
    assertThat(kept).exists();
    assertThat(here.project().resolve("vendor/packages/logging-1.2.3.tar.zst")).doesNotExist();
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  @Test
  void changedVendoredArchiveIsRefusedAndNothingIsTaken() throws IOException {
    Pm here = pm();
    here.run("vendor");
    Pm there = there(here, "there");
    copy(here.project().resolve("vendor"), there.project().resolve("vendor"));
    Path archive = there.project().resolve("vendor/packages/fmt-1.3.0.tar.zst");
    byte[] bytes = Files.readAllBytes(archive);
    bytes[bytes.length / 2] ^= 1;
    Files.delete(archive);
    Files.write(archive, bytes);
    Pm.Outcome outcome = there.run("install", "--frozen", "--offline");
    assertThat(outcome.exit()).isEqualTo(3);
    assertThat(outcome.err()).contains("error[RAYA-PKG-009]: fmt@1.3.0", "expected: sha256:");
    assertNothingTaken(there);
    Files.delete(archive);
    Files.createSymbolicLink(archive, here.project().resolve("vendor/packages/fmt-1.3.0.tar.zst"));
    assertThat(there.run("install", "--frozen", "--offline").exit()).isEqualTo(4);
  }

  @Test
  void folderWithSomethingElseIsNotOverwritten() {
    Pm here = pm();
    here.write("vendor/mine.txt", "mine");
    Pm.Outcome outcome = here.run("vendor");
    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err()).contains("holds something else, mine.txt");
    assertThat(here.run("vendor", "third-party").exit()).isZero();
    assertThat(here.run("cache", "import", "third-party").exit()).isZero();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
    }
  }
}
