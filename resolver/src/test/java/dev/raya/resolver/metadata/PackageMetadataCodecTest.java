package dev.raya.resolver.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.ModulePath;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionException;
import dev.raya.resolver.version.VersionRange;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PackageMetadataCodecTest {
  private static final Digest DIGEST = Digest.of("x".getBytes(StandardCharsets.UTF_8));

  private static PackageMetadata sample() throws VersionException {
    return new PackageMetadata(
        new PackageName("@acme/logging"),
        Version.parse("1.2.3"),
        "Structured logging",
        List.of("A. Name <a@example.com>"),
        "MIT",
        "https://example.com",
        List.of("log"),
        VersionRange.parse(">=1.0"),
        new PackageMetadata.PackedBy("1.0.0", "1.0.0"),
        List.of(
            new PublishedDependency(
                new PackageName("time"),
                new PackageName("time"),
                VersionRange.parse("^2"),
                null,
                false,
                List.of(),
                true,
                List.of(),
                List.of()),
            new PublishedDependency(
                new PackageName("json5"),
                new PackageName("json-five"),
                VersionRange.parse("^1 || ^2"),
                "https://registry.acme.example",
                true,
                List.of("tls"),
                false,
                List.of("linux-x64"),
                List.of(new Capability("net")))),
        List.of(new PublishedConstraint(new PackageName("zip"), VersionRange.parse("<3"))),
        Map.of("color", List.of("dep:json5")),
        Map.of(new ModulePath("sinks"), "sinks"),
        Map.of("acme-log", "cli"),
        List.of(new NativeBlob("lz4", "1", "linux-x64", "liblz4.so", 12, DIGEST)),
        List.of(new Capability("time")),
        new BytecodeLevel(1, 0, 1, 1),
        DIGEST,
        DIGEST);
  }

  @Test
  void whatIsWrittenReadsBackAndWritesTheSameBytes() throws JsonException, VersionException {
    byte[] once = PackageMetadataCodec.write(sample());
    PackageMetadata back = PackageMetadataCodec.read(once);
    assertThat(back).isEqualTo(sample());
    assertThat(PackageMetadataCodec.write(back)).isEqualTo(once);
    assertThat(back.dependencies())
        .extracting(d -> d.alias().text())
        .containsExactly("json5", "time");
  }

  @Test
  void emptyAndDefaultMembersAreAbsent() throws JsonException {
    String least =
        "{\"bytecode\":{\"languageLevel\":1,\"major\":1,\"minVm\":1,\"minor\":0},"
            + "\"name\":\"fmt\",\"schema\":\"raya/package/1\",\"version\":\"1.0.0\"}";
    PackageMetadata metadata = PackageMetadataCodec.read(least.getBytes(StandardCharsets.UTF_8));
    assertThat(metadata.raya().isAny()).isTrue();
    assertThat(new String(PackageMetadataCodec.write(metadata), StandardCharsets.UTF_8))
        .isEqualTo(least);
  }

  @Test
  void malformedMembersAreRefused() throws VersionException {
    String good = new String(PackageMetadataCodec.write(sample()), StandardCharsets.UTF_8);
    for (String[] change :
        new String[][] {
          {"raya/package/1", "raya/package/2"},
          {"@acme/logging", "acme/logging"},
          {"\"1.2.3\"", "\"1.2\""},
          {"<3.0.0-0", "<3"},
          {"\"./sinks\"", "\"../sinks\""},
          {"\"lz4\"", "\"../lz4\""},
          {"liblz4.so", "a/b.so"},
          {"dep:json5", "?"},
          {"\"net\"", "\"nett\""},
          {DIGEST.hex(), "00"},
          {"\"major\":1", "\"major\":-1"},
          {"{\"name\":\"time\"", "{\"name\":\"json5\""}
        }) {
      String bad = good.replace(change[0], change[1]);
      assertThat(bad).isNotEqualTo(good);
      assertThatThrownBy(() -> PackageMetadataCodec.read(bad.getBytes(StandardCharsets.UTF_8)))
          .as(change[1])
          .isInstanceOf(JsonException.class);
    }
    assertThatThrownBy(
            () -> PackageMetadataCodec.read(new byte[PackageMetadataCodec.MAX_BYTES + 1]))
        .isInstanceOf(JsonException.class);
  }
}
