package dev.raya.resolver.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Columns are UTF-16 units and offsets bytes, whatever stands before a place. */
final class SourceTextTest {
  private static final String FILE = "raya.toml";

  private static SourcePosition at(String document, int line, int column) {
    return new SourceText(FILE, document).at(line, column);
  }

  @Test
  void everyCharacterCountsAsItsUnitsAndBytes() {
    String text = "a = 1\r\nж = \"日本😀\" # x\n";
    assertThat(at(text, 1, 1)).isEqualTo(SourcePosition.beginning(FILE));
    assertThat(at(text, 2, 1)).isEqualTo(new SourcePosition(FILE, 2, 1, 7));
    assertThat(at(text, 2, 2)).isEqualTo(new SourcePosition(FILE, 2, 2, 9));
    // The ninth character is the quotation mark behind the emoji.
    assertThat(at(text, 2, 9)).isEqualTo(new SourcePosition(FILE, 2, 10, 23));
    assertThat(text.getBytes(StandardCharsets.UTF_8)[23]).isEqualTo((byte) '"');
    assertThat(at(text, 3, 1)).isEqualTo(new SourcePosition(FILE, 3, 1, 29));
  }

  @Test
  void aByteOrderMarkIsNoColumnAndThreeBytes() {
    assertThat(at("\uFEFFa = 1\nb = 2\n", 1, 1)).isEqualTo(new SourcePosition(FILE, 1, 1, 3));
    assertThat(at("\uFEFFa = 1\nb = 2\n", 2, 5)).isEqualTo(new SourcePosition(FILE, 2, 5, 13));
  }

  @Test
  void placesBehindALineOrTheTextAreItsEnd() {
    assertThat(at("ab\ncd", 1, 9)).isEqualTo(new SourcePosition(FILE, 1, 3, 2));
    assertThat(at("ab\ncd", 9, 9)).isEqualTo(new SourcePosition(FILE, 2, 3, 5));
    assertThat(at("", 1, 1)).isEqualTo(SourcePosition.beginning(FILE));
  }

  @Test
  void faultsAndDependenciesOfAManifestHaveThem() throws Exception {
    String text =
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\ndescription = \"Größe 😀\"\n\n"
            + "[dependencies]\nfmt = { version = \"^1\", features = [\"ä😀\", \"B!\"] }\n";
    String good = text.replace(", features = [\"ä😀\", \"B!\"]", "");
    assertThat(ManifestReader.read(FILE, good).dependencies().values())
        .extracting(Dependency::position)
        .containsExactly(new SourcePosition(FILE, 7, 1, bytesBefore(good, "fmt =")));
    ManifestException refused =
        catchThrowableOfType(ManifestException.class, () -> ManifestReader.read(FILE, text));
    List<SourcePosition> places = refused.faults().stream().map(ManifestFault::position).toList();
    int column = "fmt = { version = \"^1\", features = [".length() + 1;
    assertThat(places).isNotEmpty();
    for (SourcePosition place : places) {
      assertThat(place.line()).isEqualTo(7);
      assertThat(place.offset() - bytesBefore(text, "fmt ="))
          .isEqualTo(
              text.lines()
                  .toList()
                  .get(6)
                  .substring(0, place.column() - 1)
                  .getBytes(StandardCharsets.UTF_8)
                  .length);
      assertThat(place.column()).isGreaterThanOrEqualTo(column);
    }
  }

  private static int bytesBefore(String text, String what) {
    return text.substring(0, text.indexOf(what)).getBytes(StandardCharsets.UTF_8).length;
  }
}
