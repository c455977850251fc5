package dev.raya.toolchain.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raya.cache.digest.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The native SHA-256 beside the platform's, in a process of its own: it is chosen once. */
final class NativeSha256Test {
  private static final int CASES = 4_000;

  @TempDir Path home = Path.of("");

  /** The process: {@code args[0]} is whether the native one is expected. */
  static final class Comparison {
    private Comparison() {}

    public static void main(String[] args) throws Exception {
      MessageDigest ours = Digest.sha256();
      boolean isNative = ours.getClass().getName().endsWith("NativeSha256");
      if (isNative != Boolean.parseBoolean(args[0])) {
        throw new AssertionError("found " + ours.getClass());
      }
      Random random = new Random(7);
      for (int i = 0; i < CASES; i++) {
        byte[] bytes = new byte[i < 300 ? i : random.nextInt(1 << random.nextInt(1, 18))];
        random.nextBytes(bytes);
        check(ours, bytes, random);
      }
      System.out.println("the same");
    }

    /** In pieces, byte by byte, from the middle of an array, and gone on with from a copy. */
    private static void check(MessageDigest ours, byte[] bytes, Random random) throws Exception {
      byte[] expected = MessageDigest.getInstance("SHA-256").digest(bytes);
      MessageDigest copy = null;
      int copiedAt = 0;
      for (int at = 0; at < bytes.length; ) {
        if (copy == null && random.nextInt(4) == 0) {
          copy = (MessageDigest) ours.clone();
          copiedAt = at;
        }
        int some = Math.min(bytes.length - at, 1 + random.nextInt(200));
        if (some == 1) {
          ours.update(bytes[at]);
        } else {
          ours.update(bytes, at, some);
        }
        at += some;
      }
      require(expected, ours.digest());
      if (copy != null) {
        copy.update(bytes, copiedAt, bytes.length - copiedAt);
        require(expected, copy.digest());
      }
      require(expected, ours.digest(bytes));
    }

    private static void require(byte[] expected, byte[] found) {
      if (!Arrays.equals(expected, found)) {
        throw new AssertionError("another digest");
      }
    }
  }

  private String compare(Path library, boolean expected) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-D" + Launcher.SHA256_PROPERTY + "=" + library,
                "-cp",
                System.getProperty("java.class.path"),
                Comparison.class.getName(),
                Boolean.toString(expected))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  @Test
  void itGivesWhatThePlatformGives() throws Exception {
    assumeTrue(NativeCode.SHA256.build(home), "no C compiler is here");
    assertThat(compare(home.resolve(Launcher.SHA256_LIBRARY), true)).isEqualTo("the same\n");
  }

  @Test
  void aLibraryThatIsNotThereOrNoneIsPassedOver() throws Exception {
    assertThat(compare(home.resolve("none.so"), false)).isEqualTo("the same\n");
    Path text = Files.writeString(home.resolve("text.so"), "no library\n");
    assertThat(compare(text, false)).endsWith("the same\n");
  }

  @Test
  void aLibraryThatComputesSomethingElseIsPassedOver() throws Exception {
    assumeTrue(NativeCode.FRONT.build(home), "no C compiler is here");
    Path source =
        Files.writeString(
            home.resolve("wrong.c"),
            "char Java_dev_raya_cache_digest_NativeSha256_compress(void) { return 1; }\n");
    Path library = home.resolve("wrong.so");
    Process compiler =
        new ProcessBuilder("cc", "-shared", "-fPIC", "-o", library.toString(), source.toString())
            .inheritIO()
            .start();
    assertThat(compiler.waitFor()).isZero();
    assertThat(compare(library, false)).isEqualTo("the same\n");
  }
}
