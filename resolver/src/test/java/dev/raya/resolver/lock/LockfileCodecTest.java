package dev.raya.resolver.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.resolver.lock.LockedPackage.LockedDependency;
import dev.raya.resolver.lock.LockedPackage.LogEntry;
import dev.raya.resolver.lock.Lockfile.LockedToolchain;
import dev.raya.resolver.manifest.ManifestException;
import dev.raya.resolver.manifest.ManifestReader;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LockfileCodecTest {
  private static final Digest A = Digest.of("a".getBytes(StandardCharsets.UTF_8));
  private static final Digest B = Digest.of("b".getBytes(StandardCharsets.UTF_8));
  private static final LogEntry LOG = new LogEntry(4711, Instant.parse("2026-01-06T12:00:00Z"));

  private static Version version(String text) {
    try {
      return Version.parse(text);
    } catch (VersionException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static LockedDependency edge(String alias, String name, String version) {
    return new LockedDependency(new PackageName(alias), new PackageName(name), version(version));
  }

  private static LockedPackage fromRegistry(
      String name, String version, List<LockedDependency> edges, List<String> features) {
    return new LockedPackage(
        new PackageName(name),
        version(version),
        new LockSource.Registry("https://raya.example"),
        A,
        B,
        18231,
        edges,
        features,
        List.of(new Capability("time"), Capability.nativeModule("lz4")),
        List.of(new Capability("random"), new Capability("time"), Capability.nativeModule("lz4")),
        Map.of("lz4", Map.of("macos-arm64", B, "linux-x64", A)),
        LOG,
        null);
  }

  private static LockedPackage plain(String name, String version, LockSource source) {
    return new LockedPackage(
        new PackageName(name),
        version(version),
        source,
        null,
        B,
        0,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        null,
        null);
  }

  private static Lockfile sample() {
    return new Lockfile(
        A,
        new LockedToolchain(version("1.0.0"), Map.of("macos-arm64", B, "linux-x64", A)),
        List.of(
            fromRegistry(
                "logging",
                "1.2.3",
                List.of(edge("time", "time", "2.1.0"), edge("json5", "json-five", "1.0.0")),
                List.of("color")),
            fromRegistry("time", "2.1.0", List.of(), List.of()),
            fromRegistry("time", "10.0.0-rc.1", List.of(), List.of()),
            fromRegistry("json-five", "1.0.0+build", List.of(), List.of()),
            plain("util", "0.4.0", new LockSource.Path("../util")),
            plain("exp", "0.2.0", new LockSource.Git("https://example.com/exp.git", "abc123"))));
  }

  private static Lockfile read(String text) throws LockfileException {
    return LockfileCodec.read("raya.lock", text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theTextIsAsThePageShows() {
    String text = LockfileCodec.text(sample());
    assertThat(text)
        .startsWith(
            """
            # Written by raya-pm. Do not edit.
            version = 1
            manifest = "%s"

            [toolchain]
            version = "1.0.0"
            bundles = { linux-x64 = "%s", macos-arm64 = "%s" }

            [[package]]
            name = "exp"
            version = "0.2.0"
            source = "git+https://example.com/exp.git#abc123"
            tree = "%s"
            """
                .formatted(A, A, B, B))
        .contains(
            """

            [[package]]
            name = "logging"
            version = "1.2.3"
            source = "registry+https://raya.example"
            checksum = "%s"
            tree = "%s"
            size = 18231
            dependencies = ["json5=json-five 1.0.0", "time 2.1.0"]
            features = ["color"]
            capabilities = ["native:lz4", "time"]
            granted = ["native:lz4", "random", "time"]
            native = { lz4 = { linux-x64 = "%s", macos-arm64 = "%s" } }
            log = { index = 4711, time = "2026-01-06T12:00:00Z" }

            """
                .formatted(A, B, A, B))
        .endsWith("\n");
    assertThat(text.indexOf("\"2.1.0\"")).isLessThan(text.indexOf("\"10.0.0-rc.1\""));
  }

  @Test
  void whatIsWrittenReadsBackAndWritesTheSameBytes() throws LockfileException {
    Lockfile lockfile = sample();
    byte[] once = LockfileCodec.write(lockfile);
    Lockfile back = LockfileCodec.read("raya.lock", once);
    assertThat(back).isEqualTo(lockfile);
    assertThat(LockfileCodec.write(back)).isEqualTo(once);
    List<LockedPackage> shuffled = new ArrayList<>(lockfile.packages());
    Collections.reverse(shuffled);
    assertThat(LockfileCodec.write(new Lockfile(A, lockfile.toolchain(), shuffled)))
        .isEqualTo(once);
  }

  @Test
  void anEmptyGraphAndWindowsLineEndsAreRead() throws LockfileException {
    Lockfile empty = new Lockfile(A, null, List.of());
    assertThat(read(LockfileCodec.text(empty))).isEqualTo(empty);
    assertThat(read(LockfileCodec.text(sample()).replace("\n", "\r\n"))).isEqualTo(sample());
  }

  @Test
  void jsonHasTheSameKeys() {
    assertThat(
            CanonicalJson.text(
                LockfileCodec.toJson(
                    new Lockfile(
                        A, null, List.of(plain("util", "0.4.0", new LockSource.Path("../util")))))))
        .isEqualTo(
            "{\"manifest\":\""
                + A
                + "\",\"package\":[{\"name\":\"util\",\"source\":\"path+../util\",\"tree\":\""
                + B
                + "\",\"version\":\"0.4.0\"}],\"version\":1}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "Do not edit.; Edit me.; 1",
        "version = 1\\n; version = 2\\n; 2",
        "manifest = ; manifesto = ; 3",
        "name = \"util\"; name = \"Util\"; 66",
        "size = 18231; size = -1; 21",
        "features = [\"color\"]; features = [\"color\",\"b\"]; 35",
        "[\"native:lz4\", \"time\"]; [\"time\", \"native:lz4\"]; 22",
        "\"time 2.1.0\"; \"time 2.1.1\"; 27",
        "path+../util; pasth+../util; 68",
        "2026-01-06T12:00:00Z; 2026-13-06T12:00:00Z; 25",
        "[toolchain]; [tools]; 5",
        "name = \"logging\"; nome = \"logging\"; 28"
      })
  void otherTextsAreRefusedWithTheLine(String from, String to, int line) {
    String text = LockfileCodec.text(sample());
    String changed = text.replace(from.replace("\\n", "\n"), to.replace("\\n", "\n"));
    assertThat(changed).isNotEqualTo(text);
    assertThatThrownBy(() -> read(changed))
        .isInstanceOfSatisfying(
            LockfileException.class,
            e -> {
              assertThat(e.code()).isEqualTo("RAYA-PKG-005");
              assertThat(e.line()).as(e.text()).isEqualTo(line);
              assertThat(e.text()).startsWith("raya.lock:" + line + ": ");
            });
  }

  @Test
  void conflictMarksAreNamed() {
    String text = LockfileCodec.text(sample());
    String merged =
        text.replace("size = 18231\n", "<<<<<<< HEAD\nsize = 1\n=======\nsize = 2\n>>>>>>> x\n");
    assertThatThrownBy(() -> read(merged))
        .hasMessageContaining("merge conflict")
        .hasMessageContaining("lock --repair");
  }

  @Test
  void aRegistryPackageNeedsItsDigests() {
    String text = LockfileCodec.text(sample());
    assertThatThrownBy(() -> read(text.replace("checksum = \"" + A + "\"\n", "")))
        .hasMessageContaining("checksum");
    assertThatThrownBy(
            () ->
                read(text.replace("log = { index = 4711, time = \"2026-01-06T12:00:00Z\" }\n", "")))
        .hasMessageContaining("log entry");
  }

  /** No damage goes unnoticed: the reader takes only what the writer writes. */
  @Test
  void damagedLockfilesAreRefused() {
    String text = LockfileCodec.text(sample());
    Random random = new Random(1);
    for (int round = 0; round < 3_000; round++) {
      StringBuilder damaged = new StringBuilder(text);
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> damaged.deleteCharAt(at);
        case 1 -> damaged.insert(at, " \"\n[{=x".charAt(random.nextInt(7)));
        default -> damaged.setLength(at);
      }
      if (damaged.toString().equals(text)) {
        continue;
      }
      try {
        Lockfile back = read(damaged.toString());
        assertThat(LockfileCodec.text(back)).isEqualTo(damaged.toString());
      } catch (LockfileException e) {
        assertThat(e.code()).isEqualTo("RAYA-PKG-005");
      }
    }
  }

  @Test
  void thePlanIsReadFromAFolder(@TempDir Path folder) throws IOException, LockfileException {
    Files.write(folder.resolve("raya.lock"), LockfileCodec.write(sample()));
    assertThatThrownBy(() -> LinkPlan.read(folder))
        .isInstanceOfSatisfying(
            LockfileException.class, e -> assertThat(e.code()).isEqualTo("RAYA-PKG-001"));
    Files.writeString(
        folder.resolve("raya.toml"), "[package]\nname = \"hello\"\n[dependencies]\ntime=\"^2\"\n");
    assertThat(LinkPlan.read(folder).project()).containsEntry("time", "time 2.1.0");
  }

  @Test
  void thePlanNamesPackagesByImport() throws ManifestException, LockfileException {
    LinkPlan plan =
        LinkPlan.of(
            sample(),
            ManifestReader.read(
                "raya.toml",
                """
                [package]
                name = "hello"
                [dependencies]
                log = { package = "logging", version = "^1", features = ["color"] }
                time = ">=2"
                util = { path = "../util" }
                absent = "^1"
                """));
    assertThat(plan.project())
        .containsExactly(
            Map.entry("log", "logging 1.2.3"),
            Map.entry("time", "time 10.0.0-rc.1"),
            Map.entry("util", "util 0.4.0"));
    LinkPlan.LinkedPackage logging = plan.packages().get("logging 1.2.3");
    assertThat(logging).isNotNull();
    if (logging != null) {
      assertThat(logging.imports())
          .containsExactly(Map.entry("json5", "json-five 1.0.0"), Map.entry("time", "time 2.1.0"));
      assertThat(logging.checksum()).isEqualTo(A.hex());
      assertThat(logging.granted()).containsExactly("native:lz4", "random", "time");
    }
  }
}
