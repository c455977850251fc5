package dev.raya.vm.host;

import org.jspecify.annotations.Nullable;

/** What every operating system takes as a variable of the environment. */
public final class EnvironmentNames {
  private EnvironmentNames() {}

  /**
   * Says why a variable cannot be given to a child process, or null if it can.
   *
   * @param value its value, null if it is to be removed
   */
  public static @Nullable String unfit(String name, @Nullable String value) {
    if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf(0) >= 0) {
      return "no name of an environment variable: '" + name + "'";
    }
    return value != null && value.indexOf(0) >= 0
        ? "the value of an environment variable has no NUL: '" + name + "'"
        : null;
  }
}
