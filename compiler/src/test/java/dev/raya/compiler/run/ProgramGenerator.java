package dev.raya.compiler.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Programs that end, print what they compute, and hold what passes change: constants at the edges
 * of their types, branches that are decided, loops over several variables that exchange their
 * values, small functions and methods, errors caught in the middle of assignments, switches,
 * tuples, values that may be null.
 */
final class ProgramGenerator {
  private static final String[] INTS = {
    "0", "1", "-1", "2", "7", "31", "32", "255", "65536", "2147483647", "(-2147483647 - 1)"
  };
  private static final String[] NUMBERS = {
    "0.0", "-0.0", "1.5", "-2.5", "3.0", "1e300", "4294967296.0", "(0.0 / 0.0)", "(1.0 / 0.0)"
  };
  private static final String[] TEXTS = {"\"\"", "\"a\"", "\"b\"", "\"ab\"", "\"héλ\""};

  private final Random random;
  private final StringBuilder out = new StringBuilder();
  private final List<String> ints = new ArrayList<>();
  private final List<String> numbers = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();
  private final List<String> fixed = new ArrayList<>();
  private int names;
  private int loops;

  private ProgramGenerator(Random random) {
    this.random = random;
  }

  static String program(Random random) {
    return new ProgramGenerator(random).program();
  }

  private String program() {
    out.append(
        """
        class Cell {
          value: int;
          private seen: int = 0;
          next: Cell | null = null;
          constructor(value: int) { this.value = value; }
          get twice(): int { return this.value + this.value; }
          add(by: int): int { this.value = this.value + by; this.seen = this.seen + 1; return this.value; }
          count(): int { return this.seen; }
        }
        class Loud extends Cell {
          constructor(value: int) { super(value); }
          add(by: int): int { return super.add(by) * 2; }
        }
        function clamp(x: int, low: int, high: int): int { return x < low ? low : x > high ? high : x; }
        function square(x: int): int { return x * x; }
        function half(x: number): number { return x / 2.0; }
        function pair(a: int, b: int): [int, int] { return [b, a]; }
        function name(k: int): string {
          switch (k) {
            case 0: return "zero";
            case 1: return "one";
            case 5: return "five";
            default: return "many";
          }
        }
        function maybe(k: int): int | null { return k > 2 ? k : null; }
        function fail(k: int): int { if (k % 3 === 0) { throw new Error(`no ${k}`); } return k; }
        """);
    int functions = 2 + random.nextInt(3);
    for (int i = 0; i < functions; i++) {
      function("f" + i);
    }
    out.append("function main(): void {\n");
    for (int i = 0; i < functions; i++) {
      for (int k = 0; k < 3; k++) {
        out.append("  try { console.log(f").append(i).append('(').append(INTS[random.nextInt(9)]);
        out.append(", ").append(NUMBERS[random.nextInt(NUMBERS.length)]).append(", ");
        out.append(TEXTS[random.nextInt(TEXTS.length)]).append(")); } ");
        out.append("catch (e) { console.log(\"error\", e.message); }\n");
      }
    }
    return out.append("}\n").toString();
  }

  private void function(String name) {
    ints.clear();
    numbers.clear();
    texts.clear();
    fixed.clear();
    ints.add("a");
    numbers.add("x");
    texts.add("s");
    out.append("function ").append(name).append("(a: int, x: number, s: string): string {\n");
    out.append("  const cells: Cell[] = [new Cell(a), new Loud(3)];\n");
    out.append("  const list: int[] = [1, 2, a, 4];\n");
    loops = 0;
    block("  ", 3, 3 + random.nextInt(5));
    out.append("  return `");
    ints.forEach(v -> out.append("${").append(v).append("} "));
    numbers.forEach(v -> out.append("${").append(v).append("} "));
    texts.forEach(v -> out.append("${").append(v).append("} "));
    out.append("${cells[0].value} ${cells[1].count()} ${list.length} ${list[2]}`;\n}\n");
  }

  private void block(String indent, int depth, int statements) {
    int someInts = ints.size();
    int someNumbers = numbers.size();
    int someTexts = texts.size();
    for (int i = 0; i < statements; i++) {
      statement(indent, depth);
    }
    if (!indent.equals("  ")) {
      ints.subList(someInts, ints.size()).clear();
      numbers.subList(someNumbers, numbers.size()).clear();
      texts.subList(someTexts, texts.size()).clear();
    }
  }

  private void statement(String indent, int depth) {
    String deeper = indent + "  ";
    switch (random.nextInt(depth > 0 ? 16 : 9)) {
      case 0 -> {
        String v = "i" + names++;
        line(indent, "let " + v + ": int = " + integer(2) + ";");
        ints.add(v);
      }
      case 1 -> {
        String v = "n" + names++;
        line(indent, "let " + v + ": number = " + number(2) + ";");
        numbers.add(v);
      }
      case 2 -> line(indent, variable(ints) + " = " + integer(3) + ";");
      case 3 -> line(indent, variable(numbers) + " = " + number(3) + ";");
      case 4 -> line(indent, variable(texts) + " = " + text(2) + ".slice(0, 12);");
      case 5 -> line(indent, "cells[" + integer(1) + " & 1].add(" + integer(1) + ");");
      case 6 -> {
        String v = "p" + names++;
        line(indent, "const [" + v + "a, " + v + "b] = pair(" + integer(1) + ", 4);");
        line(indent, variable(ints) + " = " + v + "a - " + v + "b;");
      }
      case 7 -> {
        line(indent, "list.push(" + integer(1) + ");");
        line(indent, "cells[0].next = " + condition(1) + " ? cells[1] : null;");
      }
      case 8 -> {
        line(indent, variable(ints) + " += maybe(" + integer(1) + ") ?? " + integer(1) + ";");
        line(indent, variable(ints) + " += cells[0].next?.value ?? 9;");
      }
      case 9, 10 -> {
        line(indent, "if (" + condition(2) + ") {");
        block(deeper, depth - 1, 1 + random.nextInt(3));
        if (random.nextBoolean()) {
          line(indent, "} else {");
          block(deeper, depth - 1, 1 + random.nextInt(3));
        }
        line(indent, "}");
      }
      case 11, 12 -> {
        if (loops++ < 4) {
          String v = "k" + names++;
          line(
              indent,
              "for (let "
                  + v
                  + ": int = 0; "
                  + v
                  + " < "
                  + (2 + random.nextInt(4))
                  + "; "
                  + v
                  + "++) {");
          fixed.add(v);
          block(deeper, depth - 1, 1 + random.nextInt(3));
          if (random.nextInt(3) == 0) {
            line(
                deeper,
                "if ("
                    + condition(1)
                    + ") { "
                    + (random.nextBoolean() ? "break" : "continue")
                    + "; }");
          }
          if (ints.size() > 1) {
            String swap = "w" + names++;
            line(deeper, "const " + swap + ": int = " + ints.getFirst() + ";");
            line(deeper, ints.getFirst() + " = " + ints.getLast() + ";");
            line(deeper, ints.getLast() + " = " + swap + ";");
          }
          fixed.removeLast();
          line(indent, "}");
        }
      }
      case 13 -> {
        line(indent, "try {");
        block(deeper, depth - 1, 1 + random.nextInt(2));
        line(
            deeper, variable(ints) + " = fail(" + integer(1) + ") + list[" + integer(1) + " & 3];");
        block(deeper, depth - 1, 1);
        line(indent, "} catch (e) {");
        line(deeper, variable(texts) + " = e.message.slice(0, 9);");
        block(deeper, depth - 1, 1);
        if (random.nextBoolean()) {
          line(indent, "} finally {");
          line(deeper, variable(ints) + " = " + integer(1) + ";");
        }
        line(indent, "}");
      }
      case 14 -> {
        line(indent, "switch (" + integer(1) + " & 7) {");
        for (int k = 0; k < 3; k++) {
          line(deeper, "case " + (k * 2) + ":");
          block(deeper + "  ", depth - 1, 1);
          line(deeper + "  ", "break;");
        }
        line(deeper, "default:");
        block(deeper + "  ", depth - 1, 1);
        line(indent, "}");
      }
      default -> {
        String v = variable(texts);
        line(indent, "if (" + v + " === \"a\") { " + variable(ints) + " = 1; }");
        line(indent, "else if (" + v + " === \"b\") { " + variable(ints) + " = 2; }");
        line(indent, "else if (" + v + " === \"ab\") { " + variable(ints) + " = 3; }");
        line(indent, "else { " + variable(ints) + " = 4; }");
      }
    }
  }

  private void line(String indent, String text) {
    out.append(indent).append(text).append('\n');
  }

  private String variable(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }

  private String integer(int depth) {
    if (depth == 0) {
      int all = ints.size() + fixed.size();
      int at = random.nextInt(all + 3);
      return at < ints.size()
          ? ints.get(at)
          : at < all ? fixed.get(at - ints.size()) : INTS[random.nextInt(INTS.length)];
    }
    int d = depth - 1;
    return switch (random.nextInt(14)) {
      case 0 -> "(" + integer(d) + " + " + integer(d) + ")";
      case 1 -> "(" + integer(d) + " - " + integer(d) + ")";
      case 2 -> "(" + integer(d) + " * " + integer(d) + ")";
      case 3 -> "(" + integer(d) + " / " + integer(d) + ")";
      case 4 -> "(" + integer(d) + " % " + integer(d) + ")";
      case 5 -> "(" + integer(d) + " & " + integer(d) + ")";
      case 6 -> "(" + integer(d) + " ^ " + integer(d) + ")";
      case 7 -> "(" + integer(d) + " << " + integer(d) + ")";
      case 8 -> "(" + integer(d) + " >> " + integer(d) + ")";
      case 9 -> "clamp(" + integer(d) + ", -5, " + integer(d) + ")";
      case 10 -> "square(" + integer(d) + ")";
      case 11 -> "(" + condition(d) + " ? " + integer(d) + " : " + integer(d) + ")";
      case 12 -> "cells[" + random.nextInt(2) + "]." + (random.nextBoolean() ? "twice" : "add(1)");
      default -> integer(0);
    };
  }

  private String number(int depth) {
    if (depth == 0) {
      return random.nextBoolean() ? variable(numbers) : NUMBERS[random.nextInt(NUMBERS.length)];
    }
    int d = depth - 1;
    return switch (random.nextInt(8)) {
      case 0 -> "(" + number(d) + " + " + number(d) + ")";
      case 1 -> "(" + number(d) + " - " + number(d) + ")";
      case 2 -> "(" + number(d) + " * " + number(d) + ")";
      case 3 -> "(" + number(d) + " / " + number(d) + ")";
      case 4 -> "half(" + number(d) + ")";
      case 5 -> "Math.floor(" + number(d) + " % 1000.0)";
      case 6 -> "(" + condition(d) + " ? " + number(d) + " : float(" + integer(d) + "))";
      default -> number(0);
    };
  }

  private String text(int depth) {
    if (depth == 0) {
      return random.nextBoolean() ? variable(texts) : TEXTS[random.nextInt(TEXTS.length)];
    }
    int d = depth - 1;
    return switch (random.nextInt(4)) {
      case 0 -> "(" + text(d) + " + " + text(d) + ")";
      case 1 -> "`${" + integer(d) + "}-${" + text(d) + "}`";
      case 2 -> "name(" + integer(d) + ")";
      default -> text(0);
    };
  }

  private String condition(int depth) {
    String[] tests = {" < ", " <= ", " > ", " >= ", " === ", " !== "};
    String test = tests[random.nextInt(tests.length)];
    int d = Math.max(0, depth - 1);
    return switch (random.nextInt(depth == 0 ? 3 : 7)) {
      case 0 -> "(0 + " + integer(d) + test + integer(d) + ")";
      case 1 -> "(" + number(d) + test + number(d) + ")";
      case 2 -> "(\"\" + " + text(d) + test + text(d) + ")";
      case 3 -> "(" + condition(d) + " && " + condition(d) + ")";
      case 4 -> "(" + condition(d) + " || " + condition(d) + ")";
      case 5 -> "!" + condition(d);
      default -> "(maybe(" + integer(d) + ") === null)";
    };
  }
}
