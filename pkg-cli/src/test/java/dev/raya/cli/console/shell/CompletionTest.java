package dev.raya.cli.console.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of {@code completion}; that of bash is run by bash. */
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
