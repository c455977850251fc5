package dev.raya.tuf.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryMetadataTest {
  @TempDir private Path home = Path.of("");

  private Path folder() {
    return home.resolve("tuf");
  }

  @Test
  void manyFilesOfOneContentCostOne() throws Exception {
    DirectoryMetadata files = new DirectoryMetadata(folder());
    files.writeSame(List.of("1.a.json", "1.b.json", "1.c.json"), new byte[] {1});
    files.writeSame(List.of("1.b.json", "1.c.json"), new byte[] {2});
    files.writeSame(List.of("1.b.json", "1.c.json"), new byte[] {2});
    files.write("1.c.json", new byte[] {3});
    assertThat(files.names()).containsExactly("1.a.json", "1.b.json", "1.c.json");
    assertThat(files.read("1.a.json")).contains(new byte[] {1});
    assertThat(files.read("1.b.json")).contains(new byte[] {2});
    assertThat(files.read("1.c.json")).contains(new byte[] {3});
  }

  @Test
  void aFolderThatIsNotThereHoldsNothingAndIsMadeWithTheFirstFile() throws Exception {
    DirectoryMetadata files = new DirectoryMetadata(folder());
    assertThat(files.names()).isEmpty();
    assertThat(files.read("1.root.json")).isEmpty();
    assertThat(files.written("1.root.json")).isEmpty();
    files.delete("1.root.json");
    files.writeSame(List.of(), new byte[] {1});
    assertThat(folder()).doesNotExist();
    files.write("1.root.json", new byte[] {1});
    assertThat(files.names()).containsExactly("1.root.json");
  }

  @Test
  void whatIsStillArrivingIsNoMetadata() throws Exception {
    DirectoryMetadata files = new DirectoryMetadata(folder());
    files.write("2.root.json", new byte[] {2});
    files.write("1.root.json", new byte[] {1});
    Files.write(folder().resolve(".arriving.json"), new byte[] {9});
    Files.write(folder().resolve("notes.txt"), new byte[] {9});
    assertThat(files.names()).containsExactly("1.root.json", "2.root.json");
    Instant time = Instant.parse("2026-06-01T00:00:00Z");
    Files.setLastModifiedTime(folder().resolve("1.root.json"), FileTime.from(time));
    assertThat(files.written("1.root.json")).contains(time);
    files.delete("1.root.json");
    assertThat(files.names()).containsExactly("2.root.json");
    assertThat(files.read("1.root.json")).isEmpty();
  }

  @Test
  void noNameLeadsOutOfTheFolder() throws Exception {
    DirectoryMetadata files = new DirectoryMetadata(folder());
    files.write("1.root.json", new byte[] {1});
    Path outside = Files.write(home.resolve("secret.json"), new byte[] {7});
    for (String name : List.of("", ".", "..", ".same", "../secret.json", "a/b.json")) {
      assertThatThrownBy(() -> files.read(name))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> files.write(name, new byte[1]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> files.delete(name)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(outside).hasBinaryContent(new byte[] {7});
  }
}
