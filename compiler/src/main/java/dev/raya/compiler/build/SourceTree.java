package dev.raya.compiler.build;

import dev.raya.compiler.source.SourceFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The sources of a package by their package-relative names, with {@code /}. */
public interface SourceTree {
  /** Longest source, in bytes. */
  long MAX_BYTES = 16L << 20;

  /** The file of a name, the same object each time, or null if there is none. */
  @Nullable SourceFile file(String name);

  /** The names of the sources, as far as they are known, for proposals; sorted. */
  default List<String> names() {
    return List.of();
  }

  /** The names of all sources, sorted: among them stands what is said once for the package. */
  default List<String> allNames() {
    return names();
  }

  /** Whether the sources are those of one package, not files that lie beside one another. */
  default boolean isPackage() {
    return true;
  }

  /** These sources, and a program that is made of them and lies nowhere. */
  default SourceTree with(SourceFile program) {
    SourceTree files = this;
    return new SourceTree() {
      @Override
      public @Nullable SourceFile file(String name) {
        return name.equals(program.name()) ? program : files.file(name);
      }

      @Override
      public List<String> names() {
        return files.names();
      }

      @Override
      public List<String> allNames() {
        return files.allNames();
      }

      @Override
      public boolean isPackage() {
        return files.isPackage();
      }
    };
  }

  /** The sources below a folder. */
  static SourceTree folder(Path root) {
    return new FolderSources(root, null);
  }

  /**
   * The sources below a folder. A file that the records know as it lies there is read only if
   * somebody wants its text.
   *
   * @param records know names as they are asked for here, and learn what is read
   */
  static SourceTree folder(Path root, CheckRecords records) {
    return new FolderSources(root, records);
  }

  /** Sources held in memory. */
  static SourceTree of(Map<String, String> texts) {
    Map<String, SourceFile> files = new TreeMap<>();
    texts.forEach((name, text) -> files.put(name, SourceFile.of(name, text)));
    return new SourceTree() {
      @Override
      public @Nullable SourceFile file(String name) {
        return files.get(name);
      }

      @Override
      public List<String> names() {
        return List.copyOf(files.keySet());
      }
    };
  }
}
