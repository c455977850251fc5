package dev.raya.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.run.Running;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinReader;
import dev.raya.vm.bytecode.RbinWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Generics of packages, compiled by those who import them (language.md 11, rbin.md 3.12). */
final class TemplatesTest {
  private static final Map<String, String> BOXES =
      Map.of(
          "src/index.raya",
          """
          import { clamp, Range } from "./range";
          import * as words from "./words";
          export class Box<T> {
            static made: int = 0;
            private static readonly label: string = "box";
            private seen: int = 0;
            constructor(private value: T) { Box.made++; note(`made ${Box.label}`); }
            get(): T { this.count(); return this.value; }
            private count(): void { this.seen++; }
            get reads(): int { return this.seen; }
            map<U>(f: (v: T) => U): Box<U> { return new Box<U>(f(this.value)); }
          }
          export class Named<T> extends Box<T> implements Range<T> {
            readonly low: T;
            constructor(readonly name: string, value: T) { super(value); this.low = value; }
            override get(): T { note(this.name); return super.get(); }
          }
          const notes: string[] = [];
          let serial = 100;
          export function numbered<T>(value: T): string { serial++; return `${serial}:${value}`; }
          function note(text: string): void { notes.push(text); }
          export function history(): string { return notes.join(";"); }
          export interface Pair<A, B = A> { readonly first: A; readonly second: B; }
          export type Maybe<T> = T | null;
          export function pair<A, B>(first: A, second: B): Pair<A, B> { return { first, second }; }
          export function boxed(n: number): Box<number> { return new Box<number>(n); }
          export function open(b: Box<number>): number { return b.get() + clamp(5, 0, 1); }
          function twice<T>(f: (v: T) => T, v: T): T { return f(f(v)); }
          export { twice as again };
          export function greet<T>(value: T): string { return `${words.HELLO}, ${value}${/*!*/ "!"}`; }
          export class Bag {
            private items: string[] = [];
            add<T>(value: T): Bag { this.push(`${value}`); return this; }
            private push(text: string): void { this.items.push(text); }
            toString(): string { return this.items.join("+"); }
            static of<T>(...values: T[]): Bag {
              const bag = new Bag();
              for (const v of values) { bag.add(v); }
              return bag;
            }
          }
          export async function later<T>(make: () => T): Task<T> { return make(); }
          export function sizeOf<T extends { readonly length: int }>(value: T): int { return value.length; }
          """,
          "src/range.raya",
          """
          export interface Range<T> { readonly low: T; }
          export function clamp(x: number, low: number, high: number): number {
            return Math.min(Math.max(x, low), high);
          }
          """,
          "src/words.raya",
          """
          export const HELLO = "hello";
          """);

  private static final Map<String, String> APP =
      Map.of(
          "main.raya",
          """
          import { Box, Named, Pair, Maybe, pair, boxed, open, again, greet, Bag, later, sizeOf, history, numbered } from "boxes";
          class Point { constructor(public x: int) {} }
          const b = new Box(21);
          const p = b.map((v) => new Point(int(v)));
          console.log(b.get() * 2, p.get(), p.reads, Box.made);
          const named = new Named("n", "text");
          const asBox: Box<string> = named;
          console.log(asBox.get(), named.low, named.reads);
          const q: Pair<int, string> = pair(1, "one");
          const m: Maybe<Point> = null;
          console.log(q, m, again((n: number) => n + 1, 5), greet([1]));
          const theirs = boxed(7);
          console.log(theirs.get(), open(theirs), open(new Box<number>(2)), theirs);
          console.log(`${Bag.of<string | number>(1, "a").add(true)}`, sizeOf("four"), sizeOf([1, 2]));
          console.log(history(), numbered("a"), numbered(1));
          Box.made = 0;
          console.log(boxed(1).get(), Box.made);
          async function main(): Task<void> { console.log(await later(() => p.get().x)); }
          """);

  @Test
  void anApplicationCompilesThePackagesGenerics() throws Exception {
    RbinModule boxes = compile("boxes", "1.0.0", BOXES, PackageImports.NONE);
    RbinModule app = app(boxes, APP);

    Running.Outcome outcome =
        Running.run(
            Map.of("main", RbinWriter.write(app), "boxes", RbinWriter.write(boxes)), List.of());

    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output())
        .isEqualTo(
            """
            42 Point { x: 21 } 1 2
            text text 1
            { first: 1, second: "one" } null 7 hello, [1]!
            7 8 3 Box {}
            1+a+true 4 2
            made box;made box;made box;n;made box;made box 101:a 102:1
            1 1
            21
            """);
  }

  @Test
  void aPackageInBetweenUsesGenericsOfAnotherOne() throws Exception {
    RbinModule boxes = compile("boxes", "1.0.0", BOXES, PackageImports.NONE);
    PackageImports imports = imports(Map.of("boxes", boxes));
    RbinModule middle =
        compile(
            "middle",
            "1.0.0",
            Map.of(
                "src/index.raya",
                """
                import { Box, pair, Pair } from "boxes";
                export function wrap<T>(value: T): Box<T> { return new Box<T>(value); }
                export function numbers(): Box<number> { return wrap(3); }
                export function both<T>(a: T): Pair<T, T> { return pair(a, a); }
                """),
            imports);
    RbinModule app =
        compileApp(
            imports(Map.of("boxes", boxes, "middle", middle)),
            """
            import { wrap, numbers, both } from "middle";
            import { open } from "boxes";
            console.log(wrap("w").get(), open(numbers()), open(wrap(4)), both(1.5));
            """);

    Running.Outcome outcome =
        Running.run(
            Map.of(
                "main", RbinWriter.write(app),
                "boxes", RbinWriter.write(boxes),
                "middle", RbinWriter.write(middle)),
            List.of());

    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output()).isEqualTo("w 4 5 { first: 1.5, second: 1.5 }\n");
  }

  @Test
  void classesOfPackagesAreMadeFromJson() throws Exception {
    RbinModule shapes =
        compile(
            "shapes",
            "1.0.0",
            Map.of(
                "src/index.raya",
                """
                export class Point {
                  tags: string[] = [];
                  private scale: number = 2;
                  constructor(public x: number) {}
                  scaled(): number { return this.x * this.scale; }
                }
                export interface Drawing { points: Point[]; }
                """),
            PackageImports.NONE);
    RbinModule app =
        compileApp(
            imports(Map.of("shapes", shapes)),
            """
            import { Point, Drawing } from "shapes";
            const p = JSON.parse('{"x":3,"tags":["a"]}') as Point;
            console.log(p, p.scaled());
            console.log(JSON.decode<Drawing>('{"points":[{"x":1,"tags":[]},{"x":2}]}'));
            """);

    Running.Outcome outcome =
        Running.run(
            Map.of("main", RbinWriter.write(app), "shapes", RbinWriter.write(shapes)), List.of());

    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output())
        .isEqualTo(
            """
            Point { x: 3, tags: ["a"] } 6
            { status: "error", error: TypeError: $.points[1].tags expected array, got absent }
            """);
  }

  @Test
  void namespacesStaticAccessorsAndGenericConstantsAreExported() throws Exception {
    RbinModule shapes =
        compile(
            "shapes",
            "1.0.0",
            Map.of(
                "src/index.raya",
                """
                export * as geo from "./geo";
                export * as std from "raya:std";
                export const pair = <A, B>(a: A, b: B): [A, B] => [a, b];
                export class Scale {
                  private static n: int = 1;
                  static get size(): int { return Scale.n; }
                  static set size(x: int) { Scale.n = x; }
                  static show<T>(x: T): string { return `${x}*${Scale.size}`; }
                }
                """,
                "src/geo.raya",
                """
                export class Rect { constructor(public w: int, public h: int) {} }
                export const UNIT = "m";
                export interface Size<T> { v: T; }
                export function area(r: Rect): int { return r.w * r.h; }
                export function twice<T>(x: T): T[] { return [x, x]; }
                """),
            PackageImports.NONE);
    RbinModule app =
        compileApp(
            imports(Map.of("shapes", shapes)),
            """
            import { geo, std, pair, Scale } from "shapes";
            const r: geo.Rect = new geo.Rect(2, 3);
            const s: geo.Size<int> = { v: 1 };
            console.log(geo.area(r), geo.UNIT, geo.twice(4), s, std.format("{}!", 1));
            Scale.size = 5;
            console.log(pair(1, "a"), Scale.size, Scale.show(2));
            """);
    Map<String, byte[]> files = new java.util.HashMap<>();
    files.put("main", RbinWriter.write(app));
    files.put("shapes", RbinWriter.write(shapes));
    files.put(
        "raya:std",
        RbinWriter.write(Objects.requireNonNull(StandardLibrary.fromSources().module("std"))));

    Running.Outcome outcome = Running.run(files, List.of());

    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output()).isEqualTo("6 m [4, 4] { v: 1 } 1!\n[1, \"a\"] 5 2*5\n");
    assertThat(RdefText.of(shapes)).contains("export * as geo from");
  }

  @Test
  void genericMethodsUseThePrivateFieldsOfTheirClass() throws Exception {
    RbinModule bags =
        compile(
            "bags",
            "1.0.0",
            Map.of(
                "src/index.raya",
                """
                class Bag {
                  private items: string[] = [];
                  private readonly least: int = 4;
                  private count: int = 0;
                  private spare: Bag | null = null;
                  private static made = 0;
                  constructor(private name: string) { Bag.made++; }
                  add<T>(value: T): Bag {
                    this.items.push(`${value}`);
                    this.count += 2;
                    this.count++;
                    this.spare ??= new Bag("spare");
                    this.spare.name = this.name + "'";
                    return this;
                  }
                  map<T>(make: (item: string) => T): T[] {
                    return this.items.map((item, i) => make(item + `${this.least + i}`));
                  }
                  same<T>(other: Bag, value: T): T | null {
                    return this.items.length === other.items.length ? value : null;
                  }
                  toString(): string { return `${this.count} ${this.spare?.name} ${Bag.made}`; }
                }
                export { Bag as Sack };
                """),
            PackageImports.NONE);
    RbinModule app =
        compileApp(
            imports(Map.of("bags", bags)),
            """
            import { Sack } from "bags";
            class Mine extends Sack {
              constructor() { super("mine"); }
              all<T>(value: T): Sack { return this.add([value]).add(value); }
            }
            const sack = new Sack("a").add(1).add("x");
            console.log(`${sack}`, sack.map((item) => item.length), sack.map((item) => item));
            console.log(sack.same(new Mine().all(2), "same"), sack.same(new Mine(), 1), new Mine());
            """);

    Running.Outcome outcome =
        Running.run(
            Map.of("main", RbinWriter.write(app), "bags", RbinWriter.write(bags)), List.of());

    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output()).isEqualTo("6 a' 2 [2, 2] [\"14\", \"x5\"]\nsame null 0 null 6\n");
  }

  @Test
  void castsInPackagesCheckTheLiteralsThatImportersGive() throws Exception {
    RbinModule config =
        compile(
            "config",
            "1.0.0",
            Map.of(
                "src/index.raya",
                """
                export function load<T>(text: string): T { return JSON.parse(text) as T; }
                export class Stored<T> {
                  constructor(private text: string) {}
                  get(): T[] { return load<T[]>(this.text); }
                }
                """),
            PackageImports.NONE);
    RbinModule app =
        compileApp(
            imports(Map.of("config", config)),
            """
            import { load, Stored } from "config";
            type Level = "low" | "high";
            const levels: Stored<Level> = new Stored<Level>('["low"]');
            console.log(load<Level>('"high"'), levels.get(), new Stored<string>('["x"]').get());
            try { load<Level>('"x"'); } catch (e) { console.log(e.message); }
            try { new Stored<Level>('["x"]').get(); } catch (e) { console.log(e.message); }
            """);

    Running.Outcome outcome =
        Running.run(
            Map.of("main", RbinWriter.write(app), "config", RbinWriter.write(config)), List.of());

    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output())
        .isEqualTo(
            """
            high ["low"] ["x"]
            cannot cast json to "low" | "high": $ expected "low" or "high", got "x"
            cannot cast json to ("low" | "high")[]: $[0] expected "low" or "high", got "x"
            """);
  }

  @Test
  void importersDoNotSeeWhatOnlyTemplatesReach() throws Exception {
    RbinModule boxes = compile("boxes", "1.0.0", BOXES, PackageImports.NONE);
    Compilation done =
        new Compiler(
                StandardLibrary.fromSources(),
                SourceTree.of(
                    Map.of("main.raya", "import { note } from \"boxes\";\nnote(\"x\");\n")),
                imports(Map.of("boxes", boxes)))
            .compile(
                new Compiler.Request(
                    "", "", List.of(new Compiler.Root("", "main.raya", true)), "main.raya", true));
    assertThat(done.diagnostics().stream().filter(Diagnostic::isError).map(d -> d.code().code()))
        .contains("RAYA-E0503");
  }

  @Test
  void templatesAreTokensWithoutCommentsAndLayout() {
    assertThat(RdefText.of(compile("boxes", "1.0.0", BOXES, PackageImports.NONE)))
        .contains("function again < T > ( f : ( v : T ) => T , v : T ) : T")
        .contains("\"!\"")
        .doesNotContain("/*!*/");
  }

  private static RbinModule app(RbinModule boxes, Map<String, String> sources) throws Exception {
    return compileApp(
        imports(Map.of("boxes", boxes)), Objects.requireNonNull(sources.get("main.raya")));
  }

  private static RbinModule compileApp(PackageImports imports, String source) throws Exception {
    Compilation done =
        new Compiler(
                StandardLibrary.fromSources(), SourceTree.of(Map.of("main.raya", source)), imports)
            .compile(
                new Compiler.Request(
                    "", "", List.of(new Compiler.Root("", "main.raya", true)), "main.raya", true));
    assertThat(done.diagnostics().stream().filter(Diagnostic::isError)).isEmpty();
    return RbinReader.read(RbinWriter.write(Objects.requireNonNull(done.module())));
  }

  private static RbinModule compile(
      String name, String version, Map<String, String> sources, PackageImports imports) {
    Compilation done =
        new Compiler(StandardLibrary.fromSources(), SourceTree.of(sources), imports)
            .compile(
                new Compiler.Request(
                    name,
                    version,
                    List.of(new Compiler.Root("", "src/index.raya", true)),
                    null,
                    true));
    assertThat(done.diagnostics().stream().filter(Diagnostic::isError)).isEmpty();
    try {
      return RbinReader.read(RbinWriter.write(Objects.requireNonNull(done.module())));
    } catch (dev.raya.vm.bytecode.RbinException e) {
      throw new AssertionError(e);
    }
  }

  private static PackageImports imports(Map<String, RbinModule> packages) {
    return name -> {
      RbinModule file = packages.get(name);
      return file == null
          ? new PackageImports.Answer.Missing(PackageImports.Reason.NOT_IN_MANIFEST, "add it")
          : new PackageImports.Answer.Found(file, "1.0.0", "^1.0.0", name + " 1.0.0");
    };
  }
}
