package dev.raya.cache.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files from elsewhere than an archive, under the archive's rules. */
final class CheckedTreeTest {
  @TempDir Path folder = Path.of("");

  private static void add(CheckedTree tree, String path, String text) throws IOException {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    tree.file(path, bytes.length, new ByteArrayInputStream(bytes));
  }

  @Test
  void theDigestIsThatOfTheFolder() throws IOException {
    CheckedTree tree = new CheckedTree(folder);
    add(tree, "src/index.raya", "a");
    add(tree, "raya.toml", "b");

    assertThat(tree.finish()).isEqualTo(TreeDigest.ofFolder(folder, Set.of()));
    assertThat(folder.resolve("src/index.raya")).hasContent("a");
  }

  @Test
  void namesAndSizesAreHeldToTheRulesOfArchives() throws IOException {
    CheckedTree tree = new CheckedTree(folder);
    add(tree, "a", "a");

    for (String path : new String[] {"../up", "/root", "A", "a/below", "con", "b:c"}) {
      assertThatThrownBy(() -> add(tree, path, "x")).isInstanceOf(ArchiveException.class);
    }
    assertThatThrownBy(() -> tree.file("huge", 1L << 40, new ByteArrayInputStream(new byte[0])))
        .isInstanceOf(ArchiveException.class);
    assertThat(folder.resolveSibling("up")).doesNotExist();
  }
}
