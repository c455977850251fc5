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
        .containsExactly(
            new SourcePosition(
                FILE,
                7,
                1,
                bytesBefore(good, "fmt ="),
                new SourcePosition.End(7, 25, bytesBefore(good, " }\n") + 2)));
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

  /** What stands at a place, by its extent in UTF-16 units and in bytes, which must agree. */
  private static String standing(String document, int line, int column) {
    SourcePosition place = new SourceText(FILE, document).extent(line, column);
    byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
    String byOffset =
        new String(
            bytes, place.offset(), place.end().offset() - place.offset(), StandardCharsets.UTF_8);
    List<String> lines = List.of(document.replace("\uFEFF", "").split("\n", -1));
    StringBuilder byColumn = new StringBuilder();
    for (int row = place.line(); row <= place.end().line(); row++) {
      String text = lines.get(row - 1);
      int from = row == place.line() ? place.column() - 1 : 0;
      int to = row == place.end().line() ? place.end().column() - 1 : text.length();
      byColumn.append(row == place.line() ? "" : "\n").append(text, from, to);
    }
    assertThat(byColumn).hasToString(byOffset);
    return byOffset;
  }

  @Test
  void aPlaceExtendsOverAKeyAndItsValueAValueOrATablesName() {
    String text =
        "[dependencies]\nfmt = \"^1\" # why\n\"ж😀\".'b c' = { version = \"}\", git = 'x#' }\n"
            + "list = [ # [\n  \"]\",\n  12 , true]\ntext = \"\"\"a\"\n\\\"\"\"\"\"\n[[member]]\nopen = \"x\n";
    assertThat(standing(text, 1, 1)).isEqualTo("[dependencies]");
    assertThat(standing(text, 1, 2)).isEqualTo("dependencies");
    assertThat(standing(text, 2, 1)).isEqualTo("fmt = \"^1\"");
    assertThat(standing(text, 2, 7)).isEqualTo("\"^1\"");
    assertThat(standing("\uFEFF" + text, 3, 1))
        .isEqualTo("\"ж😀\".'b c' = { version = \"}\", git = 'x#' }");
    assertThat(standing(text, 3, 16)).isEqualTo("version = \"}\"");
    assertThat(standing(text, 4, 1)).isEqualTo("list = [ # [\n  \"]\",\n  12 , true]");
    assertThat(standing(text, 6, 3)).isEqualTo("12");
    assertThat(standing(text, 6, 8)).isEqualTo("true");
    assertThat(standing(text, 7, 1)).isEqualTo("text = \"\"\"a\"\n\\\"\"\"\"\"");
    assertThat(standing(text, 9, 1)).isEqualTo("[[member]]");
    assertThat(standing(text, 10, 1)).isEqualTo("open = \"x");
    assertThat(standing("a = [", 1, 1)).isEqualTo("a = [");
    assertThat(standing("", 1, 1)).isEmpty();
  }

  private static int bytesBefore(String text, String what) {
    return text.substring(0, text.indexOf(what)).getBytes(StandardCharsets.UTF_8).length;
  }
}
