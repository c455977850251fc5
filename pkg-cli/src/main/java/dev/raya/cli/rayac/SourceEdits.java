package dev.raya.cli.rayac;

import dev.raya.cli.console.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Changes to the user's source files: each file is replaced as a whole or left as it was. */
final class SourceEdits {
  private SourceEdits() {}

  /**
   * A replacement in a text.
   *
   * @param start first UTF-16 offset
   * @param end the UTF-16 offset after the last
   */
  record Edit(int start, int end, String text) {}

  /** A text with edits applied, and how many of them; of two that overlap the later is left out. */
  record Edited(String text, int applied) {}

  static Edited apply(String text, List<Edit> edits) {
    List<Edit> ordered = new ArrayList<>(edits);
    ordered.sort(Comparator.comparingInt(Edit::start).thenComparingInt(Edit::end));
    StringBuilder out = new StringBuilder();
    int at = 0;
    int applied = 0;
    for (Edit edit : ordered) {
      if (edit.start() >= at) {
        out.append(text, at, edit.start()).append(edit.text());
        at = edit.end();
        applied++;
      }
    }
    return new Edited(out.append(text, at, text.length()).toString(), applied);
  }

  /** Replaces a file, keeping its permissions. */
  static void replace(Path file, String text) throws CommandException {
    try {
      Path target = file.toRealPath();
      Path folder = target.getParent();
      Path temporary = Files.createTempFile(folder, ".rayac", ".tmp");
      try {
        Files.write(temporary, text.getBytes(StandardCharsets.UTF_8));
        PosixFileAttributeView view =
            Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
        if (view != null) {
          view.setPermissions(Files.getPosixFilePermissions(target));
        }
        Files.move(
            temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw Inputs.unreadable(e);
    }
  }
}
