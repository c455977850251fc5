package dev.raya.resolver.manifest;

import dev.raya.resolver.version.ResolverCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlKeyValue;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * One table of a manifest, read by key and expected type. Faults go into the shared list with their
 * place; a member that is faulty reads as absent, so that one run finds all faults.
 */
final class TomlSection {
  private static final int MAX_STRING = 4096;
  private static final int MAX_ITEMS = 4096;

  private final TomlTable table;
  private final String path;
  private final ManifestFaults faults;
  private final Set<String> known = new LinkedHashSet<>();

  TomlSection(TomlTable table, String path, ManifestFaults faults) {
    this.table = table;
    this.path = path;
    this.faults = faults;
  }

  ManifestFaults faults() {
    return faults;
  }

  Set<String> keys() {
    return new LinkedHashSet<>(table.keySet());
  }

  boolean has(String key) {
    known.add(key);
    return table.keySet().contains(key);
  }

  /** Where the key stands. */
  SourcePosition at(String key) {
    return faults.position(table.inputPositionOf(List.of(key)));
  }

  /** Where the value stands. */
  SourcePosition valueAt(String key) {
    TomlPosition position = null;
    try {
      TomlKeyValue entry = table.entry(List.of(key));
      position = entry == null ? null : entry.value().position();
    } catch (IllegalStateException e) {
      // A table made by dotted keys or headers has no entry of its own.
      return at(key);
    }
    return position == null ? at(key) : faults.position(position);
  }

  void fault(ResolverCode code, String key, String message) {
    faults.add(code, valueAt(key), message, null);
  }

  void fault(ResolverCode code, String key, String message, @Nullable String suggestion) {
    faults.add(code, valueAt(key), message, suggestion);
  }

  /** A string, or null where it is absent or faulty. */
  @Nullable String string(String key, String example) {
    if (!has(key)) {
      return null;
    }
    Object value = table.get(List.of(key));
    if (value instanceof String text) {
      if (text.length() > MAX_STRING) {
        fault(
            ResolverCode.MANIFEST_MALFORMED,
            key,
            "expected at most " + MAX_STRING + " characters, found " + text.length());
        return null;
      }
      return text;
    }
    unexpected(key, "a string such as \"" + example + '"', value);
    return null;
  }

  /** A string, empty where it is absent or faulty. */
  String text(String key, String example) {
    String text = string(key, example);
    return text == null ? "" : text;
  }

  boolean bool(String key, boolean fallback) {
    if (!has(key)) {
      return fallback;
    }
    Object value = table.get(List.of(key));
    if (value instanceof Boolean b) {
      return b;
    }
    unexpected(key, "true or false", value);
    return fallback;
  }

  /**
   * A string of a list.
   *
   * @param text the string
   * @param position where it stands
   */
  record Item(String text, SourcePosition position) {}

  /** A list of strings; empty where it is absent or faulty. */
  List<String> strings(String key, String example) {
    return items(key, example).stream().map(Item::text).toList();
  }

  /** A list of strings with their places; empty where it is absent or faulty. */
  List<Item> items(String key, String example) {
    List<Item> strings = new ArrayList<>();
    if (!has(key)) {
      return strings;
    }
    Object value = table.get(List.of(key));
    if (!(value instanceof TomlArray array)) {
      unexpected(key, "a list such as [\"" + example + "\"]", value);
      return strings;
    }
    if (array.size() > MAX_ITEMS) {
      fault(ResolverCode.MANIFEST_MALFORMED, key, "expected at most " + MAX_ITEMS + " entries");
      return strings;
    }
    for (int i = 0; i < array.size(); i++) {
      SourcePosition position = faults.position(array.inputPositionOf(i));
      if (array.get(i) instanceof String text && text.length() <= MAX_STRING) {
        strings.add(new Item(text, position));
      } else {
        faults.add(
            ResolverCode.MANIFEST_MALFORMED,
            position,
            "expected a string such as \"" + example + "\", found " + kind(array.get(i)),
            null);
      }
    }
    return strings;
  }

  /** A table; null where it is absent or faulty. */
  @Nullable TomlSection section(String key) {
    if (!has(key)) {
      return null;
    }
    Object value = table.get(List.of(key));
    if (value instanceof TomlTable inner) {
      return new TomlSection(inner, path.isEmpty() ? key : path + '.' + key, faults);
    }
    unexpected(key, "a table", value);
    return null;
  }

  /** A table of strings; empty where it is absent or faulty. */
  Map<String, String> stringTable(String key, String example) {
    Map<String, String> strings = new LinkedHashMap<>();
    TomlSection section = section(key);
    if (section != null) {
      for (String name : section.keys()) {
        String text = section.string(name, example);
        if (text != null) {
          strings.put(name, text);
        }
      }
    }
    return strings;
  }

  boolean isString(String key) {
    return table.get(List.of(key)) instanceof String;
  }

  boolean isTable(String key) {
    return table.get(List.of(key)) instanceof TomlTable;
  }

  boolean isBoolean(String key) {
    return table.get(List.of(key)) instanceof Boolean;
  }

  void unexpected(String key, String expected) {
    unexpected(key, expected, table.get(List.of(key)));
  }

  private void unexpected(String key, String expected, @Nullable Object found) {
    fault(ResolverCode.MANIFEST_MALFORMED, key, "expected " + expected + ", found " + kind(found));
  }

  /** A required key that is missing: the fault is at the key that was probably meant to be it. */
  void missing(String key, SourcePosition here, String what) {
    String meant = null;
    for (String present : table.keySet()) {
      if (key.equals(Spelling.nearest(present, List.of(key)))) {
        meant = present;
      }
    }
    if (meant == null) {
      faults.add(ResolverCode.MANIFEST_MALFORMED, here, "expected " + what, null);
    } else {
      faults.add(
          ResolverCode.MANIFEST_MALFORMED,
          at(meant),
          "expected " + what + ", found \"" + ManifestFaults.cut(meant) + '"',
          key);
    }
  }

  /** Warns about every key that was not asked for, with the nearest one that could have been. */
  void warnUnknown(String... alsoKnown) {
    known.addAll(List.of(alsoKnown));
    for (String key : table.keySet()) {
      if (!known.contains(key)) {
        String where = path.isEmpty() ? "" : " in [" + path + "]";
        String nearest = Spelling.nearest(key, known);
        faults.warn(at(key), "unknown key \"" + ManifestFaults.cut(key) + '"' + where, nearest);
      }
    }
  }

  private static String kind(@Nullable Object value) {
    return switch (value) {
      case null -> "nothing";
      case String s -> "a string";
      case Boolean b -> b.toString();
      case Long n -> "a number";
      case Double d -> "a number";
      case TomlArray a -> "a list";
      case TomlTable t -> "a table";
      default -> "a date or time";
    };
  }
}
