package dev.raya.cli.rayac;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
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

  @Test
  void foldersOfTheOutputAreMadeAndSourcesAreNotOverwritten() {
    String source = "console.log(1);\n";
    Tool tool = new Tool(folder).file("a.raya", source);
    assertThat(tool.run("compile", "a.raya", "-o", "out/deep/a.rbin").code()).isZero();
    assertThat(folder.resolve("out/deep/a.rbin")).exists();
    Tool.Outcome outcome = tool.run("compile", "a.raya", "-o", "a.raya");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("-o names a source file: a.raya");
    assertThat(tool.text("a.raya")).isEqualTo(source);
  }

  @Test
  void aFileThatIsNoTextIsToldOnce() throws Exception {
    Files.write(folder.resolve("b.raya"), new byte[] {'R', '(', 0, (byte) 0xFF, '"', '}', 1});
    Tool.Outcome outcome = new Tool(folder).run("check", "b.raya");
    assertThat(outcome.err()).contains("RAYA-E0001", "b.raya:1:4", "1 error\n");
  }

  @Test
  void whatIsNoSourceIsTold() {
    Tool tool =
        new Tool(folder)
            .file("p/raya.toml", "[package]\nname = \"p\"\nversion = \"1.0.0\"\n")
            .file("p/src/a.raya", "console.log(1);\n")
            .file("README", "read me\n");
    assertThat(tool.run("check", "README").err()).contains("README is no source file");
    assertThat(tool.run("check", "nowhere").err()).contains("there is no file or folder nowhere");
    assertThat(tool.run("check", "p/src").err())
        .contains("the project around it is in " + folder.resolve("p"));
    assertThat(tool.run("dis", "p").err()).contains("p is a folder");
    assertThat(tool.run("compile", "p/src/a.raya", "-o", "p").err())
        .contains("-o names a folder: p");
    assertThat(tool.run("verify", "p/src/a.raya").err()).contains("rayac compile p/src/a.raya");
    assertThat(tool.run("fmt", "nowhere").err()).contains("there is no file or folder nowhere\n");
  }
}
