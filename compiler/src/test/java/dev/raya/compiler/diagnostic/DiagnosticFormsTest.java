package dev.raya.compiler.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.compiler.source.Position;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiagnosticFormsTest {
  private static final SourceFile FILE =
      SourceFile.of("a.raya", "const a = 1;\r\nconst ü = \"😀\" x;\n\tlast");

  @Test
  void columnsCountUtf16UnitsAndOffsetsCountBytes() {
    int x = FILE.text().indexOf(" x;") + 1;
    assertThat(FILE.position(x)).isEqualTo(new Position(2, 16, 14 + 6 + 2 + 3 + 1 + 4 + 1 + 1));
    assertThat(FILE.position(0)).isEqualTo(new Position(1, 1, 0));
    assertThat(FILE.position(FILE.text().length()).line()).isEqualTo(3);
    assertThat(FILE.lineText(1)).isEqualTo("const a = 1;");
    assertThat(FILE.lineCount()).isEqualTo(3);
  }

  @Test
  void invalidUtf8IsRemembered() {
    byte[] bytes = {'a', (byte) 0xFF, 'b'};
    assertThat(SourceFile.of("b", bytes).isValidUtf8()).isFalse();
    assertThat(SourceFile.of("b", "ä".getBytes(StandardCharsets.UTF_8)).isValidUtf8()).isTrue();
  }

  @Test
  void textShowsLineAndCaretUnderWideCharactersAndTabs() {
    int last = FILE.text().indexOf("last");
    Diagnostic d =
        new Diagnostic(
            DiagnosticCode.E0201,
            new Span(FILE, last, last + 4),
            "unknown name 'last'",
            List.of(new Diagnostic.Note(new Span(FILE, 6, 7), "here is 'a'")),
            List.of());
    assertThat(DiagnosticText.render(d))
        .isEqualTo(
            """
            error RAYA-E0201: unknown name 'last'
             --> a.raya:3:2
              |
            3 |     last
              |     ^^^^
              = note: here is 'a'
             --> a.raya:1:7
              |
            1 | const a = 1;
              |       -
            """);
  }

  @Test
  void ofALongLineThePartAroundThePlaceIsShown() {
    SourceFile file = SourceFile.of("long.raya", "x".repeat(300) + "here" + "y".repeat(300));
    assertThat(SourceExcerpt.of(new Span(file, 300, 304)))
        .isEqualTo(
            "  |\n1 | …"
                + "x".repeat(40)
                + "here"
                + "y".repeat(56)
                + "…\n  | "
                + " ".repeat(41)
                + "^^^^\n");
    assertThat(SourceExcerpt.of(new Span(file, 600, 604)))
        .endsWith("yyyy\n  | " + " ".repeat(41) + "^^^^\n");
  }

  @Test
  void jsonHasCodeSeverityMessageSpanNotesFixes() {
    Span end = new Span(FILE, 11, 11);
    Diagnostic d =
        new Diagnostic(
            DiagnosticCode.E0102,
            end,
            "missing ';'",
            List.of(),
            List.of(new Diagnostic.Fix(end, ";", "insert ';'")));
    assertThat(CanonicalJson.text(DiagnosticJson.of(d)))
        .isEqualTo(
            "{\"code\":\"RAYA-E0102\",\"fixes\":[{\"replacement\":\";\",\"span\":"
                + "{\"end\":{\"column\":12,\"line\":1,\"offset\":11},\"file\":\"a.raya\","
                + "\"start\":{\"column\":12,\"line\":1,\"offset\":11}},\"title\":\"insert ';'\"}],"
                + "\"message\":\"missing ';'\",\"notes\":[],\"severity\":\"error\",\"span\":"
                + "{\"end\":{\"column\":12,\"line\":1,\"offset\":11},\"file\":\"a.raya\","
                + "\"start\":{\"column\":12,\"line\":1,\"offset\":11}}}");
  }

  @Test
  void codesAreSortedAndHaveTitles() {
    List<String> codes = Arrays.stream(DiagnosticCode.values()).map(DiagnosticCode::name).toList();
    assertThat(codes).isSorted();
    for (DiagnosticCode c : DiagnosticCode.values()) {
      assertThat(c.code()).matches("RAYA-[EW]\\d{4}");
      assertThat(c.title()).isNotBlank();
      assertThat(c.severity())
          .isEqualTo(c.name().startsWith("W") ? Severity.WARNING : Severity.ERROR);
    }
  }

  @Test
  void diagnosticsOfAFileAreBoundedAndNeverTwiceTheSame() {
    Diagnostics all = new Diagnostics();
    SourceFile big = SourceFile.of("big", "x".repeat(500));
    for (int i = 0; i < 300; i++) {
      all.add(DiagnosticCode.E0201, new Span(big, i, i + 1), "m");
      all.add(DiagnosticCode.E0201, new Span(big, i, i + 1), "m");
    }
    assertThat(all.sorted()).hasSize(Diagnostics.MAX_PER_FILE);
    all.truncate(2);
    assertThat(all.sorted()).hasSize(2);
  }
}
