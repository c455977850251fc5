package dev.raya.compiler.doc;

import java.util.List;

/**
 * A documented declaration or member.
 *
 * @param name as importers write it; empty for constructors
 * @param signature in Raya's syntax, without body
 * @param members of classes, interfaces and object types, in source order
 * @param source file and line, {@code src/main.raya:3}; empty for what another package declares
 */
public record DocItem(
    Kind kind, String name, String signature, DocText doc, List<DocItem> members, String source) {
  /** What is declared. */
  public enum Kind {
    /** A function. */
    FUNCTION("function"),
    /** A class. */
    CLASS("class"),
    /** An interface. */
    INTERFACE("interface"),
    /** A type alias. */
    TYPE("type"),
    /** A {@code const}. */
    CONSTANT("constant"),
    /** A {@code let}. */
    VARIABLE("variable"),
    /** {@code export * as name}. */
    NAMESPACE("namespace"),
    /** What is exported from another package. */
    REFERENCE("reference"),
    /** A constructor. */
    CONSTRUCTOR("constructor"),
    /** A method. */
    METHOD("method"),
    /** A field or property. */
    PROPERTY("property"),
    /** A getter or setter. */
    ACCESSOR("accessor");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** The word in {@code docs.json} and on pages. */
    public String word() {
      return word;
    }
  }

  /** Copies the list. */
  public DocItem {
    members = List.copyOf(members);
  }

  DocItem named(String other) {
    return new DocItem(kind, other, signature, doc, members, source);
  }
}
