package dev.raya.compiler.fuzz;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A program that is well typed by construction, with what it prints: each expression and statement
 * is made together with the function that computes it here, so that the whole way from source to
 * output is checked against a second reading of the language.
 *
 * @param source the program
 * @param output the lines it prints
 */
record TypedProgram(String source, List<String> output) {
  /** The variables of a scope and their values. */
  private static final class Env {
    final Map<String, Object> values = new HashMap<>();
    final List<String> printed;

    Env(List<String> printed) {
      this.printed = printed;
    }

    int number(String name) {
      return (Integer) java.util.Objects.requireNonNull(values.get(name));
    }

    String text(String name) {
      return (String) java.util.Objects.requireNonNull(values.get(name));
    }

    @SuppressWarnings("unchecked")
    List<Integer> list(String name) {
      return (List<Integer>) java.util.Objects.requireNonNull(values.get(name));
    }
  }

  private record Ex<T>(String text, Function<Env, T> value) {}

  private record St(String text, Consumer<Env> run) {}

  /** Makes a program. */
  static TypedProgram of(Random random) {
    return new Maker(random).make();
  }

  private static final class Maker {
    private final Random random;
    private final List<String> ints = new ArrayList<>();
    private final List<String> constants = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private final List<String> lists = new ArrayList<>();
    private final Map<String, Function<int[], Integer>> functions = new HashMap<>();
    private final List<String> functionNames = new ArrayList<>();
    private int names;

    Maker(Random random) {
      this.random = random;
    }

    TypedProgram make() {
      StringBuilder source = new StringBuilder();
      source.append(
          """
          type Shape = { kind: "square"; side: int } | { kind: "box"; w: int; h: int };
          function area(s: Shape): int {
            switch (s.kind) {
              case "square":
                return s.side * s.side;
              case "box":
                return s.w * s.h;
            }
          }
          class Cell<T> {
            constructor(public value: T) {}

            swap(next: T): T {
              const old = this.value;
              this.value = next;
              return old;
            }
          }
          function pick<T>(first: boolean, a: T, b: T): T {
            return first ? a : b;
          }
          function same(a: string, b: string): boolean {
            return a === b;
          }
          async function later(x: int): Task<int> {
            return x;
          }
          """);
      for (int i = random.nextInt(4); i > 0; i--) {
        source.append(function());
      }
      List<String> printed = new ArrayList<>();
      Env env = new Env(printed);
      source.append("export async function main(): Task<void> {\n");
      for (int i = random.nextInt(12) + 6; i > 0; i--) {
        St s = statement(3, true);
        source.append(s.text());
        s.run().accept(env);
      }
      for (String name : ints) {
        source.append("console.log(").append(name).append(");\n");
        printed.add(Integer.toString(env.number(name)));
      }
      for (String name : texts) {
        source.append("console.log(").append(name).append(");\n");
        printed.add(env.text(name));
      }
      for (String name : lists) {
        source.append("console.log(").append(name).append(".join(\" \"));\n");
        printed.add(String.join(" ", env.list(name).stream().map(String::valueOf).toList()));
      }
      source.append("}\n");
      return new TypedProgram(source.toString(), printed);
    }

    private String fresh() {
      return "v" + names++;
    }

    private String one(List<String> of) {
      return of.get(random.nextInt(of.size()));
    }

    /** A function of two ints, made of its parameters and the functions before it. */
    private String function() {
      List<String> outer = new ArrayList<>(ints);
      ints.clear();
      ints.add("p");
      ints.add("q");
      Ex<Integer> body = number(3);
      ints.clear();
      ints.addAll(outer);
      String name = "f" + functionNames.size();
      functions.put(
          name,
          arguments -> {
            Env env = new Env(new ArrayList<>());
            env.values.put("p", arguments[0]);
            env.values.put("q", arguments[1]);
            return body.value().apply(env);
          });
      functionNames.add(name);
      return "function " + name + "(p: int, q: int): int {\nreturn " + body.text() + ";\n}\n";
    }

    // ---- statements

    private St statement(int depth, boolean declares) {
      int kind = random.nextInt(declares ? 15 : 9);
      switch (kind) {
        case 0, 1 -> {
          if (!ints.isEmpty()) {
            String name = one(ints);
            Ex<Integer> value = number(3);
            if (constants.contains(name)) {
              return print(value);
            }
            return new St(
                name + " = " + value.text() + ";\n",
                env -> env.values.put(name, value.value().apply(env)));
          }
        }
        case 2 -> {
          if (depth > 0) {
            Ex<Boolean> test = truth(2);
            List<St> then = block(depth - 1);
            List<St> other = block(depth - 1);
            return new St(
                "if (" + test.text() + ") {\n" + text(then) + "} else {\n" + text(other) + "}\n",
                env -> (test.value().apply(env) ? then : other).forEach(s -> s.run().accept(env)));
          }
        }
        case 3 -> {
          if (depth > 0) {
            return loop(depth);
          }
        }
        case 4 -> {
          if (!lists.isEmpty()) {
            String name = one(lists);
            Ex<Integer> value = number(2);
            return new St(
                name + ".push(" + value.text() + ");\n",
                env -> env.list(name).add(value.value().apply(env)));
          }
        }
        case 5 -> {
          if (depth > 0) {
            return thrown(depth);
          }
        }
        case 6 -> {
          if (depth > 0) {
            return choice(depth);
          }
        }
        case 7 -> {
          if (!texts.isEmpty()) {
            String name = one(texts);
            Ex<Integer> value = number(1);
            return new St(
                name + " += `" + "<${" + value.text() + "}>`;\n",
                env -> env.values.put(name, env.text(name) + "<" + value.value().apply(env) + ">"));
          }
        }
        case 9, 10 -> {
          String name = fresh();
          Ex<Integer> value = number(3);
          ints.add(name);
          return new St(
              "let " + name + ": int = " + value.text() + ";\n",
              env -> env.values.put(name, value.value().apply(env)));
        }
        case 11 -> {
          String name = fresh();
          Ex<String> value = string(2);
          texts.add(name);
          return new St(
              "let " + name + " = " + value.text() + ";\n",
              env -> env.values.put(name, value.value().apply(env)));
        }
        case 12 -> {
          String name = fresh();
          Ex<Integer> a = number(1);
          Ex<Integer> b = number(1);
          lists.add(name);
          return new St(
              "const " + name + ": int[] = [" + a.text() + ", " + b.text() + "];\n",
              env ->
                  env.values.put(
                      name, new ArrayList<>(List.of(a.value().apply(env), b.value().apply(env)))));
        }
        case 13 -> {
          return closure();
        }
        case 14 -> {
          String name = fresh();
          Ex<Integer> value = number(2);
          ints.add(name);
          constants.add(name);
          return new St(
              "const " + name + " = await later(" + value.text() + ");\n",
              env -> env.values.put(name, value.value().apply(env)));
        }
        default -> {}
      }
      return print(number(3));
    }

    private St print(Ex<Integer> value) {
      return new St(
          "console.log(" + value.text() + ");\n",
          env -> env.printed.add(Integer.toString(value.value().apply(env))));
    }

    private List<St> block(int depth) {
      List<St> all = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        all.add(statement(depth, false));
      }
      return all;
    }

    private static String text(List<St> all) {
      StringBuilder out = new StringBuilder();
      all.forEach(s -> out.append(s.text()));
      return out.toString();
    }

    private St loop(int depth) {
      String name = fresh();
      int times = random.nextInt(4);
      ints.add(name);
      constants.add(name);
      List<St> body = block(depth - 1);
      ints.remove(name);
      return new St(
          "for (let %1$s = 0; %1$s < %2$d; %1$s++) {\n".formatted(name, times) + text(body) + "}\n",
          env -> {
            for (int i = 0; i < times; i++) {
              env.values.put(name, i);
              body.forEach(s -> s.run().accept(env));
            }
          });
    }

    private St thrown(int depth) {
      Ex<Boolean> test = truth(1);
      List<St> before = block(depth - 1);
      List<St> after = block(depth - 1);
      List<St> handler = block(depth - 1);
      List<St> last = block(depth - 1);
      return new St(
          "try {\n"
              + text(before)
              + "if ("
              + test.text()
              + ") {\nthrow new RangeError(\"far\");\n}\n"
              + text(after)
              + "} catch (e) {\nconsole.log(e.toString());\n"
              + text(handler)
              + "} finally {\n"
              + text(last)
              + "}\n",
          env -> {
            before.forEach(s -> s.run().accept(env));
            if (test.value().apply(env)) {
              env.printed.add("RangeError: far");
              handler.forEach(s -> s.run().accept(env));
            } else {
              after.forEach(s -> s.run().accept(env));
            }
            last.forEach(s -> s.run().accept(env));
          });
    }

    private St choice(int depth) {
      Ex<Integer> value = number(2);
      List<St> zero = block(depth - 1);
      List<St> one = block(depth - 1);
      List<St> other = block(depth - 1);
      return new St(
          "switch ("
              + value.text()
              + " & 3) {\ncase 0:\n"
              + text(zero)
              + "break;\ncase 1: {\n"
              + text(one)
              + "break;\n}\ndefault:\n"
              + text(other)
              + "}\n",
          env -> {
            int chosen = value.value().apply(env) & 3;
            (chosen == 0 ? zero : chosen == 1 ? one : other).forEach(s -> s.run().accept(env));
          });
    }

    /** A closure that changes a variable of the function around it, called twice. */
    private St closure() {
      String counter = fresh();
      String add = fresh();
      Ex<Integer> start = number(1);
      Ex<Integer> by = number(1);
      ints.add(counter);
      return new St(
          "let %1$s: int = %3$s;\nconst %2$s = (by: int): int => {\n%1$s += by;\nreturn %1$s;\n};\n"
                  .formatted(counter, add, start.text())
              + "console.log(%1$s(%2$s), %1$s(1));\n".formatted(add, by.text()),
          env -> {
            int first = start.value().apply(env);
            env.values.put(counter, first);
            int then = first + by.value().apply(env);
            env.values.put(counter, then + 1);
            env.printed.add(then + " " + (then + 1));
          });
    }

    // ---- expressions

    private Ex<Integer> number(int depth) {
      if (depth == 0 || random.nextInt(5) == 0) {
        if (!ints.isEmpty() && random.nextBoolean()) {
          String name = one(ints);
          return new Ex<>(name, env -> env.number(name));
        }
        int value = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(20);
        String text = value < 0 ? "(" + value + ")" : Integer.toString(value);
        return new Ex<>(value == Integer.MIN_VALUE ? "(-2147483647 - 1)" : text, env -> value);
      }
      int d = depth - 1;
      return switch (random.nextInt(16)) {
        case 0 -> binary("+", number(d), number(d), (a, b) -> a + b);
        case 1 -> binary("-", number(d), number(d), (a, b) -> a - b);
        case 2 -> binary("*", number(d), number(d), (a, b) -> a * b);
        case 3 -> binary("&", number(d), number(d), (a, b) -> a & b);
        case 4 -> binary("|", number(d), number(d), (a, b) -> a | b);
        case 5 -> binary("^", number(d), number(d), (a, b) -> a ^ b);
        case 6 -> {
          int by = random.nextInt(32);
          boolean left = random.nextBoolean();
          Ex<Integer> a = number(d);
          yield new Ex<>(
              "(" + a.text() + (left ? " << " : " >> ") + by + ")",
              env -> left ? a.value().apply(env) << by : a.value().apply(env) >> by);
        }
        case 7 -> {
          Ex<Boolean> test = truth(d);
          Ex<Integer> a = number(d);
          Ex<Integer> b = number(d);
          yield new Ex<>(
              "(" + test.text() + " ? " + a.text() + " : " + b.text() + ")",
              env -> test.value().apply(env) ? a.value().apply(env) : b.value().apply(env));
        }
        case 8 -> {
          if (functionNames.isEmpty()) {
            yield number(0);
          }
          String name = one(functionNames);
          Function<int[], Integer> f = java.util.Objects.requireNonNull(functions.get(name));
          Ex<Integer> a = number(d);
          Ex<Integer> b = number(d);
          yield new Ex<>(
              name + "(" + a.text() + ", " + b.text() + ")",
              env -> f.apply(new int[] {a.value().apply(env), b.value().apply(env)}));
        }
        case 9 -> {
          Ex<String> text = string(d);
          yield new Ex<>(text.text() + ".length", env -> text.value().apply(env).length());
        }
        case 10 -> {
          if (lists.isEmpty()) {
            yield number(0);
          }
          String name = one(lists);
          yield random.nextBoolean()
              ? new Ex<>(name + "[1]", env -> env.list(name).get(1))
              : new Ex<>(
                  name + ".reduce<int>((s, x) => s ^ x, 0)",
                  env -> env.list(name).stream().reduce(0, (s, x) -> s ^ x));
        }
        case 11 -> {
          Ex<Integer> a = number(d);
          Ex<Integer> b = number(d);
          yield new Ex<>(
              "area({ kind: \"box\", w: " + a.text() + ", h: " + b.text() + " })",
              env -> a.value().apply(env) * b.value().apply(env));
        }
        case 12 -> {
          Ex<Integer> a = number(d);
          Ex<Integer> b = number(d);
          yield new Ex<>(
              "new Cell<int>(" + a.text() + ").swap(" + b.text() + ")",
              env -> {
                int old = a.value().apply(env);
                int unused = b.value().apply(env);
                return unused == 0 ? old : old;
              });
        }
        case 13 -> {
          Ex<Boolean> test = truth(d);
          Ex<Integer> a = number(d);
          Ex<Integer> b = number(d);
          yield new Ex<>(
              "pick<int>(" + test.text() + ", " + a.text() + ", " + b.text() + ")",
              env -> test.value().apply(env) ? a.value().apply(env) : b.value().apply(env));
        }
        case 14 -> {
          Ex<Integer> a = number(d);
          Ex<Integer> b = number(d);
          yield new Ex<>(
              "Math.max(" + a.text() + ", " + b.text() + ")",
              env -> Math.max(a.value().apply(env), b.value().apply(env)));
        }
        default -> {
          Ex<Integer> a = number(d);
          yield new Ex<>("(-" + a.text() + ")", env -> -a.value().apply(env));
        }
      };
    }

    private static Ex<Integer> binary(
        String operator, Ex<Integer> a, Ex<Integer> b, java.util.function.IntBinaryOperator means) {
      return new Ex<>(
          "(" + a.text() + " " + operator + " " + b.text() + ")",
          env -> means.applyAsInt(a.value().apply(env), b.value().apply(env)));
    }

    private Ex<Boolean> truth(int depth) {
      int d = Math.max(0, depth - 1);
      return switch (random.nextInt(depth == 0 ? 3 : 6)) {
        case 0 -> compared("<", (a, b) -> a < b, d);
        case 1 -> compared("===", (a, b) -> a.equals(b), d);
        case 2 -> compared(">=", (a, b) -> a >= b, d);
        case 3 -> {
          Ex<Boolean> a = truth(d);
          Ex<Boolean> b = truth(d);
          yield new Ex<>(
              "(" + a.text() + " && " + b.text() + ")",
              env -> a.value().apply(env) && b.value().apply(env));
        }
        case 4 -> {
          Ex<Boolean> a = truth(d);
          yield new Ex<>("!" + a.text(), env -> !a.value().apply(env));
        }
        default -> {
          Ex<String> a = string(d);
          Ex<String> b = string(d);
          yield new Ex<>(
              "same(" + a.text() + ", " + b.text() + ")",
              env -> a.value().apply(env).equals(b.value().apply(env)));
        }
      };
    }

    private Ex<Boolean> compared(
        String operator, java.util.function.BiPredicate<Integer, Integer> means, int depth) {
      // Compared with a variable part, as constants of one type never being equal is an error.
      Ex<Integer> a = number(depth);
      Ex<Integer> b = number(depth);
      return new Ex<>(
          "(int(" + a.text() + ") " + operator + " int(" + b.text() + "))",
          env -> means.test(a.value().apply(env), b.value().apply(env)));
    }

    private Ex<String> string(int depth) {
      if (depth == 0 || random.nextInt(4) == 0) {
        if (!texts.isEmpty() && random.nextBoolean()) {
          String name = one(texts);
          return new Ex<>(name, env -> env.text(name));
        }
        String value = List.of("", "a", "b€", "xyz").get(random.nextInt(4));
        return new Ex<>("String(\"" + value + "\")", env -> value);
      }
      int d = depth - 1;
      return switch (random.nextInt(6)) {
        case 0 -> {
          Ex<String> a = string(d);
          Ex<String> b = string(d);
          yield new Ex<>(
              "(" + a.text() + " + " + b.text() + ")",
              env -> a.value().apply(env) + b.value().apply(env));
        }
        case 1 -> {
          Ex<Integer> a = number(d);
          yield new Ex<>("`n${" + a.text() + "}`", env -> "n" + a.value().apply(env));
        }
        case 2 -> {
          Ex<String> a = string(d);
          yield new Ex<>(
              a.text() + ".toUpperCase()", env -> a.value().apply(env).toUpperCase(Locale.ROOT));
        }
        case 4 -> {
          Ex<Boolean> test = truth(d);
          Ex<String> a = string(d);
          Ex<String> b = string(d);
          yield new Ex<>(
              "(pick<string | null>("
                  + test.text()
                  + ", "
                  + a.text()
                  + ", null) ?? "
                  + b.text()
                  + ")",
              env -> test.value().apply(env) ? a.value().apply(env) : b.value().apply(env));
        }
        case 3 -> {
          Ex<Boolean> test = truth(d);
          Ex<String> a = string(d);
          Ex<String> b = string(d);
          yield new Ex<>(
              "pick<string>(" + test.text() + ", " + a.text() + ", " + b.text() + ")",
              env -> test.value().apply(env) ? a.value().apply(env) : b.value().apply(env));
        }
        default -> {
          Ex<String> a = string(d);
          yield new Ex<>(
              a.text() + ".slice(1)",
              env -> {
                String text = a.value().apply(env);
                return text.isEmpty() ? "" : text.substring(1);
              });
        }
      };
    }
  }
}
