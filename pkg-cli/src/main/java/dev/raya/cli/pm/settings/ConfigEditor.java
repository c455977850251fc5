package dev.raya.cli.pm.settings;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.project.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.tomlj.MutableTomlArray;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;
import org.tomlj.TomlVersion;
import org.tomlj.TomlWriteOptions;

/**
 * Edits a {@code config.toml}: only what is asked for changes; comments, order and spacing of the
 * rest stay as they are. Not thread-safe.
 */
public final class ConfigEditor {
  private static final TomlWriteOptions OPTIONS =
      TomlWriteOptions.defaults().withMaxLineWidth(100_000).withVersion(TomlVersion.V1_0_0);

  private final Path file;
  private TomlParseResult toml;

  private ConfigEditor(Path file, TomlParseResult toml) {
    this.file = file;
    this.toml = toml;
  }

  /**
   * Opens a file, or begins one that is not there.
   *
   * @throws CommandException if it cannot be read or is malformed
   */
  public static ConfigEditor open(Path file) throws CommandException {
    UserConfig.read(file);
    try {
      String text = Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
      return new ConfigEditor(file, Toml.parse(text));
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  /**
   * Sets a value.
   *
   * @throws UsageException if the setting cannot have it
   */
  public void set(Setting setting, String text) throws UsageException {
    Object value = setting.value(text);
    toml.set(
        path(setting.key()), value instanceof List<?> list ? MutableTomlArray.copyOf(list) : value);
  }

  /**
   * Takes a value away, and the table that held nothing else, not even a comment.
   *
   * @return whether it was there
   */
  public boolean unset(Setting setting) {
    List<String> path = path(setting.key());
    if (toml.get(path) == null) {
      return false;
    }
    toml.remove(path);
    String emptied = toml.toToml(OPTIONS);
    for (List<String> above = up(path); !above.isEmpty(); above = up(above)) {
      TomlTable table = toml.getTable(above);
      if (table == null || !table.isEmpty()) {
        break;
      }
      toml.remove(above);
    }
    if (comments(toml.toToml(OPTIONS)) < comments(emptied)) {
      // What somebody wrote above or into the table is worth more than its absence.
      toml = Toml.parse(emptied);
    }
    return true;
  }

  private static long comments(String text) {
    return text.lines().filter(line -> line.stripLeading().startsWith("#")).count();
  }

  private static List<String> up(List<String> path) {
    return path.subList(0, path.size() - 1);
  }

  private static List<String> path(String key) {
    if (!Setting.isOfRegistry(key)) {
      return List.of(key.split("\\.", -1));
    }
    int first = key.indexOf('.');
    int last = key.lastIndexOf('.');
    return List.of(
        key.substring(0, first), key.substring(first + 1, last), key.substring(last + 1));
  }

  /**
   * Writes the file.
   *
   * @throws CommandException if it cannot be written
   */
  public void save() throws CommandException {
    String text = toml.toToml(OPTIONS);
    if (Toml.parse(text).hasErrors()) {
      throw new IllegalStateException("an edit of " + file + " does not read back");
    }
    try {
      AtomicFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException unwritable) {
      throw Failure.of(unwritable);
    }
  }
}
