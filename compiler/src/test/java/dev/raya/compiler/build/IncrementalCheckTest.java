package dev.raya.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.check.IncrementalCheck;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.vm.bytecode.RbinModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that leave out what is as it was find what whole checks find. */
final class IncrementalCheckTest {
  @TempDir Path folder;

  private final Map<String, String> sources = new LinkedHashMap<>();
  private PackageImports packages = PackageImports.NONE;

  /** main and other import middle, which imports base. */
  private void threeLayers() {
    sources.put(
        "base.raya",
        """
        export interface Point { x: int; y: int; }
        class Hidden { constructor(readonly secret: int) {} }
        export class Store { constructor(private n: int) {} get(): int { return this.n; } }
        export function hide(n: int) { return new Hidden(n); }
        export function twice(n: int): int { return n * 2; }
        """);
    sources.put(
        "middle.raya",
        """
        import { twice, Store } from "./base";
        export function four(n: int): int { return twice(twice(n)); }
        export function stored(): Store { return new Store(four(1)); }
        """);
    sources.put(
        "main.raya",
        """
        import { four, stored } from "./middle";
        function main(): void { console.log(`${four(2)} ${stored().get()}`); }
        """);
    sources.put(
        "other.raya",
        """
        import { four } from "./middle";
        export const eight: int = four(2);
        """);
  }

  private static final List<String> ROOTS = List.of("main.raya", "other.raya");

  private static Compiler.Request request() {
    return new Compiler.Request(
        "", "", ROOTS.stream().map(r -> new Compiler.Root(r, r, true)).toList(), "main.raya", true);
  }

  private Compiler compiler() {
    return new Compiler(StandardLibrary.fromSources(), SourceTree.of(sources), packages);
  }

  private IncrementalCheck.Outcome check() throws IOException {
    CheckRecords records = CheckRecords.read(folder);
    IncrementalCheck.Outcome outcome = compiler().check(request(), records);
    records.save();
    return outcome;
  }

  private List<String> whole() {
    return lines(compiler().check(request()).diagnostics());
  }

  /** All of a diagnostic, places of notes and fixes too. */
  private static List<String> lines(List<Diagnostic> diagnostics) {
    List<String> lines = new ArrayList<>();
    for (Diagnostic d : diagnostics) {
      StringBuilder line = new StringBuilder();
      line.append(d.span().file()).append(d.span().from()).append(d.code()).append(d.message());
      d.notes().forEach(n -> line.append(n.span().file()).append(n.span().from()).append(n));
      d.fixes().forEach(f -> line.append(f.span().from()).append(f.replacement()));
      lines.add(line.toString().replaceAll("Span\\[[^]]*]", ""));
    }
    return lines;
  }

  private void edit(String name, String old, String now) {
    String before = String.valueOf(sources.get(name));
    assertThat(before).contains(old);
    sources.put(name, before.replace(old, now));
  }

  private int checkedAfter() throws IOException {
    IncrementalCheck.Outcome outcome = check();
    assertThat(lines(outcome.diagnostics())).isEqualTo(whole());
    return outcome.checked();
  }

  @Test
  void typesThatJsonCannotMakeAreToldWhoeverCasts() throws IOException {
    sources.put("base.raya", "export function read<T>(value: json): T { return value as T; }\n");
    sources.put(
        "middle.raya",
        """
        import { read } from "./base";
        export function again<T>(value: json): T { return read<T>(value); }
        """);
    sources.put(
        "main.raya",
        """
        import { again } from "./middle";
        function main(): void { const f = again<() => int>(1); console.log(f()); }
        """);
    sources.put("other.raya", "export const eight: int = 8;\n");
    check();
    assertThat(check().diagnostics())
        .extracting(Diagnostic::code)
        .containsExactly(DiagnosticCode.E0337);
    assertThat(whole())
        .isEqualTo(lines(compiler().compile(request()).diagnostics()))
        .isEqualTo(lines(check().diagnostics()));

    edit("base.raya", "return value as T;", "throw new Error(`${value}`);");
    assertThat(checkedAfter()).isPositive();
    assertThat(whole()).isEmpty();
    edit("base.raya", "throw new Error(`${value}`);", "return value as T;");
    checkedAfter();
    assertThat(whole()).hasSize(1);
  }

  @Test
  void onlyWhatAnEditConcernsIsCheckedAgain() throws IOException {
    threeLayers();
    assertThat(checkedAfter()).isEqualTo(4);
    assertThat(checkedAfter()).as("nothing to do").isZero();
    edit("base.raya", "export interface", "// A point.\nexport interface");
    assertThat(checkedAfter()).as("a comment").isEqualTo(1);
    edit("base.raya", "n * 2", "n + n");
    assertThat(checkedAfter()).as("a body").isEqualTo(1);
    edit("base.raya", "export function twice(n: int)", "export function twice(n: int, m: int = 0)");
    assertThat(checkedAfter()).as("an interface: the module and its importer").isEqualTo(2);
    edit("base.raya", "get(): int", "get(): number");
    assertThat(checkedAfter())
        .as("the interface of a class that the importer's interface reaches")
        .isEqualTo(4);
    edit("middle.raya", "twice(twice(n))", "twice(n) + twice(n)");
    assertThat(checkedAfter()).as("a body in the middle").isEqualTo(1);
  }

  @Test
  void whatIsInferredFromABodyIsInterface() throws IOException {
    threeLayers();
    sources.put(
        "base.raya", sources.get("base.raya") + "export function kind(n: int) { return n; }\n");
    edit("middle.raya", "import { twice,", "import { kind, twice,");
    edit("middle.raya", "four(1)", "kind(1)");
    check();
    edit("base.raya", "{ return n; }", "{ return n + 1; }");
    assertThat(checkedAfter()).isEqualTo(1);
    edit("base.raya", "{ return n + 1; }", "{ return `${n}`; }");
    assertThat(checkedAfter()).isEqualTo(2);
    assertThat(whole()).isNotEmpty();
    edit("base.raya", "{ return `${n}`; }", "{ return n; }");
    assertThat(checkedAfter()).isEqualTo(2);
    assertThat(whole()).isEmpty();
  }

  @Test
  void warningsStayAndMoveWithTheText() throws IOException {
    threeLayers();
    edit("other.raya", "{ four }", "{ four, stored }");
    check();
    assertThat(whole()).hasSize(1);
    assertThat(checkedAfter()).isZero();
    edit("other.raya", "import", "// Here.\nimport");
    assertThat(checkedAfter()).isEqualTo(1);
    assertThat(checkedAfter()).isZero();
  }

  @Test
  void deprecationIsInterface() throws IOException {
    threeLayers();
    check();
    edit(
        "base.raya", "export function twice", "/** @deprecated too slow */\nexport function twice");
    assertThat(checkedAfter()).isEqualTo(2);
    assertThat(whole()).isNotEmpty();
    assertThat(checkedAfter()).isZero();
  }

  @Test
  void modulesThatImportEachOtherAreOne() throws IOException {
    threeLayers();
    sources.put(
        "base.raya",
        "import type { Top } from \"./middle\";\n"
            + sources.get("base.raya")
            + "export function depth(t: Top): int { return t.depth; }\n");
    sources.put(
        "middle.raya", sources.get("middle.raya") + "export interface Top { depth: int; }\n");
    assertThat(checkedAfter()).isEqualTo(4);
    assertThat(checkedAfter()).isZero();
    edit("base.raya", "n * 2", "n + n");
    assertThat(checkedAfter()).as("both of the cycle").isEqualTo(2);
    edit("middle.raya", "interface Top { depth: int; }", "interface Top { depth: string; }");
    assertThat(checkedAfter()).isEqualTo(4);
    assertThat(whole()).isNotEmpty();
  }

  @Test
  void errorsAreFoundAgainEachTime() throws IOException {
    threeLayers();
    check();
    edit("middle.raya", "new Store(four(1))", "new Store(\"no\")");
    assertThat(checkedAfter()).isEqualTo(1);
    assertThat(checkedAfter()).isEqualTo(1);
    edit("base.raya", "{ return n * 2; }", "{ return n *; }");
    checkedAfter();
    sources.remove("base.raya");
    checkedAfter();
    threeLayers();
    assertThat(checkedAfter()).isLessThanOrEqualTo(2);
    assertThat(whole()).isEmpty();
  }

  @Test
  void damagedRecordsCountAsNone() throws IOException {
    threeLayers();
    check();
    Path file = folder.resolve("check.records");
    byte[] good = Files.readAllBytes(file);
    Random random = new Random(7);
    for (int i = 0; i < 60; i++) {
      byte[] bad = i % 3 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
      if (i % 3 != 0) {
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file, bad);
      assertThat(checkedAfter()).isEqualTo(4);
    }
    Files.write(file, good);
    assertThat(checkedAfter()).isZero();
    Files.delete(file);
    Files.createDirectory(file);
    assertThat(compiler().check(request(), CheckRecords.read(folder)).checked()).isEqualTo(4);
  }

  /** A package of three modules, two of which name each other; one of them names the third. */
  private static PackageImports ring(String deep) {
    Map<String, String> modules =
        Map.of(
            "left.raya",
            """
            import type { Right } from "./right";
            import type { Deep } from "./deep";
            export interface Left { right: Right | null; deep: Deep; }
            """,
            "right.raya",
            """
            import type { Left } from "./left";
            export interface Right { left: Left; }
            """,
            "deep.raya",
            "export interface Deep { n: " + deep + "; }\n");
    Compiler.Request request =
        new Compiler.Request(
            "ring",
            "1.0.0",
            List.of(
                new Compiler.Root("", "left.raya", true),
                new Compiler.Root("right", "right.raya", true)),
            null,
            true);
    Compilation done =
        new Compiler(StandardLibrary.fromSources(), SourceTree.of(modules), PackageImports.NONE)
            .compile(request);
    RbinModule file = Objects.requireNonNull(done.module());
    return name ->
        name.equals("ring")
            ? new PackageImports.Answer.Found(file, "1.0.0", "", "ring")
            : new PackageImports.Answer.Missing(PackageImports.Reason.NOT_IN_MANIFEST, name);
  }

  @Test
  void aChangeBehindModulesOfAPackageThatNameEachOtherIsSeen() throws IOException {
    sources.put(
        "main.raya",
        """
        import type { Left } from "ring";
        export function left(it: Left): int { return it.right === null ? 0 : 1; }
        """);
    sources.put(
        "other.raya",
        """
        import type { Right } from "ring/right";
        export function deep(it: Right): int { return it.left.deep.n; }
        """);
    packages = ring("int");
    assertThat(checkedAfter()).isEqualTo(2);
    assertThat(checkedAfter()).isZero();
    packages = ring("string");
    checkedAfter();
    assertThat(whole()).isNotEmpty();
    packages = ring("int");
    checkedAfter();
    assertThat(whole()).isEmpty();
  }

  // ---- random edits ----

  /** A program of some modules; module i may import those before it. */
  private static final class Program {
    private final Random random;
    private final int[] shape;
    private final int[] body;
    private final int[] comments;
    private final int[] faults;
    private final List<List<Integer>> imports = new ArrayList<>();

    Program(Random random, int modules) {
      this.random = random;
      this.shape = new int[modules];
      this.body = new int[modules];
      this.comments = new int[modules];
      this.faults = new int[modules];
      for (int i = 0; i < modules; i++) {
        List<Integer> own = new ArrayList<>();
        for (int j = 0; j < i; j++) {
          if (random.nextInt(3) == 0) {
            own.add(j);
          }
        }
        imports.add(own);
      }
    }

    void edit() {
      int i = random.nextInt(shape.length);
      switch (random.nextInt(6)) {
        case 0 -> comments[i]++;
        case 1 -> body[i]++;
        case 2 -> shape[i] = random.nextInt(4);
        case 3 -> faults[i] = random.nextInt(5);
        case 4 -> faults[i] = 0;
        default -> {
          if (i > 0) {
            Integer j = random.nextInt(i);
            if (!imports.get(i).remove(j)) {
              imports.get(i).add(j);
            }
          }
        }
      }
    }

    String text(int i) {
      StringBuilder out = new StringBuilder();
      for (int j : imports.get(i)) {
        out.append("import { f%1$d, C%1$d } from \"./m%1$d\";\n".formatted(j));
        out.append("import type { I%1$d } from \"./m%1$d\";\n".formatted(j));
      }
      if (faults[i] == 4) {
        out.append("import type { T%1$d } from \"./m%1$d\";\n".formatted(shape.length - 1));
      }
      out.append("// comment\n".repeat(comments[i]));
      String type = List.of("int", "number", "string", "I" + i + "[]").get(shape[i]);
      String value = List.of("1", "1.5", "\"a\"", "[]").get(shape[i]);
      out.append("export interface I%d { a: int; b: %s; }\n".formatted(i, type));
      out.append("export type T%d = { kind: \"a\"; of: I%d } | { kind: \"b\" };\n".formatted(i, i));
      out.append(
          "export class C%d { constructor(readonly v: %s) {} m() { return this.v; } }\n"
              .formatted(i, type));
      out.append(
          "export function f%d(n: int) { const v: %s = %s; return v; }\n"
              .formatted(i, type, value));
      for (int j : imports.get(i)) {
        out.append(
            "export function g%1$d_%2$d() { const x = f%2$d(%3$d); return new C%2$d(x); }\n"
                .formatted(i, j, body[i]));
        if (random.nextInt(4) == 0) {
          body[i]++;
        }
        out.append("const k%1$d_%2$d: number = new C%2$d(f%2$d(1)).m();\n".formatted(i, j));
      }
      if (!imports.get(i).isEmpty()) {
        int j = imports.get(i).getFirst();
        out.append("import * as all from \"./m%d\";\n".formatted(j));
        out.append("export interface J%1$d extends I%2$d { c: int; }\n".formatted(i, j));
        out.append("export class D%1$d extends C%2$d {}\n".formatted(i, j));
        out.append("export { f%2$d as h%1$d } from \"./m%2$d\";\n".formatted(i, j));
        out.append("export function a%1$d() { return all.f%2$d(1); }\n".formatted(i, j));
        out.append("export const e%1$d = [new D%1$d(a%1$d())];\n".formatted(i));
      }
      switch (faults[i]) {
        case 1 -> out.append("const wrong: int = \"one\";\n");
        case 2 -> out.append("const missing: Missing = 1;\n");
        case 3 -> out.append("function broken( {\n");
        default -> {}
      }
      return out.toString();
    }
  }

  @Test
  void afterRandomEditsTheDiagnosticsAreThoseOfAWholeCheck() throws IOException {
    for (int seed = 0; seed < 6; seed++) {
      Program program = new Program(new Random(seed), 7);
      Path place = Files.createDirectory(folder.resolve("s" + seed));
      int left = 0;
      for (int step = 0; step < 30; step++) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (int i = 0; i < 7; i++) {
          texts.put("m" + i + ".raya", program.text(i));
        }
        List<Compiler.Root> roots = new ArrayList<>();
        texts.keySet().forEach(name -> roots.add(new Compiler.Root(name, name, true)));
        Compiler.Request request = new Compiler.Request("", "", roots, null, true);
        Compiler now =
            new Compiler(StandardLibrary.fromSources(), SourceTree.of(texts), PackageImports.NONE);
        CheckRecords records = CheckRecords.read(place);
        IncrementalCheck.Outcome outcome = now.check(request, records);
        records.save();
        left += outcome.modules() - outcome.checked();
        assertThat(lines(outcome.diagnostics()))
            .as("seed %d, step %d", seed, step)
            .isEqualTo(lines(now.check(request).diagnostics()));
        program.edit();
      }
      assertThat(left).as("modules left out").isPositive();
    }
  }
}
