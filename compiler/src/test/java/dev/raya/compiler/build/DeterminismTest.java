package dev.raya.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.vm.bytecode.RbinWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The same sources give the same bytes, whoever builds them and wherever (issue: bytecode). */
@Isolated("sets the process's locale, time zone and user")
class DeterminismTest {
  private static final String MAIN =
      """
      import { Shape, area } from "./lib/shapes";
      import { monotonic } from "raya:time";

      /** Starts. */
      export function main(_args: string[]): int {
        const shapes: Shape[] = [{ kind: "circle", r: 1.5 }, { kind: "square", side: 2 }];
        const names = new Map<string, number>();
        for (const shape of shapes) {
          names.set(shape.kind, area(shape));
        }
        console.log([...names.keys()].map((k) => k.toUpperCase()).sort().join("İi"), monotonic() >= 0);
        return 0;
      }
      """;

  private static final String SHAPES =
      """
      export type Shape = { kind: "circle"; r: number } | { kind: "square"; side: number };
      export function area(s: Shape): number {
        switch (s.kind) {
          case "circle": return s.r * s.r * 3.14;
          case "square": return s.side * s.side;
        }
      }
      """;

  @TempDir Path folder;

  private List<byte[]> build(String where, Locale locale, String user, String zone)
      throws Exception {
    Locale language = Locale.getDefault();
    TimeZone time = TimeZone.getDefault();
    String name = System.getProperty("user.name");
    try {
      Locale.setDefault(locale);
      TimeZone.setDefault(TimeZone.getTimeZone(zone));
      System.setProperty("user.name", user);
      Path project = folder.resolve(where);
      write(
          project.resolve("raya.toml"),
          "[package]\nname = \"demo\"\nversion = \"1.0.0\"\nmain = \"src/main.raya\"\n");
      write(project.resolve("src/main.raya"), MAIN);
      write(project.resolve("src/lib/shapes.raya"), SHAPES);
      ProjectBuild.Built built =
          new ProjectBuild(StandardLibrary.fromSources(), folder.resolve("cache"))
              .build(project, null);
      assertThat(built.diagnostics()).isEmpty();
      return List.of(
          Files.readAllBytes(built.file()),
          Files.readAllBytes(built.file().resolveSibling("module.rdef")));
    } finally {
      Locale.setDefault(language);
      TimeZone.setDefault(time);
      System.setProperty("user.name", name);
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }

  @Test
  void twoBuildsInTwoFoldersByTwoUsersInTwoLocalesGiveTheSameBytes() throws Exception {
    List<byte[]> one = build("here", Locale.ROOT, "ada", "UTC");
    List<byte[]> other = build("some where/else", Locale.of("tr", "TR"), "grace", "Asia/Kolkata");
    assertThat(other.getFirst()).isEqualTo(one.getFirst());
    assertThat(other.getLast()).isEqualTo(one.getLast());
  }

  /** Some modules; each imports up to three before it, some have faults. */
  private static Map<String, String> program(Random random, boolean faults) {
    Map<String, String> sources = new LinkedHashMap<>();
    int count = 20;
    for (int i = 0; i < count; i++) {
      StringBuilder text = new StringBuilder();
      StringBuilder sum = new StringBuilder("n");
      for (int j = 0; j < Math.min(i, 3); j++) {
        int other = random.nextInt(i);
        text.append("import { f%1$d as g%2$d } from \"./m%1$d\";\n".formatted(other, j));
        if (random.nextInt(4) > 0) {
          sum.append(" + g").append(j).append("(n)");
        }
      }
      if (faults) {
        text.append(
            switch (random.nextInt(8)) {
              case 0 -> "const a: int = \"one\";\n";
              case 1 -> "function broken( {\n";
              case 2 -> "import { missing } from \"./m0\";\n";
              case 3 -> "import { nothing } from \"./nowhere\";\n";
              case 4 -> "import { f19 } from \"./m19\";\n";
              default -> "";
            });
      }
      text.append("export class C%1$d<T> { constructor(readonly v: T) {} }\n".formatted(i));
      text.append(
          "export function f%1$d(n: int): int { return new C%1$d<int>(%2$s).v; }\n"
              .formatted(i, sum));
      sources.put("m" + i + ".raya", text.toString());
    }
    sources.put(
        "main.raya",
        "import { f19 } from \"./m19\";\nimport { f18 } from \"./m18\";\n"
            + "function main(): void { console.log(`${f19(1)} ${f18(2)}`); }\n");
    return sources;
  }

  @Test
  void anyNumberOfThreadsMakesTheSame() throws Exception {
    for (int seed = 0; seed < 8; seed++) {
      boolean faults = seed % 2 == 1;
      Map<String, String> sources = program(new Random(seed), faults);
      byte[] bytes = new byte[0];
      List<Diagnostic> diagnostics = List.of();
      for (int threads = 1; threads <= 16; threads++) {
        List<Compiler.Root> roots = new ArrayList<>();
        roots.add(new Compiler.Root("", "main.raya", true));
        Compiler compiler =
            new Compiler(
                StandardLibrary.fromSources(),
                SourceTree.of(sources),
                PackageImports.NONE,
                threads);
        Compilation done = compiler.compile(new Compiler.Request("", "", roots, "main.raya", true));
        assertThat(done.succeeded()).isEqualTo(!faults);
        byte[] made = done.module() == null ? new byte[0] : RbinWriter.write(done.module());
        if (threads > 1) {
          assertThat(made).as("seed %d, %d threads", seed, threads).isEqualTo(bytes);
          assertThat(shown(done.diagnostics())).isEqualTo(shown(diagnostics));
        }
        bytes = made;
        diagnostics = done.diagnostics();
      }
    }
  }

  /** One module of many functions: small ones, callers far from them, types met in stack maps. */
  private static String longModule(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(
          """
          class P%1$d { constructor(private n: int, readonly next: P%1$d | null) {} get(): int { return this.n; } }
          function small%1$d(n: int): int { return n * 3 + %1$d; }
          function pick%1$d(a: P%1$d | null, b: P%1$d): int {
            const twice = (n: int): int => n * 2 + small%1$d(n);
            const first = (a ?? b.next ?? b).get();
            let sum = first > 3 ? twice(first) : small%2$d(first);
            for (let k = 0; k < %1$d; k++) { sum += small%2$d(k) + (k > 2 ? new P%1$d(k, b) : b).get(); }
            return sum;
          }
          """
              .formatted(i, i * 7 % count));
    }
    text.append("function main(): void { let n = 0;\n");
    for (int i = 0; i < count; i++) {
      text.append("n += pick%1$d(null, new P%1$d(%1$d, null));\n".formatted(i));
    }
    return text.append("console.log(`${n}`); }\n").toString();
  }

  @Test
  void threadsShareOutTheFunctionsOfOneModule() throws Exception {
    Map<String, String> sources = Map.of("main.raya", longModule(120));
    byte[] bytes = new byte[0];
    for (int threads : new int[] {1, 2, 3, 7}) {
      Compilation done =
          new Compiler(
                  StandardLibrary.fromSources(),
                  SourceTree.of(sources),
                  PackageImports.NONE,
                  threads)
              .compile(
                  new Compiler.Request(
                      "",
                      "",
                      List.of(new Compiler.Root("", "main.raya", true)),
                      "main.raya",
                      true));
      assertThat(shown(done.diagnostics())).isEmpty();
      byte[] made = RbinWriter.write(Objects.requireNonNull(done.module()));
      if (threads > 1) {
        assertThat(made).as("%d threads", threads).isEqualTo(bytes);
      }
      bytes = made;
    }
  }

  private static List<String> shown(List<Diagnostic> diagnostics) {
    return diagnostics.stream()
        .map(
            d ->
                d.code() + " " + d.span().file() + d.span().from() + d.message() + d.notes().size())
        .toList();
  }
}
