package dev.raya.integration.journey;

import dev.raya.integration.demo.Programs;
import dev.raya.integration.demo.RegistryProcess;
import dev.raya.integration.demo.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The built suite and one registry for all tests of a run: started with the first test that asks
 * for it, with {@code tally} and {@code report} published in it, ended after the last one. Two
 * classes use it at a time, so a test names its own packages and users.
 */
public final class Suite implements AutoCloseable {
  /** The checkout. */
  public static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** The toolchain's programs. */
  public static final Path BIN = ROOT.resolve("toolchain-bundler/target/toolchain/bin");

  /** The folder of {@code raya-registry}. */
  public static final Path REGISTRY_BIN = ROOT.resolve("registry-server/target/registry/bin");

  private final Path work;
  private final RegistryProcess registry;
  private final Programs publisher;
  private final AtomicInteger folders = new AtomicInteger();

  private Suite(Path work, RegistryProcess registry) throws IOException {
    this.work = work;
    this.registry = registry;
    this.publisher = withToken(Programs.of(BIN, work.resolve("publisher")), "publisher");
  }

  /** Gives tests the one suite of the run. */
  public static final class Extension extends Given {
    /** Called by JUnit. */
    public Extension() {
      super("shared");
    }
  }

  /**
   * Gives a suite whose registry nobody else changes meanwhile: all classes that ask for it run in
   * one thread ({@link ExecutionMode#SAME_THREAD}).
   */
  public static final class Undisturbed extends Given {
    /** Called by JUnit. */
    public Undisturbed() {
      super("undisturbed");
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      if (context.getExecutionMode() != ExecutionMode.SAME_THREAD) {
        throw new ParameterResolutionException("wants @Execution(ExecutionMode.SAME_THREAD)");
      }
      return super.supportsParameter(parameter, context);
    }
  }

  private abstract static class Given implements ParameterResolver {
    private final String registry;

    Given(String registry) {
      this.registry = registry;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Suite.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.create(Suite.class))
          .computeIfAbsent(registry, key -> start(), Suite.class);
    }

    private static Suite start() {
      try {
        Path work = workFolder();
        RegistryProcess registry =
            startRegistry(work.resolve("data"), work.resolve("registry.log"));
        Suite suite = new Suite(work, registry);
        suite.publishExample("tally");
        suite.publishExample("report");
        return suite;
      } catch (IOException e) {
        throw new IllegalStateException("the registry of the tests did not start", e);
      }
    }
  }

  /** A new folder below the temporary one that other users may enter, as PostgreSQL's user must. */
  public static Path workFolder() throws IOException {
    Path work = Files.createTempDirectory("raya-journey-");
    Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
    return work;
  }

  /** Starts a registry of a test's own. */
  public static RegistryProcess startRegistry(Path data, Path log) throws IOException {
    return RegistryProcess.start(REGISTRY_BIN.resolve("raya-registry"), data, 0, log);
  }

  /** Makes a token of a registry. */
  public static String token(Path data, Path directory, String user) throws IOException {
    Programs.Outcome outcome =
        Programs.of(REGISTRY_BIN, directory.resolve("admin"))
            .run(
                directory,
                "raya-registry",
                "token",
                "create",
                "--data-dir",
                data.toString(),
                "--user",
                user);
    if (outcome.exit() != 0) {
      throw new IOException("token create failed: " + outcome.err());
    }
    return outcome.out().strip();
  }

  /** The address of the registry. */
  public String url() {
    return registry.url();
  }

  /** The registry's data directory. */
  public Path data() {
    return work.resolve("data");
  }

  /** The programs as the publisher of the examples runs them. */
  public Programs publisher() {
    return publisher;
  }

  /** The programs as a new user runs them, with an empty home and the registry set. */
  public Programs newUser() {
    return Programs.of(BIN, newFolder().resolve("home")).with("RAYA_REGISTRY", url());
  }

  /** The programs as a new user with an account of that name runs them. */
  public Programs newPublisher(String user) throws IOException {
    return withToken(newUser(), user);
  }

  private Programs withToken(Programs programs, String user) throws IOException {
    return programs.with("RAYA_REGISTRY", url()).with("RAYA_TOKEN", token(data(), work, user));
  }

  /** A new empty folder. */
  public Path newFolder() {
    try {
      return Files.createDirectory(work.resolve("folder-" + folders.incrementAndGet()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A copy of an example's project. */
  public Path example(String name) throws IOException {
    Path copy = newFolder().resolve(name);
    Trees.copy(ROOT.resolve("integration/examples").resolve(name), copy);
    return copy;
  }

  /** A project with a manifest and one source file. */
  public Path project(String manifest, String main) throws IOException {
    Path project = newFolder();
    Files.createDirectories(project.resolve("src"));
    Files.writeString(project.resolve("raya.toml"), manifest, StandardCharsets.UTF_8);
    Files.writeString(project.resolve("src/main.raya"), main, StandardCharsets.UTF_8);
    return project;
  }

  private void publishExample(String name) throws IOException {
    Programs.Outcome outcome = publisher.run(example(name), "raya-pm", "publish");
    if (outcome.exit() != 0) {
      throw new IOException("publish of " + name + " failed: " + outcome.out() + outcome.err());
    }
  }

  @Override
  public void close() throws IOException {
    registry.close();
    Trees.remove(work);
  }
}
