package dev.raya.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.run.Running;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinReader;
import dev.raya.vm.bytecode.RbinWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Packages that import packages: compiled apart, run together. */
final class PackagesTest {
  private static final Map<String, String> SHAPES =
      Map.of(
          "src/index.raya",
          """
          import { Base } from "./base";
          export interface Visitor { visit(s: Shape): string; }
          export abstract class Shape extends Base {
            static made: int = 0;
            private secret: int = 7;
            constructor(readonly name: string, protected tags: string[] = []) { super(); Shape.made++; }
            abstract area(): number;
            describe(): string { return `${this.name}/${this.area()}/${this.secret}/${this.id()}`; }
            get tagCount(): int { return this.tags.length; }
            accept(v: Visitor): string { return v.visit(this); }
            static reset(): void { Shape.made = 0; }
          }
          export class Square extends Shape {
            constructor(public side: number) { super("square"); }
            area(): number { return this.side * this.side; }
            toString(): string { return `[${this.side}]`; }
          }
          export class ShapeError extends RangeError {
            constructor(readonly code: int) { super(`shape error ${code}`); }
          }
          /** A square of side one. */
          export const UNIT: Square = new Square(1);
          export const limits = { low: 0.5, high: 10 };
          export type Maker = (side: number) => Shape;
          export function total(shapes: readonly Shape[], scale: number = 1): number {
            let sum = 0;
            for (const s of shapes) { sum += s.area() * scale; }
            return sum;
          }
          export function find(shapes: readonly Shape[], name?: string): Shape | null {
            return shapes.find((s) => name === null || s.name === name);
          }
          export function fail(code: int): never { throw new ShapeError(code); }
          export function count(...shapes: Shape[]): Map<string, int> {
            const counts = new Map<string, int>();
            for (const s of shapes) { counts.set(s.name, counts.getOr(s.name, 0) + 1); }
            return counts;
          }
          console.log("shapes loaded");
          """,
          "src/base.raya",
          """
          export class Base { private hidden: string = "h"; id(): string { return this.hidden; } }
          """,
          "src/text.raya",
          """
          import { Shape } from "./index";
          export function label(s: Shape): string { return `<${s.describe()}>`; }
          """);

  private static final Map<String, String> APP =
      Map.of(
          "main.raya",
          """
          import { Shape, Square, ShapeError, Visitor, UNIT, limits, Maker, total, find, fail, count } from "shapes";
          import { label } from "shapes/text";
          class Circle extends Shape {
            constructor(private r: number) { super("circle", ["round"]); }
            area(): number { return 3 * this.r * this.r; }
            override describe(): string { return "O " + super.describe(); }
          }
          class Names implements Visitor { visit(s: Shape): string { return s.name; } }
          const make: Maker = (side) => new Square(side);
          const all: Shape[] = [new Circle(2), make(3), UNIT];
          console.log(all.map((s) => s.describe()), label(all[0]));
          console.log(total(all), total(all, 2), find(all)?.name, find(all, "square")?.area(), find(all, "x"));
          console.log(all[0].accept(new Names()), all[0].tagCount, Shape.made, limits.high, UNIT.side, [UNIT]);
          try { fail(4); } catch (e: ShapeError) { console.log(e.code, e.message, e.name); }
          console.log(count(...all), new Square(9));
          Shape.reset();
          UNIT.side = 5;
          console.log(Shape.made, UNIT.area());
          """);

  @Test
  void anApplicationUsesAPackagesClassesFunctionsAndConstants() throws Exception {
    RbinModule shapes = shapes();
    RbinModule app = app(shapes);

    Running.Outcome outcome =
        Running.run(
            Map.of("main", RbinWriter.write(app), "shapes", RbinWriter.write(shapes)), List.of());

    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output())
        .isEqualTo(
            """
            shapes loaded
            ["O circle/12/7/h", "square/9/7/h", "square/1/7/h"] <O circle/12/7/h>
            22 44 circle 9 null
            circle 1 3 10 1 [[1]]
            4 shape error 4 ShapeError
            Map(2) { "circle" => 1, "square" => 2 } [9]
            0 25
            """);
  }

  @Test
  void theSameSourcesGiveTheSameBytesInAnyOrder() {
    Map<String, String> reversed = new LinkedHashMap<>();
    SHAPES.keySet().stream()
        .sorted(java.util.Comparator.reverseOrder())
        .forEach(name -> reversed.put(name, Objects.requireNonNull(SHAPES.get(name))));

    assertThat(RbinWriter.write(compile("shapes", "1.2.0", reversed, PackageImports.NONE)))
        .isEqualTo(RbinWriter.write(shapes()));
  }

  @Test
  void declarationsAreWrittenAsText() {
    assertThat(RdefText.of(shapes()))
        .startsWith("declare module \"shapes\" {\n")
        .contains("export class Square extends Shape {")
        .contains("export function find ( shapes : readonly Shape [ ] , name ? :")
        .contains("  /** A square of side one. */\n  export const UNIT : Square ;")
        .contains("declare module \"shapes/text\" {")
        .doesNotContain("secret");
  }

  @Test
  void theIntermediateRepresentationHasATextForPeople() {
    Compilation done =
        compilation(
            "",
            Map.of("main.raya", "let i = 1;\nwhile (i < 3) { i++; }\nconsole.log(i);\n"),
            PackageImports.NONE);

    assertThat(dev.raya.compiler.ir.IrText.of(Objects.requireNonNull(done.ir())))
        .isEqualTo(
            """
            module 0 ""
            global 0 i: int

            function 0 <module> () => void
              b0:
                ; main.raya:1:5
                INT 1
                STORE_GLOBAL i
                ; main.raya:2:1
                JUMP b2
              b1:
                ; main.raya:2:17
                LOAD_GLOBAL i
                INT 1
                IADD
                STORE_GLOBAL i
                JUMP b2
              b2:
                LOAD_GLOBAL i
                INT 3
                ILT
                JMP_IF_TRUE b1 else b3
              b3:
                ; main.raya:3:1
                LOAD_GLOBAL i
                TO_STRING
                CALL_BUILTIN console.log argc 1
                RETURN_VOID
            """);
  }

  @Test
  void aPrivateMemberOfAnotherPackageIsRefused() {
    Compilation done =
        compilation(
            "",
            Map.of("main.raya", "import { UNIT } from \"shapes\";\nconsole.log(UNIT.secret);\n"),
            imports(shapes()));

    assertThat(done.diagnostics().stream().filter(Diagnostic::isError).map(d -> d.code().code()))
        .containsAnyOf("RAYA-E0209", "RAYA-E0210");
  }

  @Test
  void importsThatNameNothingAreRefusedWithTheirCodes() {
    assertThat(code("import { x } from \"unknown\";")).isEqualTo("RAYA-E0505");
    assertThat(code("import { x } from \"shapes/none\";")).isEqualTo("RAYA-E0510");
    assertThat(code("import { x } from \"shapes\";")).isEqualTo("RAYA-E0503");
    assertThat(code("import { UNIT } from \"shapes@^2.0\";")).isEqualTo("RAYA-E0506");
    assertThat(code("import { x } from \"raya:none\";")).isEqualTo("RAYA-E0508");
    assertThat(code("import { x } from \"./none\";")).isEqualTo("RAYA-E0501");
    assertThat(code("import { x } from \"https://example.com/a\";")).isEqualTo("RAYA-E0507");
    assertThat(code("import { x } from \"No Name\";")).isEqualTo("RAYA-E0514");
  }

  private static String code(String source) {
    return compilation("", Map.of("main.raya", source), imports(shapes())).diagnostics().stream()
        .filter(Diagnostic::isError)
        .findFirst()
        .orElseThrow()
        .code()
        .code();
  }

  private static RbinModule shapes() {
    return compile("shapes", "1.2.0", SHAPES, PackageImports.NONE);
  }

  private static RbinModule app(RbinModule shapes) {
    return module(compilation("", APP, imports(shapes)));
  }

  private static PackageImports imports(RbinModule shapes) {
    return name ->
        name.equals("shapes")
            ? new PackageImports.Answer.Found(shapes, "1.2.0", "^1.0.0", "shapes 1.2.0")
            : new PackageImports.Answer.Missing(PackageImports.Reason.NOT_IN_MANIFEST, "add it");
  }

  private static RbinModule compile(
      String name, String version, Map<String, String> sources, PackageImports imports) {
    return module(
        new Compiler(StandardLibrary.fromSources(), SourceTree.of(sources), imports)
            .compile(
                new Compiler.Request(
                    name,
                    version,
                    List.of(
                        new Compiler.Root("", "src/index.raya", true),
                        new Compiler.Root("text", "src/text.raya", true)),
                    null,
                    true)));
  }

  private static Compilation compilation(
      String name, Map<String, String> sources, PackageImports imports) {
    return new Compiler(StandardLibrary.fromSources(), SourceTree.of(sources), imports)
        .compile(
            new Compiler.Request(
                name, "", List.of(new Compiler.Root("", "main.raya", true)), "main.raya", true));
  }

  private static RbinModule module(Compilation done) {
    assertThat(done.diagnostics().stream().filter(Diagnostic::isError)).isEmpty();
    try {
      return RbinReader.read(RbinWriter.write(Objects.requireNonNull(done.module())));
    } catch (dev.raya.vm.bytecode.RbinException e) {
      throw new AssertionError(e);
    }
  }
}
