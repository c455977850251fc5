package dev.raya.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinWriter;
import dev.raya.vm.bytecode.VerifiedModule;
import dev.raya.vm.bytecode.Verifier;
import dev.raya.vm.bytecode.compat.InterfaceChange;
import dev.raya.vm.bytecode.compat.InterfaceComparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What two versions of a library mean to its users: its source, an edit, the verdict. */
final class InterfaceComparisonTest {
  private static final String LIBRARY =
      """
      import { Store } from "./store";
      export interface Options { level: int; readonly id: string; name?: string; log(m: string): void; }
      export type Level = "info" | "warn";
      export type Maker = (o: Options) => Logger;
      export class Logger {
        private count: int = 0;
        protected tags: string[] = [];
        level: Level = "info";
        readonly born: int = 1;
        static made: int = 0;
        constructor(readonly name: string, quiet: boolean = false) {}
        log(m: string): void { this.count = this.count + 1; }
        get size(): int { return this.count; }
        private hide(): int { return 1; }
        static make(): Logger { return new Logger("x"); }
      }
      export class FileLogger extends Logger { constructor() { super("f"); } }
      export abstract class Shape { abstract area(): number; label(): string { return "shape"; } }
      export class Broken extends Error { constructor(m: string) { super(m); } }
      export function open(path: string, o?: Options): Logger | null { return null; }
      export function sum(xs: readonly int[]): number { return 0; }
      export function rest(first: int, ...more: int[]): int { return first; }
      export async function later(n: int): Task<int> { return n; }
      export function tree(n: Node): readonly Node[] { return n.items; }
      export interface Node { readonly items: readonly Node[]; readonly value: int; }
      export const LIMIT: int = 5;
      export { join as path } from "raya:path";
      export function store(): Store { return new Store(); }
      function hidden(): int { return 1; }
      """;

  private static final String STORE =
      "export class Store { size: int = 0; get(k: string): string | null { return null; } }\n";

  @ParameterizedTest
  @CsvSource(
      delimiterString = " ~ ",
      quoteCharacter = '`',
      value = {
        "function hidden(): int { return 1; } ~ function other(): string { return \"\"; } ~ same",
        "constructor(readonly name: string, quiet ~ constructor(readonly name: string, silent ~ same",
        "private hide(): int { return 1; } ~ private gone: int = 1; ~ same",
        "this.count = this.count + 1; ~ this.count = this.count + 2; ~ same",
        "function hidden() ~ export function hidden() ~ addition",
        "path: string, o?: Options ~ path: string, o?: Options, mode?: int ~ compatible",
        "path: string, o?: Options ~ path: string, mode: int, o?: Options ~ breaking",
        "path: string, o?: Options ~ path: string, o: Options ~ breaking",
        "path: string, o?: Options ~ path: string | null, o?: Options ~ compatible",
        "path: string, o?: Options ~ path: string ~ breaking",
        "o?: Options): Logger | null { ~ o?: Options): FileLogger | null { ~ compatible",
        "o?: Options): Logger | null { return null; } ~ o?: Options): Logger { return new Logger(\"x\"); } ~ compatible",
        "export function sum(xs: readonly int[]): number ~ export function sum(xs: int[]): number ~ breaking",
        "export function sum(xs: readonly int[]): number ~ export function sum(xs: readonly int[]): number | null ~ breaking",
        "export function sum(xs: readonly int[]): number ~ export function sum(xs: readonly number[]): number ~ breaking",
        "rest(first: int, ...more: int[]) ~ rest(first: int) ~ breaking",
        "export async function later(n: int): Task<int> { return n; } ~ export function later(n: int): int { return n; } ~ breaking",
        "export async function later(n: int): Task<int> { return n; } ~ export async function later(n: number): Task<int> { return 1; } ~ breaking",
        "level: int; readonly id ~ level: int; extra?: int; readonly id ~ addition",
        "level: int; readonly id ~ level: int; extra: int; readonly id ~ breaking",
        "level: int; readonly id ~ readonly id ~ breaking",
        "level: int; readonly id ~ level: number; readonly id ~ breaking",
        "readonly id: string; name? ~ id: string; name? ~ breaking",
        "readonly value: int ~ readonly value: string ~ breaking",
        "\"info\" | \"warn\"; ~ \"info\" | \"warn\" | \"error\"; ~ breaking",
        "level: Level = \"info\"; ~ level: Level = \"info\"; size2: int = 0; ~ addition",
        "level: Level = \"info\"; ~ readonly level: Level = \"info\"; ~ breaking",
        "readonly born: int = 1; ~ born: int = 1; ~ compatible",
        "protected tags: string[] = []; ~ private tags: string[] = []; ~ breaking",
        "protected tags: string[] = []; ~ tags: string[] = []; ~ addition",
        "static made: int = 0; ~ static readonly made: int = 0; ~ breaking",
        "get size(): int { return this.count; } ~ getSize(): int { return this.count; } ~ breaking",
        "log(m: string): void ~ log(m: string, at?: int): void ~ compatible",
        "log(m: string): void ~ log(m: string, at: int): void ~ breaking",
        "log(m: string): void { this.count = this.count + 1; } ~ log(m: string): void {} flush(): void {} ~ addition",
        "static make(): Logger { return new Logger(\"x\"); } ~ `` ~ breaking",
        "class FileLogger extends Logger { constructor() { super(\"f\"); } } ~ class FileLogger { constructor() {} } ~ breaking",
        "class FileLogger extends Logger { constructor() { super(\"f\"); } } ~ class FileLogger extends Logger { constructor() { super(\"f\"); } override log(m: string): void {} } ~ same",
        "abstract area(): number; ~ abstract area(): number; abstract sides(): int; ~ breaking",
        "abstract area(): number; ~ area(): number { return 1; } ~ compatible",
        "label(): string { return \"shape\"; } ~ abstract label(): string; ~ breaking",
        "export class Broken extends Error { constructor(m: string) { super(m); } } ~ export class Broken { constructor(m: string) {} } ~ breaking",
        "export const LIMIT: int = 5; ~ export const LIMIT: int = 6; ~ same",
        "export const LIMIT: int = 5; ~ export const LIMIT: number = 5; ~ breaking",
        "export const LIMIT: int = 5; ~ export function LIMIT(): int { return 5; } ~ breaking",
        "export class FileLogger extends ~ class FileLogger extends ~ breaking",
        "export { join as path } from ~ import { join } from ~ breaking",
        "join as path ~ dirname as path ~ breaking",
        "join as path ~ join as path, dirname ~ addition",
      })
  void anEditHasItsImpact(String from, String to, String impact) {
    assertThat(LIBRARY).contains(from);
    String edited = LIBRARY.replace(from, to == null ? "" : to);

    InterfaceComparison comparison = compare(LIBRARY, STORE, edited, STORE);

    assertThat(impact(comparison)).as(String.valueOf(comparison.changes())).isEqualTo(impact);
  }

  @Test
  void aClassThatOnlyASignatureReachesCountsToo() {
    InterfaceComparison comparison =
        compare(LIBRARY, STORE, LIBRARY, STORE.replace("string | null", "string | int | null"));

    assertThat(impact(comparison)).isEqualTo("same");
    assertThat(
            impact(
                compare(
                    LIBRARY + "export { Store } from \"./store\";",
                    STORE,
                    LIBRARY + "export { Store } from \"./store\";",
                    STORE.replace("string | null", "string | int | null"))))
        .isEqualTo("breaking");
  }

  @Test
  void aReportNamesItemAndBothTypes() {
    InterfaceComparison comparison =
        compare(
            LIBRARY,
            STORE,
            LIBRARY
                .replace("export const LIMIT: int = 5;", "")
                .replace("log(m: string): void {", "log(m: int): void {")
                .replace("function hidden", "export function hidden"),
            STORE);

    assertThat(comparison.changes().stream().map(InterfaceChange::text))
        .containsExactly(
            "LIMIT: the constant is gone",
            "Logger.log: was (string) => void, is (int) => void",
            "hidden: the function is new");
    assertThat(comparison.breaking()).hasSize(2);
  }

  private static String impact(InterfaceComparison comparison) {
    return comparison.changes().isEmpty()
        ? "same"
        : comparison.changes().getFirst().impact().word();
  }

  private static InterfaceComparison compare(
      String before, String storeBefore, String after, String storeAfter) {
    return InterfaceComparison.of(
        verified("1.0.0", before, storeBefore), verified("1.0.1", after, storeAfter));
  }

  private static VerifiedModule verified(String version, String index, String store) {
    Compilation done =
        new Compiler(
                StandardLibrary.fromSources(),
                SourceTree.of(Map.of("src/index.raya", index, "src/store.raya", store)),
                PackageImports.NONE)
            .compile(
                new Compiler.Request(
                    "lib",
                    version,
                    List.of(new Compiler.Root("", "src/index.raya", true)),
                    null,
                    true));
    List<String> errors = new ArrayList<>();
    for (Diagnostic diagnostic : done.diagnostics()) {
      if (diagnostic.isError()) {
        errors.add(diagnostic.toString());
      }
    }
    assertThat(errors).isEmpty();
    try {
      return Verifier.verify(RbinWriter.write(Objects.requireNonNull(done.module())));
    } catch (RbinException e) {
      throw new AssertionError(e);
    }
  }
}
