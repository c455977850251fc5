package dev.raya.cli.raya;

/**
 * A package specifier as a file has it: {@code [@scope/]name[@range][/subpath]} (language.md 16.2).
 *
 * @param packageName name or alias, with its scope
 * @param subPath the module within the package, empty for its main module
 */
record Specifier(String packageName, String subPath) {
  static Specifier parse(String text) {
    int from = text.startsWith("@") ? text.indexOf('/') + 1 : 0;
    int slash = text.indexOf('/', from);
    String name = slash < 0 ? text : text.substring(0, slash);
    int range = name.indexOf('@', Math.max(1, from));
    if (range > 0) {
      name = name.substring(0, range);
    }
    return new Specifier(name, slash < 0 ? "" : text.substring(slash + 1));
  }
}
