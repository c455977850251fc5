package dev.raya.resolver.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.resolver.manifest.ManifestEditor.Table;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Edits of random manifests change what they must and nothing else, byte for byte. */
final class ManifestEditorPropertyTest {
  private static final int RUNS = 400;
  private static final PackageName NEW = new PackageName("brand-new");

  private final Random random = new Random(3);

  private String pick(String... texts) {
    return texts[random.nextInt(texts.length)];
  }

  /** A manifest with comments, odd spacing, both kinds of quotes, tables in any order. */
  private String manifest(List<String> dependencies) {
    List<String> tables = new ArrayList<>();
    tables.add("name" + pick(" = ", "=", "  =  ") + pick("\"app\"", "'app'") + pick("", " # why"));
    StringBuilder text = new StringBuilder(pick("", "# head\n", "\n\n"));
    text.append("[package]").append(pick("", " # about")).append('\n').append(tables.getFirst());
    text.append(pick("\n", "\nversion = \"0.1.0\"\n", "\n\n# kept\nversion='0.1.0'   \n"));
    text.append(pick("", "keywords = [\n  \"a\", # first\n  \"b\",\n]\n"));
    text.append(pick("\n", "", "\n\n# dependencies follow\n"));
    text.append(pick("[dependencies]\n", "[ dependencies ]\n", "[dependencies] # mine\n"));
    for (String name : dependencies) {
      text.append(pick("", "# about " + name + "\n", "\n"));
      text.append(pick("", "  ")).append(name).append(pick(" = ", "= ", "   = "));
      text.append(
          pick(
              "\"^1.0\"",
              "'~1.2'",
              "{ version = \"^1\", features = [\"a\",\"b\"] }",
              "{version='^2' , optional=false}"));
      text.append(pick("", " # note")).append('\n');
    }
    text.append(pick("", "\n[dev-dependencies]\nkit = \"1\"\n", "\n\n[scripts]\nlint = 'x'\n"));
    text.append(pick("", "\n[resolution]\nconflict-strategy = \"relaxed\"  \n", "\n# the end"));
    String all = text.toString();
    return random.nextInt(4) == 0 ? all.replace("\n", "\r\n") : all;
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    for (String name : List.of("alpha", "beta", "gamma-ray", "delta")) {
      if (random.nextBoolean()) {
        names.add(name);
      }
    }
    return names;
  }

  private static ManifestEditor open(String text) throws Exception {
    return ManifestEditor.open("raya.toml", text.getBytes(StandardCharsets.UTF_8));
  }

  private static Manifest read(String text) throws Exception {
    return ManifestReader.read("raya.toml", text);
  }

  private static List<String> lines(String text) {
    return Arrays.asList(text.split("(?<=\n)", -1));
  }

  /** Whether all lines of one text are in another, in order. */
  private static boolean isContained(List<String> inner, List<String> outer) {
    int at = 0;
    for (String line : outer) {
      if (at < inner.size() && line.strip().equals(inner.get(at).strip())) {
        at++;
      }
    }
    return at == inner.size();
  }

  @Test
  void addingPutsInOneLineAndRemovingItGivesTheFormerBytes() throws Exception {
    for (int run = 0; run < RUNS; run++) {
      List<String> names = names();
      String before = manifest(names);
      ManifestEditor adding = open(before);
      adding.setDependency(Table.DEPENDENCIES, NEW, DependencyEdit.ofRange("^3.1"));
      String added = adding.text();
      assertThat(read(added).dependencies().get(NEW)).as(before).isNotNull();
      assertThat(lines(added))
          .as(before)
          .hasSizeBetween(lines(before).size(), lines(before).size() + 1);
      assertThat(isContained(lines(before), lines(added))).as("%s\n->\n%s", before, added).isTrue();
      ManifestEditor removing = open(added);
      assertThat(removing.removeDependency(Table.DEPENDENCIES, NEW)).isTrue();
      assertThat(removing.text().stripTrailing()).as(before).isEqualTo(before.stripTrailing());
    }
  }

  @Test
  void changingOneDependencyTouchesItsLineAlone() throws Exception {
    for (int run = 0; run < RUNS; run++) {
      List<String> names = names();
      names.add("omega");
      String before = manifest(names);
      PackageName changed = new PackageName(names.get(random.nextInt(names.size())));
      ManifestEditor editor = open(before);
      editor.setDependency(
          Table.DEPENDENCIES,
          changed,
          DependencyEdit.ofRange("^9.9").withGrant(List.of(new Capability("net"))));
      List<String> was = lines(before);
      List<String> now = lines(editor.text());
      assertThat(now).as(before).hasSameSizeAs(was);
      int differing = 0;
      for (int i = 0; i < was.size(); i++) {
        differing += was.get(i).equals(now.get(i)) ? 0 : 1;
      }
      assertThat(differing).as("%s\n->\n%s", before, editor.text()).isEqualTo(1);
      Manifest edited = read(editor.text());
      assertThat(edited.dependencies()).hasSize(names.size());
      assertThat(Objects.requireNonNull(edited.dependencies().get(changed)).grant())
          .containsExactly(new Capability("net"));
    }
  }

  @Test
  void anEditThatChangesNothingGivesTheVeryBytes() throws Exception {
    for (int run = 0; run < RUNS; run++) {
      String before = manifest(List.of("alpha"));
      ManifestEditor editor = open(before);

      assertThat(editor.removeDependency(Table.DEPENDENCIES, NEW)).isFalse();
      assertThat(editor.text()).isEqualTo(before);
    }
  }
}
