package dev.raya.toolchain.bundle;

import dev.raya.cache.digest.Digest;
import dev.raya.toolchain.platform.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a toolchain is put together from: build products, never classes of this process.
 *
 * @param version SemVer text of the toolchain
 * @param target the platform of {@code runtime}
 * @param runtime a jlinked image
 * @param jars folder of the application's jars
 * @param stdlib folder of the standard library's {@code .rbin} and {@code .rdef} files
 * @param keyless folder of the jars of the component keyless, or null to leave it out
 * @param bytecode what its compiler writes
 * @param nativeAbi version of the native modules' interface
 */
public record ToolchainInputs(
    String version,
    Target target,
    Path runtime,
    Path jars,
    Path stdlib,
    @Nullable Path keyless,
    BytecodeLevel bytecode,
    int nativeAbi) {

  /**
   * A digest that changes when anything changes that the toolchain is made of.
   *
   * @throws IOException if an input cannot be read
   */
  Digest digest() throws IOException {
    StringBuilder text = new StringBuilder();
    text.append(version)
        .append('\n')
        .append(target.id())
        .append('\n')
        .append(bytecode)
        .append('\n');
    text.append(nativeAbi)
        .append('\n')
        .append(Digest.ofFile(runtime.resolve("release")))
        .append('\n');
    List<Path> roots = new ArrayList<>(List.of(jars, stdlib));
    if (keyless != null) {
      roots.add(keyless);
    }
    for (Path root : roots) {
      for (Path file : FolderFiles.files(root)) {
        text.append(Digest.ofFile(file).hex())
            .append("  ")
            .append(root.relativize(file))
            .append('\n');
      }
    }
    for (Program program : Program.ALL) {
      text.append(Launcher.shell(program, List.of()));
    }
    return Digest.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
