package dev.raya.registry.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.packages.VersionRow;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is said of a staged release, and of one that is none any more. */
class StageDocumentsTest {
  private static final String ARCHIVE = "ab".repeat(32);
  private static final String ANNOUNCEMENT =
      """
      {"schema":"raya/publish/1","name":"fmt","version":"1.1.0",
       "archive":{"sha256":"%s","size":10,"tree":"%s"},"natives":[],
       "attestations":[{"predicateType":"https://raya.dev/publish/v1","size":5,"sha256":"%s"}],
       "tag":null,"stage":true,"allowBreaking":false}
      """
          .formatted(ARCHIVE, "cd".repeat(32), "ef".repeat(32));

  private static StageRow row() {
    StageRow row = new StageRow();
    row.id = "0f".repeat(20);
    row.name = "fmt";
    row.version = "1.1.0";
    row.announcement = ANNOUNCEMENT;
    row.receivedAt = Instant.parse("2026-11-29T00:00:00Z");
    row.expiresAt = Instant.parse("2026-12-06T00:00:00Z");
    return row;
  }

  @Test
  void theSameReleaseIsAnsweredTheSameWay() {
    StageRow row = row();
    Published answer = StageDocuments.accepted(row);
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.location()).isEqualTo("/stages/" + row.id);
    assertThat(answer).isEqualTo(StageDocuments.accepted(row()));
    assertThat(CanonicalJson.text(answer.body()))
        .isEqualTo(
            "{\"checks\":[],\"expires\":\"2026-12-06T00:00:00Z\",\"id\":\"%s\",\"name\":\"fmt\","
                    .formatted(row.id)
                + "\"schema\":\"raya/staged/1\",\"sha256\":\"%s\",\"state\":\"staged\","
                    .formatted(ARCHIVE)
                + "\"version\":\"1.1.0\"}");
    assertThat(row.announced().stage()).isTrue();
  }

  @Test
  void whatWasPromotedIsToldByItsVersion() {
    VersionRow version = new VersionRow();
    version.version = "1.1.0";
    version.archive = ARCHIVE;
    assertThat(CanonicalJson.text(StageDocuments.promoted("fmt", version, "00")))
        .isEqualTo(
            "{\"id\":\"00\",\"name\":\"fmt\",\"schema\":\"raya/stage/1\",\"sha256\":\"%s\","
                    .formatted(ARCHIVE)
                + "\"state\":\"published\",\"version\":\"1.1.0\"}");
  }

  @Test
  void whatIsNotStagedIsSaidWithWhatToDo() {
    RegistryException none = StageDocuments.noneOf("fmt", "1.1.0");
    assertThat(none.problem()).isEqualTo(Problem.NOT_FOUND);
    assertThat(none.getMessage()).contains("fmt 1.1.0", "dropped", "7 days");
  }

  @Test
  void rowsThatWeDidNotWriteAreFaultsOfOurs() {
    StageRow row = row();
    row.announcement = "{}";
    row.metadata = "[";
    row.signer = "[";
    row.checks = "[";
    assertThatIllegalStateException().isThrownBy(row::announced);
    assertThatIllegalStateException().isThrownBy(row::archive);
    assertThatIllegalStateException().isThrownBy(row::metadataRead);
    assertThatIllegalStateException().isThrownBy(row::signerIdentity);
    row.announcement = ANNOUNCEMENT;
    assertThatIllegalStateException().isThrownBy(() -> StageDocuments.accepted(row));
  }
}
