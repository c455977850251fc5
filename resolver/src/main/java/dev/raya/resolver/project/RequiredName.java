package dev.raya.resolver.project;

import dev.raya.resolver.name.PackageName;
import org.jspecify.annotations.Nullable;

/**
 * A package as the solver knows it: names of another registry than the default one are names of
 * their own, {@code fmt of https://registry.acme.example}, so that no version of one registry can
 * ever stand in for the same name of another.
 *
 * @param name the package
 * @param origin the registry it comes from; null for the default one, folders, git and archives
 */
record RequiredName(PackageName name, @Nullable String origin) {
  /** The solver's name. */
  String text() {
    return origin == null ? name.text() : name.text() + SEPARATOR + origin;
  }

  private static final String SEPARATOR = " of ";

  /** The name of that text, or null if it is none. */
  static @Nullable RequiredName tryParse(String text) {
    int at = text.indexOf(SEPARATOR);
    PackageName name = PackageName.tryParse(at < 0 ? text : text.substring(0, at));
    return name == null
        ? null
        : new RequiredName(name, at < 0 ? null : text.substring(at + SEPARATOR.length()));
  }
}
