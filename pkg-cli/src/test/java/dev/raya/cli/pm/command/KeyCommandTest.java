package dev.raya.cli.pm.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys are shown, leave their home only encrypted, and come into another one whole or not. */
final class KeyCommandTest {
  @TempDir Path folder = Path.of("");

  private Pm pm() {
    return Pm.in(folder).project("# none");
  }

  private Pm other() {
    return pm().with("RAYA_HOME", folder.resolve("other").toString());
  }

  private static void refused(Pm.Outcome outcome, int exit, String why) {
    assertThat(outcome.exit()).as(outcome.err()).isEqualTo(exit);
    assertThat(outcome.err()).contains(why);
  }

  private List<Path> leftovers() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".tmp")).toList();
    }
  }

  @Test
  void aKeyGoesFromHomeToHomeEncrypted() throws IOException {
    String id = pm().run("key", "generate", "--hybrid").out().strip();
    Pm.Outcome exported = pm().runWith("open sesame\n", "key", "export", "../backup.json");
    Path backup = folder.resolve("backup.json");
    assertThat(exported.out()).as(exported.err()).startsWith("exported " + id + " to ");
    assertThat(Files.readString(backup)).contains("\"encrypted\":{").doesNotContain("pkcs8");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
        .isEqualTo("rw-------");

    Pm.Outcome imported = other().runWith("open sesame", "key", "import", "../backup.json");
    assertThat(imported.out()).as(imported.err()).isEqualTo("imported " + id + "\n");
    assertThat(other().run("key", "list").out()).isEqualTo(id + "  hybrid\n");
    // It stays under the file's passphrase where no other was set.
    assertThat(other().run("key", "show").out()).contains("kind        hybrid", ", encrypted\n");
    refused(other().runWith("next", "key", "export", "../again.json"), 5, "RAYA_KEY_PASSPHRASE");
    assertThat(
            other()
                .with("RAYA_KEY_PASSPHRASE", "open sesame")
                .runWith("next", "key", "export", "../again.json")
                .exit())
        .isZero();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void aWrongPassphraseOrFileTakesNothingIn() throws IOException {
    pm().run("key", "generate");
    pm().runWith("open sesame", "key", "export", "../backup.json");
    refused(other().runWith("open sesam", "key", "import", "../backup.json"), 5, "is wrong");
    refused(other().runWith("", "key", "import", "../backup.json"), 2, "no passphrase was given");
    refused(other().run("key", "import", "../nosuch.json"), 2, "cannot be read");
    Files.writeString(folder.resolve("noise.json"), "{\"schema\":\"raya/key/2\"}");
    refused(other().run("key", "import", "../noise.json"), 5, "RAYA-SEC-022");
    Files.write(folder.resolve("large.json"), new byte[1 << 20]);
    refused(other().run("key", "import", "../large.json"), 5, "at most");
    assertThat(other().run("key", "list").out()).isEmpty();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    String id = pm().run("key", "generate").out().strip();
    Path file = folder.resolve("backup.json");
    Files.writeString(file, "mine");
    refused(pm().runWith("x", "key", "export", "../backup.json"), 2, "already; it was left");
    assertThat(Files.readString(file)).isEqualTo("mine");
    Files.delete(file);
    refused(pm().runWith("", "key", "export", "../backup.json"), 2, "no passphrase was given");
    assertThat(file).doesNotExist();
    assertThat(pm().runWith("x", "key", "export", "../backup.json", id).exit()).isZero();

    Path held = folder.resolve("home/keys/" + id + ".json");
    String before = Files.readString(held);
    refused(pm().runWith("x", "key", "import", "../backup.json"), 2, "this key is here already");
    assertThat(Files.readString(held)).isEqualTo(before);
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void aPlainKeyFileIsTakenAndEncryptedWhereAPassphraseIsSet() throws IOException {
    String id = pm().run("key", "generate").out().strip();
    Path plain = folder.resolve("home/keys/" + id + ".json");
    Pm target = other().with("RAYA_KEY_PASSPHRASE", "own");
    assertThat(target.run("key", "import", plain.toString()).out())
        .isEqualTo("imported " + id + "\n");
    assertThat(Files.readString(folder.resolve("other/keys/" + id + ".json")))
        .contains("\"encrypted\":{")
        .doesNotContain("pkcs8");
  }

  @Test
  void showNamesOneKeyByItsFirstDigits() {
    String first = pm().run("key", "generate").out().strip();
    Pm.Outcome shown = pm().run("key", "show");
    assertThat(shown.out())
        .contains("id          " + first, "kind        ed25519", first + ".json\n");
    String second = pm().run("key", "generate").out().strip();
    refused(pm().run("key", "show"), 5, "there are 2 keys");
    assertThat(pm().run("key", "show", second.substring(0, 8)).out()).contains(second);
    assertThat(pm().with("RAYA_KEY", first).run("key", "show").out()).contains(first);
    refused(pm().run("key", "show", second.substring(0, 7)), 5, "is not one key of");
    assertThat(pm().run("key", "show", first, "--output", "json").out())
        .contains("\"encrypted\":false", "\"kind\":\"ed25519\"", "\"keyId\":\"" + first);
  }
}
