package dev.raya.cli.pm.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestToolchain;
import dev.raya.toolchain.platform.Target;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code init --native}: a module in C that compiles, and a package that can be packed. */
final class InitNativeTest {
  @TempDir Path folder = Path.of("");

  @Test
  void theModuleOfANewPackageIsBuiltPackedAndLoadedByTheMachine() throws Exception {
    Pm pm = Pm.in(folder).using(TestToolchain.in(folder.resolve("toolchain")));
    Pm.Outcome made = pm.run("init", "fast-sums", "--native");
    assertThat(made.exit()).as(made.err()).isZero();
    assertThat(made.out()).contains("made the native package fast-sums");
    Path project = pm.project().resolve("fast-sums");
    Path sources = project.resolve("native");
    assertThat(sources.resolve("include/raya/module.h")).content().contains("RAYA_MODULE_INIT");
    assertThat(pm.runIn("fast-sums", "install").exit()).isZero();

    Pm.Outcome unbuilt = pm.runIn("fast-sums", "pack");
    assertThat(unbuilt.exit()).isEqualTo(1);
    assertThat(unbuilt.err()).contains("error[RAYA-PKG-001]", "is not there", "build it");

    assumeTrue(hasCompiler(), "no C compiler (cc) on this machine");
    Outcome built = sh(project, "native/build.sh");
    assertThat(built.exit()).as(built.output()).isZero();
    Path library = project.resolve(built.output().strip());
    String target = library.getName(library.getNameCount() - 2).toString();
    assertThat(library.getFileName().toString())
        .isEqualTo(Target.parse(target).orElseThrow().libraryFile("fast_sums"));
    assertThat(Files.readString(project.resolve("raya.toml"))).contains(built.output().strip());
    Pm.Outcome packed = pm.runIn("fast-sums", "pack");
    assertThat(packed.exit()).as(packed.err()).isZero();
    assertThat(packed.out()).contains("native:fast_sums for " + target + ": sha256:");

    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup symbols = SymbolLookup.libraryLookup(library, arena);
      assertThat(symbols.find("raya_module_bind_fast_sums")).isPresent();
      assertThat(symbols.find("raya_module_init_fast_sums")).isPresent();
      assertThat(symbols.find("raya_host")).isEmpty();
    }
  }

  @Test
  void theHeaderIsCleanForStrictCompilersOfBothLanguages() throws Exception {
    assumeTrue(hasCompiler(), "no C compiler (cc) on this machine");
    Pm pm = Pm.in(folder);
    assertThat(pm.run("init", "sums", "--native").exit()).isZero();
    Path project = pm.project().resolve("sums");
    for (String language : List.of("-x c -std=c99", "-x c -std=c11", "-x c++ -std=c++17")) {
      Files.writeString(
          project.resolve("check.sh"),
          "cc -fsyntax-only -Wall -Wextra -Werror -pedantic "
              + language
              + " -I native/include native/sums.c\n");
      Outcome checked = sh(project, "check.sh");
      assertThat(checked.exit()).as(language + ": " + checked.output()).isZero();
    }
  }

  private record Outcome(int exit, String output) {}

  private static Outcome sh(Path folder, String script) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("sh", script)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), output);
  }

  private static boolean hasCompiler() throws InterruptedException {
    try {
      return new ProcessBuilder("cc", "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException none) {
      return false;
    }
  }
}
