package dev.raya.resolver.name;

import dev.raya.resolver.version.VersionException;
import dev.raya.resolver.version.VersionRange;
import org.jspecify.annotations.Nullable;

/** What an import names (packages.md section 1). */
public sealed interface ImportSpecifier {
  /** Longest specifier, in characters. */
  int MAX_LENGTH = 2048;

  /**
   * A package, or the alias the manifest gives one.
   *
   * @param name the name or alias
   * @param range the range after {@code @}, or null
   * @param path the module inside the package
   */
  record FromPackage(PackageName name, @Nullable VersionRange range, ModulePath path)
      implements ImportSpecifier {}

  /**
   * A module of the web, {@code https://host/path}.
   *
   * @param url the whole address
   */
  record FromUrl(String url) implements ImportSpecifier {}

  /**
   * A module beside the importing one, {@code ./utils.raya} or {@code ../x.raya}.
   *
   * @param path as written
   */
  record Relative(String path) implements ImportSpecifier {}

  /**
   * A module of the toolchain, {@code raya:std}.
   *
   * @param module the part after {@code raya:}
   */
  record Standard(String module) implements ImportSpecifier {}

  /**
   * A native module, {@code native:crypto}.
   *
   * @param module the part after {@code native:}
   */
  record Native(String module) implements ImportSpecifier {}

  /**
   * Reads a specifier.
   *
   * @throws NameException if it has none of the forms
   * @throws VersionException if the range after {@code @} is none
   */
  static ImportSpecifier parse(String text) throws NameException, VersionException {
    if (text.length() > MAX_LENGTH) {
      throw new NameException(
          "expected an import of at most " + MAX_LENGTH + " characters, found " + text.length());
    }
    if (text.startsWith("./") || text.startsWith("../")) {
      return new Relative(text);
    }
    if (text.startsWith("https://")) {
      return new FromUrl(text);
    }
    int colon = text.indexOf(':');
    if (colon > 0 && text.indexOf('@') < 0) {
      return withScheme(text, text.substring(0, colon), text.substring(colon + 1));
    }
    return fromPackage(text);
  }

  private static ImportSpecifier withScheme(String text, String scheme, String rest)
      throws NameException {
    if (scheme.equals("raya") && isModuleName(rest, true)) {
      return new Standard(rest);
    }
    if (scheme.equals("native") && isModuleName(rest, false)) {
      return new Native(rest);
    }
    throw new NameException(
        "expected a package, a relative path, https://…, raya:module or native:module, found "
            + NameException.quote(text));
  }

  private static boolean isModuleName(String text, boolean subModules) {
    if (text.isEmpty() || text.length() > 64) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = c >= 'a' && c <= 'z';
      boolean inner = (c >= '0' && c <= '9') || c == '_' || (subModules && c == '/');
      if (!letter && (i == 0 || !inner)) {
        return false;
      }
    }
    return true;
  }

  /** {@code name[@range][/path]}; a range holds no slash. */
  private static ImportSpecifier fromPackage(String text) throws NameException, VersionException {
    int nameEnd = text.startsWith("@") ? text.indexOf('/') + 1 : 0;
    int at = text.indexOf('@', Math.max(1, nameEnd));
    int slash = text.indexOf('/', nameEnd);
    if (at >= 0 && (slash < 0 || at < slash)) {
      int path = text.indexOf('/', at);
      String range = path < 0 ? text.substring(at + 1) : text.substring(at + 1, path);
      if (range.isBlank()) {
        throw new NameException("expected a range after @ in " + NameException.quote(text));
      }
      return new FromPackage(
          PackageName.parse(text.substring(0, at)),
          VersionRange.parse(range),
          path < 0 ? ModulePath.MAIN : nonEmpty(text, text.substring(path + 1)));
    }
    return new FromPackage(
        PackageName.parse(slash < 0 ? text : text.substring(0, slash)),
        null,
        slash < 0 ? ModulePath.MAIN : nonEmpty(text, text.substring(slash + 1)));
  }

  private static ModulePath nonEmpty(String text, String path) throws NameException {
    if (path.isEmpty()) {
      throw new NameException("expected a module after / in " + NameException.quote(text));
    }
    return ModulePath.parse(path);
  }
}
