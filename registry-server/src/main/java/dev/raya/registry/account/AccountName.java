package dev.raya.registry.account;

/** The rule on names of accounts. */
public final class AccountName {
  private static final int MAX = 64;

  private AccountName() {}

  /** Whether it is 1 to 64 characters {@code a-z 0-9 . _ -} and starts with a letter or digit. */
  public static boolean isValid(String name) {
    if (name.isEmpty() || name.length() > MAX || !letterOrDigit(name.charAt(0))) {
      return false;
    }
    return name.chars().allMatch(c -> letterOrDigit((char) c) || c == '.' || c == '_' || c == '-');
  }

  private static boolean letterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }
}
