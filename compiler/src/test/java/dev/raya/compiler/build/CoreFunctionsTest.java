package dev.raya.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.tree.FunctionTree;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the text of {@code raya:core} says of its functions, beside what checking it gives. */
final class CoreFunctionsTest {
  private final LibraryFunctions library = new LibraryFunctions(StandardLibrary.fromSources());

  @Test
  void everyExportedFunctionIsDeclared() {
    List<String> names =
        library.modules().stream()
            .flatMap(module -> module.functions().stream())
            .map(FunctionTree::symbol)
            .filter(symbol -> symbol.exported())
            .map(symbol -> symbol.name())
            .toList();
    assertThat(names).contains("Array$map", "Array$find", "Math$maxOf");
    assertThat(names).allMatch(library::declares);
  }

  @Test
  void beginningsEndsAndStrangersAreNot() {
    assertThat(List.of("Array$fin", "Math$max", "rray$map", "Array$push", "", "RegExp$joined"))
        .noneMatch(library::declares);
  }
}
