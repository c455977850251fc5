package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.Progress;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.project.BuildFailure;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.cli.pm.project.Toolchain;
import dev.raya.cli.pm.publish.NativeArtifact;
import dev.raya.cli.pm.publish.Packed;
import dev.raya.cli.pm.publish.Packer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;

/** {@code pack}: writes the archive that {@code publish} would upload. */
final class PackCommand implements Command {
  private static final String OUT = "--out";
  static final OptionSpec ALLOW_SECRET =
      OptionSpec.list("--allow-secret", "PATH", "pack this file although it looks like a secret");

  static CommandSpec spec() {
    return CommandSpec.named("pack", "write the archive that publish would upload")
        .options(
            OptionSpec.value(OUT, "DIR", "where to (default .raya/pack)").shortName("-o"),
            ALLOW_SECRET)
        .example("raya-pm pack --out dist", "the archive in the folder dist")
        .runs(new PackCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.of(arguments, console);
        WorkFolder work = WorkFolder.in(session)) {
      ProjectFolder project = ProjectFolder.find(arguments.environment().directory());
      Packer packer =
          new Packer(
              project,
              Manifests.read(project, console),
              Toolchain.of(arguments.environment()),
              session.known(),
              console,
              Set.copyOf(arguments.values(ALLOW_SECRET.name())));
      Packed packed = packer.packTwice(work.path());
      String given = arguments.value(OUT);
      Path folder =
          given == null
              ? project.outputs().resolve("pack")
              : arguments.environment().directory().resolve(given);
      Files.createDirectories(folder);
      Path target = folder.resolve(packed.archive().getFileName().toString());
      Files.copy(packed.archive(), target, StandardCopyOption.REPLACE_EXISTING);
      console.line(target.toString());
      console.line(packed.facts().checksum() + ", " + Progress.bytes(packed.facts().size()));
      for (NativeArtifact each : packed.natives()) {
        console.line(
            "native:"
                + each.blob().module()
                + " for "
                + each.blob().target()
                + ": "
                + each.blob().sha256()
                + ", "
                + Progress.bytes(each.blob().size())
                + ", published beside the archive");
      }
      console.result(json(packed, target));
      return ExitCode.OK;
    } catch (BuildFailure refused) {
      return refused.report(console);
    } catch (IOException unwritable) {
      throw Failure.of(unwritable);
    }
  }

  static Json json(Packed packed, Path archive) {
    return Json.object()
        .put("name", packed.metadata().name().text())
        .put("version", packed.metadata().version().text())
        .put("archive", archive.toString())
        .put("sha256", packed.facts().checksum().hex())
        .put("tree", packed.facts().tree().hex())
        .put("size", packed.facts().size())
        .put("natives", Json.array(packed.natives().stream().map(NativeArtifact::json).toList()))
        .build();
  }
}
