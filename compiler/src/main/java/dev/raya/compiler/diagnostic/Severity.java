package dev.raya.compiler.diagnostic;

import java.util.Locale;

/** How bad a diagnostic is. */
public enum Severity {
  /** Stops code generation. */
  ERROR,
  /** Does not, unless warnings are denied. */
  WARNING;

  /** The word printed. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
