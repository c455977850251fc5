package dev.raya.toolchain.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a training run that fails. */
final class AotCacheTest {
  @TempDir Path home = Path.of("");

  @Test
  void aTrainingRunThatFailsIsReportedAndLeavesNoCache() throws Exception {
    Files.createDirectories(home.resolve("lib/modules"));
    Files.write(home.resolve("lib/modules/a.jar"), new byte[] {1});
    Path java = home.resolve("lib/runtime/bin/java");
    Files.createDirectories(home.resolve("lib/runtime/bin"));
    Files.writeString(java, "#!/bin/sh\necho no such option\necho \"$@\"\nexit 7\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    AotCache cache = new AotCache(home);

    assertThatThrownBy(() -> cache.train(home.resolve("work")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended with 7")
        .hasMessageContaining("no such option")
        .as("the cache of all programs, which comes first, is loaded as far as it is used")
        .hasMessageContaining("-XX:-AOTClassLinking");
    assertThat(cache.exists()).isFalse();
  }
}
