package dev.raya.resolver.manifest;

import dev.raya.resolver.version.ResolverCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlPosition;

/** Collects the faults and warnings of one manifest while it is read. Not thread-safe. */
final class ManifestFaults {
  private static final Comparator<ManifestFault> BY_PLACE =
      // Written out: those that the platform composes are made anew at each start.
      (a, b) -> {
        int order = Integer.compare(a.position().line(), b.position().line());
        return order != 0 ? order : Integer.compare(a.position().column(), b.position().column());
      };

  private final SourceText source;
  private final List<ManifestFault> faults = new ArrayList<>();
  private final List<ManifestFault> warnings = new ArrayList<>();

  ManifestFaults(SourceText source) {
    this.source = source;
  }

  String file() {
    return source.file();
  }

  SourcePosition position(@Nullable TomlPosition position) {
    return position == null
        ? SourcePosition.beginning(file())
        : source.extent(position.line(), position.column());
  }

  void add(
      ResolverCode code, SourcePosition position, String message, @Nullable String suggestion) {
    faults.add(new ManifestFault(code, position, message, suggestion));
  }

  void warn(SourcePosition position, String message, @Nullable String suggestion) {
    warnings.add(new ManifestFault(ResolverCode.UNKNOWN_KEY, position, message, suggestion));
  }

  List<ManifestFault> warnings() {
    warnings.sort(BY_PLACE);
    return warnings;
  }

  void throwIfAny() throws ManifestException {
    if (!faults.isEmpty()) {
      faults.sort(BY_PLACE);
      throw new ManifestException(faults);
    }
  }

  static String cut(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
