package dev.raya.resolver.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/**
 * Whether an SPDX expression (SPDX 2.3, annex D) can be satisfied by licences of which one is told
 * whether each is acceptable: of an {@code OR} one side is enough, of an {@code AND} both are
 * needed; {@code AND} binds tighter. Iterative, since the depth is the publisher's.
 */
final class LicenseChoice {
  /** Longest expression that is looked at, in characters. */
  static final int MAX_LENGTH = 4096;

  private final Deque<Boolean> values = new ArrayDeque<>();
  private final Deque<String> operators = new ArrayDeque<>();

  private LicenseChoice() {}

  /** How an expression answers. */
  enum Answer {
    /** Some choice of its alternatives is acceptable. */
    ACCEPTABLE,
    /** No choice is. */
    REFUSED,
    /** The text is no expression. */
    UNREADABLE
  }

  /**
   * Decides an expression.
   *
   * @param text the expression
   * @param acceptable whether a licence, written {@code ID} or {@code ID WITH EXCEPTION}, is
   */
  static Answer decide(String text, Predicate<String> acceptable) {
    if (text.length() > MAX_LENGTH) {
      return Answer.UNREADABLE;
    }
    return new LicenseChoice().run(tokens(text), acceptable);
  }

  /** Words and parentheses; {@code ID WITH EXCEPTION} is one word. */
  private static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    for (String word : text.replace("(", " ( ").replace(")", " ) ").strip().split("\\s+")) {
      int last = tokens.size() - 1;
      if (last >= 0 && (word.equals("WITH") || tokens.get(last).endsWith(" WITH"))) {
        tokens.set(last, tokens.get(last) + ' ' + word);
      } else {
        tokens.add(word);
      }
    }
    return tokens;
  }

  private Answer run(List<String> tokens, Predicate<String> acceptable) {
    boolean operand = true;
    for (String token : tokens) {
      boolean infix = token.equals("AND") || token.equals("OR");
      if (operand && token.equals("(")) {
        operators.push(token);
      } else if (operand && !infix && !token.equals(")") && !token.isEmpty()) {
        values.push(acceptable.test(token));
        operand = false;
      } else if (!operand && token.equals(")")) {
        if (!close()) {
          return Answer.UNREADABLE;
        }
      } else if (!operand && infix) {
        reduceAbove(token);
        operators.push(token);
        operand = true;
      } else {
        return Answer.UNREADABLE;
      }
    }
    if (operand || operators.contains("(")) {
      return Answer.UNREADABLE;
    }
    reduceAbove("(");
    return values.pop() ? Answer.ACCEPTABLE : Answer.REFUSED;
  }

  private boolean close() {
    while (!operators.isEmpty()) {
      if (operators.peek().equals("(")) {
        operators.pop();
        return true;
      }
      reduce();
    }
    return false;
  }

  /** Applies what binds at least as tightly as the operator that comes; all of it before a "(". */
  private void reduceAbove(String next) {
    while (!operators.isEmpty()
        && !operators.peek().equals("(")
        && !(next.equals("AND") && operators.peek().equals("OR"))) {
      reduce();
    }
  }

  private void reduce() {
    boolean right = values.pop();
    boolean left = values.pop();
    values.push(operators.pop().equals("AND") ? left && right : left || right);
  }
}
