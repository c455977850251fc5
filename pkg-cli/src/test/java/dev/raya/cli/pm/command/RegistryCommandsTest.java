package dev.raya.cli.pm.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands that talk to the registry: arguments, sign-in and its stores, look-ups offline. What
 * the registry makes of them is tested there and in the journeys.
 */
final class RegistryCommandsTest {
  private static final String TOKEN = "raya_0123456789abcdef";

  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(3);

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm pm() {
    registry.document(
        "/account",
        "{\"account\":7,\"name\":\"ann\",\"scopes\":[\"publish\"],\"packages\":[\"*\"],"
            + "\"expiresAt\":\"2099-01-01T00:00:00Z\"}");
    return Pm.in(folder).at(registry).project("# none");
  }

  private Path credentials() {
    return folder.resolve("home/credentials.toml");
  }

  /** A folder with a secret-tool that keeps secrets in files, as the real one does in a service. */
  private Path fakeSecretTool(String beginning) throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path store = Files.createDirectories(folder.resolve("secrets"));
    Path tool = bin.resolve("secret-tool");
    Files.writeString(
        tool,
        "#!/bin/sh\n"
            + beginning
            + "\nfor last; do :; done\nf=\""
            + store
            + "/$(printf %s \"$last\" | tr -c 'a-z0-9' _)\"\n"
            + "echo \"$@\" >> \""
            + store.resolve("calls")
            + "\"\n"
            + "case $1 in\n"
            + "store) cat > \"$f\";;\n"
            + "lookup) [ -f \"$f\" ] || exit 1; cat \"$f\";;\n"
            + "clear) [ -f \"$f\" ] || exit 1; rm \"$f\";;\n"
            + "esac\n");
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
    return bin;
  }

  private Pm withSecretTool(String beginning) throws IOException {
    return pm().with("PATH", fakeSecretTool(beginning) + ":/usr/bin:/bin")
        .with("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
  }

  @Test
  void loginReadsTheTokenFromStandardInputAndKeepsItForItsOwner() throws IOException {
    Pm.Outcome outcome = pm().runWith(TOKEN + "\n", "login");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("signed in to " + registry.origin() + "/ as ann");
    assertThat(registry.lastAuthorization()).isEqualTo("Bearer " + TOKEN);
    assertThat(Files.readString(credentials()))
        .contains("[\"" + registry.origin() + "\"]", TOKEN, "account = \"ann\"", "2099");
    assertThat(Files.getPosixFilePermissions(credentials()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(pm().run("whoami").out()).isEqualTo("ann\n");
    assertThat(registry.lastAuthorization()).isEqualTo("Bearer " + TOKEN);

    assertThat(pm().with("RAYA_TOKEN", "raya_other").run("whoami").exit()).isZero();
    assertThat(registry.lastAuthorization()).isEqualTo("Bearer raya_other");

    assertThat(pm().run("logout").out()).startsWith("signed out of");
    assertThat(credentials()).doesNotExist();
    Pm.Outcome nobody = pm().run("whoami");
    assertThat(nobody.exit()).isEqualTo(5);
    assertThat(nobody.err()).contains("error[RAYA-REG-002]", "raya-pm login");
    assertThat(pm().run("logout").out()).startsWith("you were not signed in");
  }

  @Test
  void eachRegistryHasItsOwnTokenAndGetsNoOther() throws IOException {
    assertThat(pm().runWith(TOKEN, "login").exit()).isZero();
    try (TestRegistry other = TestRegistry.start(4)) {
      other.document(
          "/account", "{\"account\":1,\"name\":\"bob\",\"scopes\":[\"read\"],\"packages\":[]}");
      Pm there = pm().at(other);
      assertThat(there.run("whoami").exit()).isEqualTo(5);
      assertThat(other.lastAuthorization()).isEmpty();
      assertThat(there.runWith("raya_second", "login").exit()).isZero();
      assertThat(there.run("whoami").out()).isEqualTo("bob\n");
      assertThat(other.lastAuthorization()).isEqualTo("Bearer raya_second");
      assertThat(there.run("logout").exit()).isZero();
    }
    assertThat(pm().run("whoami").out()).isEqualTo("ann\n");
  }

  @Test
  void aRefusedOrMalformedTokenIsNotKept() {
    assertThat(pm().runWith("", "login").err()).contains("error[RAYA-CLI-001]", "no token");
    assertThat(pm().runWith("two words", "login").err()).contains("is no token");
    assertThat(pm().runWith("x".repeat(5000), "login").exit()).isEqualTo(2);
    assertThat(pm().run("login", TOKEN).exit()).isEqualTo(2);
    Pm pm = pm();
    registry.remove("/account");
    assertThat(pm.runWith(TOKEN, "login").exit()).isEqualTo(1);
    registry.document("/account", "[]");
    assertThat(pm.runWith(TOKEN, "login").err()).contains("error[RAYA-NET-004]");
    assertThat(pm().runWith(TOKEN, "login", "--store", "systm").err())
        .contains("did you mean \"system\"?");
    assertThat(pm().runWith(TOKEN, "login", "--store", "system").err())
        .contains("error[RAYA-PKG-017]", "no key store");
    assertThat(credentials()).doesNotExist();
  }

  @Test
  void theSecretServiceKeepsTheTokenWhereItAnswers() throws IOException {
    Pm pm = withSecretTool("");
    Pm.Outcome outcome = pm.runWith(TOKEN, "login");
    assertThat(outcome.err()).contains("kept in the secret-service");
    assertThat(Files.readString(credentials()))
        .doesNotContain(TOKEN)
        .contains("store = \"secret-service\"");
    assertThat(Files.readString(folder.resolve("secrets/calls"))).doesNotContain(TOKEN);
    assertThat(pm.run("whoami").out()).isEqualTo("ann\n");
    assertThat(registry.lastAuthorization()).isEqualTo("Bearer " + TOKEN);

    Pm.Outcome without = pm.with("PATH", "/nowhere").run("whoami");
    assertThat(without.err()).contains("error[RAYA-PKG-017]", "secret-service", "--store file");

    assertThat(pm.runWith(TOKEN, "login", "--store", "file").exit()).isZero();
    assertThat(Files.readString(credentials())).contains(TOKEN);
    try (var secrets = Files.list(folder.resolve("secrets"))) {
      assertThat(secrets.map(file -> file.getFileName().toString())).containsExactly("calls");
    }
    assertThat(pm.runWith(TOKEN, "login").exit()).isZero();
    assertThat(pm.run("logout").exit()).isZero();
    assertThat(credentials()).doesNotExist();
  }

  @Test
  void aSecretServiceThatDoesNotAnswerIsNotUsed() throws IOException {
    Pm pm = withSecretTool("echo 'Cannot autolaunch D-Bus' >&2; exit 1");
    assertThat(pm.runWith(TOKEN, "login").err()).contains("kept in the file");
    assertThat(Files.readString(credentials())).contains(TOKEN);
  }

  @Test
  void credentialsThatOthersCanReadOrThatAreMalformedAreRefused() throws IOException {
    assertThat(pm().runWith(TOKEN, "login").exit()).isZero();
    Files.setPosixFilePermissions(credentials(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(pm().run("whoami").err()).contains("error[RAYA-PKG-017]", "chmod 600");
    Files.writeString(credentials(), "[x");
    Files.setPosixFilePermissions(credentials(), PosixFilePermissions.fromString("rw-------"));
    assertThat(pm().run("whoami").err()).contains("error[RAYA-PKG-017]", "malformed");
    assertThat(pm().runWith(TOKEN, "login").exit()).isNotZero();
    assertThat(Files.readString(credentials())).isEqualTo("[x");
  }

  @Test
  void stagedReleasesAreListedAndDropped() {
    Pm pm = pm().with("RAYA_TOKEN", TOKEN);
    registry.document("/stages", "{\"schema\":\"raya/stages/1\",\"stages\":[]}");
    assertThat(pm.run("stage", "list").err()).contains("nothing is staged");
    String release =
        "{\"account\":\"ann\",\"expires\":\"2026-01-13T12:00:00Z\",\"id\":\""
            + "5e".repeat(20)
            + "\",\"name\":\"logging\",\"version\":\"1.3.0\"}";
    registry.document("/stages", "{\"stages\":[" + release + "]}");
    Pm.Outcome listed = pm.run("stage", "list");
    assertThat(listed.out())
        .contains("logging@1.3.0", "5e".repeat(20), "ann", "2026-01-13T12:00:00Z");
    assertThat(pm.run("stage", "list", "--output", "json").out()).contains(release);
    registry.document("/packages/logging/1.3.0/stage", release);
    registry.forgetRequests();
    assertThat(pm.run("stage", "drop", "logging@1.3.0").out()).contains("dropped logging@1.3.0");
    assertThat(registry.requests()).contains("DELETE /packages/logging/1.3.0/stage");
    registry.document(
        "/packages/logging/publishers",
        "{\"name\":\"logging\",\"promotedByAnother\":true,\"publishers\":[]}");
    assertThat(pm.run("publisher", "promotion", "logging", "another").err())
        .contains("who staged a release does not promote it");
  }

  @Test
  void wrongArgumentsAreUsageErrorsBeforeAnythingIsAsked() {
    Pm pm = pm();
    registry.forgetRequests();
    for (List<String> words :
        List.of(
            List.of("yank", "logging"),
            List.of("yank", "logging@^1"),
            List.of("yank", "logging@1.0.0", "--reason", "brokn"),
            List.of("yank", "logging@1.0.0", "--use", "new"),
            List.of("yank", "Log ging@1.0.0"),
            List.of("info", "a@"),
            List.of("owner", "add", "logging", "Not An Account"),
            List.of("owner", "add", "logging"),
            List.of("tag", "set", "logging@1.0.0", "1.x"),
            List.of("publisher", "add", "logging", "--issuer", "https://ci.example"),
            List.of("publisher", "remove", "logging", "abc"),
            List.of("publisher", "tokens", "logging", "maybe"),
            List.of("publisher", "promotion", "logging", "on"),
            List.of("promote", "logging"),
            List.of("stage", "drop", "logging@^1"),
            List.of("token", "create"),
            List.of("token", "create", "--scope", "publsh"),
            List.of("token", "create", "--scope", "read", "--days", "91"),
            List.of("token", "revoke", "abc"),
            List.of("key", "revoke", "abc"),
            List.of("search", "--limit", "0", "x"))) {
      Pm.Outcome outcome = pm.with("RAYA_TOKEN", TOKEN).run(words.toArray(new String[0]));
      assertThat(outcome.exit()).as(words + outcome.err()).isEqualTo(2);
      assertThat(outcome.err()).as(words.toString()).contains("error[RAYA-CLI-001]");
    }
    assertThat(pm.with("RAYA_TOKEN", TOKEN).run("yank", "ab@1.0.0", "--reason", "brokn").err())
        .contains("did you mean broken?");
    assertThat(registry.requests()).allMatch(request -> request.startsWith("GET "));
  }

  @Test
  void offlineNothingIsChangedAndLookUpsComeFromWhatIsHeld() {
    registry.publish(TestPackage.of("logging", "1.2.3"));
    registry.publish(TestPackage.of("logging", "1.3.0"));
    registry.yank("logging", "1.3.0");
    Pm pm = pm().project("logging = \"^1.2\"");
    assertThat(pm.run("info", "logging", "--offline").exit()).isEqualTo(4);
    assertThat(pm.run("install").exit()).isZero();
    registry.forgetRequests();
    Pm.Outcome info = pm.run("info", "logging", "--offline");
    assertThat(info.out()).contains("logging 1.2.3\n", "latest 1.2.3", "1.3.0 (yanked)", "record ");
    assertThat(pm.run("info", "logging@9", "--offline").err())
        .contains("error[RAYA-RES-003]", "latest version is 1.2.3");
    assertThat(pm.run("docs", "logging@1.3.0", "--offline").exit()).isEqualTo(4);
    for (List<String> words :
        List.of(
            List.of("search", "x"),
            List.of("yank", "logging@1.2.3"),
            List.of("owner", "list", "logging"),
            List.of("tag", "list", "logging"),
            List.of("stage", "list"),
            List.of("promote", "logging@1.2.3"),
            List.of("token", "list"),
            List.of("whoami"),
            List.of("login"))) {
      Pm.Outcome outcome =
          pm.with("RAYA_OFFLINE", "1").runWith(TOKEN, words.toArray(new String[0]));
      assertThat(outcome.err()).as(words.toString()).contains("error[RAYA-NET-003]");
      assertThat(outcome.exit()).as(words.toString()).isEqualTo(4);
    }
    assertThat(registry.requests()).isEmpty();
  }

  @Test
  void publishersAreShownWithWhatARunIsMatchedBy() {
    Pm pm = pm().with("RAYA_TOKEN", TOKEN);
    String workflow =
        "{\"id\":\"0123456789abcdef\",\"kind\":\"oidc\",\"issuer\":\"https://ci.example\",\"owner\":\"acme\","
            + "\"ownerId\":\"7\",\"repository\":\"http\",\"repositoryId\":\"42\","
            + "\"workflow\":\".github/workflows/release.yml\",\"ref\":\"refs/tags/v*\"}";
    String document =
        "{\"name\":\"http\",\"pending\":true,\"tokenPublishing\":true,\"publishers\":["
            + workflow
            + "]}";
    registry.document("/packages/http/publishers", document);
    registry.document("/publishers", "{\"packages\":[" + document + "]}");
    String line =
        "0123456789abcdef  acme/http .github/workflows/release.yml refs/tags/v*"
            + " (https://ci.example)\n";
    Pm.Outcome shown = pm.run("publisher", "list", "http");
    assertThat(shown.out()).isEqualTo(line);
    assertThat(shown.err()).contains("http has no version yet");
    assertThat(pm.run("publisher", "list").out()).isEqualTo("http  " + line);
    registry.document("/publishers", "{\"packages\":[{\"name\":\"x\",\"publishers\":[{}]}]}");
    assertThat(pm.run("publisher", "list").err()).contains("error[RAYA-NET-004]");
  }

  @Test
  void answersOfAnotherShapeAreNotBelieved() {
    Pm pm = pm().with("RAYA_TOKEN", TOKEN);
    for (String answer :
        List.of("[]", "{", "{\"name\":1}", "{\"versions\":[{}],\"latest\":\"1\"}", "null")) {
      registry.document("/packages/odd", answer);
      registry.document("/packages/odd/owners", answer);
      registry.document("/search", answer);
      for (List<String> words :
          List.of(
              List.of("info", "odd"), List.of("owner", "list", "odd"), List.of("search", "odd"))) {
        Pm.Outcome outcome = pm.run(words.toArray(new String[0]));
        assertThat(outcome.err()).as(answer + words).contains("error[RAYA-NET-004]");
        assertThat(outcome.exit()).isEqualTo(4);
      }
    }
  }
}
