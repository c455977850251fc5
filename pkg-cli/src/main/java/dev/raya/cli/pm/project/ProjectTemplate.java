package dev.raya.cli.pm.project;

import dev.raya.toolchain.platform.Target;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of a new project, which builds and runs at once.
 *
 * @param name the package's name, or the workspace's
 * @param kind what kind of project
 * @param machine the target of this machine, or null if Raya is not built for it
 */
public record ProjectTemplate(String name, Kind kind, @Nullable Target machine) {
  /** What kind of project is made. */
  public enum Kind {
    /** A program. */
    APPLICATION("application"),
    /** A package for others. */
    LIBRARY("library"),
    /** A root with members: a program and a library that it uses. */
    WORKSPACE("workspace"),
    /** A package with a native module in C. */
    NATIVE("native package");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** The word for people. */
    public String word() {
      return word;
    }
  }

  private static final String IGNORED = "/.raya/\n";

  /** Path to content, in the order they are written; the manifest last. */
  public Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    switch (kind) {
      case APPLICATION -> application(files, "", name, "");
      case LIBRARY -> library(files, "", name);
      case WORKSPACE -> workspace(files);
      case NATIVE -> files.putAll(new NativeTemplate(name, machine).files());
    }
    return files;
  }

  private void workspace(Map<String, String> files) {
    library(files, "packages/greeting/", "greeting");
    application(files, "packages/app/", "app", "greeting");
    files.put(".gitignore", ".raya/\n");
    files.put(
        "README.md",
        """
        # %s

        A workspace: the packages below `packages` share one `raya.lock`. Commands work in the
        folder of a member: `cd packages/app && raya-pm run`.
        """
            .formatted(name));
    files.put(
        ProjectFolder.MANIFEST,
        """
        [workspace]
        members = ["packages/*"]

        [workspace.dependencies]
        greeting = { path = "packages/greeting", version = "^0.1" }
        """);
  }

  private static void application(
      Map<String, String> files, String folder, String name, String library) {
    files.put(folder + ".gitignore", IGNORED);
    files.put(
        folder + "README.md",
        """
        # %s

        `raya-pm run` builds and runs it, `rayac test` runs its tests.
        """
            .formatted(name));
    files.put(
        folder + "src/main.raya",
        library.isEmpty()
            ? """
              import { greeting } from "./greeting";

              function main(): void {
                console.log(greeting("%s"));
              }
              """
                .formatted(name)
            : """
              import { greet } from "%s";

              function main(): void {
                console.log(greet("%s"));
              }
              """
                .formatted(library, name));
    if (library.isEmpty()) {
      files.put(
          folder + "src/greeting.raya",
          """
          /** What the program says. */
          export function greeting(from: string): string {
            return `Hello from ${from}!`;
          }
          """);
      files.put(
          folder + "src/greeting.test.raya",
          """
          import { assertEqual, it } from "raya:test";
          import { greeting } from "./greeting";

          it("says where it is from", () => {
            assertEqual(greeting("here"), "Hello from here!");
          });
          """);
    }
    files.put(
        folder + ProjectFolder.MANIFEST,
        manifest(name, "A Raya application", "src/main.raya")
            + (library.isEmpty() ? "" : library + " = { workspace = true }\n"));
  }

  private static void library(Map<String, String> files, String folder, String name) {
    files.put(folder + ".gitignore", IGNORED);
    files.put(
        folder + "README.md",
        """
        # %1$s

        ```ts
        import { greet } from "%1$s";

        console.log(greet("Raya"));
        ```
        """
            .formatted(name));
    files.put(
        folder + "src/index.raya",
        """
        /** Greets somebody. */
        export function greet(name: string): string {
          return `Hello, ${name}!`;
        }
        """);
    files.put(
        folder + "src/index.test.raya",
        """
        import { assertEqual, it } from "raya:test";
        import { greet } from "./index";

        it("greets", () => {
          assertEqual(greet("Raya"), "Hello, Raya!");
        });
        """);
    files.put(folder + ProjectFolder.MANIFEST, manifest(name, "A Raya library", "src/index.raya"));
  }

  static String manifest(String name, String description, String main) {
    return """
        [package]
        name = "%s"
        version = "0.1.0"
        description = "%s"
        license = "Apache-2.0"
        main = "%s"

        [dependencies]
        """
        .formatted(name, description, main);
  }
}
