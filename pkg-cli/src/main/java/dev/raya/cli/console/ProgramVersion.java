package dev.raya.cli.console;

/** The version that the three programs and their toolchain share. */
public final class ProgramVersion {
  /** The version; a test compares it with the build's. */
  public static final String CURRENT = "1.0.0";

  private ProgramVersion() {}
}
