package dev.raya.cli.rayac;

import dev.raya.cli.console.CommandException;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits until a source file below some folders changes. Owned by one thread. */
final class SourceWatch implements AutoCloseable {
  /** Editors write several files at once: so long nothing may happen before a change counts. */
  private static final long QUIET_MILLIS = 120;

  private final List<Path> roots;
  private final WatchService service;

  /** Whether a folder came that may hold sources. */
  private boolean newFolder;

  SourceWatch(List<Path> roots) throws CommandException {
    this.roots = List.copyOf(roots);
    try {
      this.service = FileSystems.getDefault().newWatchService();
      register();
    } catch (IOException e) {
      throw Inputs.unreadable(e);
    }
  }

  private void register() throws IOException {
    for (Path root : roots) {
      Files.walkFileTree(root, new Registration(root));
    }
  }

  /** Watches a folder and what is below it; a folder that goes away meanwhile is passed over. */
  private final class Registration extends SimpleFileVisitor<Path> {
    private final Path root;

    private Registration(Path root) {
      this.root = root;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes is)
        throws IOException {
      if (!folder.equals(root) && String.valueOf(folder.getFileName()).startsWith(".")) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      try {
        folder.register(
            service,
            StandardWatchEventKinds.ENTRY_CREATE,
            StandardWatchEventKinds.ENTRY_MODIFY,
            StandardWatchEventKinds.ENTRY_DELETE);
        return FileVisitResult.CONTINUE;
      } catch (NoSuchFileException gone) {
        return FileVisitResult.SKIP_SUBTREE;
      }
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
      if (why instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw why;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException why)
        throws IOException {
      return why instanceof NoSuchFileException
          ? FileVisitResult.CONTINUE
          : super.postVisitDirectory(folder, why);
    }
  }

  /** Waits for a change of a source file, then until nothing more happens. */
  void awaitChange() throws CommandException, InterruptedException {
    try {
      boolean changed = false;
      while (!changed) {
        changed = concerns(service.take());
        if (!changed) {
          register(); // it may have been a new folder, and files that came with it were not seen
          changed = newFolder;
          newFolder = false;
        }
      }
      for (WatchKey key = next(); key != null; key = next()) {
        concerns(key);
      }
      register(); // folders may be new
    } catch (ClosedWatchServiceException closed) {
      throw new InterruptedException("the watch was closed");
    } catch (IOException e) {
      throw Inputs.unreadable(e);
    }
  }

  private @Nullable WatchKey next() throws InterruptedException {
    return service.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
  }

  private boolean concerns(WatchKey key) {
    boolean source = false;
    for (WatchEvent<?> event : key.pollEvents()) {
      source |= event.kind() == StandardWatchEventKinds.OVERFLOW; // what was lost may be a source
      String name = String.valueOf(event.context());
      newFolder |=
          event.kind() == StandardWatchEventKinds.ENTRY_CREATE
              && !name.startsWith(".")
              && key.watchable() instanceof Path folder
              && Files.isDirectory(folder.resolve(name));
      source |= name.endsWith(".raya") || name.equals("raya.toml") || name.equals("raya.lock");
    }
    key.reset();
    return source;
  }

  @Override
  public void close() throws CommandException {
    try {
      service.close();
    } catch (IOException e) {
      throw Inputs.unreadable(e);
    }
  }
}
