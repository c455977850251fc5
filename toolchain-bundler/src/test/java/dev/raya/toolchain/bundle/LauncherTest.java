package dev.raya.toolchain.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a launcher hands to the Java runtime; the runtime here only prints its surroundings. */
final class LauncherTest {
  @TempDir Path home = Path.of("");

  @BeforeEach
  void layOut() throws IOException {
    Path bin = Files.createDirectories(home.resolve("bin"));
    script(bin.resolve("raya-pm"), Launcher.shell(Program.ALL.getFirst(), List.of("lib/a.jar")));
    Path runtime = Files.createDirectories(home.resolve("lib/runtime/bin"));
    script(
        runtime.resolve("java"),
        "#!/bin/sh\necho \"LC_ALL=${LC_ALL-} LC_CTYPE=${LC_CTYPE-} LANG=${LANG-}\"\n");
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String run(Map<String, String> locale) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(home.resolve("bin/raya-pm").toString());
    builder.environment().keySet().removeAll(List.of("LC_ALL", "LC_CTYPE", "LANG"));
    builder.environment().putAll(locale);
    Process process = builder.redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out.strip();
  }

  @Test
  void plainLocalesGetUtf8ForFileNamesAndOthersStay() throws Exception {
    assertThat(run(Map.of())).isEqualTo("LC_ALL= LC_CTYPE=C.UTF-8 LANG=");
    assertThat(run(Map.of("LC_ALL", "C"))).isEqualTo("LC_ALL=C.UTF-8 LC_CTYPE=C.UTF-8 LANG=");
    assertThat(run(Map.of("LANG", "POSIX"))).isEqualTo("LC_ALL= LC_CTYPE=C.UTF-8 LANG=POSIX");
    assertThat(run(Map.of("LC_CTYPE", "C", "LANG", "de_DE.UTF-8")))
        .isEqualTo("LC_ALL= LC_CTYPE=C.UTF-8 LANG=de_DE.UTF-8");
    assertThat(run(Map.of("LANG", "de_DE.UTF-8"))).isEqualTo("LC_ALL= LC_CTYPE= LANG=de_DE.UTF-8");
    assertThat(run(Map.of("LC_ALL", "en_US.UTF-8", "LANG", "C")))
        .isEqualTo("LC_ALL=en_US.UTF-8 LC_CTYPE= LANG=C");
  }
}
