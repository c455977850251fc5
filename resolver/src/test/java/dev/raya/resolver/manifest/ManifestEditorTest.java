package dev.raya.resolver.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.resolver.manifest.Dependency.Source;
import dev.raya.resolver.manifest.ManifestEditor.Table;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ManifestEditorTest {
  private static final String HEAD = "# my project\n[package]\nname = \"hello\"   # nice\n";

  private static ManifestEditor open(String text) throws ManifestException {
    return ManifestEditor.open("raya.toml", text.getBytes(StandardCharsets.UTF_8));
  }

  private static PackageName name(String text) {
    return new PackageName(text);
  }

  @Test
  void aPlainDependencyIsAString() throws ManifestException {
    ManifestEditor editor = open(HEAD + "\n[dependencies] # here\n# about fmt\nfmt = '^1'\n");
    editor.setDependency(Table.DEPENDENCIES, name("@acme/http"), DependencyEdit.ofRange("^2.1.0"));
    assertThat(editor.text())
        .isEqualTo(
            HEAD
                + "\n[dependencies] # here\n# about fmt\nfmt = '^1'\n\"@acme/http\" = \"^2.1.0\"\n");
  }

  @Test
  void aTableIsMadeWhereThereIsNone() throws ManifestException {
    ManifestEditor editor = open(HEAD);
    editor.setDependency(Table.DEV_DEPENDENCIES, name("test-kit"), DependencyEdit.ofRange("0.5"));
    assertThat(editor.text()).isEqualTo(HEAD + "\n[dev-dependencies]\ntest-kit = \"0.5\"\n");
  }

  @Test
  void whatARangeCannotSayBecomesAnInlineTable() throws ManifestException {
    ManifestEditor editor = open(HEAD + "\n[dependencies]\n");
    editor.setDependency(
        Table.DEPENDENCIES,
        name("net-lib"),
        new DependencyEdit(
            name("@acme/net"),
            null,
            "^3",
            List.of("tls"),
            false,
            true,
            List.of("linux-x64"),
            List.of(new Capability("net"))));
    assertThat(editor.text())
        .endsWith(
            "net-lib = { version = \"^3\", package = \"@acme/net\", features = [\"tls\"],"
                + " default-features = false, optional = true, targets = [\"linux-x64\"],"
                + " grant = [\"net\"] }\n");
  }

  @Test
  void anExistingEntryKeepsWhatIsNotAskedFor() throws ManifestException {
    ManifestEditor editor =
        open(HEAD + "[dependencies]\nfmt = {  version='^1',features = [ \"color\" ] } # mine\n");
    editor.setDependency(
        Table.DEPENDENCIES,
        name("fmt"),
        DependencyEdit.ofRange("^2").withGrant(List.of(new Capability("net"))));
    assertThat(editor.text())
        .endsWith("fmt = {  version=\"^2\",features = [ \"color\" ], grant = [\"net\"] } # mine\n");
  }

  @Test
  void aStringBecomesATableWhenMoreIsSaid() throws ManifestException {
    ManifestEditor editor = open(HEAD + "[dependencies]\nfmt = '^1' # mine\n");
    editor.setDependency(
        Table.DEPENDENCIES,
        name("fmt"),
        new DependencyEdit(
            null, null, null, List.of(), null, null, List.of(), List.of(new Capability("net"))));
    assertThat(editor.text()).endsWith("fmt = { version = \"^1\", grant = [\"net\"] } # mine\n");
  }

  @Test
  void anotherSourceReplacesTheFormerOne() throws ManifestException {
    ManifestEditor editor =
        open(HEAD + "[dependencies]\nfmt = { git = \"https://x/y.git\", tag = \"v1\" }\n");
    editor.setDependency(
        Table.DEPENDENCIES,
        name("fmt"),
        new DependencyEdit(
            null, new Source.Path("../fmt"), null, List.of(), null, null, List.of(), List.of()));
    assertThat(editor.text()).contains("path = \"../fmt\"").doesNotContain("git", "tag");
    Manifest manifest = ManifestReader.read("raya.toml", editor.text());
    assertThat(manifest.dependencies().get(name("fmt")))
        .extracting(Dependency::source)
        .isEqualTo(new Source.Path("../fmt"));
  }

  @Test
  void removingTakesTheEntryAndItsCommentOnly() throws ManifestException {
    ManifestEditor editor =
        open(HEAD + "[dependencies]\n# about fmt\nfmt = '^1'\n\tzip= \"2\"   # z\n# end\n");
    assertThat(editor.removeDependency(Table.DEPENDENCIES, name("fmt"))).isTrue();
    assertThat(editor.removeDependency(Table.DEPENDENCIES, name("nothing"))).isFalse();
    assertThat(editor.text()).isEqualTo(HEAD + "[dependencies]\n\tzip= \"2\"   # z\n# end\n");
  }

  @Test
  void versionToolchainGrantsAndOverridesAreSet() throws ManifestException, VersionException {
    ManifestEditor editor = open("[package]\nname = 'hello'\nversion = '1.0.0'  # v\n");
    editor.setVersion(Version.parse("1.1.0"));
    editor.setToolchain(Version.parse("1.0.0"));
    editor.addGrants(name("dns"), List.of(new Capability("net")));
    editor.addGrants(name("dns"), List.of(new Capability("env"), new Capability("net")));
    editor.setOverride(name("fmt"), name("zip"), "2.0.0");
    Manifest manifest = ManifestReader.read("raya.toml", editor.text());
    assertThat(editor.text()).startsWith("[package]\nname = 'hello'\nversion = \"1.1.0\"  # v\n");
    assertThat(manifest.toolchain()).hasToString("1.0.0");
    assertThat(manifest.grants().get(name("dns"))).hasSize(2);
    assertThat(manifest.resolution().overrides()).hasSize(1);
  }

  @Test
  void lineEndsAndByteOrderMarkSurvive() throws ManifestException {
    String text = "\uFEFF[package]\r\nname = \"hello\"\r\n\r\n[dependencies]\r\nfmt = \"1\"\r\n";
    ManifestEditor editor = open(text);
    assertThat(editor.text()).isEqualTo(text);
    editor.setDependency(Table.DEPENDENCIES, name("zip"), DependencyEdit.ofRange("^2"));
    assertThat(editor.text()).isEqualTo(text + "zip = \"^2\"\r\n");
  }

  @Test
  void aMalformedManifestIsNotEdited() {
    assertThatThrownBy(() -> open("[package\n")).isInstanceOf(ManifestException.class);
  }

  /** Adding and removing again gives the bytes back; every other line stays as it was. */
  @Test
  void theRestSurvivesByteForByte() throws ManifestException {
    for (int seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      String text = manifest(random);
      ManifestEditor editor = open(text);
      assertThat(editor.text()).as("seed %d", seed).isEqualTo(text);
      editor.setDependency(Table.DEPENDENCIES, name("added"), DependencyEdit.ofRange("^9"));
      String added = editor.text();
      assertThat(lines(added)).as("seed %d", seed).containsSubsequence(lines(text));
      assertThat(added).contains("added = \"^9\"");
      ManifestEditor again = open(added);
      again.setDependency(Table.DEPENDENCIES, name("added"), DependencyEdit.ofRange("^10"));
      assertThat(again.text())
          .as("seed %d", seed)
          .isEqualTo(added.replace("added = \"^9\"", "added = \"^10\""));
      assertThat(again.removeDependency(Table.DEPENDENCIES, name("dep-1"))).isTrue();
      List<String> kept = lines(text);
      kept.removeIf(line -> line.contains("dep-1") || line.equals("# about 1"));
      assertThat(lines(again.text())).as("seed %d", seed).containsSubsequence(kept);
    }
  }

  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      if (!line.isBlank()) {
        lines.add(line);
      }
    }
    return lines;
  }

  private static String manifest(Random random) {
    StringBuilder out = new StringBuilder();
    out.append(random.nextBoolean() ? "# top\n\n" : "").append("[package]\n");
    out.append("name").append(" ".repeat(random.nextInt(4))).append("= 'hello'  # é\n\n");
    out.append("[dependencies]").append(random.nextBoolean() ? " # deps\n" : "\n");
    int count = 2 + random.nextInt(4);
    for (int i = 1; i <= count; i++) {
      if (random.nextInt(3) == 0) {
        out.append("# about ").append(i).append('\n');
      }
      String indent = random.nextInt(4) == 0 ? "\t" : "";
      String end = random.nextInt(3) == 0 ? "   # end\n" : "\n";
      String value =
          switch (random.nextInt(3)) {
            case 0 -> "'^" + i + "'";
            case 1 -> "{version = \"" + i + "\" ,  features=[\"a\"]}";
            default -> "\"~" + i + ".2\"";
          };
      out.append(indent).append("dep-").append(i).append(" =  ").append(value).append(end);
      if (random.nextInt(4) == 0) {
        out.append('\n');
      }
    }
    if (random.nextBoolean()) {
      out.append("\n# scripts follow\n[scripts]\nlint = '''a\nb'''\n");
    }
    if (random.nextBoolean()) {
      out.append("# the end");
    }
    return out.toString();
  }
}
