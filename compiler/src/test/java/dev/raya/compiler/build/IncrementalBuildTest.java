package dev.raya.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.digest.Digest;
import dev.raya.compiler.ir.IrPart;
import dev.raya.vm.bytecode.RbinWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
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

/** Builds that leave out what is as it was make what whole builds make, byte for byte. */
final class IncrementalBuildTest {
  private static final StandardLibrary LIBRARY = StandardLibrary.fromSources();
  private static final Digest INPUTS = Digest.of("inputs".getBytes(StandardCharsets.UTF_8));

  @TempDir Path folder;

  private final Map<String, String> sources = new LinkedHashMap<>();

  private static Compiler.Request request() {
    return new Compiler.Request(
        "demo",
        "1.0.0",
        List.of(
            new Compiler.Root("", "main.raya", true),
            new Compiler.Root("tools", "tools.raya", true),
            new Compiler.Root("run.raya", "run.raya", false)),
        "main.raya",
        true);
  }

  private Compiler compiler(int threads) {
    return new Compiler(LIBRARY, SourceTree.of(sources), PackageImports.NONE, threads);
  }

  private Compiler.Made build(int threads) {
    CheckRecords checks = CheckRecords.read(folder);
    PartRecords parts = PartRecords.of(folder, INPUTS, false);
    Compiler.Made made = compiler(threads).build(request(), checks, parts);
    checks.saveIfPossible();
    if (made.compilation().module() != null) {
      parts.saveIfPossible();
    }
    return made;
  }

  /**
   * Builds with what is remembered, compares with a whole build, and says what code was made of.
   */
  private int madeAfter() {
    Compiler.Made made = build(2);
    Compilation whole = compiler(1).compile(request());
    assertThat(made.compilation().diagnostics()).hasToString(whole.diagnostics().toString());
    assertThat(made.compilation().succeeded()).isEqualTo(whole.succeeded());
    if (whole.module() != null) {
      assertThat(RbinWriter.write(Objects.requireNonNull(made.compilation().module())))
          .isEqualTo(RbinWriter.write(whole.module()));
    }
    return made.made();
  }

  /** main imports middle and tools, run imports middle, which imports base. */
  private void layers() {
    sources.put(
        "base.raya",
        """
        export interface Point { x: int; y: int; }
        class Hidden { constructor(readonly secret: int) {} more(): int { return this.secret + 1; } }
        export class Store {
          static made: int = 0;
          constructor(private n: int) { Store.made++; }
          get(): int { return this.n; }
        }
        export function hide(n: int) { return new Hidden(n); }
        export function twice(n: int): int { return small(n) * 2; }
        function small(n: int): int { return n + 3; }
        """);
    sources.put(
        "middle.raya",
        """
        import { twice, hide, Store } from "./base";
        export function four(n: int): int { return twice(twice(n)) + hide(n).more(); }
        export function stored(): Store { return new Store(four(1)); }
        """);
    sources.put(
        "tools.raya",
        """
        export interface Place { x: int; y: int; }
        /** The first. */
        export function first<T>(list: T[]): T { return list[0]; }
        export class Cell<T> {
          constructor(public value: T) {}
          get(): T { return this.value; }
        }
        export function far(p: Place): int { return p.x * p.x + p.y * p.y; }
        """);
    sources.put(
        "main.raya",
        """
        import { four, stored } from "./middle";
        import { first, Cell } from "./tools";
        function main(): void {
          console.log(`${four(2)} ${stored().get()} ${first([1, 2])} ${new Cell<string>("a").get()}`);
        }
        """);
    sources.put(
        "run.raya",
        """
        import { four } from "./middle";
        function main(): void { console.log(four(3)); }
        """);
  }

  private void edit(String name, String old, String now) {
    String before = String.valueOf(sources.get(name));
    assertThat(before).contains(old);
    sources.put(name, before.replace(old, now));
  }

  @Test
  void codeIsMadeOfWhatAnEditConcerns() {
    layers();
    assertThat(madeAfter()).isEqualTo(5);
    assertThat(madeAfter()).as("nothing to do").isZero();
    edit("base.raya", "export interface", "// A point.\nexport interface");
    assertThat(madeAfter()).as("a comment").isEqualTo(1);
    edit("base.raya", "n + 3", "n + 4");
    assertThat(madeAfter()).as("a body").isEqualTo(1);
    edit("base.raya", "twice(n: int)", "twice(n: int, m: int = 0)");
    assertThat(madeAfter()).as("an interface: the module and its importer").isEqualTo(2);
    edit("base.raya", "private n: int", "readonly z: int, private n: int");
    edit("middle.raya", "new Store(", "new Store(0, ");
    assertThat(madeAfter()).as("the layout of a class that an interface reaches").isEqualTo(4);
    edit("middle.raya", "twice(twice(n))", "twice(n) + twice(n)");
    assertThat(madeAfter()).as("a body in the middle").isEqualTo(1);
  }

  @Test
  void bodiesOfGenericsBelongToThoseThatHaveInstances() {
    layers();
    madeAfter();
    edit("tools.raya", "return list[0];", "return list[list.length - 1];");
    assertThat(madeAfter()).as("the module and the one with instances").isEqualTo(2);
    edit("main.raya", "first([1, 2])", "first([\"x\"])");
    assertThat(madeAfter()).as("another instance").isEqualTo(1);
    edit("tools.raya", "get(): T", "get(): T | null");
    assertThat(madeAfter()).isEqualTo(2);
  }

  /** What a cast of json depends on is seen through the modules between. */
  @Test
  void whetherTypesAreMadeFromJsonIsPartOfAnInterface() {
    layers();
    String decodes =
        """
        const found = JSON.decode<T>(text);
          if (found.status === "ok") { return found.value; }
          throw found.error;""";
    String refuses = "throw new Error(text);";
    sources.put(
        "json.raya", "export function decode<T>(text: string): T {\n  " + decodes + "\n}\n");
    sources.put(
        "gen.raya",
        """
        import { decode } from "./json";
        export class Box<T> {
          constructor(readonly v: T) {}
          conv<U>(u: U): T { return decode<T>(`${u}`); }
        }
        """);
    sources.put(
        "mid.raya",
        """
        import { Box } from "./gen";
        export function use(b: Box<1 | 2>): int { return b.v === 2 ? b.conv<int>(1) : b.v; }
        """);
    sources.put(
        "main.raya",
        """
        import { Box } from "./gen";
        import { use } from "./mid";
        function main(): void { console.log(use(new Box<1 | 2>(1))); }
        """);
    madeAfter();
    assertThat(madeAfter()).as("nothing to do").isZero();
    edit("json.raya", decodes, refuses);
    assertThat(madeAfter()).isEqualTo(4);
    edit("json.raya", refuses, decodes);
    assertThat(madeAfter()).isEqualTo(4);
    edit("json.raya", "throw found.error;", "console.log(text); throw found.error;");
    assertThat(madeAfter()).as("the module and the one with an instance").isEqualTo(2);
    edit("mid.raya", "b.v === 2 ? b.conv<int>(1) : b.v", "b.v");
    madeAfter();
    edit("json.raya", "console.log(text); throw found.error;", "throw found.error;");
    madeAfter();
    edit("json.raya", decodes, refuses);
    madeAfter();

    // Types that JSON cannot make are refused once they are made from it.
    edit("main.raya", "new Box<1 | 2>(1))", "new Box<1 | 2>(1)) + new Box<() => int>(() => 1).v()");
    madeAfter();
    edit("json.raya", refuses, decodes);
    assertThat(build(2).compilation().succeeded()).isFalse();
    madeAfter();
    edit("json.raya", decodes, refuses);
    madeAfter();
    edit("main.raya", " + new Box<() => int>(() => 1).v()", "");
    edit(
        "mid.raya",
        "export",
        "import { decode } from \"./json\";\n"
            + "export function never<Q>(q: Q): Q { const f = decode<() => int>(\"1\"); f(); return q; }\nexport");
    madeAfter();
    edit("json.raya", refuses, decodes);
    assertThat(build(2).compilation().succeeded()).isFalse();
    madeAfter();
  }

  @Test
  void whatIsRemovedIsForgotten() {
    layers();
    madeAfter();
    sources.put("extra.raya", "export function extra(): int { return 1; }\n");
    edit("run.raya", "import", "import { extra } from \"./extra\";\nimport");
    edit("run.raya", "four(3)", "four(3) + extra()");
    assertThat(madeAfter()).isEqualTo(2);
    layers();
    sources.remove("extra.raya");
    assertThat(madeAfter()).isEqualTo(1);
    assertThat(PartRecords.of(folder, INPUTS, false).modules())
        .containsExactlyInAnyOrder(
            "", "main.raya", "tools.raya", "run.raya", "middle.raya", "base.raya");
  }

  @Test
  void errorsAreThoseOfAWholeBuild() {
    layers();
    madeAfter();
    edit("base.raya", "n + 3", "n + \"no\" * 3");
    madeAfter();
    edit("base.raya", "n + \"no\" * 3", "n + ");
    madeAfter();
    layers();
    assertThat(madeAfter()).isZero();
    edit("tools.raya", "return list[0];", "return JSON.parse(\"1\") as T;");
    madeAfter();
    edit("main.raya", "first([1, 2])", "first([() => 1])()");
    assertThat(build(2).compilation().succeeded()).isFalse();
    madeAfter();
  }

  @Test
  void otherInputsMakeEverythingAnew() {
    layers();
    madeAfter();
    PartRecords other =
        PartRecords.of(folder, Digest.of("others".getBytes(StandardCharsets.UTF_8)), false);
    assertThat(other.modules()).isEmpty();
    assertThat(PartRecords.of(folder, INPUTS, true).modules()).isEmpty();
  }

  @Test
  void damagedRecordsCountAsNone() throws IOException {
    layers();
    madeAfter();
    Path file = folder.resolve("code.records");
    byte[] good = Files.readAllBytes(file);
    byte[] expected =
        RbinWriter.write(Objects.requireNonNull(compiler(1).compile(request()).module()));
    Random random = new Random(11);
    for (int i = 0; i < 12; i++) {
      byte[] bad = i % 4 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
      if (i % 4 != 0) {
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file, bad);
      Compiler.Made made = build(2);
      assertThat(RbinWriter.write(Objects.requireNonNull(made.compilation().module())))
          .isEqualTo(expected);
      // What the head says is damaged as a whole, the bytes of one part for themselves.
      assertThat(made.made()).isBetween(0, 5);
    }
    Files.delete(file);
    Files.createDirectory(file);
    assertThat(build(2).made()).isEqualTo(5);
  }

  @Test
  void recordsThatAreTooLargeForTheMemoryCountAsNone() throws IOException {
    layers();
    build(2);
    try (RandomAccessFile file =
        new RandomAccessFile(folder.resolve("code.records").toFile(), "rw")) {
      file.setLength(PartRecords.MAX_BYTES + 1L);
    }
    assertThat(PartRecords.of(folder, INPUTS, false).modules()).isEmpty();
    assertThat((long) PartRecords.MAX_BYTES)
        .isLessThanOrEqualTo(Runtime.getRuntime().maxMemory() / 8);
  }

  @Test
  void anotherArchiveIsAnotherCompiler() throws IOException {
    Path compiler = Files.writeString(folder.resolve("compiler.jar"), "a");
    Path format = Files.writeString(folder.resolve("format.jar"), "b");
    String before = CompilerIdentity.text(List.of(compiler, format));
    assertThat(before).startsWith(Compiler.VERSION + " ");
    assertThat(CompilerIdentity.text(List.of(compiler, format))).isEqualTo(before);
    Files.writeString(format, "c");
    assertThat(CompilerIdentity.text(List.of(compiler, format))).isNotEqualTo(before);
  }

  /** Bytes that pass for whole but are none: the reader refuses them or reads a part. */
  @Test
  void bytesOfNoPartAreRefused() {
    layers();
    Random random = new Random(5);
    for (IrPart part : Objects.requireNonNull(compiler(1).compile(request()).parts()).parts()) {
      byte[] good = PartWriter.bytes(part);
      IrPart again = read(good, part);
      assertThat(again).isEqualTo(part);
      for (int i = 0; i < 400; i++) {
        byte[] bad = good.clone();
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
          bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
        }
        read(bad, part);
      }
    }
  }

  private static IrPart read(byte[] bytes, IrPart like) {
    try {
      return PartReader.read(bytes, 0, bytes.length, like.content().meta());
    } catch (IOException refused) {
      return like;
    }
  }

  // ---- random edits ----

  /** A package of some modules that use most of the language; module i may import those before. */
  private static final class Program {
    private static final int MODULES = 6;

    private final Random random;
    private final int[] shape = new int[MODULES];
    private final int[] body = new int[MODULES];
    private final int[] comments = new int[MODULES];
    private final int[] instance = new int[MODULES];
    private final List<List<Integer>> imports = new ArrayList<>();
    private int exported = 2;

    Program(Random random) {
      this.random = random;
      for (int i = 0; i < MODULES; i++) {
        List<Integer> own = new ArrayList<>();
        for (int j = 0; j < i; j++) {
          if (random.nextInt(2) == 0) {
            own.add(j);
          }
        }
        imports.add(own);
      }
    }

    void edit() {
      int i = random.nextInt(MODULES);
      switch (random.nextInt(8)) {
        case 0 -> comments[i]++;
        case 1, 2 -> body[i]++;
        case 3 -> shape[i] = random.nextInt(4);
        case 4, 5 -> instance[i] = random.nextInt(4);
        case 6 -> exported = random.nextInt(MODULES);
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

    Compiler.Request request() {
      List<Compiler.Root> roots = new ArrayList<>();
      roots.add(new Compiler.Root("", "m" + (MODULES - 1) + ".raya", true));
      roots.add(new Compiler.Root("m" + exported, "m" + exported + ".raya", exported % 2 == 0));
      for (int i = 0; i < MODULES; i++) {
        String name = "m" + i + ".raya";
        if (roots.stream().noneMatch(root -> root.file().equals(name))) {
          roots.add(new Compiler.Root(name, name, false));
        }
      }
      return new Compiler.Request("demo", "1.0.0", roots, "m" + (MODULES - 1) + ".raya", true);
    }

    String text(int i) {
      StringBuilder out = new StringBuilder();
      for (int j : imports.get(i)) {
        out.append(
            "import { f%1$d, C%1$d, Box%1$d, pair%1$d, hide%1$d, read%1$d, total%1$d } from \"./m%1$d\";\n"
                .formatted(j));
        out.append("import type { I%1$d, T%1$d } from \"./m%1$d\";\n".formatted(j));
      }
      out.append("// comment\n".repeat(comments[i]));
      out.append(
          """
          /** What %1$d has. */
          export interface I%1$d { readonly a: int; b: %2$s; }
          export type T%1$d = { kind: "a"; of: I%1$d } | { kind: "b"; n: int };
          export let total%1$d: int = %4$d;
          class Hidden%1$d {
            constructor(readonly n: int) {}
            size(): int { return this.n + %4$d; }
          }
          class Deep%1$d<T> extends Hidden%1$d {
            constructor(readonly t: T) { super(%4$d); }
            size(): int { return %4$d; }
          }
          export abstract class B%1$d {
            static made: int = 0;
            abstract name(): string;
            twice(): string { return this.name() + this.name(); }
          }
          export class C%1$d extends B%1$d {
            constructor(readonly v: %2$s, private k: int = %4$d) { super(); B%1$d.made++; }
            name(): string { return `${small%1$d(this.k)}`; }
            get kept(): %2$s { return this.v; }
          }
          export class Box%1$d<T> {
            constructor(private value: T) {}
            get(): T { return this.value; }
            static size(): int { return small%1$d(%4$d); }
            static get count(): int { return total%1$d; }
            map<U>(f: (v: T) => U): Box%1$d<U> { return new Box%1$d<U>(f(this.value)); }
          }
          function small%1$d(n: int): int { return n + %4$d; }
          export function pair%1$d<T>(a: T, b: T): T[] {
            const put = (x: T): T => x;
            const hidden: Hidden%1$d = small%1$d(1) > 3 ? new Deep%1$d<T>(a) : new Hidden%1$d(1);
            total%1$d += hidden.size();
            return [put(a), b];
          }
          export function read%1$d<T>(text: string): T {
            const found = JSON.decode<T>(text);
            if (found.status === "ok") { return found.value; }
            throw found.error;
          }
          export function hide%1$d(n: int) {
            class Local { constructor(readonly h: Hidden%1$d) {} size(): int { return this.h.size(); } }
            return new Local(new Hidden%1$d(n));
          }
          export function f%1$d(n: int) {
            const v: %2$s = %3$s;
            const all = new Map<string, int>();
            all.set("a", n);
            switch (`${n}`) { case "1": return v; case "22": total%1$d++; return v; case "x": break; }
            return v;
          }
          function choose%1$d(t: T%1$d): int { return t.kind === "a" ? t.of.a : t.n; }
          async function later%1$d(n: int): Task<int> { return n + choose%1$d({ kind: "b", n }); }
          export function start%1$d(): Task<int> { return later%1$d(%4$d); }
          """
              .formatted(
                  i,
                  List.of("int", "number", "string", "I" + i + "[]").get(shape[i]),
                  List.of("1", "1.5", "\"a\"", "[]").get(shape[i]),
                  body[i]));
      for (int j : imports.get(i)) {
        String type = List.of("int", "string", "I" + j, "{ x: int; y: string }").get(instance[i]);
        out.append(
            """
            export function g%1$d_%2$d(one: %3$s): int {
              const box = new Box%2$d<%3$s>(one).map((v) => pair%2$d(v, v).length + total%2$d);
              const all = Box%2$d.size() + Box%2$d.count;
              return all + box.get() + hide%2$d(%4$d).size() + read%2$d<int>("7");
            }
            export function d%1$d_%2$d(i: I%2$d, t: T%2$d) { return [new D%1$d_%2$d(i.b), new C%2$d(f%2$d(1))]; }
            export class D%1$d_%2$d extends C%2$d {
              name(): string { return super.name() + C%2$d.made; }
            }
            """
                .formatted(i, j, type, body[i]));
      }
      if (!imports.get(i).isEmpty()) {
        int j = imports.get(i).getFirst();
        out.append("import * as all%d from \"./m%d\";\n".formatted(i, j));
        out.append(
            "export { f%2$d as h%1$d, Box%2$d as Case%1$d } from \"./m%2$d\";\n".formatted(i, j));
        out.append("export function a%1$d() { return all%1$d.f%2$d(1); }\n".formatted(i, j));
        out.append("export interface J%1$d extends I%2$d { c: T%2$d; }\n".formatted(i, j));
      }
      out.append("export function main(): int { return small%1$d(1); }\n".formatted(i));
      return out.toString();
    }
  }

  @Test
  void afterRandomEditsTheBytesAreThoseOfAWholeBuild() throws IOException {
    int steps = 0;
    int left = 0;
    for (int seed = 0; seed < 2; seed++) {
      Program program = new Program(new Random(seed));
      Path place = Files.createDirectory(folder.resolve("s" + seed));
      for (int step = 0; step < 12; step++) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (int i = 0; i < Program.MODULES; i++) {
          texts.put("m" + i + ".raya", program.text(i));
        }
        Compiler.Request request = program.request();
        Compiler now =
            new Compiler(LIBRARY, SourceTree.of(texts), PackageImports.NONE, 1 + step % 3);
        CheckRecords checks = CheckRecords.read(place);
        PartRecords parts = PartRecords.of(place, INPUTS, false);
        Compiler.Made made = now.build(request, checks, parts);
        checks.save();
        parts.saveIfPossible();
        Compilation whole = now.compile(request);
        assertThat(made.compilation().diagnostics())
            .as("seed %d step %d", seed, step)
            .hasToString(whole.diagnostics().toString());
        assertThat(RbinWriter.write(Objects.requireNonNull(made.compilation().module())))
            .as("seed %d step %d", seed, step)
            .isEqualTo(RbinWriter.write(Objects.requireNonNull(whole.module())));
        steps++;
        left += made.modules().size() - made.made();
        program.edit();
      }
    }
    assertThat(left).as("parts used again").isGreaterThan(steps * 2);
  }
}
