package dev.raya.cli.rayac;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of snapshots gives back what was written. */
class SnapshotsTest {
  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          " a ",
          "\n",
          "\n\na",
          "a\n\n",
          "a\r\nb",
          "\r",
          "a\rb\\r\r",
          "C:\\new\\real",
          "\\ a",
          "# b 1\n| c",
          "|\\ a");

  @TempDir Path folder;

  @Test
  void everyNameAndEveryTextIsReadAsItWasWritten() throws Exception {
    Map<String, String> snapshots = new TreeMap<>();
    for (String name : TEXTS) {
      for (String text : TEXTS) {
        snapshots.put(name + " of " + snapshots.size(), text);
      }
      snapshots.put(name, name);
    }
    Path suite = folder.resolve("a.test.raya");
    Snapshots.write(suite, snapshots);
    assertThat(Snapshots.read(suite)).isEqualTo(snapshots);
  }

  @Test
  void lineEndsChangedByVersionControlDoNotChangeTexts() throws Exception {
    Map<String, String> snapshots = Map.of("a 1", "\nb\n\nc", "d\ne 1", "f\r\ng\r");
    Path suite = folder.resolve("a.test.raya");
    Snapshots.write(suite, snapshots);
    Path file = Snapshots.fileOf(suite);
    Files.writeString(file, Files.readString(file).replace("\n", "\r\n"));
    assertThat(Snapshots.read(suite)).isEqualTo(snapshots);
  }
}
