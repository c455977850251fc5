package dev.raya.cli.pm.install;

import dev.raya.resolver.version.Version;

/** What kind of step lies between two versions. */
public enum VersionJump {
  /** The first number grows. */
  MAJOR("major"),
  /** The second number grows. */
  MINOR("minor"),
  /** The third number grows. */
  PATCH("patch"),
  /** The same three numbers, another pre-release. */
  PRE_RELEASE("pre-release"),
  /** To an older version. */
  DOWNGRADE("downgrade"),
  /** No step. */
  NONE("none");

  private final String word;

  VersionJump(String word) {
    this.word = word;
  }

  /** The step from one version to another. */
  public static VersionJump between(Version from, Version to) {
    int order = to.compareTo(from);
    if (order == 0) {
      return NONE;
    }
    if (order < 0) {
      return DOWNGRADE;
    }
    if (!from.major().equals(to.major())) {
      return MAJOR;
    }
    if (!from.minor().equals(to.minor())) {
      return MINOR;
    }
    return from.patch().equals(to.patch()) ? PRE_RELEASE : PATCH;
  }

  /** The word in output. */
  public String word() {
    return word;
  }

  /** Whether code written against the one may break under the other: another line, or older. */
  public static boolean mayBreak(Version from, Version to) {
    return to.compareTo(from) < 0 || !from.line().equals(to.line());
  }
}
