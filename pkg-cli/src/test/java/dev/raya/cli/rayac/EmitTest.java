package dev.raya.cli.rayac;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rayac compile --emit}: what a compilation went through, for people. */
class EmitTest {
  @TempDir Path folder;

  @Test
  void treeFormAndCodeAreWrittenBesideTheOutput() {
    Tool tool =
        new Tool(folder).file("twice.raya", "function twice(n: int): int { return n + n; }\n");
    assertThat(tool.run("compile", "twice.raya", "--emit", "ast,ir,asm").code()).isZero();
    assertThat(tool.text("twice.ast"))
        .startsWith(
            """
            ModuleSyntax
              items:
                Function 1:1
                  name: Name 1:10 text="twice"
            """)
        .contains("operator=add");
    assertThat(tool.text("twice.ir"))
        .endsWith(
            """
            function 0 twice (int) => int
              b0(v0: int):
                ; twice.raya:1:31
                v1: int = IADD (v0, v0)
                RETURN v1
            """);
    assertThat(tool.text("twice.asm")).contains("IADD");
    assertThat(folder.resolve("twice.rbin")).doesNotExist();
    String ir = tool.text("twice.ir");
    String ast = tool.text("twice.ast");
    assertThat(tool.run("compile", "twice.raya", "--emit", "ast,ir").code()).isZero();
    assertThat(tool.text("twice.ir")).isEqualTo(ir);
    assertThat(tool.text("twice.ast")).isEqualTo(ast);
  }

  @Test
  void otherKindsAreRefused() {
    Tool tool = new Tool(folder).file("a.raya", "console.log(1);\n");
    Tool.Outcome outcome = tool.run("compile", "a.raya", "--emit", "ast,tree");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("rbin, rdef, ast, ir, asm");
  }
}
