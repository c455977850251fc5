package dev.raya.cli.pm.command;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.cli.pm.project.Toolchain;
import dev.raya.resolver.lock.LinkPlan;
import dev.raya.resolver.lock.LockfileException;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PackageMetadataCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A program of an installed package: what its {@code metadata.json} lists under {@code bin}.
 *
 * @param owner the package, as the project imports it
 * @param module path of the program's module in the package (rbin.md 3.10)
 */
record PackageProgram(String owner, String module) {
  /**
   * The programs of the packages from registries and archives that a project depends on directly,
   * by the package's name in the project and then by the program's.
   *
   * @throws CommandException if the lockfile or an entry of the cache cannot be read
   */
  static Map<String, Map<String, PackageProgram>> of(Session session, ProjectFolder project)
      throws CommandException {
    Map<String, Map<String, PackageProgram>> programs = new TreeMap<>();
    try {
      LinkPlan.Located located = LinkPlan.locate(project.root());
      if (located == null) {
        return programs;
      }
      for (Map.Entry<String, String> each : located.plan().project().entrySet()) {
        LinkPlan.LinkedPackage linked = located.plan().packages().get(each.getValue());
        if (linked != null && linked.checksum() != null) {
          Path entry = session.cache().folder(Digest.parse("sha256:" + linked.checksum()));
          programs.put(each.getKey(), read(each.getKey(), entry));
        }
      }
      return programs;
    } catch (LockfileException malformed) {
      throw new CommandException(malformed.code(), String.valueOf(malformed.getMessage()));
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  private static Map<String, PackageProgram> read(String owner, Path entry)
      throws CommandException, IOException {
    Path file = entry.resolve(PackageMetadata.FILE_NAME);
    PackageMetadata metadata;
    try {
      metadata = PackageMetadataCodec.read(Files.readAllBytes(file));
    } catch (JsonException damaged) {
      throw new CommandException(
          "RAYA-PKG-015",
          file + ": " + damaged.getMessage(),
          "`raya-pm install --verify` fetches it again");
    }
    Map<String, PackageProgram> programs = new TreeMap<>();
    metadata
        .bin()
        .forEach(
            (name, source) -> {
              String module = source;
              for (var export : metadata.exports().entrySet()) {
                // A module that is exported too has the name it is imported under.
                module = export.getValue().equals(source) ? export.getKey().text() : module;
              }
              programs.put(name, new PackageProgram(owner, module));
            });
    return programs;
  }

  /**
   * A process that runs it.
   *
   * @param directory where it runs
   * @param project whose lockfile names its packages and grants
   * @param arguments the program's
   */
  ProcessBuilder process(
      Toolchain toolchain, Path directory, ProjectFolder project, List<String> arguments) {
    List<String> words =
        new ArrayList<>(
            List.of("--package", owner, "--program", module, project.manifest().toString()));
    words.addAll(arguments);
    return toolchain.raya(directory, words);
  }
}
