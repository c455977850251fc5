package dev.raya.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.run.Running;
import dev.raya.vm.bytecode.Disassembler;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinWriter;
import dev.raya.vm.bytecode.Verifier;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Imports of capabilities that the VM around a program supplies (language.md 16.2). */
final class CapabilitiesTest {
  private static final StandardLibrary LIBRARY = StandardLibrary.fromSources();

  private static final String DECLARED =
      """
      declare module "host:query" {
        export interface Row { id: int; name?: string; }
        export type Rows = Row[];
        export function query(sql: string, limit?: int): Rows;
        export function log(text: string): void;
      }
      """;

  private static Compilation compile(String... namesAndTexts) {
    java.util.Map<String, String> texts = new java.util.TreeMap<>();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      texts.put(namesAndTexts[i], namesAndTexts[i + 1]);
    }
    return new Compiler(LIBRARY, SourceTree.of(texts), PackageImports.NONE)
        .compile(
            new Compiler.Request(
                "", "", List.of(new Compiler.Root("", "main.raya", true)), "main.raya", true));
  }

  private static RbinModule module(Compilation done) {
    assertThat(done.diagnostics().stream().filter(Diagnostic::isError)).isEmpty();
    return Objects.requireNonNull(done.module());
  }

  @Test
  void functionsOfCapabilitiesAreCallsOfNativeMembers() throws Exception {
    RbinModule made =
        module(
            compile(
                "capabilities.raya",
                DECLARED,
                "main.raya",
                """
                import { log, query, Row } from "host:query";
                import * as clock from "host:clock";
                import { first } from "./more";
                const asked: (sql: string) => Row[] = query;
                log("begin");
                console.log(query("a", 2).length, asked("b"), clock.invoke("now", 1), first());
                """,
                "more.raya",
                """
                import { query } from "host:query";
                export function first(): int { return query("c")[0].id; }
                """));
    assertThat(made.natives().stream().map(n -> n.kind() + " " + n.module()))
        .containsExactly("1 clock", "1 query");
    assertThat(made.natives().get(1).members().stream().map(m -> m.name()))
        .containsExactly("log", "query");
    byte[] bytes = RbinWriter.write(made);
    assertThat(Disassembler.disassemble(Verifier.verify(bytes)))
        .contains("import native host:query query: (string, null|int?) => Row[]")
        .contains("import native host:clock invoke: (...json[]) => json")
        .contains("CALL_NATIVE 2:host:query query, 2");
    assertThatThrownBy(() -> Running.run(Map.of("main", bytes), List.of()))
        .hasStackTraceContaining("imports host:clock, which nobody supplies here")
        .hasStackTraceContaining("VmOptions");
  }

  @Test
  void capabilityIsDeclaredOnceInAPackage() {
    Compilation twice =
        compile(
            "a.raya",
            DECLARED,
            "b.raya",
            DECLARED,
            "main.raya",
            "import { log } from \"host:query\"; log(\"x\");");
    assertThat(twice.diagnostics().stream().map(Diagnostic::message))
        .containsExactly(
            "'host:query' is declared in 'a.raya' and again in 'b.raya'; a package declares a"
                + " capability once");
    Compilation own =
        compile(
            "a.raya",
            DECLARED,
            "main.raya",
            DECLARED + "import { log } from \"host:query\"; log(\"x\");");
    assertThat(own.diagnostics().stream().map(Diagnostic::message))
        .containsExactly(
            "'host:query' is declared in 'a.raya' and again in 'main.raya'; a package declares a"
                + " capability once");
    for (String imports :
        List.of(
            "import { log } from \"host:query\"; import { ask } from \"./two\";",
            "import { ask } from \"./two\"; import { log } from \"host:query\";")) {
      Compilation later =
          compile(
              "two.raya",
              "import { query } from \"host:query\"; export const ask = query;",
              "z.raya",
              DECLARED,
              "main.raya",
              DECLARED + imports + " log(\"x\"); console.log(ask);");
      assertThat(later.diagnostics().stream().map(Diagnostic::message))
          .as(imports)
          .hasSize(2)
          .allMatch(m -> m.contains("in 'main.raya' and again in 'z.raya'"));
    }
  }

  @Test
  void faultsOfADeclarationAreToldWhereItStands() {
    Compilation done =
        compile(
            "decl.raya",
            """
            declare module "host:query" {
              export function ask(of: Missing): int;
              export class Handle { close(): void; }
              export function all<T>(of: T): T;
            }
            """,
            "main.raya",
            "import { ask } from \"host:query\"; console.log(ask);");
    assertThat(
            done.diagnostics().stream()
                .map(
                    d ->
                        d.code()
                            + " "
                            + d.span().file().name()
                            + ":"
                            + d.span().from().line()
                            + " "
                            + d.message()))
        .containsExactly(
            "E0206 decl.raya:2 unknown type 'Missing'",
            "E0509 decl.raya:3 a capability gives functions; declare what they give as interfaces",
            "E0509 decl.raya:4 a function of a capability has no type parameters: what it takes and"
                + " gives is copied as json");
  }
}
