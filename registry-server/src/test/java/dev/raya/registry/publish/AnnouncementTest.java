package dev.raya.registry.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The first part of a publish (spec: registry.md 1.3): what is wrong in it is told with its place.
 */
class AnnouncementTest {
  private static final String LIBRARY =
      "{'module':'fast','target':'macos-arm64','file':'libfast.dylib','size':9,'sha256':'%s'}"
          .formatted("12".repeat(32));
  private static final String ATTESTATION =
      "{'predicateType':'https://raya.dev/publish/v1','size':5,'sha256':'%s'}"
          .formatted("ef".repeat(32));
  private static final String GOOD =
      "{'schema':'raya/publish/1','name':'fmt','version':'1.1.0',"
          + "'archive':{'sha256':'%s','size':10,'tree':'%s'},"
              .formatted("ab".repeat(32), "cd".repeat(32))
          + "'natives':[%s],'attestations':[%s],".formatted(LIBRARY, ATTESTATION)
          + "'tag':'next','stage':true,'allowBreaking':false}";

  private static byte[] part(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static RegistryException refused(String text) {
    return catchThrowableOfType(RegistryException.class, () -> Announcement.read(part(text)));
  }

  @Test
  void aSoundOneIsRead() throws RegistryException {
    Announcement read = Announcement.read(part(GOOD));
    assertThat(read.name().text()).isEqualTo("fmt");
    assertThat(read.stage()).isTrue();
    assertThat(read.natives()).hasSize(1);
    assertThat(read.attestations()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "raya/publish/1, raya/publish/9, /schema",
        "'name':'fmt', 'name':'Fmt!', /name",
        "'version':'1.1.0', 'version':'1.1', /version",
        "'tag':'next', 'tag':'1.0.0', /tag",
        "'size':9, 'size':0, /natives/0/size",
        "macos-arm64, plan9-x64, /natives/0/target",
        "libfast.dylib, libfast.so, /natives/0/file",
        "https://raya.dev/publish/v1, ``, /attestations/0/predicateType",
        "'module':'fast', 'module':'Fast', /natives/0/module",
        "abab, ABAB, /archive/sha256",
      })
  void whatIsWrongIsToldWithItsPlace(String part, String changed, String place) {
    RegistryException refusal = refused(GOOD.replace(part, changed));
    assertThat(refusal.problem()).isEqualTo(Problem.MALFORMED);
    assertThat(refusal.getMessage()).contains(place);
  }

  @Test
  void nothingStandsTwiceNorTooOften() {
    assertThat(refused(GOOD.replace(LIBRARY, LIBRARY + ',' + LIBRARY)).getMessage())
        .contains("/natives/1/module", "twice");
    String many = ",".concat(LIBRARY).repeat(2000).substring(1);
    assertThat(refused(GOOD.replace(LIBRARY, many)).problem()).isEqualTo(Problem.TOO_LARGE);
    many = ",".concat(ATTESTATION).repeat(2000).substring(1);
    assertThat(refused(GOOD.replace(ATTESTATION, many)).problem()).isEqualTo(Problem.TOO_LARGE);
  }
}
