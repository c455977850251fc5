package dev.raya.cli.rayac;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.UsageException;
import dev.raya.compiler.build.SourceTree;
import dev.raya.compiler.source.SourceFile;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The source files that a command line means. */
final class SourceFiles {
  /** Most files that one command takes. */
  private static final int MAX_FILES = 100_000;

  private static final int MAX_DEPTH = 64;
  private static final String EXTENSION = ".raya";

  private SourceFiles() {}

  /** Whether a file is a suite of tests (stdlib.md 6). */
  static boolean isTest(Path file) {
    return file.getFileName().toString().endsWith(".test" + EXTENSION);
  }

  /**
   * Files as they are, folders with all sources below them, hidden folders and those of packages
   * left out; without arguments the nearest project's.
   *
   * @throws UsageException if something is not there
   */
  static List<Path> of(List<String> given, Inputs inputs) throws CommandException {
    List<Path> roots = new ArrayList<>();
    if (given.isEmpty()) {
      roots.add(inputs.project(null));
    }
    for (String each : given) {
      Path root = inputs.path(each);
      if (!Files.exists(root)) {
        throw new UsageException("there is no file or folder " + each);
      }
      roots.add(root);
    }
    TreeSet<Path> files = new TreeSet<>();
    for (Path root : roots) {
      if (Files.isRegularFile(root)) {
        files.add(root);
      } else if (Files.isDirectory(root)) {
        below(root, files);
      } else {
        throw new UsageException(root + " is neither a file nor a folder");
      }
    }
    return List.copyOf(files);
  }

  private static void below(Path root, TreeSet<Path> files) throws CommandException {
    try {
      Files.walkFileTree(
          root,
          java.util.Set.of(),
          MAX_DEPTH,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes is) {
              String name = String.valueOf(folder.getFileName());
              boolean skipped = name.startsWith(".") || name.equals("vendor");
              return !folder.equals(root) && skipped
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
              if (is.isRegularFile() && file.getFileName().toString().endsWith(EXTENSION)) {
                if (files.size() >= MAX_FILES) {
                  throw new IOException("more than " + MAX_FILES + " source files below " + root);
                }
                files.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw Inputs.unreadable(e);
    }
  }

  /** Reads a file under a name. */
  static SourceFile read(Path file, String name) throws CommandException {
    try {
      if (Files.size(file) > SourceTree.MAX_BYTES) {
        throw new IOException(file + " is longer than " + SourceTree.MAX_BYTES + " bytes");
      }
      return SourceFile.of(name, Files.readAllBytes(file));
    } catch (IOException e) {
      throw Inputs.unreadable(e);
    }
  }
}
