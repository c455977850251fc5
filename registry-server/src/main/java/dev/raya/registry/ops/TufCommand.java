package dev.raya.registry.ops;

import dev.raya.registry.signer.HeldKeys;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.DirectoryStaticTree;
import dev.raya.registry.storage.EmbeddedPostgres;
import dev.raya.registry.storage.KeysLock;
import dev.raya.registry.storage.StaticTree;
import dev.raya.registry.storage.StorageException;
import dev.raya.registry.trust.OfflineRenewal;
import dev.raya.registry.trust.Rotation;
import dev.raya.registry.trust.TrustKeys;
import dev.raya.tuf.TufException;
import dev.raya.tuf.repository.DirectoryMetadata;
import dev.raya.tuf.repository.MetadataFiles;
import dev.raya.tuf.repository.RegistryRole;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code tuf ceremony|rotate|sign|verify}: what is done to a registry's TUF repository by people
 * with files, on a machine that needs no network (spec: security.md "Roots").
 */
final class TufCommand {
  private final PrintStream out;
  private final SecureRandom random;
  private final InstantSource clock;

  TufCommand(PrintStream out, SecureRandom random, InstantSource clock) {
    this.out = out;
    this.random = random;
    this.clock = clock;
  }

  int run(List<String> words, Arguments arguments)
      throws UsageException, CommandException, StorageException, IOException {
    try {
      return switch (words.isEmpty() ? "" : words.getFirst()) {
        case "ceremony" -> {
          arguments.only(Set.of("data-dir", "origin"));
          yield ceremony(arguments);
        }
        case "rotate" -> {
          arguments.only(Set.of("data-dir"));
          yield rotate(words, arguments);
        }
        case "sign" -> {
          arguments.only(Set.of("keys", "renew"));
          yield sign(words, arguments);
        }
        case "verify" -> {
          arguments.only(Set.of("data-dir"));
          yield verify(arguments);
        }
        default -> throw new UsageException("expected tuf ceremony, rotate, sign or verify");
      };
    } catch (TufException e) {
      throw new CommandException(3, String.valueOf(e.getMessage()));
    }
  }

  /** Makes a registry's keys and first metadata before its first start. */
  private int ceremony(Arguments arguments)
      throws UsageException, CommandException, StorageException, TufException, IOException {
    String origin = StartOptions.origin(arguments.required("origin"));
    DataDirectory directory = CommandLine.directory(arguments).create();
    try (KeysLock lock = KeysLock.alone(directory).orElse(null)) {
      if (lock == null) {
        throw new CommandException(
            1, "a registry or another command uses the keys in " + directory.root());
      }
      return ceremony(directory, origin);
    }
  }

  private int ceremony(DataDirectory directory, String origin)
      throws CommandException, StorageException, TufException, IOException {
    // Before the root: what a kill cuts off is gone on with under the same name.
    String fixed = directory.fixOrigin(origin);
    boolean made = RegistryRoot.ceremony(directory, random, clock);
    List<String> names = metadata(directory).names();
    boolean ended =
        Stream.of(RegistryRole.values())
            .filter(role -> !role.online())
            .allMatch(role -> names.contains("1." + role.file()));
    if (!made && ended) {
      throw new CommandException(1, "there is a root in " + directory.root() + " already");
    }
    if (!fixed.equals(origin)) {
      throw new CommandException(1, "the registry in " + directory.root() + " is " + fixed);
    }
    roles(directory).renew(Rotation.targets(directory, fixed));
    out.println(RegistryRoot.fingerprint(directory).orElseThrow());
    out.println(
        "copy the folder to the server without keys/offline, and keep that on a machine without a"
            + " network");
    return 0;
  }

  private OfflineRenewal roles(DataDirectory directory) {
    return new OfflineRenewal(metadata(directory), new TrustKeys(directory), clock);
  }

  private static MetadataFiles metadata(DataDirectory directory) {
    return new DirectoryMetadata(directory.tree().resolve("tuf"));
  }

  /** Replaces a role's keys; whoever holds the former ones signs nothing any more. */
  private int rotate(List<String> words, Arguments arguments)
      throws UsageException, CommandException, StorageException, TufException, IOException {
    DataDirectory directory = CommandLine.directory(arguments);
    RegistryRole role = role(words);
    if (!directory.exists()) {
      throw new CommandException(1, "there is no registry in " + directory.root());
    }
    try (KeysLock lock = KeysLock.alone(directory).orElse(null)) {
      if (lock == null || EmbeddedPostgres.running(directory).isPresent()) {
        throw new CommandException(
            1,
            "the registry is running: stop it, rotate, and start it; it signs with new keys then");
      }
      return rotate(directory, role);
    }
  }

  private int rotate(DataDirectory directory, RegistryRole role)
      throws StorageException, TufException, IOException {
    Rotation rotation = new Rotation(directory, metadata(directory), HeldKeys::open, random, clock);
    Optional<RegistryRole> before = rotation.begun();
    if (before.isPresent()) {
      rotation.finish();
      out.println("ended the rotation that was cut off: " + before.get().id());
    }
    if (!before.equals(Optional.of(role))) {
      rotation.begin(role);
      rotation.finish();
    }
    out.println("rotated: " + role.id() + "; the former keys are in keys/retired");
    List<RegistryRole> missing = rotation.lost();
    if (!missing.isEmpty()) {
      out.println(
          "keys are missing, and nothing is signed anew before they are rotated too or restored: "
              + String.join(", ", missing.stream().map(RegistryRole::id).toList()));
    }
    return 0;
  }

  private static RegistryRole role(List<String> words) throws UsageException {
    if (words.size() == 2) {
      for (RegistryRole role : RegistryRole.values()) {
        if (role.id().equals(words.get(1))) {
          return role;
        }
      }
    }
    throw new UsageException(
        "expected tuf rotate and one of "
            + String.join(", ", Stream.of(RegistryRole.values()).map(RegistryRole::id).toList()));
  }

  /** Adds signatures to a file, or to its next version. */
  private int sign(List<String> words, Arguments arguments)
      throws UsageException, CommandException, TufException, IOException {
    if (words.size() != 2) {
      throw new UsageException("expected tuf sign FILE --keys FOLDER [--renew DAYS]");
    }
    String days = arguments.option("renew");
    if (days != null && !days.matches("[1-9][0-9]{0,2}")) {
      throw new UsageException("--renew: expected days, 1 to 999");
    }
    new FileSigning(out, clock)
        .sign(
            Path.of(words.get(1)),
            Path.of(arguments.required("keys")),
            days == null ? 0 : Integer.parseInt(days));
    return 0;
  }

  /** Checks the repository as a client does that knows the first root. */
  private int verify(Arguments arguments)
      throws UsageException, CommandException, TufException, IOException {
    DataDirectory directory = CommandLine.directory(arguments);
    if (!directory.exists()) {
      throw new CommandException(1, "there is no registry in " + directory.root());
    }
    StaticTree tree = new DirectoryStaticTree(directory.tree());
    List<String> faults = new ArrayList<>();
    List<String> paths = new ArrayList<>();
    try (TrustCheck check = new TrustCheck(tree, clock.instant())) {
      check.refresh();
      faults.addAll(check.roleFaults());
      paths.addAll(check.trustFiles());
      for (String path : tree.list("index")) {
        if (!path.matches(".*/[0-9a-f]{64}\\..*") && !path.equals("index/config.json")) {
          paths.add(path);
        }
      }
      for (String path : paths) {
        check.fault(path).ifPresent(faults::add);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    faults.forEach(fault -> out.println("damaged: " + fault));
    out.println(
        (faults.isEmpty() ? "ok: " : faults.size() + " faults: ")
            + String.format(Locale.ROOT, "%d targets", paths.size()));
    return faults.isEmpty() ? 0 : 3;
  }
}
