package dev.raya.resolver.explain;

import dev.raya.resolver.version.Version;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The shortest range that names exactly some of a package's versions: runs of neighbours become one
 * alternative each.
 */
final class VersionSpan {
  private VersionSpan() {}

  /**
   * The range, in the written form of packages.md section 1.
   *
   * @param all every version there is, in any order
   * @param meant those to name
   */
  static String of(List<Version> all, List<Version> meant) {
    if (meant.isEmpty()) {
      return "none";
    }
    if (meant.size() == 1) {
      return one(all, meant.getFirst());
    }
    Set<Version> wanted = new TreeSet<>(meant);
    Set<Version> known = new TreeSet<>(all);
    known.addAll(wanted);
    List<Version> ascending = List.copyOf(known);
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < ascending.size()) {
      if (!wanted.contains(ascending.get(i))) {
        i++;
        continue;
      }
      int end = i;
      while (end + 1 < ascending.size() && wanted.contains(ascending.get(end + 1))) {
        end++;
      }
      out.append(out.isEmpty() ? "" : " || ").append(run(ascending, i, end));
      i = end + 1;
    }
    return out.toString();
  }

  private static String one(List<Version> all, Version meant) {
    boolean fromStart = true;
    boolean toEnd = true;
    for (Version version : all) {
      int order = version.compareTo(meant);
      fromStart &= order >= 0;
      toEnd &= order <= 0;
    }
    return fromStart && toEnd ? "*" : '=' + meant.precedence();
  }

  private static String run(List<Version> ascending, int first, int last) {
    boolean fromStart = first == 0;
    boolean toEnd = last == ascending.size() - 1;
    String low = ascending.get(first).precedence();
    String high = ascending.get(last).precedence();
    if (fromStart && toEnd) {
      return "*";
    }
    if (first == last) {
      return '=' + low;
    }
    if (fromStart) {
      return "<=" + high;
    }
    return toEnd ? ">=" + low : ">=" + low + " <=" + high;
  }
}
