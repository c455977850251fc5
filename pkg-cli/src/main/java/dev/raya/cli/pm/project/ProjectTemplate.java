package dev.raya.cli.pm.project;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files of a new project, which builds and runs at once.
 *
 * @param name the package's name
 * @param library whether it is a library, else an application
 */
public record ProjectTemplate(String name, boolean library) {
  /** Path to content, in the order they are written; the manifest last. */
  public Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(".gitignore", "/.raya/\n");
    files.put("README.md", readme());
    if (library) {
      files.put(
          "src/index.raya",
          """
          /** Greets somebody. */
          export function greet(name: string): string {
            return `Hello, ${name}!`;
          }
          """);
    } else {
      files.put(
          "src/main.raya",
          """
          function main(): void {
            console.log("Hello from %s!");
          }
          """
              .formatted(name));
    }
    files.put(ProjectFolder.MANIFEST, manifest());
    return files;
  }

  private String manifest() {
    return """
        [package]
        name = "%s"
        version = "0.1.0"
        description = "%s"
        license = "Apache-2.0"
        main = "%s"

        [dependencies]
        """
        .formatted(
            name,
            library ? "A Raya library" : "A Raya application",
            library ? "src/index.raya" : "src/main.raya");
  }

  private String readme() {
    return library
        ? """
          # %1$s

          ```ts
          import { greet } from "%1$s";

          console.log(greet("Raya"));
          ```
          """
            .formatted(name)
        : """
          # %s

          `raya-pm run` builds and runs it.
          """
            .formatted(name);
  }
}
