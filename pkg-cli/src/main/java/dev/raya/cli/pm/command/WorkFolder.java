package dev.raya.cli.pm.command;

import dev.raya.cache.disk.Directories;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder of the home's {@code tmp} that lasts as long as a command; one that a kill leaves behind
 * is swept later.
 *
 * @param path the folder
 */
record WorkFolder(Path path) implements AutoCloseable {
  /** Makes a folder in the session's home. */
  static WorkFolder in(Session session) throws CommandException, IOException {
    session.prepareHome();
    return new WorkFolder(Files.createTempDirectory(session.home().tmp(), "work-"));
  }

  @Override
  public void close() throws IOException {
    Directories.delete(path);
  }
}
