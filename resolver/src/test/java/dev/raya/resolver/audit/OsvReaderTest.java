package dev.raya.resolver.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OsvReaderTest {
  private static final PackageName ZIP = new PackageName("zip");

  private static Advisories read(String document) throws Exception {
    return OsvReader.read(document.getBytes(StandardCharsets.UTF_8));
  }

  private static String advisory(String id, String affected) {
    return "{\"id\":\""
        + id
        + "\",\"modified\":\"2026-01-01T00:00:00Z\",\"summary\":\"Bad zip\","
        + "\"aliases\":[\"CVE-2026-1\"],\"database_specific\":{\"severity\":\"HIGH\"},"
        + "\"references\":[{\"type\":\"WEB\",\"url\":\"https://a.example\"},"
        + "{\"type\":\"ADVISORY\",\"url\":\"https://b.example\"}],\"affected\":["
        + affected
        + "]}";
  }

  private static String zip(String rest) {
    return "{\"package\":{\"ecosystem\":\"Raya\",\"name\":\"zip\"}," + rest + "}";
  }

  private static String events(String events) {
    return zip("\"ranges\":[{\"type\":\"SEMVER\",\"events\":[" + events + "]}]");
  }

  private static List<String> ids(Advisories advisories, String version) throws Exception {
    return advisories.hitting(ZIP, Version.parse(version)).stream().map(Advisory::id).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "0.9.0, false", "1.0.0-rc.1, false", "1.0.0, true", "1.1.9, true", "1.2.0-rc.1, true",
    "1.2.0, false", "1.9.0, false", "2.0.0, true", "2.4.0, true", "2.4.1, false",
    "3.0.0, false", "3.1.7, true"
  })
  void spansRunFromIntroducedToFixedOrLastAffected(String version, boolean hit) throws Exception {
    // In no order: OSV says to sort events before they are evaluated.
    String affected =
        events(
                "{\"fixed\":\"1.2.0\"},{\"introduced\":\"2.0.0\"},{\"last_affected\":\"2.4.0\"},"
                    + "{\"introduced\":\"1.0.0\"}")
            + ","
            + zip("\"versions\":[\"3.1.7\"]");
    assertThat(ids(read("[" + advisory("RAYA-2026-1", affected) + "]"), version))
        .isEqualTo(hit ? List.of("RAYA-2026-1") : List.of());
  }

  @Test
  void zeroIsBeforeEveryVersionAndAnOpenSpanHasNoEnd() throws Exception {
    Advisories all = read("[" + advisory("A-1", events("{\"introduced\":\"0\"}")) + "]");
    assertThat(ids(all, "0.0.0-0")).containsExactly("A-1");
    assertThat(ids(all, "99.0.0")).containsExactly("A-1");
  }

  @Test
  void documentsComeBareOrAsAMember() throws Exception {
    String one = advisory("A-1", events("{\"introduced\":\"0\"},{\"fixed\":\"2.0.0\"}"));
    for (String form : List.of("[%s]", "{\"advisories\":[%s]}", "{\"vulns\":[%s]}")) {
      Advisory found = read(form.formatted(one)).hitting(ZIP, Version.parse("1.0.0")).getFirst();
      assertThat(found.severity()).isEqualTo("HIGH");
      assertThat(found.url()).isEqualTo("https://b.example");
      assertThat(found.aliases()).containsExactly("CVE-2026-1");
      assertThat(found.fixesOf(ZIP)).containsExactly(Version.parse("2.0.0"));
    }
  }

  @Test
  void withdrawnRecordsAndOtherEcosystemsArePassedOver() throws Exception {
    String other =
        "{\"package\":{\"ecosystem\":\"npm\",\"name\":\"zip\"},\"versions\":[\"nonsense\"]}";
    String gone =
        advisory("A-2", events("{\"introduced\":\"0\"}"))
            .replace("\"summary\"", "\"withdrawn\":\"2026-02-01T00:00:00Z\",\"summary\"");
    Advisories advisories = read("[" + advisory("A-1", other) + "," + gone + "]");
    assertThat(advisories.size()).isZero();
    assertThat(ids(advisories, "1.0.0")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "{}x",
        "[1]",
        "[{}]",
        "{\"advisories\":7}",
        "[{\"id\":\"a b\",\"affected\":[]}]",
        "[{\"id\":\"A\",\"affected\":[{\"package\":{\"ecosystem\":\"Raya\",\"name\":\"Z Z\"}}]}]",
        "[{\"id\":\"A\",\"affected\":[{\"package\":{\"ecosystem\":\"Raya\",\"name\":\"zip\"},"
            + "\"versions\":[\"1.x\"]}]}]",
        "[{\"id\":\"A\",\"affected\":[{\"package\":{\"ecosystem\":\"Raya\",\"name\":\"zip\"},"
            + "\"ranges\":[{\"type\":\"SEMVER\",\"events\":[{\"introduced\":\"one\"}]}]}]}]"
      })
  void whatCannotBeReadIsRefusedSoThatNoneIsMissed(String document) {
    assertThatThrownBy(() -> read(document))
        .isInstanceOfSatisfying(
            OsvException.class, e -> assertThat(e.code()).isEqualTo("RAYA-NET-004"));
  }

  @Test
  void repeatedIdentifiersAndHugeDocumentsAreRefused() {
    String one = advisory("A-1", events("{\"introduced\":\"0\"}"));
    assertThatThrownBy(() -> read("[" + one + "," + one + "]")).hasMessageContaining("twice");
    assertThatThrownBy(() -> OsvReader.read(new byte[OsvReader.MAX_BYTES + 1]))
        .hasMessageContaining("at most");
  }
}
