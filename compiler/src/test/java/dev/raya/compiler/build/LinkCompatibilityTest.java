package dev.raya.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.run.Running;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinReader;
import dev.raya.vm.bytecode.RbinWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytecode that was compiled against one version of a package runs with a later one. */
final class LinkCompatibilityTest {
  private static final String LIBRARY =
      """
      export interface Options { level: int; name?: string; }
      export class Logger {
        private count: int = 0;
        level: int = 1;
        constructor(readonly name: string) {}
        log(m: string): string { this.count++; return `${this.name}:${m}:${this.count}`; }
        get size(): int { return this.count; }
        reset(): void { this.count = 0; }
      }
      export function open(path: string): Logger { return new Logger(path); }
      export function level(o: Options): int { return o.level; }
      export function defaults(): Options { return { level: 3 }; }
      """;

  private static final String APP =
      """
      import { Logger, Options, open, level, defaults } from "lib";
      class Loud extends Logger {
        extra: string = "!";
        constructor() { super("loud"); }
        override log(m: string): string { return super.log(m) + this.extra; }
        shout(): string { return this.log("x") + this.extra; }
      }
      const l = open("a");
      l.level = 7;
      console.log(l.log("m"), l.size, l.level, l.name);
      l.reset();
      console.log(l.size, level({ level: 4 }), level(defaults()));
      const loud = new Loud();
      console.log(loud.shout(), loud.size, loud.extra, loud.level);
      const as: Logger = loud;
      console.log(as.log("y"), [as].map((x) => x.log("z")));
      """;

  private static final String OUTPUT =
      """
      a:m:1 1 7 a
      0 4 3
      loud:x:1!! 1 ! 1
      loud:y:2! ["loud:z:3!"]
      """;

  @ParameterizedTest
  @CsvSource(
      delimiterString = " ~ ",
      quoteCharacter = '`',
      value = {
        "x~none ~ x~none",
        "export function open( ~ export function more(): int { return 1; } export function open(",
        "open(path: string): ~ open(path: string, mode: int = 1): ",
        "open(path: string): Logger { return new Logger(path); } ~ open(path: string | null): Logger { return new Logger(path ?? \"\"); }",
        "level: int; name ~ level: int; extra?: int; name",
        "reset(): void ~ flush(): void {} reset(): void",
        "reset(): void ~ shout(): string { return \"\"; } reset(): void",
        "reset(): void ~ private shout(): int { return 1; } reset(): void",
        "private count: int = 0; ~ private count: int = 0; private extra: int = 1;",
        "private count: int = 0; ~ first: string = \"f\"; private count: int = 0;",
        "private count: int = 0; ~ private count: int = 0; private cache: string[] = [];",
        "log(m: string): string ~ log(m: string, at: int = 1): string",
        "get size(): ~ private helper(): int { return 1; } get size():",
        "export class Logger { ~ class Root { root: int = 9; hello(): string { return \"hi\"; } } export class Logger extends Root {",
        "constructor(readonly name: string) {} ~ constructor(readonly name: string, quiet: boolean = true) { super(); }",
      })
  void aLaterVersionThatOnlyAddsLinks(String from, String to) throws Exception {
    String edited = LIBRARY.replace(from, to);
    if (edited.contains("extends Root")) {
      edited =
          edited.replace(
              "constructor(readonly name: string) {}",
              "constructor(readonly name: string) { super(); }");
    } else {
      edited = edited.replace("{ super(); }", "{}");
    }
    RbinModule first = compile("lib", "1.0.0", LIBRARY, PackageImports.NONE);
    RbinModule later = compile("lib", "1.1.0", edited, PackageImports.NONE);
    RbinModule app = compile("", "", APP, found(first));

    Running.Outcome outcome =
        Running.run(
            Map.of("main", RbinWriter.write(app), "lib", RbinWriter.write(later)), List.of());

    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output()).isEqualTo(OUTPUT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " ~ ",
      quoteCharacter = '`',
      value = {
        "level: int = 1; ~ level: number = 1;",
        "level: int = 1; ~ readonly level: int = 1;",
        "level: int = 1; ~ private level: int = 1;",
        "get size(): int { return this.count; } ~ size(): int { return this.count; }",
        "log(m: string): string { ~ log(m: string, at: int): string {",
        "reset(): void ~ shout(): int { return 1; } reset(): void",
        "reset(): void ~ get shout(): int { return 1; } reset(): void",
        "reset(): void ~ extra(): int { return 1; } reset(): void",
        "reset(): void ~ get extra(): string { return \"\"; } reset(): void",
        "private count: int = 0; ~ shout: int = 0; private count: int = 0;",
        "private count: int = 0; ~ extra: string = \"\"; private count: int = 0;",
        "open(path: string): ~ open(path: string, mode: int): ",
        "level(o: Options): int { return o.level; } ~ level(o: Options): number { return o.level; }",
        "level(o: Options): int { return o.level; } ~ level(o: Options): int | null { return o.level; }",
        "level: int; name ~ level: int; must: string; name",
      })
  void aVersionThatBreaksUsersIsRefusedWhenItIsLinked(String from, String to) {
    assertThat(LIBRARY).contains(from);
    RbinModule first = compile("lib", "1.0.0", LIBRARY, PackageImports.NONE);
    String edited = LIBRARY.replace(from, to).replace("{ level: 3 }", "{ level: 3, must: \"\" }");
    RbinModule later = compile("lib", "1.1.0", edited, PackageImports.NONE);
    RbinModule app = compile("", "", APP, found(first));

    assertThatThrownBy(
            () ->
                Running.run(
                    Map.of("main", RbinWriter.write(app), "lib", RbinWriter.write(later)),
                    List.of()))
        .hasMessageMatching("(?s).*(SignatureMismatch|MissingImport).*");
  }

  @Test
  void aMemberThatHappensToHaveTheNameOfANewOptionalPropertyIsNotTakenForIt() throws Exception {
    String before =
        "export interface O { readonly a: int; } export function f(o: O): int { return o.a; }";
    String after =
        """
        export interface O { readonly a: int; readonly b?: string; }
        export function f(o: O): int { console.log(o.b); return o.a; }
        """;
    String app =
        """
        import { f, O } from "lib";
        class C { a: int = 1; b: int = 2; }
        class D { a: int = 3; b: string = "text"; }
        const values: O[] = [new C(), new D(), { a: 5 }];
        for (const v of values) { console.log(f(v)); }
        """;

    Running.Outcome outcome =
        Running.run(
            Map.of(
                "main",
                RbinWriter.write(
                    compile(
                        "", "", app, found(compile("lib", "1.0.0", before, PackageImports.NONE)))),
                "lib",
                RbinWriter.write(compile("lib", "1.1.0", after, PackageImports.NONE))),
            List.of());

    assertThat(outcome.output()).isEqualTo("null\n1\ntext\n3\nnull\n5\n");
  }

  private static PackageImports found(RbinModule library) {
    return name -> new PackageImports.Answer.Found(library, "1.0.0", "^1.0.0", "lib 1.0.0");
  }

  private static RbinModule compile(
      String name, String version, String source, PackageImports imports) {
    Compilation done =
        new Compiler(
                StandardLibrary.fromSources(), SourceTree.of(Map.of("main.raya", source)), imports)
            .compile(
                new Compiler.Request(
                    name,
                    version,
                    List.of(new Compiler.Root("", "main.raya", true)),
                    name.isEmpty() ? "main.raya" : null,
                    true));
    assertThat(done.diagnostics().stream().filter(Diagnostic::isError)).isEmpty();
    try {
      return RbinReader.read(RbinWriter.write(Objects.requireNonNull(done.module())));
    } catch (dev.raya.vm.bytecode.RbinException e) {
      throw new AssertionError(e);
    }
  }
}
