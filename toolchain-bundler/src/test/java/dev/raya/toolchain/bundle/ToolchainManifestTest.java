package dev.raya.toolchain.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.toolchain.platform.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ToolchainManifestTest {
  private static final ToolchainManifest MANIFEST =
      new ToolchainManifest(
          "1.0.0",
          Target.LINUX_X64,
          List.of(Component.VM, Component.RUNTIME),
          List.of(
              new ToolchainFile("lib/b", 3, Digest.of(new byte[] {1, 2, 3}), Component.VM, false),
              new ToolchainFile("bin/a", 0, Digest.of(new byte[0]), Component.VM, true)),
          new BytecodeLevel(1, 0, 1, 1),
          1);

  @Test
  void whatIsWrittenIsReadBackAndWrittenAlike() throws ToolchainException {
    byte[] bytes = MANIFEST.bytes();
    ToolchainManifest read = ToolchainManifest.read(bytes);
    assertThat(read).isEqualTo(MANIFEST);
    assertThat(read.bytes()).isEqualTo(bytes);
    assertThat(read.files().getFirst().path()).isEqualTo("bin/a");
  }

  @Test
  void pathsThatLeaveTheToolchainAreRefused() {
    String text = new String(MANIFEST.bytes(), StandardCharsets.UTF_8);
    for (String path : List.of("../bin/a", "/bin/a", "bin//a", "bin/./a")) {
      byte[] changed = text.replace("bin/a", path).getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() -> ToolchainManifest.read(changed))
          .isInstanceOf(ToolchainException.class)
          .hasMessageContaining("not a path inside a toolchain");
    }
  }

  @Test
  void anyChangedByteIsReadOrRefusedNeverMore() {
    Random random = new Random(20260101);
    byte[] bytes = MANIFEST.bytes();
    for (int i = 0; i < 5_000; i++) {
      byte[] changed = bytes.clone();
      changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      try {
        ToolchainManifest.read(changed);
      } catch (ToolchainException e) {
        assertThat(e.code()).isEqualTo("RAYA-TC-003");
      }
    }
  }
}
