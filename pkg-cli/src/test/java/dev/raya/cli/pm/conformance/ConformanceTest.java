package dev.raya.cli.pm.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  @Test
  void aBundleIsVerifiedByFileAndByDigestUnderItsKeyAlone() {
    Path vectors = Path.of("../signing/src/test/resources/sigstore").toAbsolutePath();
    Pm pm = Pm.in(folder).project("# none");
    String digest = "sha256:a0cfc71271d6e278e57cd332ff957c3f7043fdda354c4cbb190a30d56efa01bf";

    for (String artifact : List.of(vectors.resolve("default-artifact").toString(), digest)) {
      assertThat(verifyBundle(pm, vectors, "managed-key-happy-path", artifact)).isZero();
      assertThat(verifyBundle(pm, vectors, "managed-key-wrong-key_fail", artifact)).isEqualTo(1);
    }
    assertThat(verifyBundle(pm, vectors, "managed-key-happy-path", "sha256:00")).isEqualTo(1);
    assertThat(verifyBundle(pm, vectors, "no-such-bundle", digest)).isEqualTo(1);
  }

  private static int verifyBundle(Pm pm, Path vectors, String name, String artifact) {
    return pm.run(
            "conformance",
            "sigstore",
            "verify-bundle",
            "--bundle",
            vectors.resolve(name).resolve("bundle.sigstore.json").toString(),
            "--key",
            vectors.resolve(name).resolve("key.pub").toString(),
            "--trusted-root",
            vectors.resolve("default-trusted-root.json").toString(),
            artifact)
        .exit();
  }
}
