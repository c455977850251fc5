package dev.raya.registry.web;

import java.util.List;

/**
 * The documentation of a version, out of its {@code docs.json}.
 *
 * @param name of the package
 * @param version of the package
 * @param modules what it exports; empty if it was published without documentation
 */
record DocsModel(String name, String version, List<Module> modules) {
  /**
   * A module.
   *
   * @param specifier what importers write
   * @param text sanitised HTML
   * @param items what it exports
   */
  record Module(String specifier, String text, List<Item> items) {}

  /**
   * A declaration or member.
   *
   * @param anchor where it is on the page
   * @param name its name
   * @param kind a word
   * @param signature as its author wrote it
   * @param deprecated whether its use is advised against
   * @param text sanitised HTML
   * @param members of a class or interface
   */
  record Item(
      String anchor,
      String name,
      String kind,
      String signature,
      boolean deprecated,
      String text,
      List<Item> members) {}
}
