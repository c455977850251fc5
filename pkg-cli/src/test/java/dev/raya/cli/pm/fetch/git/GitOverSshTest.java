package dev.raya.cli.pm.fetch.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestToolchain;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GitOverSshTest {
  private static final String URL = "ssh://git@git.example:2222/exp.git";
  private static final String WORDS =
      "-T -o BatchMode=yes -o StrictHostKeyChecking=yes -o ClearAllForwardings=yes"
          + " -o SendEnv=GIT_PROTOCOL -o ConnectTimeout=30 -o ServerAliveInterval=30"
          + " -o ServerAliveCountMax=1 -p 2222 -l git -- git.example"
          + " git-upload-pack '/exp.git'";

  @TempDir Path folder;
  private TestRepository repository;

  @BeforeEach
  void makeRepository() throws Exception {
    repository = TestRepository.in(folder.resolve("exp"));
    repository.write(".", "exp", "0.1.0", "");
    repository.commitAll();
    repository.tag("v0.1.0");
  }

  @AfterEach
  void close() {
    repository.close();
  }

  private Pm pm() throws Exception {
    Path toolchain = folder.resolve("toolchain");
    if (!Files.exists(toolchain)) {
      TestToolchain.in(toolchain);
    }
    return Pm.in(folder)
        .using(toolchain)
        .with("GIT_SSH_COMMAND", FakeSsh.command(folder, repository))
        .project("exp = { git = \"" + URL + "\", tag = \"v0.1.0\" }");
  }

  @Test
  void theSystemsSshIsStartedOnceAsksNothingAndThenTheMirrorServes() throws Exception {
    Pm pm = pm();
    Pm.Outcome installed = pm.run("install");
    assertThat(installed.exit()).as(installed.err()).isZero();
    assertThat(FakeSsh.asked(folder)).containsExactly(WORDS);
    String commit = repository.resolved("v0.1.0^{commit}").name();
    assertThat(pm.read("raya.lock")).contains("source = \"git+" + URL + "#" + commit + "\"");
    Pm.Outcome again = pm.run("install", "--frozen", "--offline");
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(FakeSsh.asked(folder)).hasSize(1);
  }

  private Pm.Outcome failing(String words) throws Exception {
    FakeSsh.fail(folder, words);
    Pm pm = pm();
    Pm.Outcome refused = pm.run("install");
    assertThat(refused.exit()).as(refused.err()).isEqualTo(4);
    assertThat(refused.err()).contains("RAYA-NET-001", "raya.toml:7");
    assertThat(pm.project().resolve("raya.lock")).doesNotExist();
    return refused;
  }

  @Test
  void aHostThatIsNotKnownIsExplained() throws Exception {
    assertThat(failing("Host key verification failed.\r\n").err())
        .contains(
            "the key of git.example is not in known_hosts", "`ssh -T -p 2222 git@git.example`");
  }

  @Test
  void aHostWithAnotherKeyIsExplained() throws Exception {
    assertThat(
            failing(
                    "@  WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!  @\r\n"
                        + "Host key verification failed.\r\n")
                .err())
        .contains("git.example shows another key than the one in known_hosts");
  }

  @Test
  void aKeyThatIsNotOfferedIsExplained() throws Exception {
    assertThat(failing("git@git.example: Permission denied (publickey).\r\n").err())
        .contains("asks for a key that is not offered", "ssh-add");
  }

  @Test
  void whatTheServerSaysIsShown() throws Exception {
    assertThat(failing("ERROR: Repository not found.\n").err())
        .contains("cannot be read: ERROR: Repository not found.", "--offline");
  }

  @Test
  void anotherRepositoryMayNotAskForAnotherCommitOfTheSamePackage() throws Exception {
    repository.write(".", "exp", "0.2.0", "");
    repository.commitAll();
    try (TestRepository second = TestRepository.in(folder.resolve("second"))) {
      second.write(
          ".",
          "user",
          "1.0.0",
          "[dependencies]\nexp = { git = \"" + URL + "\", tag = \"v0.1.0\" }\n");
      second.commitAll();
      Path script = folder.resolve("both.sh");
      Files.writeString(
          script,
          "case \"$*\" in\n*user.git*) exec "
              + FakeSsh.command(folder, second)
              + " \"$@\";;\nesac\nexec "
              + FakeSsh.command(folder, repository)
              + " \"$@\"\n");
      Pm pm =
          pm().project(
                  "exp = { git = \"" + URL + "\" }",
                  "user = { git = \"ssh://git@git.example:2222/user.git\" }")
              .with("GIT_SSH_COMMAND", "sh " + script);
      Pm.Outcome refused = pm.run("install");
      assertThat(refused.exit()).as(refused.err()).isEqualTo(1);
      assertThat(refused.err())
          .contains("RAYA-PKG-001", "exp comes from two places of one repository", "raya.toml:6:1");
      assertThat(pm.project().resolve("raya.lock")).doesNotExist();
    }
  }

  @Test
  void aServerThatAnswersAndFallsSilentIsLeft() throws Exception {
    Path script = folder.resolve("silent.sh");
    // The length of a first line, half of it, and then nothing while the connection stays up.
    String silence = "sleep 600." + ProcessHandle.current().pid();
    Files.writeString(script, "printf '003e0000'\nexec " + silence + "\n");
    Pm pm = pm().with("GIT_SSH_COMMAND", "sh " + script);
    Pm.Outcome refused = pm.run("install", "--timeout", "1s");
    assertThat(refused.exit()).as(refused.err()).isEqualTo(4);
    assertThat(refused.err())
        .contains("RAYA-NET-002", URL + " said nothing for 1 s over ssh", "--timeout 2m")
        .contains("raya.toml:7");
    assertThat(pm.project().resolve("raya.lock")).doesNotExist();
    assertThat(
            ProcessHandle.current()
                .descendants()
                .filter(ProcessHandle::isAlive)
                .map(each -> each.info().commandLine().orElse(""))
                .filter(each -> each.contains(silence) || each.contains("silent.sh")))
        .as("nothing is left running")
        .isEmpty();
  }

  @Test
  void aProgramThatIsNotThereIsNamed() throws Exception {
    Pm.Outcome refused = pm().with("GIT_SSH_COMMAND", "no-such-ssh").run("install");
    assertThat(refused.exit()).as(refused.err()).isEqualTo(4);
    assertThat(refused.err()).contains("RAYA-NET-001", "no-such-ssh");
  }
}
