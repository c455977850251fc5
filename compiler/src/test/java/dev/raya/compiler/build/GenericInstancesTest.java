package dev.raya.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Instances of generic code that only the lowering sees (decision 0427). */
final class GenericInstancesTest {
  private static final String KEEP =
      """
      interface HasLength { readonly length: int; }
      function keep<T extends HasLength>(x: T): HasLength[] { return [x]; }
      """;

  private static Compilation compile(String source) {
    Compiler.Request request =
        new Compiler.Request(
            "", "", List.of(new Compiler.Root("", "a.raya", true)), "a.raya", true);
    return new Compiler(
            StandardLibrary.fromSources(),
            SourceTree.of(Map.of("a.raya", source)),
            PackageImports.NONE)
        .compile(request);
  }

  @Test
  void valueThatIsNoObjectIsNotKeptAsOne() {
    for (String value : List.of("\"abc\"", "[1, 2]", "new Uint8Array(1)", "new Channel<int>(1)")) {
      assertThat(compile(KEEP + "console.log(keep(" + value + ")[0].length);").diagnostics())
          .singleElement()
          .satisfies(GenericInstancesTest::isNoObject);
    }
  }

  private static void isNoObject(Diagnostic told) {
    assertThat(told.code()).isEqualTo(DiagnosticCode.E0328);
    assertThat(told.message()).contains("has the members but is no object", "'HasLength'");
    assertThat(told.span().from().line()).isEqualTo(2);
  }

  @Test
  void objectIsKept() {
    assertThat(compile(KEEP + "console.log(keep({ length: int(2.0) })[0].length);").module())
        .isNotNull();
  }
}
