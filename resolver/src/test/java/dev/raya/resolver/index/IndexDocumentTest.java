package dev.raya.resolver.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.resolver.index.IndexLine.PackageLine;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionException;
import dev.raya.resolver.version.VersionTag;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IndexDocumentTest {
  private static final PackageName NAME = new PackageName("logging");
  private static final String HEX = Digest.of("x".getBytes(StandardCharsets.UTF_8)).hex();
  private static final String FIRST = "{\"format\":\"raya-index/1\",\"name\":\"logging\"}\n";
  private static final String PACKAGE =
      "{\"log\":4690,\"publishers\":[{\"account\":17,\"keyId\":\"9f\",\"kind\":\"key\","
          + "\"publicKey\":\"MCow\"}],\"time\":\"2026-01-06T11:58:02Z\",\"type\":\"package\"}\n";
  private static final String STATUS =
      "{\"log\":4802,\"reason\":\"broken\",\"time\":\"2026-01-07T09:10:11Z\",\"type\":\"status\","
          + "\"use\":\"1.2.4\",\"version\":\"1.2.3\",\"yanked\":true}\n";

  private static String version(int log, String version) {
    return "{\"bytecode\":{\"languageLevel\":1,\"major\":1,\"minVm\":1,\"minor\":0},"
        + "\"capabilities\":[\"time\"],\"dependencies\":[{\"name\":\"fmt\","
        + "\"range\":\">=1.3.0 <2.0.0-0\"}],\"log\":"
        + log
        + ",\"raya\":\">=1.0.0\",\"sha256\":\""
        + HEX
        + "\",\"size\":18231,\"time\":\"2026-01-06T12:00:00Z\",\"tree\":\""
        + HEX
        + "\",\"type\":\"version\",\"version\":\""
        + version
        + "\"}\n";
  }

  private static final String DOCUMENT =
      FIRST + PACKAGE + version(4711, "1.2.3") + version(4720, "1.2.4") + STATUS;

  private static IndexDocument read(String text) throws IndexException {
    return IndexDocumentReader.read(NAME, text.getBytes(StandardCharsets.UTF_8));
  }

  private static Version v(String text) {
    try {
      return Version.parse(text);
    } catch (VersionException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void theDocumentOfThePageIsReadAndWrittenBack() throws IndexException {
    IndexDocument document = read(DOCUMENT);
    assertThat(new String(IndexDocumentWriter.document(document), StandardCharsets.UTF_8))
        .isEqualTo(DOCUMENT);
    VersionLine line = document.version(v("1.2.3"));
    assertThat(line).isNotNull();
    if (line != null) {
      assertThat(line.log()).isEqualTo(4711);
      assertThat(line.dependencies()).hasSize(1);
      assertThat(line.dependencies().getFirst().defaultFeatures()).isTrue();
      assertThat(line.sha256().hex()).isEqualTo(HEX);
    }
    assertThat(document.statuses()).containsOnlyKeys(v("1.2.3"));
    PackageLine publishing = document.publishingBefore(4711);
    assertThat(publishing).isNotNull();
    assertThat(document.publishingBefore(4690)).isNull();
    if (publishing != null) {
      assertThat(publishing.tokenPublishing()).isTrue();
      assertThat(publishing.publishers()).hasSize(1);
    }
  }

  @Test
  void latestIsTheHighestUsableVersionUnlessSet() throws IndexException {
    assertThat(read(DOCUMENT).tags()).isEqualTo(Map.of(VersionTag.LATEST, v("1.2.4")));
    String yanked = STATUS.replace("\"1.2.3\"", "\"1.2.4\"").replace("4802", "4803");
    assertThat(read(DOCUMENT + yanked).tags()).isEmpty();
    String tag =
        "{\"log\":4900,\"tag\":\"latest\",\"time\":\"2026-01-07T09:10:11Z\",\"type\":\"tag\","
            + "\"version\":\"1.2.3\"}\n";
    assertThat(read(DOCUMENT + tag).tags()).isEqualTo(Map.of(VersionTag.LATEST, v("1.2.3")));
  }

  @Test
  void anUnyankedVersionIsUsableAgain() throws IndexException {
    String again =
        "{\"log\":4803,\"time\":\"2026-01-08T09:10:11Z\",\"type\":\"status\",\"version\":\"1.2.3\"}\n";
    IndexLine.StatusLine status = read(DOCUMENT + again).status(v("1.2.3"));
    assertThat(status).isNotNull().extracting(IndexLine.StatusLine::yanked).isEqualTo(false);
  }

  @Test
  void unknownTypesAndMembersAreSkipped() throws IndexException {
    String later =
        "{\"log\":5000,\"time\":\"2027-01-07T09:10:11Z\",\"type\":\"future\",\"x\":[1]}\n";
    assertThat(read(DOCUMENT + later).lines()).hasSize(4);
    assertThat(
            read(FIRST + version(1, "1.0.0").replace("\"size\"", "\"novel\":{},\"size\"")).lines())
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "{}\n",
        "[]\n",
        "{\"format\":\"raya-index/2\",\"name\":\"logging\"}\n",
        "{\"format\":\"raya-index/1\",\"name\":\"other\"}\n",
        "{\"format\":\"raya-index/1\",\"name\":\"logging\",\"more\":1}\n",
        "{\"format\":\"raya-index/1\",\"name\":\"logging\"}",
        "{\"format\":\"raya-index/1\",\"name\":\"logging\"}\n\n"
      })
  void otherBeginningsAreRefused(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOfSatisfying(
            IndexException.class, e -> assertThat(e.code()).isEqualTo("RAYA-NET-004"));
  }

  @Test
  void lyingDocumentsAreRefused() {
    refused(FIRST + version(5, "1.0.0") + version(5, "1.0.1"), "line 3: /log");
    refused(FIRST + version(5, "1.0.0") + version(4, "1.0.1"), "line 3: /log");
    refused(FIRST + version(5, "1.0.0") + version(6, "1.0.0+other"), "occurs twice");
    refused(FIRST + STATUS, "was not published");
    refused(FIRST + version(5, "v1.0.0"), "expected a version");
    refused(FIRST + version(5, "1.0.0").replace(HEX, HEX.substring(1)), "hexadecimal");
    refused(FIRST + version(5, "1.0.0").replace("18231", "-1"), "expected a size");
    refused(FIRST + version(5, "1.0.0").replace(">=1.3.0 <2.0.0-0", "^1.3"), "expected a range");
    refused(FIRST + version(5, "1.0.0").replace("\"fmt\"", "\"../fmt\""), "package name");
    refused(FIRST + version(5, "1.0.0").replace("[\"time\"]", "[\"everything\"]"), "capabilities");
    refused(FIRST + version(5, "1.0.0").replace("2026-01-06T12:00:00Z", "yesterday"), "a time");
    refused(FIRST + version(5, "1.0.0").replace("2026-01-06T12", "2026-01-06t12"), "a time");
    refused(
        FIRST + "{\"type\":\"tag\",\"log\":1,\"time\":\"2026-01-06T12:00:00Z\",\"tag\":\"x\"}\n",
        "not a tag");
    refused(FIRST + "{\"log\":1,\"log\":2}\n", "occurs twice");
    refused(FIRST + "\u0000\n", "line 2");
    refused(FIRST + "{\"a\":\"" + "x".repeat(IndexDocumentReader.MAX_LINE) + "\"}\n", "at most");
    refused(FIRST + "[".repeat(100_000) + "\n", "line 2");
  }

  private static void refused(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(IndexException.class)
        .hasMessageStartingWith("index document of logging")
        .hasMessageContaining(message);
  }

  @Test
  void hugeDocumentsAreRefusedBeforeTheyAreRead() {
    byte[] huge = new byte[IndexDocument.MAX_BYTES + 1];
    assertThatThrownBy(() -> IndexDocumentReader.read(NAME, huge)).hasMessageContaining("at most");
  }

  /** A prefix that ends with a line is a document; whatever else damage makes is refused. */
  @Test
  void damagedDocumentsAreReadOrRefused() {
    byte[] whole = DOCUMENT.getBytes(StandardCharsets.UTF_8);
    Random random = new Random(2);
    for (int round = 0; round < 5_000; round++) {
      byte[] damaged = whole.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(IndexDocumentReader.read(NAME, damaged).name()).isEqualTo(NAME);
      } catch (IndexException e) {
        assertThat(e.code()).isEqualTo("RAYA-NET-004");
      }
    }
  }

  @Test
  void theConfigurationIsReadAndWrittenBack() throws IndexException {
    String text =
        "{\"api\":\"/\",\"blobs\":\"/blobs/\",\"features\":[\"batch\"],\"index\":\"/index/\","
            + "\"limits\":{\"archive\":67108864},\"log\":\"/log/\","
            + "\"origin\":\"http://127.0.0.1:8080\","
            + "\"policy\":{\"freshLogin\":null,\"minReleaseAge\":\"1d\"},"
            + "\"schema\":\"raya/registry/1\",\"tuf\":\"/tuf/\"}";
    RegistryConfig config = RegistryConfigCodec.read(text.getBytes(StandardCharsets.UTF_8));
    assertThat(config.minReleaseAge()).hasDays(1);
    assertThat(new String(RegistryConfigCodec.write(config), StandardCharsets.UTF_8))
        .isEqualTo(text);
    for (String bad :
        new String[] {
          "{}",
          "[",
          text.replace("registry/1", "registry/2"),
          text.replace("http://127.0.0.1:8080", "ftp://x"),
          text.replace("\"1d\"", "\"soon\"")
        }) {
      assertThatThrownBy(() -> RegistryConfigCodec.read(bad.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(IndexException.class);
    }
  }
}
