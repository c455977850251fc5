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

/** A class that several modules of a package export, by several names, is one type to importers. */
final class ReExportedClassTest {
  private static final StandardLibrary LIBRARY = StandardLibrary.fromSources();

  private static RbinModule compile(
      String name, Map<String, String> sources, PackageImports imports, Compiler.Root... roots)
      throws Exception {
    Compilation done =
        new Compiler(LIBRARY, SourceTree.of(sources), imports)
            .compile(
                new Compiler.Request(
                    name,
                    name.isEmpty() ? "" : "1.0.0",
                    List.of(roots),
                    name.isEmpty() ? "main.raya" : null,
                    true));
    assertThat(done.diagnostics().stream().filter(Diagnostic::isError)).isEmpty();
    return RbinReader.read(RbinWriter.write(Objects.requireNonNull(done.module())));
  }

  @Test
  void classOfOneModuleIsThatOfTheOther() throws Exception {
    RbinModule lib =
        compile(
            "lib",
            Map.of(
                "src/index.raya",
                """
                export class Item {
                  static made: int = 0;
                  constructor(private readonly v: int) { Item.made += 1; }
                  get(): int { return this.v; }
                }
                export class Cell<T> { constructor(public v: T) {} }
                """,
                "src/more.raya",
                """
                export { Item, Item as Thing, Cell } from "./index";
                import { Item } from "./index";
                export function make(): Item { return new Item(3); }
                """),
            PackageImports.NONE,
            new Compiler.Root("", "src/index.raya", true),
            new Compiler.Root("more", "src/more.raya", true));
    PackageImports imports =
        wanted -> new PackageImports.Answer.Found(lib, "1.0.0", "^1.0.0", wanted + " 1.0.0");
    RbinModule app =
        compile(
            "",
            Map.of(
                "main.raya",
                """
                import { Item, Cell } from "lib";
                import { Item as Other, Thing, Cell as Same, make } from "lib/more";
                class Own extends Thing { override get(): int { return super.get() * 2; } }
                const all: Item[] = [new Item(1), new Other(2), new Thing(4), make(), new Own(5)];
                const things: Thing[] = all;
                const cell: Cell<Thing> = new Same<Other>(new Item(8));
                console.log(things.map((x) => x.get()), cell.v.get(), Thing.made, Item.made, Other.made);
                """),
            imports,
            new Compiler.Root("", "main.raya", true));
    Running.Outcome outcome =
        Running.run(Map.of("main", RbinWriter.write(app), "lib", RbinWriter.write(lib)), List.of());
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output()).isEqualTo("[1, 2, 4, 3, 10] 8 6 6 6\n");
  }

  @Test
  void packageBetweenKnowsItAsTheSame() throws Exception {
    RbinModule lib =
        compile(
            "lib",
            Map.of(
                "src/index.raya",
                "export class Item { constructor(private readonly v: int) {} get(): int { return this.v; } }",
                "src/more.raya",
                "export { Item as Thing } from \"./index\";"),
            PackageImports.NONE,
            new Compiler.Root("", "src/index.raya", true),
            new Compiler.Root("more", "src/more.raya", true));
    PackageImports one =
        wanted -> new PackageImports.Answer.Found(lib, "1.0.0", "^1.0.0", wanted + " 1.0.0");
    RbinModule between =
        compile(
            "between",
            Map.of(
                "src/index.raya",
                """
                import { Thing } from "lib/more";
                export class Better extends Thing { get(): int { return super.get() + 1; } }
                export function things(): Thing[] { return [new Thing(1), new Better(2)]; }
                """),
            one,
            new Compiler.Root("", "src/index.raya", true));
    PackageImports both =
        wanted ->
            new PackageImports.Answer.Found(
                wanted.equals("lib") ? lib : between, "1.0.0", "^1.0.0", wanted + " 1.0.0");
    RbinModule app =
        compile(
            "",
            Map.of(
                "main.raya",
                """
                import { Item } from "lib";
                import { Better, things } from "between";
                import { Thing } from "lib/more";
                const all: Item[] = things();
                all.push(new Thing(5), new Better(6));
                console.log(all.map((x) => x.get()));
                """),
            both,
            new Compiler.Root("", "main.raya", true));
    Running.Outcome outcome =
        Running.run(
            Map.of(
                "main",
                RbinWriter.write(app),
                "lib",
                RbinWriter.write(lib),
                "between",
                RbinWriter.write(between)),
            List.of());
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output()).isEqualTo("[1, 3, 5, 7]\n");
  }

  @Test
  void importersOfWhatAnotherPackageDeclaresNeedThatPackage() throws Exception {
    RbinModule lib =
        compile(
            "lib",
            Map.of("src/index.raya", "export function one(): int { return 1; }"),
            PackageImports.NONE,
            new Compiler.Root("", "src/index.raya", true));
    RbinModule facade =
        compile(
            "facade",
            Map.of("src/index.raya", "export { one } from \"lib\";"),
            wanted -> new PackageImports.Answer.Found(lib, "1.0.0", "^1.0.0", "lib 1.0.0"),
            new Compiler.Root("", "src/index.raya", true));
    PackageImports facadeOnly =
        wanted ->
            wanted.equals("facade")
                ? new PackageImports.Answer.Found(facade, "1.0.0", "^1.0.0", "facade 1.0.0")
                : new PackageImports.Answer.Missing(PackageImports.Reason.NOT_IN_MANIFEST, "add");
    Compilation done =
        new Compiler(
                LIBRARY,
                SourceTree.of(
                    Map.of("main.raya", "import { one } from \"facade\"; console.log(one());")),
                facadeOnly)
            .compile(
                new Compiler.Request(
                    "", "", List.of(new Compiler.Root("", "main.raya", true)), "main.raya", true));
    assertThat(done.diagnostics().stream().map(Diagnostic::message))
        .containsExactly(
            "an imported package's declarations need the package 'lib'; add it to raya.toml as well");
  }
}
