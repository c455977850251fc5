package dev.raya.toolchain.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the private Java runtime is linked anew. */
final class RuntimeImageTest {
  @TempDir Path image = Path.of("");

  private void release(String modules) throws IOException {
    Files.writeString(
        image.resolve("release"), "JAVA_VERSION=\"25.0.3\"\nMODULES=\"" + modules + "\"\n");
  }

  @Test
  void anImageWithAllModulesIsKept() throws IOException {
    release(String.join(" ", RuntimeImage.MODULES) + " java.more");
    assertThat(RuntimeImage.isCurrent(image)).isTrue();
  }

  @Test
  void anImageThatLacksOneOrSaysNothingIsLinkedAnew() throws IOException {
    assertThat(RuntimeImage.isCurrent(image)).isFalse();
    release("java.base java.logging");
    assertThat(RuntimeImage.isCurrent(image)).isFalse();
    Files.writeString(image.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");
    assertThat(RuntimeImage.isCurrent(image)).isFalse();
  }
}
