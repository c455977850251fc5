package dev.raya.cli.pm.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doors for suites of vectors. */
final class ConformanceTest {
  @TempDir Path folder = Path.of("");

  @Test
  void eachLineOfVectorsIsAnsweredByOneWord() {
    String lines =
        """
        {"kind":"inclusion","index":0,"size":1,"root":"qPHDWUQTlr95qxQbLy76Lo+E/HKhVqDSibnkXV/mjxo=","leafHash":"qPHDWUQTlr95qxQbLy76Lo+E/HKhVqDSibnkXV/mjxo=","proof":[]}
        {"kind":"inclusion","index":1,"size":1,"root":"qPHDWUQTlr95qxQbLy76Lo+E/HKhVqDSibnkXV/mjxo=","leafHash":"qPHDWUQTlr95qxQbLy76Lo+E/HKhVqDSibnkXV/mjxo=","proof":[]}
        {"kind":"inclusion","index":18446744073709551616,"size":1}
        no JSON at all
        {"kind":"unheard of"}
        """;

    Pm.Outcome outcome = Pm.in(folder).project("# none").runWith(lines, "conformance", "log");

    assertThat(outcome)
        .isEqualTo(new Pm.Outcome(0, "accept\nreject\nreject\nreject\nreject\n", ""));
  }

  @Test
  void anArchiveIsUnpackedWholeOrNotAtAll() throws Exception {
    Pm pm = Pm.in(folder).project("# none");
    byte[] archive = TestPackage.of("sample", "1.0.0").archive().bytes();
    Path good = Files.write(folder.resolve("good.tar.zst"), archive);
    archive[archive.length / 2] ^= 1;
    Path bad = Files.write(folder.resolve("bad.tar.zst"), archive);

    assertThat(
            pm.run("conformance", "unpack", good.toString(), folder.resolve("a").toString()).exit())
        .isZero();
    assertThat(folder.resolve("a/module.rbin")).exists();
    assertThat(
            pm.run("conformance", "unpack", bad.toString(), folder.resolve("b").toString()).exit())
        .isEqualTo(1);
    assertThat(folder.resolve("b")).doesNotExist();
    assertThat(
            pm.run("conformance", "unpack", good.toString(), folder.resolve("a").toString()).exit())
        .isEqualTo(1);
    assertThat(pm.run("--help").out()).doesNotContain("conformance");
  }
}
