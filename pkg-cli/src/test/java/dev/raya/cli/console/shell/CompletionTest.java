package dev.raya.cli.console.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raya.cli.pm.testing.Pm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of {@code completion}, each run by its shell where there is one. */
final class CompletionTest {
  @TempDir Path folder;

  private Pm pm() {
    return Pm.in(folder).project("# none");
  }

  private String completed(Path script, String... words) throws Exception {
    String line = "";
    for (String word : words) {
      line += " '" + word + "'";
    }
    Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                "source "
                    + script
                    + "; COMP_WORDS=(raya-pm"
                    + line
                    + "); COMP_CWORD="
                    + words.length
                    + "; _raya_pm; echo \"${COMPREPLY[@]}\"")
            .redirectErrorStream(true)
            .start();
    String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return out.strip();
  }

  @Test
  void bashCompletesCommandsOptionsAndValues() throws Exception {
    Pm pm = pm();
    pm.write("completion.bash", pm.run("completion", "bash").out());
    Path script = pm.project().resolve("completion.bash");
    assertThat(completed(script, "outd")).isEqualTo("outdated");
    assertThat(completed(script, "update", "--la")).isEqualTo("--latest");
    assertThat(completed(script, "--offline", "config", "un")).isEqualTo("unset");
    assertThat(completed(script, "sbom", "--format", "")).isEqualTo("cyclonedx spdx");
    assertThat(completed(script, "tree", "--output", "json")).isEqualTo("json jsonl");
  }

  @Test
  void fishCompletesCommandsOptionsAndValues() throws Exception {
    assumeTrue(hasShell("fish"), "no fish on this machine");
    Pm pm = pm();
    pm.write("completion.fish", pm.run("completion", "fish").out());
    String script = "source " + pm.project().resolve("completion.fish") + "; ";
    assertThat(output("fish", "--no-config", "-c", script + "complete -C 'raya-pm outd'"))
        .isEqualTo("outdated\tshow which dependencies have newer versions");
    assertThat(output("fish", "--no-config", "-c", script + "complete -C 'raya-pm update --la'"))
        .startsWith("--latest\t");
    assertThat(output("fish", "--no-config", "-c", script + "complete -C 'raya-pm sbom --format '"))
        .contains("cyclonedx\t", "\nspdx\t");
  }

  @Test
  void zshCompletesACommandAtItsPrompt() throws Exception {
    assumeTrue(hasShell("zsh"), "no zsh on this machine");
    Pm pm = pm();
    pm.write("completion.zsh", pm.run("completion", "zsh").out());
    pm.write(
        "try.zsh",
        """
        zmodload zsh/zpty
        zpty prompt 'zsh -f -i'
        zpty -w prompt 'autoload -Uz compinit; compinit -u -D; source completion.zsh'
        zpty -w prompt 'bindkey "^I" complete-word; echo "source"d $_comps[raya-pm]'
        zpty -r prompt seen '*sourced _raya-pm*' || exit 1
        zpty -w -n prompt $'raya-pm outd\\t'
        zpty -r prompt seen '*outdated*' || exit 2
        zpty -w -n prompt $'\\x15raya-pm update --late\\t'
        zpty -r prompt seen '*--latest*' || exit 3
        print completed
        """);
    assertThat(output("zsh", "-f", "-c", "cd " + pm.project() + "; source ./try.zsh"))
        .endsWith("completed");
  }

  private static boolean hasShell(String shell) throws InterruptedException {
    try {
      return new ProcessBuilder(shell, "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException none) {
      return false;
    }
  }

  private static String output(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    try {
      // A shell that waits for ever is ended, and its output with it.
      process
          .onExit()
          .orTimeout(60, TimeUnit.SECONDS)
          .exceptionally(late -> process.destroyForcibly());
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void everyShellHasEveryCommand() {
    for (String shell : new String[] {"bash", "zsh", "fish", "powershell"}) {
      assertThat(pm().run("completion", shell).out())
          .as(shell)
          .contains("update", "outdated", "unset", "latest", "dry-run")
          .endsWith("\n");
    }
    Pm.Outcome unknown = pm().run("completion", "tcsh");
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.err()).contains("bash, zsh, fish, powershell");
  }

  @Test
  void manualPagesComeFromTheSameDeclarations() throws IOException {
    Pm pm = pm();
    assertThat(pm.run("man", "update").out())
        .startsWith(".TH \"RAYA-PM-UPDATE\" 1")
        .contains(".SH SYNOPSIS\n.B raya\\-pm update [OPTIONS] [PKG...]", "\\fB\\-\\-latest\\fR");
    assertThat(pm.run("man", "updat").err()).contains("did you mean update?");
    assertThat(pm.run("man", "--out", "pages").exit()).isZero();
    assertThat(Files.exists(pm.project().resolve("pages/raya-pm-config-set.1"))).isTrue();
    assertThat(Files.readString(pm.project().resolve("pages/raya-pm.1"))).contains("\\fBsbom\\fR");
  }
}
