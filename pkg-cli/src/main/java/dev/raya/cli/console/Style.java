package dev.raya.cli.console;

/** ANSI styles of text output. */
public enum Style {
  /** Headings. */
  BOLD("1"),
  /** Errors. */
  RED("1;31"),
  /** Warnings. */
  YELLOW("1;33"),
  /** Success. */
  GREEN("32"),
  /** Places and names. */
  CYAN("36"),
  /** What matters less. */
  DIM("2");

  private final String parameters;

  Style(String parameters) {
    this.parameters = parameters;
  }

  /** The text in this style, or as it is. */
  public String paint(String text, boolean color) {
    return color ? "\u001b[" + parameters + "m" + text + "\u001b[0m" : text;
  }
}
