package dev.raya.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.vm.bytecode.RbinModule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Unknown names propose what was meant: a similar name, or an import of who exports them. */
final class ProposalsTest {
  private static final StandardLibrary LIBRARY = StandardLibrary.fromSources();

  /** A project with one dependency. */
  private static final class Project {
    private final Map<String, String> files = new LinkedHashMap<>();

    Project with(String name, String text) {
      files.put(name, text);
      return this;
    }

    /** The edits that the first error proposes, as titles. */
    List<String> titles() {
      return first().fixes().stream().map(Diagnostic.Fix::title).toList();
    }

    String message() {
      return first().message();
    }

    private Diagnostic first() {
      return check().stream().filter(Diagnostic::isError).findFirst().orElseThrow();
    }

    /** The text of main.raya after the sole proposal of its first error. */
    String mended() {
      Diagnostic.Fix fix = first().fixes().getFirst();
      assertThat(first().fixes()).hasSize(1);
      String text = Objects.requireNonNull(files.get("src/main.raya"));
      return text.substring(0, fix.span().start())
          + fix.replacement()
          + text.substring(fix.span().end());
    }

    List<Diagnostic> check() {
      return new Compiler(LIBRARY, SourceTree.of(files), new OnePackage())
          .check(
              new Compiler.Request(
                  "", "", List.of(new Compiler.Root("", "src/main.raya", true)), null, true))
          .diagnostics();
    }
  }

  /** The package {@code shapes}, with a module {@code shapes/round}. */
  private static final class OnePackage implements PackageImports {
    private static final RbinModule FILE =
        Objects.requireNonNull(
            new Compiler(
                    LIBRARY,
                    SourceTree.of(
                        Map.of(
                            "a.raya", "export class Square { side: int = 1; }",
                            "b.raya", "export function circle(): int { return 3; }")),
                    PackageImports.NONE)
                .compile(
                    new Compiler.Request(
                        "shapes",
                        "1.0.0",
                        List.of(
                            new Compiler.Root("", "a.raya", true),
                            new Compiler.Root("round", "b.raya", true)),
                        null,
                        true))
                .module());

    @Override
    public Answer find(String name) {
      return name.equals("shapes")
          ? new Answer.Found(FILE, "1.0.0", "^1.0.0", "shapes@1.0.0")
          : new Answer.Missing(Reason.NOT_IN_MANIFEST, "add it");
    }

    @Override
    public List<String> names() {
      return List.of("shapes");
    }

    @Override
    public @Nullable String nameOf(String url) {
      return null;
    }
  }

  private static Project main(String text) {
    return new Project().with("src/main.raya", text);
  }

  @Test
  void importOfAnotherFileIsAddedAfterTheLastImport() {
    Project project =
        main("import { b } from \"./b\";\n\nconsole.log(b, total(1));\n")
            .with("src/b.raya", "export const b = 1;")
            .with("lib/sums.raya", "export function total(n: int): int { return n; }");
    assertThat(project.mended())
        .isEqualTo(
            "import { b } from \"./b\";\nimport { total } from \"../lib/sums\";\n\n"
                + "console.log(b, total(1));\n");
  }

  @Test
  void nameIsAddedToAnImportThatIsThere() {
    Project project =
        main("import { b } from \"./b\";\nconsole.log(b, c);\n")
            .with("src/b.raya", "export const b = 1;\nconst c = 2;\nexport { c };");
    assertThat(project.mended()).isEqualTo("import { b, c } from \"./b\";\nconsole.log(b, c);\n");
  }

  @Test
  void typesOfPackagesAndTheirModulesAreImported() {
    assertThat(main("// Header.\r\n\r\nconst s: Square = new Square();\r\n").mended())
        .isEqualTo(
            "// Header.\r\n\r\nimport { Square } from \"shapes\";\r\n"
                + "const s: Square = new Square();\r\n");
    assertThat(main("console.log(circle());").titles())
        .containsExactly("import 'circle' from \"shapes/round\"");
  }

  @Test
  void standardLibraryIsImportedByNameOrWhole() {
    assertThat(main("console.log(randomUUID());").titles())
        .containsExactly("import 'randomUUID' from \"raya:crypto\"");
    assertThat(main("console.log(crypto.hash(\"md5\", \"b\"));").mended())
        .startsWith("import * as crypto from \"raya:crypto\";\nconsole");
    assertThat(main("console.log(crypto);").titles()).isEmpty();
  }

  @Test
  void severalExportersLeaveTheChoice() {
    Project project =
        main("console.log(join(\"a\"));")
            .with("src/text.raya", "export function join(s: string): string { return s; }");
    assertThat(project.titles())
        .containsExactly("import 'join' from \"./text\"", "import 'join' from \"raya:path\"");
  }

  @Test
  void importThatWouldCloseACycleIsNotProposed() {
    Project project =
        main("import { a } from \"./a\";\nconsole.log(a);\nexport const top = 1;\n")
            .with("src/a.raya", "export const a = top;\n");
    assertThat(project.titles()).isEmpty();
    assertThat(project.message()).isEqualTo("unknown name 'top'");
  }

  @Test
  void misspeltNamesProposeTheRightOnes() {
    assertThat(main("function area(width: int): int { return widht; }").mended())
        .contains("return width;");
    assertThat(main("const s: strng = \"\";").mended()).contains(": string =");
    assertThat(main("console.lgo(1);").mended()).isEqualTo("console.log(1);");
    assertThat(main("const p = { name: 1 };\nconst { nmae } = p;").mended())
        .endsWith("const { name: nmae } = p;");
    assertThat(main("const name = 1;\nconst o = { nmae };").mended())
        .endsWith("const o = { nmae: name };");
    assertThat(main("class A { count: int = 0; inc(): int { return count; } }").mended())
        .contains("return this.count;");
    assertThat(main("class A { static made: int = 0; f(): int { return made; } }").mended())
        .contains("return A.made;");
    assertThat(main("const x = 1;\nconsole.log(a);").titles()).isEmpty();
    assertThat(main("const joined = join;").message()).isEqualTo("unknown name 'join'");
  }

  @Test
  void misspeltWordsOfTheLanguageProposeTheRightOnes() {
    assertThat(main("function f(): int { retrun 1; }").mended())
        .isEqualTo("function f(): int { return 1; }");
    assertThat(main("cosnt a = 1;").mended()).isEqualTo("const a = 1;");
    assertThat(main("fucntion f(): void {}").mended()).isEqualTo("function f(): void {}");
    assertThat(main("export clas A {}").mended()).isEqualTo("export class A {}");
    assertThat(main("if (true) { console.log(1); } esle { console.log(2); }").mended())
        .contains("} else {");
    assertThat(main("const a = 1;\na b;").titles()).isEmpty();
  }

  @Test
  void misspeltModulesProposeTheRightOnes() {
    assertThat(
            main("import { a } from \"./utlis\";\nconsole.log(a);")
                .with("src/utils.raya", "export const a = 1;")
                .mended())
        .startsWith("import { a } from \"./utils\";");
    assertThat(
            main("import { a } from 'utils';\nconsole.log(a);")
                .with("src/utils.raya", "export const a = 1;")
                .mended())
        .startsWith("import { a } from './utils';");
    assertThat(main("import { join } from \"raya:paht\";\nconsole.log(join(\"a\"));").mended())
        .startsWith("import { join } from \"raya:path\";");
    assertThat(main("import { Square } from \"shape\";\nconsole.log(new Square());").mended())
        .startsWith("import { Square } from \"shapes\";");
    assertThat(main("import { Sqare } from \"shapes\";\nconsole.log(new Sqare());").mended())
        .startsWith("import { Square } from \"shapes\";");
    assertThat(main("import * as s from \"shapes\";\nconsole.log(new s.Sqare());").mended())
        .endsWith("console.log(new s.Square());");
  }
}
