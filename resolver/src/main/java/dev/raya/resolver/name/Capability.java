package dev.raya.resolver.name;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What code may be allowed to do (stdlib.md section 1.1): {@code fs.read fs.write net env process
 * time random native:NAME}.
 *
 * @param text the name as files and flags spell it
 */
public record Capability(String text) implements Comparable<Capability> {
  /** The names without parameter, in the order of stdlib.md 1.1. */
  public static final List<String> NAMES =
      List.of("fs.read", "fs.write", "net", "env", "process", "time", "random");

  private static final Set<String> KNOWN = Set.copyOf(NAMES);
  private static final String NATIVE = "native:";
  private static final int MAX_NATIVE = 64;

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if there is no such capability
   */
  public Capability {
    if (!isCapability(text)) {
      throw new IllegalArgumentException("not a capability: " + NameException.quote(text));
    }
  }

  /** The capability the text names, or null if there is none. */
  public static @Nullable Capability tryParse(String text) {
    return isCapability(text) ? new Capability(text) : null;
  }

  /** The capability of loading a native module. */
  public static Capability nativeModule(String module) {
    return new Capability(NATIVE + module);
  }

  /** Whether the text is a native module's name: {@code [a-z][a-z0-9_]{0,63}}. */
  public static boolean isNativeModule(String text) {
    if (text.isEmpty() || text.length() > MAX_NATIVE) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = c >= 'a' && c <= 'z';
      if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '_'))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isCapability(String text) {
    return KNOWN.contains(text)
        || (text.startsWith(NATIVE) && isNativeModule(text.substring(NATIVE.length())));
  }

  /** The capabilities sorted and without repetition, as every file lists them. */
  public static List<Capability> sorted(Collection<Capability> capabilities) {
    return List.copyOf(new TreeSet<>(capabilities));
  }

  @Override
  public int compareTo(Capability other) {
    return text.compareTo(other.text);
  }

  /** {@link #text()}. */
  @Override
  public String toString() {
    return text;
  }
}
