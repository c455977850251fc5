package dev.raya.compiler.build;

import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the standard library into a folder: {@code NAME.rbin} and {@code NAME.rdef} each. */
public final class StdlibBuilder {
  private StdlibBuilder() {}

  /** Writes into the folder that the one argument names. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("expected one argument, the folder to write to");
    }
    write(Path.of(arguments[0]));
  }

  /** Compiles the modules from their sources and writes them. */
  public static void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    StandardLibrary library = StandardLibrary.fromSources();
    for (String name : StandardLibrary.NAMES) {
      RbinModule module = library.module(name);
      if (module == null) {
        throw new IllegalStateException("no module raya:" + name);
      }
      Path file = folder.resolve(name + ".rbin");
      Files.createDirectories(file.getParent());
      Files.write(file, RbinWriter.write(module));
      Files.write(
          folder.resolve(name + ".rdef"), RdefText.of(module).getBytes(StandardCharsets.UTF_8));
    }
  }
}
