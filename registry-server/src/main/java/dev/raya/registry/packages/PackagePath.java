package dev.raya.registry.packages;

import java.util.Arrays;
import java.util.List;

/**
 * The rest of a path below {@code /packages/} or {@code /p/}: a name, which takes two segments if
 * it has a scope, and what follows it.
 *
 * @param name the package's name, not checked
 * @param rest the segments after it
 */
public record PackagePath(String name, List<String> rest) {
  /** Copies the list in. */
  public PackagePath {
    rest = List.copyOf(rest);
  }

  /** Takes a path apart. */
  public static PackagePath of(String path) {
    List<String> segments = Arrays.asList(path.split("/", -1));
    int length = path.startsWith("@") && segments.size() > 1 ? 2 : 1;
    return new PackagePath(
        String.join("/", segments.subList(0, length)), segments.subList(length, segments.size()));
  }
}
