package dev.raya.cli.pm.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens in a real key ring: GNOME's, on a session bus of the test's own. */
final class SecretServiceTest {
  private static final List<String> PROGRAMS =
      List.of("dbus-daemon", "gnome-keyring-daemon", "secret-tool");
  private static final String TOKEN = "raya_in-the-ring";
  private static final long PATIENCE_SECONDS = 30;

  @TempDir Path folder = Path.of("");

  private final List<Process> started = new ArrayList<>();
  private String bus = "";
  private final TestRegistry registry = TestRegistry.start(3);

  @BeforeEach
  void start() throws IOException {
    for (String program : PROGRAMS) {
      assumeTrue(
          Files.isExecutable(Path.of("/usr/bin", program)),
          program + " is not there (Debian: dbus, gnome-keyring, libsecret-tools)");
    }
    BufferedReader address =
        begin("dbus-daemon", "--session", "--nofork", "--print-address").inputReader();
    bus = address.readLine();
    Process ring =
        begin("gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets");
    ring.getOutputStream().write("password".getBytes(StandardCharsets.UTF_8));
    ring.getOutputStream().close();
    awaitService();
    registry.document(
        "/account",
        "{\"account\":7,\"name\":\"ann\",\"scopes\":[\"publish\"],\"packages\":[\"*\"]}");
  }

  @AfterEach
  void stop() throws InterruptedException {
    registry.close();
    for (Process process : started.reversed()) {
      process.destroy();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  /** The ring says nothing when it is there; a question does. */
  private void awaitService() throws IOException {
    String[] question = {
      "dbus-send",
      "--session",
      "--print-reply",
      "--dest=org.freedesktop.DBus",
      "/",
      "org.freedesktop.DBus.NameHasOwner",
      "string:org.freedesktop.secrets"
    };
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    String answer = "";
    while (!answer.contains("true") && System.nanoTime() < end) {
      answer = new String(begin(question).getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(answer).contains("true");
  }

  private Process begin(String... line) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("XDG_DATA_HOME", folder.resolve("data").toString());
    builder.environment().put("XDG_RUNTIME_DIR", folder.toString());
    if (!bus.isEmpty()) {
      builder.environment().put("DBUS_SESSION_BUS_ADDRESS", bus);
    }
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private Pm pm() {
    return Pm.in(folder)
        .at(registry)
        .project("# none")
        .with("PATH", "/usr/bin:/bin")
        .with("DBUS_SESSION_BUS_ADDRESS", bus);
  }

  @Test
  void aTokenIsKeptInTheKeyRingAndForgotten() throws IOException {
    Pm.Outcome login = pm().runWith(TOKEN + "\n", "login");
    assertThat(login.exit()).as(login.err()).isZero();
    assertThat(login.err()).contains("kept in the secret-service");
    Path index = folder.resolve("home/credentials.toml");
    assertThat(Files.readString(index)).contains("secret-service").doesNotContain(TOKEN);

    assertThat(pm().run("whoami").out()).isEqualTo("ann\n");
    assertThat(registry.lastAuthorization()).isEqualTo("Bearer " + TOKEN);

    assertThat(pm().run("logout").exit()).isZero();
    assertThat(index).doesNotExist();
    assertThat(pm().run("whoami").exit()).isEqualTo(5);
  }
}
