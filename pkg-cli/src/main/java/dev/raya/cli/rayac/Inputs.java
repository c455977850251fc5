package dev.raya.cli.rayac;

import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Environment;
import dev.raya.cli.console.UsageException;
import dev.raya.compiler.build.CheckRecords;
import dev.raya.compiler.build.Compilation;
import dev.raya.compiler.build.Compiler;
import dev.raya.compiler.build.LockedImports;
import dev.raya.compiler.build.PackageImports;
import dev.raya.compiler.build.ProjectBuild;
import dev.raya.compiler.build.SourceTree;
import dev.raya.compiler.build.StandardLibrary;
import dev.raya.compiler.check.CheckMemory;
import dev.raya.compiler.check.IncrementalCheck;
import dev.raya.compiler.doc.DocExample;
import dev.raya.compiler.source.SourceFile;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestReader;
import dev.raya.resolver.version.ResolverException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a command works on: single files, or the project of a {@code raya.toml}. */
final class Inputs {
  private final Environment environment;
  private final StandardLibrary library;

  Inputs(Arguments arguments) {
    this.environment = arguments.environment();
    Path home = environment.toolchainHome();
    this.library = home == null ? StandardLibrary.fromSources() : StandardLibrary.ofToolchain(home);
  }

  /** The builder of projects. */
  ProjectBuild projects() {
    return new ProjectBuild(library, environment.rayaHome().resolve("cache"));
  }

  /** A path as the user gave it, from the working directory. */
  Path path(String given) {
    return environment.directory().resolve(given).toAbsolutePath().normalize();
  }

  /**
   * The project folder that an argument means: a folder with a raya.toml, or the nearest one
   * upwards from the working directory if nothing was given.
   *
   * @throws UsageException if there is none
   */
  Path project(@Nullable String given) throws UsageException {
    if (given != null) {
      Path folder = path(given);
      if (Files.isRegularFile(folder)) {
        throw new UsageException(
            given + " is no source file and no project", "names of source files end with .raya");
      }
      if (!Files.isDirectory(folder)) {
        throw new UsageException("there is no file or folder " + given);
      }
      if (!Files.isRegularFile(folder.resolve(Manifest.FILE_NAME))) {
        Path around = projectOf(folder);
        throw around == null
            ? new UsageException("there is no raya.toml in " + folder)
            : new UsageException(
                "there is no raya.toml in " + folder, "the project around it is in " + around);
      }
      return folder;
    }
    for (Path folder = environment.directory(); folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve(Manifest.FILE_NAME))) {
        return folder;
      }
    }
    throw new UsageException(
        "there is no raya.toml in " + environment.directory() + " or above",
        "make a project with raya-pm init, or name a source file");
  }

  /**
   * Compiles one source file and what it imports. Inside a project its packages can be imported
   * too.
   *
   * @param given the file as the user gave it
   * @param debug whether line numbers are written
   * @throws CommandException if it cannot be read
   */
  Compilation compile(String given, boolean debug) throws CommandException {
    Path file = existing(given);
    Path root = root(given);
    return compile(file, relative(root, file), SourceTree.folder(root), debug);
  }

  /**
   * Checks one source file and what it imports. Inside a project what is found is remembered in its
   * output folder.
   *
   * @param given the file as the user gave it
   * @param force whether everything is checked
   * @throws CommandException if it cannot be read
   */
  IncrementalCheck.Outcome check(String given, boolean force) throws CommandException {
    Path file = existing(given);
    Path root = root(given);
    PackageImports packages = packages(file);
    Compiler.Request request = request(relative(root, file), true);
    Path project = projectOf(file);
    if (project == null) {
      return new Compiler(library, SourceTree.folder(root), packages)
          .check(request, CheckMemory.NONE);
    }
    return CheckRecords.of(project.resolve(ProjectBuild.OUTPUT), force)
        .check(root, sources -> new Compiler(library, sources, packages), request);
  }

  private Path existing(String given) throws UsageException {
    Path file = path(given);
    if (!Files.isRegularFile(file)) {
      throw new UsageException(
          Files.isDirectory(file) ? given + " is a folder" : "there is no file " + given);
    }
    return file;
  }

  /** What the compiler calls a file of tests that it compiles. */
  String name(Path file) {
    return relative(root(file.toString()), file);
  }

  private static String relative(Path root, Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  /**
   * Compiles a file of tests together with the program that runs it: a module beside it that calls
   * {@code runSuite} of {@code raya:test}.
   */
  Compilation compileSuite(Path file) throws CommandException {
    Path root = root(file.toString());
    String name = relative(root, file);
    String stem = name.substring(0, name.length() - ".raya".length());
    SourceFile program =
        SourceFile.of(
            stem + ".run.raya",
            "import { runSuite } from \"raya:test\";\nimport \"./"
                + stem.substring(stem.lastIndexOf('/') + 1)
                + "\";\nexport async function main(args: string[]): Task<void> {\n"
                + "  await runSuite(args);\n}\n");
    return compile(file, program.name(), SourceTree.folder(root).with(program), true);
  }

  /** Compiles an example of a file's doc comments as a program beside the file. */
  Compilation compileExample(Path file, DocExample example) throws CommandException {
    Path root = root(file.toString());
    Path folder = projectOf(file);
    String name = root.relativize(file).toString().replace('\\', '/');
    try {
      Manifest manifest =
          folder == null
              ? null
              : ManifestReader.readFile(folder.resolve(Manifest.FILE_NAME), Manifest.FILE_NAME);
      SourceFile program = ExampleProgram.of(SourceFiles.read(file, name), example, manifest);
      return compile(file, program.name(), SourceTree.folder(root).with(program), true);
    } catch (ResolverException e) {
      throw new CommandException(e.code(), e.text());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private Compilation compile(Path file, String name, SourceTree sources, boolean debug)
      throws CommandException {
    return compiler(file, sources).compile(request(name, debug));
  }

  private static Compiler.Request request(String name, boolean debug) {
    return new Compiler.Request("", "", List.of(new Compiler.Root("", name, true)), name, debug);
  }

  /** The compiler of a file, with the packages of its project if it is in one. */
  private Compiler compiler(Path file, SourceTree sources) throws CommandException {
    return new Compiler(library, sources, packages(file));
  }

  /** The packages that a file may import. */
  private PackageImports packages(Path file) throws CommandException {
    Path folder = projectOf(file);
    if (folder == null) {
      return PackageImports.NONE;
    }
    try {
      Manifest manifest =
          ManifestReader.readFile(folder.resolve(Manifest.FILE_NAME), Manifest.FILE_NAME);
      return new LockedImports(folder, environment.rayaHome().resolve("cache"), manifest);
    } catch (ResolverException e) {
      throw new CommandException(e.code(), e.text());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * How the files of a compilation are shown: as the user named the first one, absolute or from the
   * working directory. The compiler itself names them from the project's folder, or from that of
   * the file, so that outputs do not depend on where they were made.
   *
   * @param given the file as the user gave it
   */
  UnaryOperator<String> shown(String given) {
    Path file = path(given);
    Path folder = projectOf(file);
    Path root = folder == null ? parent(file) : folder;
    boolean absolute = Path.of(given).isAbsolute();
    return name -> {
      Path source = root.resolve(name);
      if (!Files.isRegularFile(source)) {
        return name; // the standard library or a package
      }
      Path seen = absolute ? source : environment.directory().relativize(source);
      return seen.toString().replace('\\', '/');
    };
  }

  /** What the compiler's names of files are relative to when it compiles a single file. */
  Path root(String given) {
    Path file = path(given);
    Path folder = projectOf(file);
    return folder == null ? parent(file) : folder;
  }

  /** How a file is shown: from the working directory if it lies below it. */
  String shownPath(Path file) {
    Path directory = environment.directory();
    Path seen = file.startsWith(directory) ? directory.relativize(file) : file;
    return seen.toString().replace('\\', '/');
  }

  static CommandException unreadable(IOException failure) {
    return new CommandException(
        "RAYA-PKG-017", reason(failure), "check permissions and free space");
  }

  private static String reason(IOException failure) {
    return switch (failure) {
      case NoSuchFileException gone -> "there is no " + gone.getFile() + " any more";
      case AccessDeniedException denied -> "no permission for " + denied.getFile();
      default -> String.valueOf(failure.getMessage());
    };
  }

  private static @Nullable Path projectOf(Path file) {
    for (Path folder = file.getParent(); folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve(Manifest.FILE_NAME))) {
        return folder;
      }
    }
    return null;
  }

  private static Path parent(Path file) {
    Path parent = file.getParent();
    return parent == null ? file : parent;
  }
}
