package dev.raya.cli.pm.install;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.HttpBlobSource;
import dev.raya.cli.pm.fetch.Registry;
import dev.raya.cli.pm.project.Machine;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.metadata.NativeBlob;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PackageMetadataCodec;
import dev.raya.toolchain.platform.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Native libraries of locked packages, as cache entries of their own: those of the targets asked
 * for and no others. The lockfile says what each must be, and {@code metadata.json} of the package,
 * whose digest the lockfile pins too, how it is called and how large it is.
 */
final class NativeLibraries {
  /** Largest library (packages.md section 5). */
  private static final long MAX_BYTES = 64L << 20;

  private final Session session;
  private final List<Target> targets;
  private final List<Digest> used = new ArrayList<>();

  /**
   * Brings in libraries.
   *
   * @param asked the targets; empty for this machine's
   */
  NativeLibraries(Session session, List<Target> asked) {
    this.session = session;
    this.targets =
        asked.isEmpty()
            ? Machine.target(session.settings().environment()).map(List::of).orElse(List.of())
            : asked;
  }

  /** The names of the targets that count. */
  Set<String> targets() {
    return targets.stream().map(Target::id).collect(Collectors.toCollection(TreeSet::new));
  }

  /** The libraries that are used, once they were brought in. */
  List<Digest> used() {
    return List.copyOf(used);
  }

  /** A library that is not in the cache. */
  private record Missing(LockedPackage pkg, String origin, NativeBlob blob) {}

  /**
   * Fetches what the cache lacks; the packages themselves are there.
   *
   * @param needed the packages that a target needs
   * @return how many came over the network
   * @throws CommandException RAYA-PKG-016 if a package has no library for a target, RAYA-NET-003 if
   *     offline one is missing, RAYA-PKG-009 if other bytes are served
   * @throws InterruptedException if the thread was interrupted
   */
  int bringIn(Function<Target, List<LockedPackage>> needed)
      throws CommandException, InterruptedException {
    List<Finding> findings = new ArrayList<>();
    List<Missing> missing = new ArrayList<>();
    try {
      for (Target target : targets) {
        for (LockedPackage pkg : needed.apply(target)) {
          for (Map.Entry<String, Map<String, Digest>> module : pkg.natives().entrySet()) {
            Digest digest = module.getValue().get(target.id());
            if (digest == null) {
              findings.add(noArtifact(pkg, module, target));
            } else if (pkg.source() instanceof LockSource.Registry(String origin)) {
              used.add(digest);
              if (session.cache().get(digest).isEmpty()) {
                missing.add(new Missing(pkg, origin, blob(pkg, module.getKey(), target, digest)));
              }
            }
          }
        }
      }
      if (!findings.isEmpty()) {
        throw new CommandException(findings);
      }
      if (!missing.isEmpty() && session.settings().offline()) {
        throw offline(missing);
      }
      for (Missing each : missing) {
        fetch(each);
      }
      return missing.size();
    } catch (IOException failed) {
      throw Failure.of(failed);
    }
  }

  private static Finding noArtifact(
      LockedPackage pkg, Map.Entry<String, Map<String, Digest>> module, Target target) {
    return Finding.error(
        "RAYA-PKG-016",
        pkg.id() + " has no library of native:" + module.getKey() + " for " + target.id(),
        "it has " + String.join(", ", module.getValue().keySet()),
        "restrict the dependency with targets = […], or choose another package");
  }

  private NativeBlob blob(LockedPackage pkg, String module, Target target, Digest digest)
      throws CommandException, IOException {
    Digest checksum = pkg.checksum();
    if (checksum == null) {
      throw new IllegalStateException("a registry package without checksum: " + pkg.id());
    }
    Path file = session.cache().folder(checksum).resolve(PackageMetadata.FILE_NAME);
    try {
      for (NativeBlob blob : PackageMetadataCodec.read(Files.readAllBytes(file)).natives()) {
        if (blob.module().equals(module)
            && blob.target().equals(target.id())
            && blob.sha256().equals(digest)
            && blob.size() <= MAX_BYTES) {
          return blob;
        }
      }
    } catch (JsonException damaged) {
      throw new CommandException(
          "RAYA-PKG-015",
          "the cache entry of " + pkg.id() + " is damaged: " + damaged.getMessage(),
          "`raya-pm cache verify` moves it out, then install again");
    }
    throw new CommandException(
        "RAYA-PKG-007",
        pkg.id()
            + ": raya.lock names a library of native:"
            + module
            + " for "
            + target.id()
            + " that the package itself does not",
        "undo the change of raya.lock, or run `raya-pm lock` to resolve anew");
  }

  private void fetch(Missing each) throws CommandException, IOException, InterruptedException {
    NativeBlob blob = each.blob();
    Registry registry = session.registryOf(each.origin());
    session.console().detail("fetching " + blob.file() + " for " + blob.target());
    Path file =
        new HttpBlobSource(registry, session.home().tmp(), blob.size(), Runnable::run)
            .fetch(
                blob.sha256(), blob.file() + " of " + each.pkg().id(), blob.size(), arrived -> {});
    try (InputStream in = Files.newInputStream(file)) {
      session
          .cache()
          .putLibrary(in, blob.sha256(), blob.size(), blob.file(), "registry+" + each.origin());
    } finally {
      HttpBlobSource.delete(file);
    }
  }

  private static CommandException offline(List<Missing> missing) {
    List<String> names = new ArrayList<>();
    for (Missing each : missing) {
      names.add(each.blob().file() + " of " + each.pkg().id() + " for " + each.blob().target());
    }
    return new CommandException(
        "RAYA-NET-003",
        "offline, and the cache lacks " + String.join(", ", names),
        "run `raya-pm install` once without --offline");
  }
}
