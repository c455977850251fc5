package dev.raya.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same sources give the same bytes, whoever builds them and wherever (issue: bytecode). */
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
}
