package dev.raya.cache.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The native SHA-256 beside the platform's; how it is chosen is the toolchain's test. */
final class NativeSha256Test {
  private static final int CASES = 2_000;

  @TempDir static Path folder = Path.of("");

  private static String library() throws IOException, InterruptedException {
    Path source = folder.resolve("sha256.c");
    Path library = folder.resolve("libraya-sha256.so");
    try (InputStream in = Digest.class.getResourceAsStream("sha256.c")) {
      assertThat(in).isNotNull();
      Files.copy(in, source);
    }
    Process compiler;
    try {
      compiler =
          new ProcessBuilder(
                  "cc",
                  "-std=gnu11",
                  "-O2",
                  "-shared",
                  "-fPIC",
                  "-o",
                  library.toString(),
                  source.toString())
              .inheritIO()
              .start();
    } catch (IOException notFound) {
      assumeTrue(false, "no C compiler is here");
      throw notFound;
    }
    assertThat(compiler.waitFor()).isZero();
    return library.toString();
  }

  @Test
  void piecesCopiesAndSingleBytesGiveWhatThePlatformGives() throws Exception {
    assertThat(NativeSha256.load(null)).isFalse();
    assertThat(NativeSha256.load(folder.resolve("none.so").toString())).isFalse();
    assertThat(NativeSha256.load(library())).isTrue();

    NativeSha256 ours = new NativeSha256();
    assertThat(ours.getDigestLength()).isEqualTo(32);
    Random random = new Random(11);
    for (int i = 0; i < CASES; i++) {
      byte[] bytes = new byte[i < 300 ? i : random.nextInt(1 << random.nextInt(1, 16))];
      random.nextBytes(bytes);
      byte[] expected = MessageDigest.getInstance("SHA-256").digest(bytes);
      int at = random.nextInt(bytes.length + 1);
      for (int k = 0; k < at % 130; k++) {
        ours.update(bytes[k]);
      }
      ours.update(bytes, at % 130, at - at % 130);
      MessageDigest copy = (MessageDigest) ours.clone();
      ours.update(bytes, at, bytes.length - at);
      assertThat(ours.digest()).isEqualTo(expected);
      copy.update(bytes, at, bytes.length - at);
      assertThat(copy.digest()).isEqualTo(expected);
      assertThat(ours.digest(bytes)).isEqualTo(expected);
    }
  }
}
