package dev.raya.toolchain.bundle;

import dev.raya.cache.disk.Directories;
import dev.raya.toolchain.platform.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The build step that turns the application's jars and the standard library into a toolchain
 * directory for the machine it runs on. Unchanged inputs cost a few hashes.
 */
public final class BuildToolchain {
  private static final BytecodeLevel BYTECODE = new BytecodeLevel(1, 0, 1, 1);
  private static final int NATIVE_ABI = 1;

  private BuildToolchain() {}

  /**
   * Runs the step.
   *
   * @param args {@code --version V --jars DIR --stdlib DIR [--keyless DIR] --work DIR --out DIR}
   * @throws IOException if a file cannot be read or written
   * @throws InterruptedException if the build is interrupted
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      options.put(args[i], args[i + 1]);
    }
    Target target =
        Target.of(System.getProperty("os.name"), System.getProperty("os.arch"), false)
            .orElseThrow(() -> new IllegalStateException("Raya is not built for this platform"));
    Path jdk = Path.of(System.getProperty("java.home"));
    Path work = path(options, "--work");
    Path runtime = work.resolve("runtime-" + Runtime.version());
    if (!RuntimeImage.isCurrent(runtime)) {
      Directories.delete(runtime);
      Path fresh = work.resolve("runtime.staging");
      RuntimeImage.link(jdk, fresh);
      Files.move(fresh, runtime);
    }
    ToolchainInputs inputs =
        new ToolchainInputs(
            option(options, "--version"),
            target,
            runtime,
            path(options, "--jars"),
            path(options, "--stdlib"),
            options.containsKey("--keyless") ? path(options, "--keyless") : null,
            BYTECODE,
            NATIVE_ABI);
    Path home = path(options, "--out");
    new ToolchainBuilder(inputs).layOut(home);
    for (NativeCode each : NativeCode.values()) {
      each.build(home);
    }
    AotCache cache = new AotCache(home);
    if (!cache.exists()) {
      Path training = Files.createTempDirectory("raya-training");
      try {
        cache.train(training);
      } catch (IOException e) {
        // A toolchain without the cache is whole; it only starts more slowly.
        System.err.println(
            "warning: not all start-up caches were made, and programs start slowly until this"
                + " build is repeated: "
                + e.getMessage());
      } finally {
        Directories.delete(training);
      }
    }
  }

  private static Path path(Map<String, String> options, String name) {
    return Path.of(option(options, name)).toAbsolutePath().normalize();
  }

  private static String option(Map<String, String> options, String name) {
    String value = options.get(name);
    if (value == null) {
      throw new IllegalArgumentException("missing " + name);
    }
    return value;
  }
}
