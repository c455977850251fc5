package dev.raya.cli.rayac;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.compiler.build.Compilation;
import dev.raya.compiler.build.Compiler;
import dev.raya.compiler.build.ProjectBuild;
import dev.raya.compiler.build.SourceTree;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.doc.DocPackage;
import dev.raya.compiler.doc.DocReader;
import dev.raya.compiler.doc.DocSite;
import dev.raya.resolver.version.ResolverException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * {@code doc [FILE|DIR] [--out OUT] [--json] [--open]}: a static site of what a project and the
 * packages in folders that it reaches export, or the model of it, {@code docs.json}.
 */
final class DocCommand implements Command {
  private static final String WHAT = "FILE|DIR";
  private static final String OUT = "--out";
  private static final String JSON = "--json";
  private static final String OPEN = "--open";
  private static final String DEFAULT_OUT = ".raya/doc";

  static CommandSpec spec() {
    return CommandSpec.named("doc", "write documentation out of doc comments")
        .positional(
            WHAT, PositionalSpec.Arity.OPTIONAL, "a source file or a project; default: the nearest")
        .options(
            OptionSpec.value(OUT, "OUT", "the site's folder; default: .raya/doc of the project")
                .shortName("-o"),
            OptionSpec.flag(JSON, "print the model, docs.json, and write no site"),
            OptionSpec.flag(OPEN, "show the site in the browser"),
            Options.MAX_ERRORS)
        .options(Options.OUTPUT)
        .example("rayac doc --open", "read what the project exports")
        .example("rayac doc src/main.raya --json", "the model of one file, for tools")
        .runs(new DocCommand())
        .build();
  }

  /** What is documented. */
  private record Documented(List<Diagnostic> diagnostics, List<DocPackage> packages) {}

  @Override
  public int run(Arguments arguments, Console console) throws CommandException {
    Inputs inputs = new Inputs(arguments);
    String what = arguments.positional(WHAT);
    boolean single = what != null && what.endsWith(".raya");
    if (arguments.flag(JSON) && (arguments.flag(OPEN) || arguments.value(OUT) != null)) {
      throw new UsageException("--json writes no site, so neither --open nor --out goes with it");
    }
    Path root = single ? inputs.root(String.valueOf(what)) : inputs.project(what);
    Documented documented = single ? ofFile(inputs, String.valueOf(what)) : ofProject(inputs, root);
    DiagnosticFindings.report(
        documented.diagnostics(),
        Options.maxErrors(arguments),
        console,
        single ? inputs.shown(String.valueOf(what)) : UnaryOperator.identity());
    if (documented.packages().isEmpty()) {
      return ExitCode.PROBLEM;
    }
    if (arguments.flag(JSON)) {
      return model(documented.packages(), console);
    }
    String out = arguments.value(OUT);
    Path folder = out == null ? root.resolve(DEFAULT_OUT) : inputs.path(out);
    Map<String, byte[]> files = DocSite.of(documented.packages());
    write(folder, files);
    Path index = folder.resolve("index.html");
    console.status("written: " + inputs.shownPath(index));
    console.result(Json.object().put("index", index.toString()).put("files", files.size()).build());
    if (arguments.flag(OPEN)) {
      open(index);
    }
    return ExitCode.OK;
  }

  private static int model(List<DocPackage> packages, Console console) {
    DocPackage own = packages.getFirst();
    console.result(own.json());
    console.line(new String(own.bytes(), StandardCharsets.UTF_8));
    return ExitCode.OK;
  }

  /**
   * Writes the model of a project that compiles.
   *
   * @throws CommandException if it cannot be read or written
   */
  static void writeModel(Inputs inputs, Path project, Path file) throws CommandException {
    Documented documented = ofProject(inputs, project);
    if (documented.packages().isEmpty()) {
      return; // a workspace without packages
    }
    try {
      Files.write(file, documented.packages().getFirst().bytes());
    } catch (IOException e) {
      throw Inputs.unreadable(e);
    }
  }

  private static Documented ofProject(Inputs inputs, Path project) throws CommandException {
    try {
      ProjectBuild.SourcePackages done = inputs.projects().sourcePackages(project);
      List<DocPackage> packages = new ArrayList<>();
      for (ProjectBuild.SourcePackage one : done.packages()) {
        packages.add(
            new DocReader(SourceTree.folder(one.folder()), one.module()).read(one.request()));
      }
      return new Documented(done.diagnostics(), packages);
    } catch (ResolverException e) {
      throw new CommandException(e.code(), e.text());
    } catch (IOException e) {
      throw Inputs.unreadable(e);
    }
  }

  private static Documented ofFile(Inputs inputs, String given) throws CommandException {
    Compilation done = inputs.compile(given, false);
    if (done.module() == null) {
      return new Documented(done.diagnostics(), List.of());
    }
    Path root = inputs.root(given);
    String name = root.relativize(inputs.path(given)).toString().replace('\\', '/');
    Compiler.Request request =
        new Compiler.Request("", "", List.of(new Compiler.Root("", name, true)), null, false);
    return new Documented(
        done.diagnostics(),
        List.of(new DocReader(SourceTree.folder(root), done.module()).read(request)));
  }

  /** Writes the pages, each by one rename, and leaves what else lies there alone. */
  private static void write(Path folder, Map<String, byte[]> files) throws CommandException {
    try {
      Files.createDirectories(folder);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Path target = folder.resolve(file.getKey());
        Path written = Files.createTempFile(folder, ".page", ".tmp");
        Files.write(written, file.getValue());
        Files.move(
            written, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw Inputs.unreadable(e);
    }
  }

  private static void open(Path page) throws CommandException {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String address = page.toUri().toString();
    List<String> command =
        system.contains("win")
            ? List.of("rundll32", "url.dll,FileProtocolHandler", address)
            : List.of(system.contains("mac") ? "open" : "xdg-open", address);
    try {
      new ProcessBuilder(command).inheritIO().start();
    } catch (IOException missing) {
      String why = String.valueOf(missing.getMessage());
      throw new UsageException("no browser can be started: " + why, "open " + page);
    }
  }
}
