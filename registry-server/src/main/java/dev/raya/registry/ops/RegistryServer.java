package dev.raya.registry.ops;

import dev.raya.registry.account.Tokens;
import dev.raya.registry.settings.RegistrySettings;
import dev.raya.registry.signer.HeldKeys;
import dev.raya.registry.signer.KeyProcess;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.DatabaseAddress;
import dev.raya.registry.storage.EmbeddedPostgres;
import dev.raya.registry.storage.KeysLock;
import dev.raya.registry.storage.StorageException;
import dev.raya.registry.trust.OfflineRenewal;
import dev.raya.registry.trust.Rotation;
import dev.raya.registry.trust.TrustKeys;
import dev.raya.tuf.TufException;
import dev.raya.tuf.repository.DirectoryMetadata;
import dev.raya.tuf.repository.RegistryRole;
import io.quarkus.runtime.Quarkus;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * {@code start}: data directory, database, signer, witness, application, in this order, and down
 * again in the reverse one. The application reads what was decided here from system properties,
 * since it is configured before any object of ours exists in it.
 */
public final class RegistryServer implements CommandLine.Server {
  private static final long STOP_SECONDS = 30;

  /** In the place of an exit code while the application has not ended. */
  private static final int RUNNING = -1;

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long BETWEEN_TRIES = 100_000_000;

  private final Class<?> program;
  private final PrintStream err;
  private final SecureRandom random;
  private final InstantSource clock;

  /** Takes what only a main class knows, itself among it. */
  public RegistryServer(
      Class<?> program, PrintStream err, SecureRandom random, InstantSource clock) {
    this.program = program;
    this.err = err;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public int serve(StartOptions options) throws StorageException, IOException {
    DataDirectory directory = options.directory().create();
    String jdbcUrl = options.jdbcUrl();
    EmbeddedPostgres postgres = jdbcUrl == null ? startDatabase(directory) : null;
    KeysLock using = null;
    CountDownLatch stopped = new CountDownLatch(1);
    AtomicInteger ended = new AtomicInteger(RUNNING);
    List<KeyProcess> keys = new CopyOnWriteArrayList<>();
    Thread hook = new Thread(() -> stop(stopped, keys, postgres, ended), "raya-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      DatabaseAddress database =
          postgres == null ? DatabaseAddress.external(String.valueOf(jdbcUrl)) : postgres.address();
      using = prepared(directory, database);
      ServerSocket reserved = options.port() == 0 ? freePort() : null;
      int port = reserved == null ? options.port() : reserved.getLocalPort();
      String url = "http://" + options.host() + ':' + port;
      String proposed = options.origin();
      String origin = directory.fixOrigin(proposed == null ? url : proposed);
      System.setProperty(
          RegistrySettings.SIGNER, begun(keys, KeyProcess.signer(program, directory)));
      System.setProperty(
          RegistrySettings.WITNESS, begun(keys, KeyProcess.witness(program, directory)));
      configure(options, port, origin, database);
      if (reserved != null) {
        reserved.close(); // held while the key processes start, so that nobody else is given it
      }
      Quarkus.run(
          RegistryApplication.class,
          (code, failure) -> {
            ended.set(code);
            if (failure != null) {
              err.println(
                  "error: the registry could not start: " + CommandLine.rootMessage(failure));
            }
            stopped.countDown();
          },
          url);
      return Math.max(0, ended.get());
    } finally {
      stopped.countDown();
      keys.forEach(KeyProcess::close);
      if (postgres != null) {
        postgres.close();
      }
      if (using != null) {
        using.close();
      }
    }
  }

  /**
   * Makes keys and metadata ready, alone if nobody else uses them, and keeps them from being
   * replaced. A rotation that was cut off is ended by the first server, before there is another.
   */
  private KeysLock prepared(DataDirectory directory, DatabaseAddress database)
      throws StorageException, IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    boolean ready = false;
    while (true) {
      if (!ready) {
        try (KeysLock alone = KeysLock.alone(directory).orElse(null)) {
          if (alone != null) {
            prepare(directory, database);
            ready = true;
          }
        }
      }
      Optional<KeysLock> using = KeysLock.shared(directory);
      if (using.isPresent()) {
        return using.get();
      }
      if (System.nanoTime() > deadline) {
        throw new StorageException.InUse(
            "another process replaces keys in " + directory.root() + " (tuf rotate)");
      }
      LockSupport.parkNanos(BETWEEN_TRIES);
    }
  }

  /** A command beside us may hold the database for a moment; another server keeps it. */
  private EmbeddedPostgres startDatabase(DataDirectory directory)
      throws StorageException, IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return EmbeddedPostgres.start(directory, random);
      } catch (StorageException.InUse e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(BETWEEN_TRIES);
      }
    }
  }

  /**
   * Makes what is missing of keys and metadata.
   *
   * @param database what it holds decides whether this can be a first start
   * @throws StorageException if files and database are not of one registry, or keys are missing
   * @throws IOException if files cannot be read or written
   */
  void prepare(DataDirectory directory, DatabaseAddress database)
      throws StorageException, IOException {
    RegistryRoot.requireHistory(directory, database);
    prepare(directory);
  }

  /** The same without a look at the database. */
  void prepare(DataDirectory directory) throws StorageException, IOException {
    directory.secret(Tokens.PEPPER, random);
    if (RegistryRoot.ceremony(directory, random, clock)) {
      err.println(
          "made the keys of this registry; its fingerprint is "
              + RegistryRoot.fingerprint(directory).orElseThrow());
      err.println(
          "  keep "
              + directory.keys().resolve("offline")
              + " on a machine without a network: move it away now");
    }
    Rotation rotation = new Rotation(directory, metadata(directory), HeldKeys::open, random, clock);
    finish(rotation);
    TrustKeys keys = new TrustKeys(directory);
    keys.requireNamed(directory, new OfflineRenewal(metadata(directory), keys, clock));
    // A registry of an earlier release has fewer keys.
    keys.complete(random);
    try {
      if (rotation.signOwed()) {
        err.println("signed anew what a rotation had left unsigned for want of another key");
      }
    } catch (TufException e) {
      throw new StorageException("metadata cannot be signed anew: " + e.getMessage(), e);
    }
  }

  /** A rotation that was cut off is ended before anything is signed. */
  private void finish(Rotation rotation) throws StorageException, IOException {
    Optional<RegistryRole> begun = rotation.begun();
    if (begun.isEmpty()) {
      return;
    }
    try {
      if (rotation.canFinish()) {
        rotation.finish();
        err.println("ended the rotation that was cut off: " + begun.get().id());
      } else {
        err.println(
            "warning: the rotation of the role "
                + begun.get().id()
                + " was cut off before anything named its new keys; the former ones go on"
                + " (bring the offline keys here and run tuf rotate again)");
      }
    } catch (TufException e) {
      throw new StorageException("the rotation cannot be ended: " + e.getMessage(), e);
    }
  }

  private static DirectoryMetadata metadata(DataDirectory directory) {
    return new DirectoryMetadata(directory.tree().resolve("tuf"));
  }

  private static void configure(
      StartOptions options, int port, String origin, DatabaseAddress database) {
    System.setProperty(RegistrySettings.DATA_DIRECTORY, options.directory().root().toString());
    System.setProperty(RegistrySettings.ORIGIN, origin);
    System.setProperty("quarkus.http.host", options.host());
    System.setProperty("quarkus.http.port", String.valueOf(port));
    System.setProperty("quarkus.datasource.jdbc.url", database.jdbcUrl());
    set("quarkus.datasource.username", database.user());
    set("quarkus.datasource.password", database.password());
  }

  private static void set(String property, @Nullable String value) {
    if (value != null) {
      System.setProperty(property, value);
    }
  }

  /** Notes a process for the end, and gives its socket. */
  private static String begun(List<KeyProcess> keys, KeyProcess started) {
    keys.add(started);
    return started.socket().toString();
  }

  /** On a signal: the application first, then signer and witness, then the database. */
  private static void stop(
      CountDownLatch stopped,
      List<KeyProcess> keys,
      @Nullable EmbeddedPostgres postgres,
      AtomicInteger ended) {
    try {
      stopped.await(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    keys.forEach(KeyProcess::close);
    if (postgres != null) {
      postgres.close();
    }
    int code = ended.get();
    if (code != RUNNING) {
      // After a signal the process would end with 128 and the signal's number, and whoever asked
      // for a stop would take the clean one for a failure.
      Runtime.getRuntime().halt(code);
    }
  }

  private static ServerSocket freePort() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }
}
