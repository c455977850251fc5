package dev.raya.cli.pm.trust;

import dev.raya.cache.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The members that a version line takes from {@code metadata.json} (registry.md 1.4). */
final class MetadataMembers {
  /** Their names. */
  static final List<String> IN_INDEX =
      List.of(
          "version", "raya", "bytecode", "dependencies", "constraints", "features", "capabilities");

  private MetadataMembers() {}

  /** A member in one form: absent, null and empty are the same. */
  static Json orDefault(@Nullable Json value) {
    return switch (value) {
      case null -> Json.NULL;
      case Json.Array array when array.items().isEmpty() -> Json.NULL;
      case Json.Obj object when object.members().isEmpty() -> Json.NULL;
      default -> value;
    };
  }
}
