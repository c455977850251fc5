package dev.raya.cli.console;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What a program knows of its surroundings; nothing below a {@code main} method asks the process.
 *
 * @param variables environment variables; read them through {@link #get}
 * @param directory the absolute working directory
 * @param userHome the user's home directory
 * @param toolchainHome the toolchain directory this program runs from, or null outside of one
 * @param clock the clock
 */
public record Environment(
    Map<String, String> variables,
    Path directory,
    Path userHome,
    @Nullable Path toolchainHome,
    InstantSource clock) {

  /** Name of the system property by which the launcher tells the toolchain's directory. */
  public static final String TOOLCHAIN_HOME = "raya.toolchain.home";

  /** Copies the variables. */
  public Environment {
    variables = Map.copyOf(variables);
    directory = directory.toAbsolutePath().normalize();
  }

  /**
   * The surroundings of a process; for {@code main} methods only: {@code
   * Environment.ofProcess(System.getenv(), System.getProperties())}.
   */
  public static Environment ofProcess(Map<String, String> variables, Properties properties) {
    String toolchain = properties.getProperty(TOOLCHAIN_HOME, "");
    return new Environment(
        variables,
        Path.of(properties.getProperty("user.dir", ".")),
        Path.of(properties.getProperty("user.home", ".")),
        toolchain.isEmpty() ? null : Path.of(toolchain).toAbsolutePath().normalize(),
        InstantSource.system());
  }

  /** The variable's value, or null if it is unset or empty (an empty variable counts as unset). */
  public @Nullable String get(String name) {
    String value = variables.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  /** Whether the variable is set and not empty. */
  public boolean has(String name) {
    return get(name) != null;
  }

  /** {@code RAYA_HOME}, else {@code ~/.raya}. */
  public Path rayaHome() {
    String home = get("RAYA_HOME");
    return home == null
        ? userHome.resolve(".raya")
        : directory.resolve(home).toAbsolutePath().normalize();
  }

  /** The same surroundings in another working directory, relative to this one. */
  public Environment in(Path other) {
    return new Environment(variables, directory.resolve(other), userHome, toolchainHome, clock);
  }
}
