package dev.raya.cli.pm.testing;

import dev.raya.cli.pm.RayaPm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Lays out a folder like a toolchain's, whose {@code rayac} is {@link TestCompiler}. */
public final class TestToolchain {
  private TestToolchain() {}

  /** The launcher of a main class of this test class path. */
  private static String launcher(Path toolchain, String mainClass) {
    return """
        #!/bin/sh
        exec "%s/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto \\
          --enable-native-access=ALL-UNNAMED "-Draya.toolchain.home=%s" -cp "%s" %s "$@"
        """
        .formatted(
            System.getProperty("java.home"),
            toolchain,
            System.getProperty("java.class.path"),
            mainClass);
  }

  /** Makes the folder. */
  public static Path in(Path folder) throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    write(bin.resolve("rayac"), launcher(folder, TestCompiler.class.getName()));
    write(bin.resolve("raya-pm"), launcher(folder, RayaPm.class.getName()));
    Files.writeString(folder.resolve("toolchain.json"), "{\"schema\":\"raya/toolchain/1\"}\n");
    return folder;
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
