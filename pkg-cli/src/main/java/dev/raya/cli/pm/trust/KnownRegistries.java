package dev.raya.cli.pm.trust;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.cache.store.RayaHome;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.project.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The registries this home knows, {@code registry/known.json}: the origin each gives itself, the
 * digest of its first root, and the URLs it was reached under. Entries are added under a file lock
 * and the file is replaced by one rename.
 */
public final class KnownRegistries {
  /**
   * A lock of a file keeps other processes out, not other threads: a second one of the same process
   * would be refused instead of waiting. Guards the reading and replacing of the file.
   */
  private static final ReentrantLock WITHIN_PROCESS = new ReentrantLock();

  private static final String SCHEMA = "raya/known/1";
  private static final int ID_DIGITS = 32;
  private static final long MAX_BYTES = 1 << 20;

  private final RayaHome home;

  /**
   * A known registry.
   *
   * @param origin its own name for itself
   * @param root SHA-256 of its {@code 1.root.json}
   * @param urls where it was reached, in the order of first contact
   */
  public record Known(String origin, Digest root, List<String> urls) {
    /** Copies the list. */
    public Known {
      urls = List.copyOf(urls);
    }

    // Both by hand, without the code that the platform makes at run time.
    @Override
    public boolean equals(@Nullable Object other) {
      return this == other
          || (other instanceof Known that
              && origin.equals(that.origin)
              && root.equals(that.root)
              && urls.equals(that.urls));
    }

    @Override
    public int hashCode() {
      return root.hashCode();
    }

    /** The name of its folder: the first 32 hex digits of its root's digest. */
    public String id() {
      return root.hex().substring(0, ID_DIGITS);
    }
  }

  /** Reads and writes below this home. */
  public KnownRegistries(RayaHome home) {
    this.home = home;
  }

  /** The folder of what is known of a registry. */
  public Path folder(Known known) {
    return home.registry().resolve(known.id());
  }

  /**
   * All known registries.
   *
   * @throws CommandException if the file is malformed
   */
  public List<Known> all() throws CommandException {
    Path file = home.knownRegistries();
    try {
      if (!Files.exists(file)) {
        return List.of();
      }
      if (Files.size(file) > MAX_BYTES) {
        throw damaged(file, "it is larger than 1 MiB");
      }
      JsonFields root = JsonFields.root(JsonReader.read(Files.readAllBytes(file)));
      if (!root.string("schema").equals(SCHEMA)) {
        throw root.fault("schema", "expected " + SCHEMA);
      }
      List<Known> all = new ArrayList<>();
      for (JsonFields each : root.list("registries")) {
        String hex = each.string("root");
        if (!Digest.isHex(hex)) {
          throw each.fault("root", "expected 64 hex digits");
        }
        all.add(new Known(each.string("origin"), new Digest(hex), each.strings("urls")));
      }
      return List.copyOf(all);
    } catch (JsonException malformed) {
      throw damaged(file, String.valueOf(malformed.getMessage()));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The registry that was reached under a URL. */
  public Optional<Known> byUrl(URI base) throws CommandException {
    for (Known known : all()) {
      if (known.urls().contains(base.toString())) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  /**
   * Refuses a pin that contradicts what is known.
   *
   * @throws CommandException RAYA-SEC-002 if the registry of that URL is known with another root
   */
  public void requireNoOther(URI base, Digest pinned) throws CommandException {
    Optional<Known> before = byUrl(base);
    if (before.isPresent() && !before.get().root().equals(pinned)) {
      throw RootFailures.pinnedAgainst(base, before.get().root(), pinned);
    }
  }

  /** The registry of an origin. */
  public Optional<Known> byOrigin(String origin) throws CommandException {
    for (Known known : all()) {
      if (known.origin().equals(origin)) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  /**
   * Remembers a registry and the URL it was reached under.
   *
   * @throws CommandException RAYA-SEC-002 if its origin is known with another root
   */
  public Known remember(String origin, Digest root, URI base) throws CommandException {
    WITHIN_PROCESS.lock();
    try {
      return rememberAlone(origin, root, base);
    } finally {
      WITHIN_PROCESS.unlock();
    }
  }

  private Known rememberAlone(String origin, Digest root, URI base) throws CommandException {
    try (FileChannel channel =
            FileChannel.open(
                RayaHome.makePrivate(home.locks()).resolve("known.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assert lock.isValid();
      List<Known> all = new ArrayList<>();
      Known remembered = null;
      for (Known known : all()) {
        if (known.origin().equals(origin)) {
          if (!known.root().equals(root)) {
            throw RootFailures.changed(origin, known.root(), root);
          }
          List<String> urls = new ArrayList<>(known.urls());
          if (!urls.contains(base.toString())) {
            urls.add(base.toString());
          }
          remembered = new Known(origin, root, urls);
          all.add(remembered);
        } else {
          List<String> urls = new ArrayList<>(known.urls());
          urls.remove(base.toString());
          all.add(new Known(known.origin(), known.root(), urls));
        }
      }
      if (remembered == null) {
        remembered = new Known(origin, root, List.of(base.toString()));
        all.add(remembered);
      }
      AtomicFiles.writeIfChanged(home.knownRegistries(), bytes(all));
      return remembered;
    } catch (IOException unwritable) {
      throw new CommandException(
          "RAYA-PKG-017",
          home.knownRegistries() + " cannot be written: " + unwritable.getMessage(),
          "set RAYA_HOME to a folder of yours that can be written");
    }
  }

  private static byte[] bytes(List<Known> all) {
    List<Json> registries = new ArrayList<>();
    for (Known known : all) {
      registries.add(
          Json.object()
              .put("id", known.id())
              .put("origin", known.origin())
              .put("root", known.root().hex())
              .put("urls", Json.strings(known.urls()))
              .build());
    }
    return CanonicalJson.bytes(
        Json.object().put("schema", SCHEMA).put("registries", new Json.Array(registries)).build());
  }

  private static CommandException damaged(Path file, String why) {
    return new CommandException(
        "RAYA-PKG-017", file + " is damaged: " + why, "remove it and pin your registries anew");
  }
}
