package dev.raya.cli.pm.fetch.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestToolchain;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The system's ssh against a server of this process. */
final class GitOverRealSshTest {
  @TempDir Path folder;
  private TestRepository repository;
  private SshServer server;

  @BeforeEach
  void start() throws Exception {
    assumeThat(isThere("ssh") && isThere("ssh-keygen")).as("OpenSSH is installed").isTrue();
    run("ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", "key");
    repository = TestRepository.in(folder.resolve("exp"));
    repository.write(".", "exp", "0.1.0", "");
    repository.commitAll();
    repository.tag("v0.1.0");
    server = new SshServer(repository.git().getRepository(), folder.resolve("key.pub"));
    Files.writeString(folder.resolve("known"), server.knownHost() + "\n");
  }

  @AfterEach
  void stop() throws Exception {
    if (server != null) {
      server.close();
      repository.close();
    }
  }

  private static boolean isThere(String program) {
    return List.of("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin").stream()
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  private void run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String said = String.join("\n", out.lines().toList());
      assertThat(process.waitFor()).as(said).isZero();
    }
  }

  /** A user whose ssh is configured by these lines, and knows no other file of this machine. */
  private Pm pm(String... config) throws Exception {
    Path toolchain = folder.resolve("toolchain");
    if (!Files.exists(toolchain)) {
      TestToolchain.in(toolchain);
    }
    Path file = folder.resolve("config");
    Files.writeString(
        file,
        "UserKnownHostsFile "
            + folder.resolve("known")
            + "\nGlobalKnownHostsFile /dev/null\n"
            + String.join("\n", config)
            + "\n");
    return Pm.in(folder)
        .using(toolchain)
        .with("GIT_SSH_COMMAND", "ssh -F " + file)
        .project("exp = { git = \"" + server.url() + "\", tag = \"v0.1.0\" }");
  }

  private String identity() {
    return "IdentitiesOnly yes\nIdentityFile " + folder.resolve("key");
  }

  @Test
  void aRepositoryIsReadWithTheUsersKeyAndThenOffline() throws Exception {
    Pm pm = pm(identity());
    Pm.Outcome installed = pm.run("install");
    assertThat(installed.exit()).as(installed.err()).isZero();
    assertThat(server.commands()).containsExactly("git: git-upload-pack '/exp.git'");
    String commit = repository.resolved("v0.1.0^{commit}").name();
    assertThat(pm.read("raya.lock")).contains("source = \"git+" + server.url() + "#" + commit);
    Pm.Outcome again = pm.run("install", "--frozen", "--offline");
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(server.commands()).hasSize(1);
  }

  @Test
  void aKeyOfTheAgentIsUsedAndWithoutItTheAdviceIsToAddIt() throws Exception {
    assumeThat(isThere("ssh-agent") && isThere("ssh-add")).isTrue();
    Pm pm = pm("IdentityFile none");
    Pm.Outcome refused = pm.run("install");
    assertThat(refused.exit()).as(refused.err()).isEqualTo(4);
    assertThat(refused.err())
        .contains("RAYA-NET-001", "asks for a key that is not offered", "ssh-add", "raya.toml:7");
    assertThat(pm.project().resolve("raya.lock")).doesNotExist();

    Path socket = folder.resolve("agent");
    Process agent =
        new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      add(socket);
      Pm.Outcome installed = pm.with("SSH_AUTH_SOCK", socket.toString()).run("install");
      assertThat(installed.exit()).as(installed.err()).isZero();
    } finally {
      agent.destroy();
      assertThat(agent.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** Until the agent listens, for at most as long as the test may take. */
  private void add(Path socket) throws Exception {
    for (int i = 0; ; i++) {
      ProcessBuilder add =
          new ProcessBuilder("ssh-add", "-q", folder.resolve("key").toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD);
      add.environment().put("SSH_AUTH_SOCK", socket.toString());
      if (add.start().waitFor() == 0) {
        return;
      }
      assertThat(i).as("attempts to reach the agent").isLessThan(500);
    }
  }

  @Test
  void aHostThatIsNotKnownIsRefusedWhateverTheUsersConfigurationSays() throws Exception {
    Files.writeString(folder.resolve("known"), "");
    Pm pm = pm(identity(), "StrictHostKeyChecking no");
    Pm.Outcome refused = pm.run("install");
    assertThat(refused.exit()).as(refused.err()).isEqualTo(4);
    assertThat(refused.err())
        .contains("RAYA-NET-001", "the key of 127.0.0.1 is not in known_hosts", "`ssh -T -p ");
    assertThat(server.commands()).isEmpty();
    assertThat(folder.resolve("known")).hasContent("");
  }

  @Test
  void aHostWithAnotherKeyThanTheKnownOneIsRefused() throws Exception {
    try (SshServer other =
        new SshServer(repository.git().getRepository(), folder.resolve("key.pub"))) {
      String key = other.knownHost();
      String place = server.knownHost().substring(0, server.knownHost().indexOf(' '));
      Files.writeString(folder.resolve("known"), place + key.substring(key.indexOf(' ')) + "\n");
    }
    Pm.Outcome refused = pm(identity()).run("install");
    assertThat(refused.exit()).as(refused.err()).isEqualTo(4);
    assertThat(refused.err())
        .contains("RAYA-NET-001", "shows another key than the one in known_hosts");
    assertThat(server.commands()).isEmpty();
  }

  @Test
  void whatTheServerSaysIsShownAndSoIsAMissingProgram() throws Exception {
    Pm pm = pm(identity());
    pm.project("exp = { git = \"" + server.url().replace("exp.git", "no.git") + "\" }");
    Pm.Outcome absent = pm.run("install");
    assertThat(absent.exit()).as(absent.err()).isEqualTo(4);
    assertThat(absent.err()).contains("RAYA-NET-001", "ERROR: Repository not found.");
    Pm.Outcome without = pm.with("GIT_SSH_COMMAND", "no-such-ssh").run("install");
    assertThat(without.exit()).as(without.err()).isEqualTo(4);
    assertThat(without.err()).contains("RAYA-NET-001", "no-such-ssh");
  }
}
