package dev.raya.toolchain.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.digest.Digest;
import dev.raya.toolchain.platform.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lays out toolchains whose runtime is a script that prints how it was called. */
final class ToolchainBuilderTest {
  @TempDir private Path folder = Path.of("");

  private ToolchainInputs inputs(String version) {
    return new ToolchainInputs(
        version,
        Target.LINUX_X64,
        folder.resolve("runtime"),
        folder.resolve("jars"),
        folder.resolve("stdlib"),
        folder.resolve("keyless"),
        new BytecodeLevel(1, 0, 1, 1),
        1);
  }

  @BeforeEach
  void makeInputs() throws IOException {
    Files.createDirectories(folder.resolve("runtime/bin"));
    Files.writeString(folder.resolve("runtime/release"), "JAVA_VERSION=\"25\"\n");
    Files.writeString(
        folder.resolve("runtime/bin/java"),
        "#!/bin/sh\nfor a in \"$@\"; do printf '%s\\n' \"$a\"; done\nexit 7\n");
    Files.createDirectories(folder.resolve("jars"));
    Files.writeString(folder.resolve("jars/b.jar"), "b");
    Files.writeString(folder.resolve("jars/a.jar"), "a");
    Files.createDirectories(folder.resolve("keyless"));
    Files.writeString(folder.resolve("keyless/signer.jar"), "signer");
    Files.createDirectories(folder.resolve("stdlib"));
    Files.writeString(folder.resolve("stdlib/core.rbin"), "core");
  }

  @Test
  void everyFileIsNamedInToolchainJsonWithItsDigestAndMode() throws Exception {
    Path home = folder.resolve("toolchain");
    assertThat(new ToolchainBuilder(inputs("1.0.0")).layOut(home)).isTrue();

    ToolchainManifest manifest =
        ToolchainManifest.read(Files.readAllBytes(home.resolve(ToolchainManifest.FILE)));
    List<String> found = new ArrayList<>();
    for (Path file : FolderFiles.files(home)) {
      String path = home.relativize(file).toString();
      if (!path.equals(ToolchainManifest.FILE)) {
        found.add(path);
      }
    }
    assertThat(manifest.files().stream().map(ToolchainFile::path)).containsExactlyElementsOf(found);
    for (ToolchainFile file : manifest.files()) {
      Path path = home.resolve(file.path());
      assertThat(Digest.ofFile(path)).isEqualTo(file.digest());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo(file.executable() ? "rwxr-xr-x" : "rw-r--r--");
    }
  }

  @Test
  void whatKeylessSigningNeedsIsAComponentAndOnNoProgramsClassPath() throws Exception {
    Path home = folder.resolve("toolchain");
    new ToolchainBuilder(inputs("1.0.0")).layOut(home);
    ToolchainManifest manifest =
        ToolchainManifest.read(Files.readAllBytes(home.resolve(ToolchainManifest.FILE)));
    assertThat(manifest.files())
        .filteredOn(file -> file.component() == Component.KEYLESS)
        .extracting(ToolchainFile::path)
        .containsExactly("lib/keyless/signer.jar");
    assertThat(run(folder, home.resolve("bin/raya-pm").toString()).toString())
        .contains("lib/modules/a.jar")
        .doesNotContain("keyless");
  }

  @Test
  void sameInputsGiveTheSameBytesAndAreNotLaidOutTwice() throws Exception {
    Path home = folder.resolve("toolchain");
    Path other = folder.resolve("other");
    new ToolchainBuilder(inputs("1.0.0")).layOut(home);
    new ToolchainBuilder(inputs("1.0.0")).layOut(other);
    assertThat(Files.readAllBytes(home.resolve(ToolchainManifest.FILE)))
        .isEqualTo(Files.readAllBytes(other.resolve(ToolchainManifest.FILE)));
    assertThat(new ToolchainBuilder(inputs("1.0.0")).layOut(home)).isFalse();
    assertThat(new ToolchainBuilder(inputs("1.0.1")).layOut(home)).isTrue();
    Files.writeString(folder.resolve("stdlib/core.rbin"), "changed");
    assertThat(new ToolchainBuilder(inputs("1.0.1")).layOut(home)).isTrue();
  }

  @Test
  void launchersFindTheirHomeByPathLinkAndRelativeNameAfterAMove() throws Exception {
    Path first = folder.resolve("toolchain");
    new ToolchainBuilder(inputs("1.0.0")).layOut(first);
    Path home = Files.move(first, folder.resolve("moved and renamed"));
    Path link = Files.createSymbolicLink(folder.resolve("raya-link"), home.resolve("bin/raya"));

    assertThat(run(folder, home.resolve("bin/raya").toString(), "a b", "c"))
        .contains(
            "-Draya.toolchain.home=" + home,
            home + "/lib/modules/a.jar:" + home + "/lib/modules/b.jar",
            "dev.raya.cli.raya.Raya")
        .endsWith("a b", "c");
    assertThat(run(folder, link.toString())).contains("-Draya.toolchain.home=" + home);
    assertThat(run(home, "bin/raya-pm")).contains("-Draya.toolchain.home=" + home + "/.");
    assertThat(run(home.resolve("bin"), "./rayac"))
        .contains("-Draya.toolchain.home=" + home + "/bin/./..");
    assertThat(run(home.resolve("bin"), "sh", "rayac"))
        .contains("-Draya.toolchain.home=" + home + "/bin/..");
  }

  @Test
  void jarsWithTextsComeFirstInTheClassPath() throws Exception {
    for (String name : List.of("compiler-1.0.0.jar", "pkg-cli-1.0.0.jar")) {
      Files.writeString(folder.resolve("jars").resolve(name), name);
    }
    Path home = folder.resolve("toolchain");
    new ToolchainBuilder(inputs("1.0.0")).layOut(home);
    assertThat(Launcher.jars(home).stream().map(jar -> jar.getFileName().toString()))
        .containsExactly("compiler-1.0.0.jar", "pkg-cli-1.0.0.jar", "a.jar", "b.jar");
    assertThat(Files.readString(home.resolve("bin/rayac")))
        .contains("-cp \"$home/lib/modules/compiler-1.0.0.jar:");
  }

  @Test
  void theStartUpCacheIsNamedOnlyWhereItExists() throws Exception {
    Path home = folder.resolve("toolchain");
    new ToolchainBuilder(inputs("1.0.0")).layOut(home);
    assertThat(run(folder, home.resolve("bin/raya").toString()))
        .noneMatch(argument -> argument.startsWith("-XX:AOTCache"));
    Files.createDirectories(home.resolve("lib/aot"));
    Files.writeString(home.resolve(Launcher.AOT_CACHE), "cache");
    assertThat(run(folder, home.resolve("bin/raya").toString()))
        .contains("-XX:AOTCache=" + home.resolve(Launcher.AOT_CACHE));
  }

  @Test
  void packageCommandsHaveStartUpCachesOfTheirOwn() throws Exception {
    Path home = folder.resolve("toolchain");
    new ToolchainBuilder(inputs("1.0.0")).layOut(home);
    Path project = Files.createDirectories(folder.resolve("project"));
    Files.createDirectories(home.resolve("lib/aot"));
    Files.writeString(home.resolve(Launcher.AOT_CACHE), "cache");
    assertThat(cache(home, project, "add", "x")).as("others").isEqualTo(Launcher.AOT_CACHE);
    Files.writeString(home.resolve(Launcher.INSTALL_CACHE), "cache");
    Files.writeString(home.resolve(Launcher.IDLE_CACHE), "cache");
    assertThat(cache(home, project, "add", "x")).isEqualTo(Launcher.INSTALL_CACHE);
    assertThat(cache(home, project, "tree")).isEqualTo(Launcher.AOT_CACHE);
    assertThat(cache(home, project)).isEqualTo(Launcher.AOT_CACHE);
    assertThat(cache(home, project, "install")).isEqualTo(Launcher.INSTALL_CACHE);

    Path record = Files.createDirectory(project.resolve(".raya")).resolve("install.json");
    for (Path file : List.of(project.resolve("raya.toml"), project.resolve("raya.lock"), record)) {
      Files.writeString(file, "");
      Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    }
    assertThat(cache(home, project, "install")).isEqualTo(Launcher.IDLE_CACHE);
    assertThat(cache(home, project, "add", "x")).isEqualTo(Launcher.INSTALL_CACHE);
    assertThat(cache(home, project, "install", "--frozen", "--verify"))
        .isEqualTo(Launcher.INSTALL_CACHE);
    assertThat(cache(home, project, "verify")).isEqualTo(Launcher.INSTALL_CACHE);
    for (String changed : List.of("raya.toml", "raya.lock")) {
      Path file = project.resolve(changed);
      Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH.plusSeconds(1)));
      assertThat(cache(home, project, "install")).as(changed).isEqualTo(Launcher.INSTALL_CACHE);
      Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    }
  }

  @Test
  void checksAndCompilationsHaveStartUpCachesOfTheirOwn() throws Exception {
    Path home = folder.resolve("toolchain");
    new ToolchainBuilder(inputs("1.0.0")).layOut(home);
    Files.createDirectories(home.resolve("lib/aot"));
    Files.writeString(home.resolve(Launcher.AOT_CACHE), "cache");
    assertThat(cache("rayac", home, folder, "check")).as("none").isEqualTo(Launcher.AOT_CACHE);
    Files.writeString(home.resolve(Launcher.CHECK_CACHE), "cache");
    Files.writeString(home.resolve(Launcher.COMPILE_CACHE), "cache");
    assertThat(cache("rayac", home, folder, "check", "a.raya")).isEqualTo(Launcher.CHECK_CACHE);
    assertThat(cache("rayac", home, folder, "compile")).isEqualTo(Launcher.COMPILE_CACHE);
    assertThat(cache("rayac", home, folder, "build", "a")).isEqualTo(Launcher.COMPILE_CACHE);
    assertThat(cache("rayac", home, folder, "--version")).isEqualTo(Launcher.AOT_CACHE);
    assertThat(cache("rayac", home, folder)).isEqualTo(Launcher.AOT_CACHE);
    assertThat(cache("raya", home, folder, "check")).isEqualTo(Launcher.AOT_CACHE);
  }

  /** The start-up cache that a command of the package manager is given. */
  private String cache(Path home, Path in, String... words) throws Exception {
    return cache("raya-pm", home, in, words);
  }

  private String cache(String program, Path home, Path in, String... words) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(home.resolve("bin").resolve(program).toString()));
    command.addAll(List.of(words));
    List<String> given = new ArrayList<>();
    for (String argument : run(in, command.toArray(String[]::new))) {
      if (argument.startsWith("-XX:AOTCache=")) {
        given.add(
            home.relativize(Path.of(argument.substring("-XX:AOTCache=".length()))).toString());
      }
    }
    assertThat(given).hasSize(1);
    return given.getFirst();
  }

  @Test
  void commandsThatRunProgramsHaveTheServerCompiler() throws Exception {
    Path home = folder.resolve("toolchain");
    new ToolchainBuilder(inputs("1.0.0")).layOut(home);
    String rayac = home.resolve("bin/rayac").toString();
    String clientOnly = "-XX:TieredStopAtLevel=1";
    for (String command : List.of("run", "test")) {
      assertThat(run(folder, rayac, command)).doesNotContain(clientOnly);
    }
    for (String command : List.of("check", "build", "compile", "--version")) {
      assertThat(run(folder, rayac, command)).contains(clientOnly).endsWith(command);
    }
    assertThat(run(folder, rayac)).contains(clientOnly);
    assertThat(run(folder, home.resolve("bin/raya").toString(), "a")).doesNotContain(clientOnly);
  }

  /** Runs a launcher whose runtime prints its arguments and ends with 7. */
  private static List<String> run(Path directory, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isEqualTo(7);
    return output.lines().toList();
  }
}
