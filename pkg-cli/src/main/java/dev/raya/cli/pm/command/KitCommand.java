package dev.raya.cli.pm.command;

import dev.raya.cache.archive.ArchiveFacts;
import dev.raya.cache.archive.ArchiveFolder;
import dev.raya.cache.archive.ArchiveKind;
import dev.raya.cache.archive.ArchiveWriter;
import dev.raya.cache.archive.Content;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.CommonOptions;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.Progress;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.install.InstallRequest;
import dev.raya.cli.pm.install.Installer;
import dev.raya.cli.pm.kit.Kit;
import dev.raya.cli.pm.kit.KitContents;
import dev.raya.cli.pm.kit.KitToolchain;
import dev.raya.cli.pm.kit.VendorFolder;
import dev.raya.cli.pm.project.LockedFiles;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.cli.pm.project.Toolchain;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.resolver.lock.Lockfile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code cache export}, {@code cache import} and {@code vendor}: a lockfile's whole closure as one
 * file, and as a folder of the project.
 */
final class KitCommand {
  private static final String FILE = "FILE";
  private static final String DIRECTORY = "DIR";
  private static final OptionSpec OUT =
      OptionSpec.value("--out", "FILE", "where to write it; default: raya-kit.tar.zst")
          .shortName("-o");
  private static final OptionSpec WITH_TOOLCHAIN =
      OptionSpec.flag("--with-toolchain", "take the toolchain along that this program runs from");
  private static final OptionSpec TOOLCHAIN =
      OptionSpec.value(
          "--toolchain", "sha256:HEX", "install the kit's toolchain if it is this one");
  private static final OptionSpec NO_TOOLCHAIN =
      OptionSpec.flag("--without-toolchain", "take the packages alone");

  private KitCommand() {}

  static CommandSpec export() {
    return CommandSpec.named("export", "write the lockfile's whole closure into one file")
        .description(
            "The file holds packages, native libraries, proofs and the registries' roots; the same"
                + " lockfile gives the same bytes. It is a cache for CI and brings a project to a"
                + " machine without network.")
        .options(OUT, WITH_TOOLCHAIN)
        .example("raya-pm cache export -o app-kit.tar.zst", "then `raya-pm cache import` there")
        .runs(KitCommand::export)
        .build();
  }

  static CommandSpec load() {
    return CommandSpec.named("import", "check a file of `cache export` and load it into the cache")
        .description(
            "Everything is verified like what a registry gives before anything becomes visible:"
                + " digests, contents, publishers' statements. A registry that this home does not"
                + " know yet must be confirmed or pinned with --trust-root.")
        .positional(FILE, PositionalSpec.Arity.ONE, "the file, or a folder of `raya-pm vendor`")
        .options(TOOLCHAIN, NO_TOOLCHAIN)
        .example(
            "raya-pm cache import app-kit.tar.zst",
            "afterwards `raya-pm install --frozen --offline` needs no network")
        .runs(KitCommand::load)
        .build();
  }

  static CommandSpec vendor() {
    return CommandSpec.named("vendor", "keep the packages of raya.lock in the project itself")
        .description(
            "Writes a read-only mirror into vendor/, to be committed with the sources. Where it"
                + " lies in a project, installs take what the cache lacks from it before they ask"
                + " the registry, verified in the same way, and --offline needs nothing else. Run"
                + " it again after the lockfile changed: files that stay the same are not touched.")
        .positional(DIRECTORY, PositionalSpec.Arity.OPTIONAL, "another folder than vendor/")
        .example("raya-pm vendor", "then `raya-pm install --frozen --offline` anywhere")
        .runs(KitCommand::vendor)
        .build();
  }

  private static int export(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.of(arguments, console);
        WorkFolder work = WorkFolder.in(session)) {
      Path home = null;
      if (arguments.flag(WITH_TOOLCHAIN.name())) {
        home = Toolchain.of(arguments.environment()).home();
      }
      SortedMap<String, Content> files = gather(session, arguments, work, home);
      Path made = work.path().resolve("kit");
      ArchiveFacts facts = ArchiveWriter.write(ArchiveKind.KIT, files, made);
      String named = arguments.value(OUT.name());
      Path out =
          arguments.environment().directory().resolve(named == null ? "raya-kit.tar.zst" : named);
      place(made, out);
      Digest toolchain = home == null ? null : Digest.ofFile(home.resolve("toolchain.json"));
      console.result(
          Json.object()
              .put("file", out.toString())
              .put("sha256", facts.checksum().toString())
              .put("size", facts.size())
              .putIfPresent(
                  "toolchain", toolchain == null ? null : new Json.Str(toolchain.toString()))
              .build());
      console.line(out + ", " + Progress.bytes(facts.size()) + ", " + facts.checksum());
      if (toolchain != null) {
        console.line("with the toolchain " + toolchain);
      }
      return ExitCode.OK;
    } catch (IOException unwritable) {
      throw Failure.of(unwritable);
    }
  }

  /** Installs, so that lockfile, cache and manifest agree and the entries are held. */
  private static SortedMap<String, Content> gather(
      Session session, Arguments arguments, WorkFolder work, @Nullable Path toolchain)
      throws CommandException, IOException, InterruptedException {
    ProjectFolder project = ProjectFolder.find(arguments.environment().directory());
    new Installer(session, project).install(InstallRequest.PLAIN);
    Lockfile lockfile = LockedFiles.read(project);
    if (lockfile == null) {
      throw new CommandException(
          "RAYA-PKG-006", "there is no raya.lock", "run `raya-pm install` first");
    }
    Path archives = Files.createDirectory(work.path().resolve("archives"));
    return KitContents.gather(session, lockfile, archives, toolchain);
  }

  /** By one rename in the target's own folder, which may be on another volume than the home. */
  private static void place(Path made, Path out) throws IOException {
    Path folder = out.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(out + " is no file");
    }
    Path beside = Files.createTempFile(folder, ".raya-kit-", "");
    try {
      Files.copy(made, beside, StandardCopyOption.REPLACE_EXISTING);
      Files.move(beside, out, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private static int load(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.of(arguments, console);
        WorkFolder work = WorkFolder.in(session)) {
      Path file = arguments.environment().directory().resolve(arguments.required(FILE));
      Path folder = file;
      if (!Files.isDirectory(file)) {
        folder = work.path().resolve("kit");
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          throw new UsageException("there is no file " + file);
        }
        try (InputStream in = Files.newInputStream(file)) {
          ArchiveFolder.unpack(ArchiveKind.KIT, in, folder);
        }
      }
      Kit kit = Kit.open(folder);
      KitToolchain toolchain = toolchain(arguments, session, kit);
      kit.admit(session, digest(arguments, CommonOptions.TRUST_ROOT.name()), true);
      List<PackageClaim> claims = kit.claims();
      int put = kit.load(session, claims);
      int libraries = kit.loadLibraries(session);
      Json.ObjectBuilder result =
          Json.object()
              .put("libraries", libraries)
              .put("loaded", put)
              .put("packages", claims.size());
      console.line(
          InstallOptions.packages(claims.size()) + " verified, " + put + " of them new here");
      if (toolchain != null) {
        Path installed = toolchain.install(session);
        result.put("toolchain", installed.toString());
        console.line("toolchain in " + installed);
      }
      console.result(result.build());
      return ExitCode.OK;
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  private static @Nullable KitToolchain toolchain(Arguments arguments, Session session, Kit kit)
      throws CommandException, IOException {
    Digest expected = digest(arguments, TOOLCHAIN.name());
    if (kit.toolchain() == null) {
      if (expected != null) {
        throw new CommandException("RAYA-TC-003", "the kit holds no toolchain");
      }
      return null;
    }
    return arguments.flag(NO_TOOLCHAIN.name()) ? null : KitToolchain.check(session, kit, expected);
  }

  private static @Nullable Digest digest(Arguments arguments, String option) throws UsageException {
    String text = arguments.value(option);
    if (text == null) {
      return null;
    }
    try {
      return Digest.parse(text);
    } catch (IllegalArgumentException malformed) {
      throw new UsageException(
          option + " is \"" + text + "\"", "write sha256: and 64 lower-case hex digits");
    }
  }

  private static int vendor(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.of(arguments, console);
        WorkFolder work = WorkFolder.in(session)) {
      SortedMap<String, Content> files = gather(session, arguments, work, null);
      ProjectFolder project = ProjectFolder.find(arguments.environment().directory());
      String named = arguments.positional(DIRECTORY);
      Path folder =
          named == null
              ? project.root().resolve(Kit.FOLDER)
              : arguments.environment().directory().resolve(named).normalize();
      VendorFolder.Written written = VendorFolder.write(folder, files);
      console.result(
          Json.object()
              .put("files", files.size())
              .put("folder", folder.toString())
              .put("removed", written.removed())
              .put("written", written.written())
              .build());
      console.line(
          folder
              + ": "
              + files.size()
              + " files, "
              + written.written()
              + " written, "
              + written.removed()
              + " removed");
      if (!folder.equals(project.root().resolve(Kit.FOLDER))) {
        console.line("installs read vendor/ only; `raya-pm cache import DIR` loads this one");
      }
      return ExitCode.OK;
    } catch (IOException unwritable) {
      throw Failure.of(unwritable);
    }
  }
}
