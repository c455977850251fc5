package dev.raya.compiler.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Errors that have nothing to do with each other are told one by one: N of them in one program, in
 * modules that import each other, give N diagnostics, whatever uses the parts that are broken.
 */
final class IndependentErrorsTest {
  private static final int PROGRAMS = 150;

  /**
   * A part of a module with one error.
   *
   * @param code the error's
   * @param text the part; {@code $} stands for what tells it from other parts
   * @param use a statement of an importer that uses what is broken; empty if nothing is exported
   * @param imports the names that the statement needs
   */
  private record Part(String code, String text, String use, String imports) {
    static Part alone(String code, String text) {
      return new Part(code, text, "", "");
    }

    String in(String where, int number) {
      return where.replaceAll("\\$(?!\\{)", Integer.toString(number));
    }
  }

  private static final List<Part> PARTS =
      List.of(
          // What cannot be read.
          new Part(
              "E0101",
              "export function f$(a: int { return a; }\n",
              "console.log(f$(1) + 1, f$(2).x);",
              "f$"),
          new Part(
              "E0101",
              "export function f$(): int { return 1 +; }\n",
              "const u$: int = f$();",
              "f$"),
          new Part("E0101", "export const v$ = ;\n", "console.log(v$.a, v$ + 1);", "v$"),
          new Part(
              "E0103",
              "export const v$ = [1, 2;\n",
              "for (const x of v$) { console.log(x); }",
              "v$"),
          new Part(
              "E0101",
              "export class C$ { m(a b): int { return 1; } n(): int { return this.m(2); } }\n",
              "console.log(new C$().m(1).x, new C$().n());",
              "C$"),
          new Part(
              "E0101",
              "export class C$ { x: int; constructor() { this.x = ; } }\n",
              "console.log(new C$().x);",
              "C$"),
          new Part(
              "E0101",
              "export interface I$ { a: ; b: int; }\n",
              "function q$(i: I$): int { return i.b; }",
              "I$"),
          new Part(
              "E0101", "export type A$ = ;\n", "function q$(a: A$): int { return a.b; }", "A$"),
          Part.alone("E0101", "function f$(): int { if (1 < ) { return 2; } return 3; }\n"),
          Part.alone("E0101", "function f$(): void { let x = 1 * ; x = x + 1; console.log(x); }\n"),
          Part.alone("E0101", "function f$(): void { console.log(1 2); console.log(3); }\n"),
          Part.alone("E0103", "function f$(): int { const k = (3; return k; }\n"),
          Part.alone("E0101", "function f$(): void { for (const x of ) { console.log(x); } }\n"),
          Part.alone("E0102", "function f$(): void { const a = 1\n  console.log(a); }\n"),
          Part.alone("E0104", "function f$(): int { const if = 3; return 1; }\n"),
          Part.alone("E0105", "function f$(): int { var a = 1; return a; }\n"),
          new Part("E0107", "export enum E$ { A, B }\n", "console.log(E$.A);", "E$"),
          Part.alone("E0003", "function f$(): string { const s = \"abc; return s;\n}\n"),
          Part.alone("E0007", "function f$(): int { return 0x; }\n"),
          Part.alone("E0113", "function f$(o: { a: int }): void { delete o.a; }\n"),
          Part.alone("E0114", "function f$(s: string | null): int { return s!.length; }\n"),
          // Names.
          new Part(
              "E0201", "export const v$ = unknown$(1);\n", "console.log(v$.a.b(1), v$ + 2);", "v$"),
          new Part(
              "E0201",
              "export function f$() { return unknown$; }\n",
              "console.log(f$().x, f$()[0]);",
              "f$"),
          Part.alone("E0201", "function f$(): string { return `a ${unknown$} b ${1 + 1}`; }\n"),
          Part.alone(
              "E0201",
              "function f$(): int { let n = 0; for (const x of unknown$) { n += x.y; } return n; }\n"),
          Part.alone(
              "E0201",
              "function f$(): int { const [a, b] = unknown$; const { c, d } = a; return b + c * d; }\n"),
          Part.alone("E0201", "function f$(): int[] { return [1, 2].map((x) => x + unknown$); }\n"),
          Part.alone(
              "E0201",
              "function f$(): int { switch (unknown$) { case 1: return 1; default: return 2; } }\n"),
          Part.alone("E0202", "function f$(): int { const a = 1; const a = 2; return a; }\n"),
          Part.alone(
              "E0201",
              "function f$(): void { unknown$((a, b) => a + b.x, { g: (c) => c, h(d) {} }); }\n"),
          Part.alone(
              "E0315",
              "class C$ {}\nfunction f$(c: C$): int { if (c instanceof C$) return 1; else return 2; }\n"),
          Part.alone(
              "E0113",
              "function f$(c: { a: int }): int { if (!(\"a\" in c)) { return 1; } else { return 2; } }\n"),
          Part.alone(
              "E0113", "const v$ = { a: 1 } satisfies { a: number };\nconsole.log(v$.a + 1);\n"),
          Part.alone("E0003", "function f$(): void { console.log([\"a\", \"(b)\\t]); }\n"),
          Part.alone(
              "E0003",
              "function f$(): string { return g$(\"x); }\nfunction g$(s: string): string { return s; }\n"),
          Part.alone("E0003", "const v$ = 'it (is);\nconsole.log(v$.length);\n"),
          Part.alone("E0205", "function f$(): int { const a = 1; a = 2; return a; }\n"),
          new Part(
              "E0206",
              "export function f$(x: T$): int { return x.y.z; }\n",
              "console.log(f$(1), f$(\"a\") + 1);",
              "f$"),
          new Part(
              "E0206",
              "export function f$(x: int): T$ { return x; }\n",
              "console.log(f$(1).a.b, f$(1) * 2);",
              "f$"),
          new Part("E0206", "export let v$: T$ = 1;\n", "console.log(v$.a, v$());", "v$"),
          new Part(
              "E0206",
              "export class C$ extends Base$ { override m(): int { return super.m() + this.k; } }\n",
              "console.log(new C$().m(), new C$().k.j);",
              "C$"),
          new Part(
              "E0206",
              "export interface I$ extends Base$ { a: int; }\n",
              "function q$(i: I$): int { return i.a + i.b; }\nq$({ a: 1, b: 2 });",
              "I$"),
          new Part(
              "E0206",
              "export interface I$ { a: T$; }\n",
              "function q$(i: I$): int { return i.a.b; }\nq$({ a: 1 });",
              "I$"),
          new Part(
              "E0206",
              "export type A$ = T$ | null;\n",
              "function q$(a: A$): int { return a.b; }",
              "A$"),
          Part.alone(
              "E0206",
              "class G$<T> { constructor(public v: T) {} }\nconsole.log(new G$<T$>(1).v.x);\n"),
          new Part("E0208", "export const v$ = undefined;\n", "console.log(v$.x);", "v$"),
          Part.alone("E0209", "function f$(): int { const s = \"a\"; return s.lenth.x; }\n"),
          Part.alone(
              "E0209",
              "class C$ { a: int = 1; }\nfunction f$(): int { const r = new C$().b; return r.q + r; }\n"),
          Part.alone(
              "E0210",
              "class C$ { private a: int = 1; }\nconst p$ = new C$().a;\nconsole.log(p$ + 1);\n"),
          Part.alone("E0211", "function f$(): int { const me = this; return me.x; }\n"),
          // Types.
          Part.alone("E0301", "const v$: int = \"a\";\nconsole.log(v$ + 1);\n"),
          Part.alone("E0301", "function f$(): int { return \"a\"; }\nconsole.log(f$() + 1);\n"),
          Part.alone(
              "E0302", "function f$(a: int): int { return a; }\nconsole.log(f$(1, 2) + 1);\n"),
          Part.alone(
              "E0303", "function f$(a: int): int { return a; }\nconsole.log(f$(\"a\") + 1);\n"),
          new Part("E0304", "export const v$ = 1 * \"a\";\n", "console.log(v$ * 2, v$.x);", "v$"),
          Part.alone("E0305", "const v$ = 1;\nconst w$ = v$(2).x + 1;\nconsole.log(w$.y);\n"),
          Part.alone(
              "E0306",
              "abstract class C$ { abstract m(): int; }\nconst o$ = new C$();\nconsole.log(o$);\n"),
          Part.alone("E0307", "function f$(b: boolean): int { if (b) { return 1; } }\n"),
          Part.alone("E0309", "function f$(a): int { return a.b + 1; }\nf$(1);\n"),
          new Part("E0311", "export let v$: any = 1;\n", "console.log(v$.a.b());", "v$"),
          Part.alone("E0317", "function f$(s: string | null): int { return s.length + 1; }\n"),
          Part.alone(
              "E0320",
              "interface I$ { a: int; b: int; }\nconst o$: I$ = { a: 1 };\nconsole.log(o$.b + 1);\n"),
          new Part(
              "E0321",
              "interface I$ { a: int; }\nexport class C$ implements I$ {}\n",
              "console.log(new C$());",
              "C$"),
          Part.alone(
              "E0323",
              "abstract class B$ { abstract m(): int; }\nclass C$ extends B$ {}\nconsole.log(new C$().m());\n"),
          Part.alone("E0325", "class C$ { name: string; }\nconsole.log(new C$().name.length);\n"),
          Part.alone(
              "E0327",
              "class G$<T> { v: T | null = null; }\nconst g$: G$<int, int> = new G$<int>();\nconsole.log(g$.v);\n"),
          Part.alone("E0334", "function f$(): void {}\nconst v$ = f$();\nconsole.log(v$.x);\n"),
          Part.alone(
              "E0338",
              "function f$(): int { let n = 0; for (const x of 5) { n += x.y; } return n; }\n"),
          Part.alone(
              "E0403",
              "type U$ = { k: \"a\" } | { k: \"b\" };\nfunction f$(u: U$): int { switch (u.k) { case \"a\": return 1; } return 2; }\n"),
          // Modules.
          new Part(
              "E0501",
              "export { gone$ } from \"./gone$\";\n",
              "console.log(gone$.x, gone$());",
              "gone$"),
          new Part(
              "E0501",
              "import { T$ } from \"./gone$\";\nexport function f$(t: T$): T$ { return t; }\n",
              "console.log(f$(1).x);",
              "f$"),
          new Part(
              "E0501",
              "import { T$ } from \"./gone$\";\nexport { T$ };\nconst t$ = new T$(1).m();\nconsole.log(t$.x);\n",
              "let t$: T$ = new T$();\nconsole.log(t$.x);",
              "T$"),
          new Part(
              "E0503",
              "import { sqr$ } from \"raya:std\";\nexport const v$ = sqr$(2);\n",
              "console.log(v$ + 1, v$.x);",
              "v$"),
          new Part(
              "E0503",
              "import * as s$ from \"raya:std\";\nexport const v$ = s$.sqr(2);\n",
              "console.log(v$ + 1, v$.x);",
              "v$"),
          new Part(
              "E0508",
              "import * as s$ from \"raya:nothing$\";\nexport class C$ extends s$.Base { f(): int { return this.x; } }\n",
              "console.log(new C$().f(), new C$().h);",
              "C$"));

  private static final List<String> SOUND =
      List.of(
          "function ok$(a: int): int { return a * 2; }\nconsole.log(ok$(1));\n",
          "class Ok$ { constructor(public v: int) {} }\nconsole.log(new Ok$(1).v);\n",
          "const good$ = [1, 2].map((x) => `${x}!`);\nconsole.log(good$);\n");

  /** The codes of errors found, sorted. */
  private static List<String> errors(List<Diagnostic> found) {
    return found.stream().filter(Diagnostic::isError).map(d -> d.code().name()).sorted().toList();
  }

  @TestFactory
  Stream<DynamicTest> eachPartHasOneError() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < PARTS.size(); i++) {
      Part part = PARTS.get(i);
      int number = i;
      tests.add(
          DynamicTest.dynamicTest(
              number + " " + part.code(),
              () -> {
                String text = program(List.of(part), List.of(number), new Random(number));
                List<Diagnostic> found = Programs.check(text).diagnostics();
                assertThat(errors(found))
                    .as(text + "\n" + DiagnosticText.render(found))
                    .containsExactly(part.code());
              }));
    }
    return tests.stream();
  }

  @Test
  void manyErrorsAreToldOneByOne() {
    for (int seed = 0; seed < PROGRAMS; seed++) {
      Random random = new Random(seed);
      List<Part> parts = new ArrayList<>();
      List<Integer> numbers = new ArrayList<>();
      List<String> expected = new ArrayList<>();
      for (int i = 2 + random.nextInt(12); i > 0; i--) {
        Part part = PARTS.get(random.nextInt(PARTS.size()));
        parts.add(part);
        numbers.add(i);
        expected.add(part.code());
      }
      Collections.sort(expected);
      String text = program(parts, numbers, random);
      List<Diagnostic> found = Programs.check(text).diagnostics();
      assertThat(errors(found))
          .as("seed " + seed + "\n" + text + "\n" + DiagnosticText.render(found))
          .isEqualTo(expected);
    }
  }

  @Test
  void functionsGivenToCallsThatAreRefusedAreCheckedForErrorsOfTheirOwn() {
    List<Diagnostic> found =
        Programs.check(
                """
                import { readFile } from "raya:fs";
                function two(f: (x: int) => int): void {}
                two((a) => { const b: int = "s"; return a + b; }, 2);
                unknown((a) => { const f = (x) => x; return readFile(a); }, [], { a: null });
                const m: Missing = new Map();
                const n: Missing[] = [];
                console.table([]);
                """)
            .diagnostics();
    assertThat(found.stream().map(d -> d.code().code()))
        .as(DiagnosticText.render(found))
        .containsExactly(
            "RAYA-E0302",
            "RAYA-E0301",
            "RAYA-E0201",
            "RAYA-E0309",
            "RAYA-E0206",
            "RAYA-E0206",
            "RAYA-E0209");
  }

  @Test
  void whatIsNestedTooDeepHidesNoNames() {
    String deep =
        "import { x, y, f, C } from \"./lib\";\nconsole.log(x, y, f(), new C());\n//@ lib.raya\n"
            + "export const x = "
            + "(".repeat(900)
            + "1"
            + ")".repeat(900)
            + ";\nexport const y = 2;\nexport function f(): int { return 1; }\nexport class C {}\n";
    List<Diagnostic> found = Programs.check(deep).diagnostics();
    assertThat(errors(found)).as(DiagnosticText.render(found)).containsExactly("E0128");
  }

  /** Parts in two modules, one of which imports the other, and what is sound between them. */
  private static String program(List<Part> parts, List<Integer> numbers, Random random) {
    StringBuilder imports = new StringBuilder();
    StringBuilder main = new StringBuilder();
    StringBuilder lib = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      int number = numbers.get(i);
      boolean imported = !part.use().isEmpty();
      if (imported) {
        imports
            .append("import { ")
            .append(part.in(part.imports(), number))
            .append(" } from \"./lib\";\n");
        main.append(part.in(part.use(), number)).append('\n');
      }
      (imported || random.nextBoolean() ? lib : main).append(part.in(part.text(), number));
      String sound = SOUND.get(random.nextInt(SOUND.size()));
      (random.nextBoolean() ? lib : main).append(sound.replaceAll("\\$(?!\\{)", "0" + number));
    }
    return imports + "import \"./lib\";\n" + main + "//@ lib.raya\nconsole.log(1);\n" + lib;
  }
}
