package dev.raya.cli.rayac;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What programs print into pipes that nobody reads any more. */
@Timeout(120)
class RunOutputTest {
  @TempDir Path folder;

  private int run(String program) {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    return new Tool(folder)
        .file("a.raya", program)
        .run("", closed, new ByteArrayOutputStream(), "run", "a.raya");
  }

  @Test
  void aProgramThatWouldPrintForEverEnds() {
    assertThat(run("while (true) { console.log(\"more\"); }\n")).isEqualTo(141);
  }

  @Test
  void aProgramThatEndsByItselfKeepsItsCode() {
    assertThat(
            run("import { exit } from \"raya:process\";\n" + "console.log(\"one\");\nexit(3);\n"))
        .isEqualTo(3);
    assertThat(run("console.log(\"one\");\n")).isZero();
  }
}
