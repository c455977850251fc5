package dev.raya.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.run.Running;
import dev.raya.resolver.version.ResolverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Building projects: folders with a manifest, packages from the cache. */
final class ProjectBuildTest {
  private static final String CHECKSUM = "ab".repeat(32);

  @TempDir private Path folder;

  @Test
  void aProjectIsBuiltAgainstThePackagesOfItsLockfile() throws Exception {
    Path cache = cacheWithLibrary();
    Path app = application(folder.resolve("app"));

    ProjectBuild.Built built = build(cache).build(app, null);

    assertThat(built.diagnostics().stream().filter(Diagnostic::isError)).isEmpty();
    assertThat(built.file()).isEqualTo(app.resolve(".raya/out/module.rbin")).exists();
    assertThat(app.resolve(".raya/out/module.rdef")).exists();
    Running.Outcome outcome =
        Running.run(
            Map.of(
                "main",
                Files.readAllBytes(built.file()),
                "greet",
                Files.readAllBytes(cache.resolve(CHECKSUM).resolve("module.rbin"))),
            List.of());
    assertThat(outcome.output()).isEqualTo("Hello, Ada!\n");
  }

  @Test
  void aSecondBuildHasNothingToDoUntilASourceChanges() throws Exception {
    Path cache = cacheWithLibrary();
    Path app = application(folder.resolve("app"));
    ProjectBuild build = build(cache);

    assertThat(build.build(app, null).fresh()).isFalse();
    assertThat(build.build(app, null).fresh()).isTrue();

    Files.writeString(app.resolve("src/main.raya"), "console.log(\"changed\");\n");
    assertThat(build.build(app, null).fresh()).isFalse();

    Files.write(app.resolve(".raya/out/module.rbin"), new byte[] {1});
    assertThat(build.build(app, null).fresh()).as("a damaged output is made again").isFalse();
  }

  @Test
  void theFolderDoesNotMatter() throws Exception {
    Path cache = cacheWithLibrary();
    Path first = build(cache).build(application(folder.resolve("one")), null).file();
    Path second = build(cache).build(application(folder.resolve("deep/er/two")), null).file();

    assertThat(Files.readAllBytes(second)).isEqualTo(Files.readAllBytes(first));
    assertThat(new String(Files.readAllBytes(first), java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain(folder.toString());
  }

  @Test
  void aPackageThatIsNotInstalledIsNamed() throws Exception {
    Path app = application(folder.resolve("app"));

    ProjectBuild.Built built = build(folder.resolve("empty-cache")).build(app, null);

    assertThat(built.succeeded()).isFalse();
    assertThat(built.diagnostics().getFirst().message())
        .contains("greet")
        .contains("not installed")
        .contains("raya-pm install");
    assertThat(built.file()).doesNotExist();
  }

  @Test
  void anImportByAddressIsTheDependencyThatTheManifestTakesFromThere() throws Exception {
    Path cache = cacheWithLibrary();
    Path app = application(folder.resolve("app"));
    String url = "https://files.example/greet-1.0.0.tar.zst";
    Files.writeString(
        app.resolve("src/main.raya"),
        "import { greet } from \""
            + url
            + "\";\nfunction main(): void { console.log(greet(\"Ada\")); }\n");
    ProjectBuild.Built unpinned = build(cache).build(app, null);
    assertThat(unpinned.diagnostics().getFirst().code().code()).isEqualTo("RAYA-E0507");
    assertThat(unpinned.diagnostics().getFirst().message())
        .contains("raya-pm add NAME --url " + url);

    Files.writeString(
        app.resolve("raya.toml"),
        Files.readString(app.resolve("raya.toml"))
            .replace("greet = \"^1.0.0\"", "greet = { url = \"" + url + "\" }"));
    Files.writeString(
        app.resolve("raya.lock"),
        Files.readString(app.resolve("raya.lock"))
            .replace("registry+https://raya.example", "url+" + url)
            .replaceAll("log = .*\n", ""));
    ProjectBuild.Built built = build(cache).build(app, null);
    assertThat(built.diagnostics().stream().filter(Diagnostic::isError)).isEmpty();
    Running.Outcome outcome =
        Running.run(
            Map.of(
                "main",
                Files.readAllBytes(built.file()),
                "greet",
                Files.readAllBytes(cache.resolve(CHECKSUM).resolve("module.rbin"))),
            List.of());
    assertThat(outcome.output()).isEqualTo("Hello, Ada!\n");
  }

  @Test
  void errorsLeaveAnEarlierOutputAlone() throws Exception {
    Path cache = cacheWithLibrary();
    Path app = application(folder.resolve("app"));
    ProjectBuild build = build(cache);
    byte[] before = Files.readAllBytes(build.build(app, null).file());
    Files.writeString(app.resolve("src/main.raya"), "let x: int = \"no\";\n");

    ProjectBuild.Built built = build.build(app, null);

    assertThat(built.diagnostics().stream().map(d -> d.code().code())).contains("RAYA-E0301");
    assertThat(Files.readAllBytes(built.file())).isEqualTo(before);
  }

  @Test
  void aFileThatIsNotThereIsShownWhereTheManifestNamesIt() throws Exception {
    Path app = application(folder.resolve("app"));
    Path manifest = app.resolve("raya.toml");
    String text = Files.readString(manifest);
    ProjectBuild build = build(folder.resolve("empty-cache"));

    Files.writeString(manifest, text.replace("src/main.raya", "src/mian.raya"));
    Diagnostic missing = build.build(app, null).diagnostics().getFirst();
    assertThat(missing.message()).isEqualTo("there is no file 'src/mian.raya'");
    assertThat(missing.span().file().name()).isEqualTo("raya.toml");
    assertThat(missing.span().from().line()).isEqualTo(lineOf(text, "src/main.raya"));
    assertThat(build.compile(app).diagnostics()).hasSize(1);
    assertThat(build.check(app, true).diagnostics()).hasSize(1);

    Files.writeString(manifest, text.replaceAll("(?m)^main = .*$", ""));
    Diagnostic nothing = build.build(app, null).diagnostics().getFirst();
    assertThat(nothing.message()).startsWith("no module is named: write main = ");
    assertThat(nothing.span().from().line()).isEqualTo(lineOf(text, "[package]"));
  }

  private static int lineOf(String text, String part) {
    return 1 + (int) text.substring(0, text.indexOf(part)).chars().filter(c -> c == '\n').count();
  }

  @Test
  void aMalformedOrMissingManifestIsAnError() throws Exception {
    Path app = Files.createDirectories(folder.resolve("app"));

    assertThatThrownBy(() -> build(folder).build(app, null))
        .isInstanceOf(ResolverException.class)
        .hasMessageContaining("raya-pm init");
    Files.writeString(app.resolve("raya.toml"), "[package\n");
    assertThatThrownBy(() -> build(folder).build(app, null)).isInstanceOf(ResolverException.class);
  }

  @Test
  void theStandardLibraryIsWrittenAndReadAgain() throws Exception {
    Path home = folder.resolve("toolchain");
    StdlibBuilder.write(home.resolve("lib/stdlib"));
    StandardLibrary library = StandardLibrary.ofToolchain(home);

    for (String name : StandardLibrary.NAMES) {
      assertThat(home.resolve("lib/stdlib").resolve(name + ".rbin")).exists();
      assertThat(Files.readString(home.resolve("lib/stdlib").resolve(name + ".rdef")))
          .startsWith("declare module \"raya:" + name + "\" {");
      assertThat(library.module(name)).isEqualTo(StandardLibrary.fromSources().module(name));
    }
    assertThat(library.module("nothing")).isNull();
  }

  private static ProjectBuild build(Path cache) {
    return new ProjectBuild(StandardLibrary.fromSources(), cache);
  }

  /** A cache with the package {@code greet 1.0.0}. */
  private Path cacheWithLibrary() throws Exception {
    Path project = Files.createDirectories(folder.resolve("greet/src"));
    Files.writeString(
        project.resolve("index.raya"),
        "export function greet(name: string): string { return `Hello, ${name}!`; }\n");
    Files.writeString(
        folder.resolve("greet/raya.toml"),
        """
        [package]
        name = "greet"
        version = "1.0.0"
        main = "src/index.raya"
        """);
    Path cache = folder.resolve("cache");
    ProjectBuild.Built built = build(cache).build(folder.resolve("greet"), cache.resolve(CHECKSUM));
    assertThat(built.diagnostics()).isEmpty();
    return cache;
  }

  private static Path application(Path app) throws IOException {
    Files.createDirectories(app.resolve("src"));
    Files.writeString(
        app.resolve("src/main.raya"),
        """
        import { greet } from "greet";
        function main(): void { console.log(greet("Ada")); }
        """);
    Files.writeString(
        app.resolve("raya.toml"),
        """
        [package]
        name = "app"
        main = "src/main.raya"

        [dependencies]
        greet = "^1.0.0"
        """);
    Files.writeString(
        app.resolve("raya.lock"),
        """
        # Written by raya-pm. Do not edit.
        version = 1
        manifest = "sha256:%s"

        [[package]]
        name = "greet"
        version = "1.0.0"
        source = "registry+https://raya.example"
        checksum = "sha256:%s"
        tree = "sha256:%s"
        size = 1234
        log = { index = 1, time = "2026-01-06T12:00:00Z" }
        """
            .formatted("00".repeat(32), CHECKSUM, "cd".repeat(32)));
    return app;
  }
}
