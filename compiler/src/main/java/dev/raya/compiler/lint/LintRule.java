package dev.raya.compiler.lint;

/** The rules of {@code rayac lint}; their explanations are in the registry of codes. */
public enum LintRule {
  /** A {@code let} that is never assigned again. */
  PREFER_CONST("RAYA-LINT-001"),
  /** {@code ==} where {@code ===} says the same. */
  TRIPLE_EQUALS("RAYA-LINT-002"),
  /** A block without statements and without a comment that says why. */
  EMPTY_BLOCK("RAYA-LINT-003"),
  /** A template on one line without substitution. */
  NEEDLESS_TEMPLATE("RAYA-LINT-004"),
  /** A condition that is written as a literal. */
  CONSTANT_CONDITION("RAYA-LINT-005"),
  /** A place assigned to itself. */
  SELF_ASSIGNMENT("RAYA-LINT-006"),
  /** An expression compared with itself. */
  SELF_COMPARISON("RAYA-LINT-007"),
  /** A condition that an earlier branch tested already. */
  REPEATED_CONDITION("RAYA-LINT-008"),
  /** A comparison negated as a whole. */
  NEGATED_COMPARISON("RAYA-LINT-009"),
  /** A choice between true and false. */
  NEEDLESS_CHOICE("RAYA-LINT-010"),
  /** {@code { a: a }}. */
  OBJECT_SHORTHAND("RAYA-LINT-011"),
  /** A handler that only throws again. */
  NEEDLESS_CATCH("RAYA-LINT-012"),
  /** A label that nothing names. */
  UNUSED_LABEL("RAYA-LINT-013"),
  /** A name that hides another of the same file. */
  SHADOWED_NAME("RAYA-LINT-014"),
  /** A {@code debugger} statement. */
  DEBUGGER("RAYA-LINT-015"),
  /** A test that keeps the others of its file from running. */
  FOCUSED_TEST("RAYA-LINT-016"),
  /** A comment that suppresses nothing. */
  NEEDLESS_SUPPRESSION("RAYA-LINT-017");

  private final String code;

  LintRule(String code) {
    this.code = code;
  }

  /** The stable code. */
  public String code() {
    return code;
  }
}
