package dev.raya.cli.pm.settings;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.cli.console.Nearest;
import dev.raya.cli.console.Span;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.resolver.manifest.SourceText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;

/**
 * The user's {@code config.toml} (cli.md 6): values by dotted key. The parser is loaded only if
 * there is a file.
 *
 * @param file where it was read from
 * @param values scalar values as text, by dotted key
 * @param warnings unknown keys
 */
public record UserConfig(Path file, Map<String, String> values, List<Finding> warnings) {
  private static final String CODE = "RAYA-CLI-001";
  private static final long MAX_BYTES = 1 << 20;
  private static final int MAX_ITEMS = 4096;

  /** Copies the collections. */
  public UserConfig {
    values = new LinkedHashMap<>(values);
    warnings = List.copyOf(warnings);
  }

  /** A configuration that says nothing. */
  public static UserConfig none(Path file) {
    return new UserConfig(file, Map.of(), List.of());
  }

  /** The value of a dotted key, or null. */
  public @Nullable String get(String key) {
    return values.get(key);
  }

  /**
   * Reads a file; a missing one says nothing.
   *
   * @throws CommandException if it cannot be read or is malformed
   */
  public static UserConfig read(Path file) throws CommandException {
    String text;
    try {
      if (!Files.exists(file)) {
        return none(file);
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new CommandException(CODE, file + " is larger than 1 MiB");
      }
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException missing) {
      return none(file);
    } catch (IOException unreadable) {
      throw new CommandException(CODE, file + " cannot be read: " + unreadable.getMessage());
    }
    return parse(file, text);
  }

  private static UserConfig parse(Path file, String text) throws CommandException {
    SourceText source = new SourceText(file.toString(), text);
    TomlParseResult result = Toml.parse(source.text());
    if (result.hasErrors()) {
      TomlParseError error = result.errors().getFirst();
      throw new CommandException(
          Finding.error(CODE, file.getFileName() + ": " + error.getMessage())
              .at(span(source, error.position())));
    }
    Map<String, String> values = new LinkedHashMap<>();
    List<Finding> warnings = new ArrayList<>();
    List<String> known = Setting.keys();
    for (String key : new TreeSet<>(result.dottedKeySet())) {
      Object value = result.get(key);
      if (value instanceof String || value instanceof Long || value instanceof Boolean) {
        values.put(key, String.valueOf(value));
      } else if (value instanceof TomlArray list && list.size() <= MAX_ITEMS) {
        values.put(key, joined(list));
      }
      if (!known.contains(key) && !Setting.isOfRegistry(key)) {
        warnings.add(unknown(source, key, result.inputPositionOf(key)));
      }
    }
    return new UserConfig(file, values, warnings);
  }

  /** A list is kept as its items with commas between; no item of a known key can hold one. */
  private static String joined(TomlArray list) {
    List<String> items = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      items.add(String.valueOf(list.get(i)));
    }
    return String.join(",", items);
  }

  /** The items of a list, or null where the key is absent. */
  public @Nullable List<String> list(String key) {
    String text = values.get(key);
    if (text == null) {
      return null;
    }
    List<String> items = new ArrayList<>();
    for (String item : text.split(",", -1)) {
      if (!item.isBlank()) {
        items.add(item.strip());
      }
    }
    return List.copyOf(items);
  }

  private static Finding unknown(SourceText source, String key, @Nullable TomlPosition position) {
    String near = Nearest.of(key, Setting.keys());
    Finding finding =
        near == null
            ? Finding.warning("RAYA-PKG-004", "unknown key \"" + key + "\"")
            : Finding.warning(
                "RAYA-PKG-004", "unknown key \"" + key + "\"", "did you mean \"" + near + "\"?");
    return position == null ? finding : finding.at(span(source, position));
  }

  private static Span span(SourceText source, TomlPosition position) {
    return Manifests.span(source.extent(position.line(), position.column()));
  }
}
