package dev.raya.toolchain.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class TargetTest {

  @Test
  void theSixTargetsOfTheSpecificationAreReadByName() {
    assertThat(Arrays.stream(Target.values()).map(Target::id))
        .containsExactly(
            "linux-x64",
            "linux-arm64",
            "linux-musl-x64",
            "macos-x64",
            "macos-arm64",
            "windows-x64");
    for (Target target : Target.values()) {
      assertThat(Target.parse(target.id())).contains(target);
    }
    assertThat(Target.parse("linux-riscv64")).isEmpty();
  }

  @Test
  void theMachineIsRecognisedFromItsJavaProperties() {
    assertThat(Target.of("Linux", "amd64", false)).contains(Target.LINUX_X64);
    assertThat(Target.of("Linux", "amd64", true)).contains(Target.LINUX_MUSL_X64);
    assertThat(Target.of("Mac OS X", "aarch64", false)).contains(Target.MACOS_ARM64);
    assertThat(Target.of("Windows 11", "amd64", false)).contains(Target.WINDOWS_X64);
    assertThat(Target.of("SunOS", "sparcv9", false)).isEmpty();
  }

  @Test
  void librariesAreNamedAsThePlatformDoes() {
    assertThat(Target.LINUX_ARM64.libraryFile("lz4")).isEqualTo("liblz4.so");
    assertThat(Target.MACOS_X64.libraryFile("lz4")).isEqualTo("liblz4.dylib");
    assertThat(Target.WINDOWS_X64.libraryFile("lz4")).isEqualTo("lz4.dll");
  }
}
