package dev.raya.compiler.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.build.Compilation;
import dev.raya.compiler.build.Compiler;
import dev.raya.compiler.build.PackageImports;
import dev.raya.compiler.build.SourceTree;
import dev.raya.compiler.build.StandardLibrary;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Generic classes of one name in several modules of a package are several classes. */
final class TemplatesOfModulesTest {
  private static final String MODULE =
      """
      EXPORT class Box<T> {
        v: T;
        constructor(v: T) { this.v = v; }
        get(): string { return "NAME"; }
      }
      class Sub<T> extends Box<T> {
        FIELD: string = "field ";
        constructor(v: T) { super(v); }
        get(): string { return this.FIELD + "NAME"; }
      }
      class Pair<T> { FIELD: T | null = null; }
      export function NAME(n: int): string {
        const b: Box<int> = n > 0 ? new Box<int>(n) : new Sub<int>(1);
        const pair = new Pair<int>();
        pair.FIELD = n;
        return b.get() + " " + `${pair.FIELD}`;
      }
      """;

  private static String module(String name, String export) {
    return MODULE.replace("NAME", name).replace("FIELD", "of" + name).replace("EXPORT ", export);
  }

  private static String run(String exportOfFirst, String exportOfSecond) throws Exception {
    StandardLibrary library = StandardLibrary.fromSources();
    Compilation done =
        new Compiler(
                library,
                SourceTree.of(
                    Map.of(
                        "main.raya",
                        """
                        import { a } from "./a";
                        import { b } from "./b";
                        console.log(a(1), b(2), a(0), b(-1));
                        """,
                        "a.raya",
                        module("a", exportOfFirst),
                        "b.raya",
                        module("b", exportOfSecond))),
                PackageImports.NONE)
            .compile(
                new Compiler.Request(
                    "", "", List.of(new Compiler.Root("", "main.raya", true)), "main.raya", true));
    assertThat(done.diagnostics()).isEmpty();
    RbinModule program = Objects.requireNonNull(done.module());
    Map<String, byte[]> files = GoldenProgram.imports(program, library);
    files.put("main", RbinWriter.write(program));
    Running.Outcome outcome = Running.run(files, List.of());
    assertThat(outcome.errors()).isEmpty();
    return outcome.output();
  }

  @Test
  void theirInstancesAreNotMerged() throws Exception {
    for (String first : List.of("", "export ")) {
      for (String second : List.of("", "export ")) {
        assertThat(run(first, second)).isEqualTo("a 1 b 2 field a 0 field b -1\n");
      }
    }
  }
}
