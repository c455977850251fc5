package dev.raya.cli.rayac;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which parts of the toolchain a process of {@code rayac} loads for a command (goal V5). */
class LoadedClassesTest {
  @TempDir Path folder;

  /** The packages below {@code dev.raya} of which more than a few constants were loaded. */
  private Set<String> packages(String... words) throws IOException, InterruptedException {
    Path file = folder.resolve("hello.raya");
    Files.writeString(file, "function main(): void {\n  console.log(\"hello\");\n}\n");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xlog:class+load:stdout");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("dev.raya.cli.rayac.Rayac");
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    Set<String> packages = new TreeSet<>();
    out.lines()
        .filter(line -> line.contains("[class,load]") && line.contains(" dev.raya."))
        .forEach(
            line -> {
              String name = line.substring(line.indexOf(" dev.raya.") + 10).split(" ", 2)[0];
              packages.add(name.substring(0, name.lastIndexOf('.')));
            });
    assertThat(packages).as(out).contains("cli.rayac");
    return packages;
  }

  @Test
  void aCheckLoadsNothingThatMakesOrRunsCode() throws Exception {
    assertThat(packages("check", "hello.raya"))
        .contains("compiler.check")
        .doesNotContain(
            "compiler.emit",
            "compiler.ir",
            "compiler.ssa",
            "compiler.format",
            "compiler.lint",
            "compiler.doc",
            "compiler.graph",
            "vm.interp",
            "vm.task",
            "vm.context",
            "resolver.lock",
            "resolver.manifest");
  }

  @Test
  void compilingLoadsNothingThatRunsCode() throws Exception {
    assertThat(packages("compile", "hello.raya", "-o", "hello.rbin"))
        .contains("compiler.emit")
        .doesNotContain("compiler.format", "compiler.lint", "compiler.doc", "vm.interp", "vm.task");
  }

  @Test
  void formattingLoadsNoChecker() throws Exception {
    assertThat(packages("fmt", "--check", "hello.raya"))
        .contains("compiler.format")
        .doesNotContain("compiler.emit", "compiler.ir", "compiler.lower", "compiler.types");
  }

  @Test
  void theVersionIsToldByTheProgramItself() throws Exception {
    assertThat(packages("--version"))
        .allMatch(name -> name.startsWith("cli."), "only the command line");
  }
}
