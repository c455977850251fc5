package dev.raya.registry.storage;

import dev.raya.cache.disk.Directories;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL server of our own in the data directory: on loopback only, with a password, and with
 * every durability setting on.
 *
 * <p>It never outlives this process for long: a shell between the two waits for the end of its
 * input, which comes when this process ends in whatever way, and then asks the server to shut down.
 * What is left after a loss of both is ended by the next {@link #start}. One process at a time runs
 * the server; the lock file says which.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final String ROLE = "raya";
  private static final String DATABASE = "raya";
  private static final String PASSWORD_FILE = "database-password";
  private static final long START_SECONDS = 90;
  private static final long STOP_SECONDS = 60;
  private static final long POLL_MILLIS = 40;
  private static final long MAX_LOG = 8L << 20;
  private static final int LOG_TAIL = 20;

  /** Ends the server when the input ends; ends itself when the server ends. */
  private static final String WATCHDOG =
      """
      trap '' INT TERM HUP
      exec 3<&0
      "$@" 3<&- </dev/null &
      server=$!
      ( read -r _ <&3; kill -INT "$server" ) 2>/dev/null &
      watch=$!
      wait "$server"
      status=$?
      kill -KILL "$watch" 2>/dev/null
      exit "$status"
      """;

  /** Passed on the command line, so that no edit of a file in the cluster can switch one off. */
  private static final List<String> SETTINGS =
      List.of(
          "listen_addresses=127.0.0.1",
          "unix_socket_directories=",
          "fsync=on",
          "synchronous_commit=on",
          "full_page_writes=on",
          "password_encryption=scram-sha-256",
          "max_connections=60",
          "shared_buffers=64MB",
          "timezone=UTC",
          "log_min_messages=warning",
          "log_timezone=UTC");

  private final FileChannel lock;
  private final Process watchdog;
  private final DatabaseAddress address;

  private EmbeddedPostgres(FileChannel lock, Process watchdog, DatabaseAddress address) {
    this.lock = lock;
    this.watchdog = watchdog;
    this.address = address;
  }

  /**
   * Starts the server; makes the cluster and its database first if there are none.
   *
   * @throws StorageException if another process runs it, or it cannot run here
   * @throws IOException if files cannot be read or written
   */
  public static EmbeddedPostgres start(DataDirectory directory, SecureRandom random)
      throws StorageException, IOException {
    FileChannel lock = lock(directory);
    try {
      PostgresPrograms programs = PostgresPrograms.unpack(directory);
      Unprivileged way = Unprivileged.find(directory.cluster());
      String password = directory.secret(PASSWORD_FILE, random);
      endLeftover(directory.cluster());
      initialise(directory, programs, way, password);
      rotateLog(directory.postgresLog());
      int port = freePort();
      Process watchdog = launch(directory, programs, way, port);
      try {
        await(directory, watchdog, address(port, "postgres", password));
        createDatabase(address(port, "postgres", password));
      } catch (StorageException | IOException | RuntimeException e) {
        stop(watchdog);
        throw e;
      }
      return new EmbeddedPostgres(lock, watchdog, address(port, DATABASE, password));
    } catch (StorageException | IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * The address of the server that another process runs here, or empty if none answers.
   *
   * @throws IOException if its files cannot be read
   */
  public static Optional<DatabaseAddress> running(DataDirectory directory) throws IOException {
    Path pidFile = directory.cluster().resolve("postmaster.pid");
    Path passwordFile = directory.keys().resolve(PASSWORD_FILE);
    if (!Files.exists(pidFile) || !Files.exists(passwordFile)) {
      return Optional.empty();
    }
    List<String> lines = readLines(pidFile);
    if (lines.size() < 4 || postmaster(lines, directory.cluster()).isEmpty()) {
      return Optional.empty();
    }
    DatabaseAddress address =
        address(
            Integer.parseInt(lines.get(3).strip()),
            DATABASE,
            Files.readString(passwordFile).strip());
    return answers(address) ? Optional.of(address) : Optional.empty();
  }

  /** Where it listens. */
  public DatabaseAddress address() {
    return address;
  }

  /** Shuts it down (running transactions are rolled back) and waits for its end. */
  @Override
  public void close() {
    stop(watchdog);
    try {
      lock.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static FileChannel lock(DataDirectory directory) throws StorageException, IOException {
    FileChannel channel =
        FileChannel.open(
            directory.serverLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock held;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      held = null;
    }
    if (held == null) {
      channel.close();
      throw new StorageException.InUse(
          "another process runs the database of " + directory.root() + " already");
    }
    return channel;
  }

  private static DatabaseAddress address(int port, String database, String password) {
    return new DatabaseAddress(
        "jdbc:postgresql://127.0.0.1:" + port + '/' + database, ROLE, password);
  }

  private static void initialise(
      DataDirectory directory, PostgresPrograms programs, Unprivileged way, String password)
      throws StorageException, IOException {
    if (Files.exists(directory.cluster().resolve("PG_VERSION"))) {
      return;
    }
    Path fresh = directory.root().resolve("pg.new");
    Directories.delete(fresh);
    Files.createDirectory(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    way.own(fresh);
    Path passwordFile = Files.createTempFile(directory.temporary(), "password-", "");
    try {
      Files.writeString(passwordFile, password + "\n");
      way.own(passwordFile);
      run(
          directory,
          way.command(
              List.of(
                  programs.initdb().toString(),
                  "--pgdata=" + fresh,
                  "--username=" + ROLE,
                  "--pwfile=" + passwordFile,
                  "--auth=scram-sha-256",
                  "--encoding=UTF8",
                  "--locale=C",
                  "--locale-provider=builtin",
                  "--builtin-locale=C.UTF-8",
                  "--data-checksums",
                  "--no-instructions")));
    } finally {
      Files.delete(passwordFile);
    }
    Files.move(fresh, directory.cluster(), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void run(DataDirectory directory, List<String> command)
      throws StorageException, IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(directory.postgresLog().toFile()))
            .start();
    try {
      if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new StorageException("initdb failed:\n" + tail(directory.postgresLog()));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new StorageException("interrupted while making the database cluster", e);
    }
  }

  private static Process launch(
      DataDirectory directory, PostgresPrograms programs, Unprivileged way, int port)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", WATCHDOG, "raya-postgres"));
    command.addAll(way.prefix());
    command.addAll(List.of(programs.postgres().toString(), "-D", directory.cluster().toString()));
    command.addAll(List.of("-p", String.valueOf(port)));
    for (String setting : SETTINGS) {
      command.addAll(List.of("-c", setting));
    }
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.postgresLog().toFile()))
        .start();
  }

  private static void await(DataDirectory directory, Process watchdog, DatabaseAddress address)
      throws StorageException, IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    try {
      while (!answers(address)) {
        if (watchdog.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
          throw new StorageException("PostgreSQL did not start:\n" + tail(directory.postgresLog()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException("interrupted while PostgreSQL started", e);
    }
  }

  private static boolean answers(DatabaseAddress address) {
    try (Connection connection = address.open()) {
      return connection.isValid(5);
    } catch (SQLException e) {
      // Not up yet, or still recovering: the caller asks again until its time is up.
      return false;
    }
  }

  private static void createDatabase(DatabaseAddress address) throws StorageException {
    try (Connection connection = address.open();
        Statement statement = connection.createStatement()) {
      boolean exists;
      try (ResultSet found =
          statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + '\'')) {
        exists = found.next();
      }
      if (!exists) {
        statement.execute("create database " + DATABASE);
      }
    } catch (SQLException e) {
      throw new StorageException("the database could not be made: " + e.getMessage(), e);
    }
  }

  private static void stop(Process watchdog) {
    try {
      watchdog.getOutputStream().close();
    } catch (IOException e) {
      // The pipe is broken because the reader is gone already, which is what closing asks for.
    }
    try {
      if (!watchdog.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        watchdog.descendants().forEach(ProcessHandle::destroyForcibly);
        watchdog.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      watchdog.descendants().forEach(ProcessHandle::destroyForcibly);
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Ends a server that lost its registry and its watchdog, and takes away the pid file of one that
   * is gone. We hold the lock, so no registry wants it any more.
   */
  private static void endLeftover(Path cluster) throws StorageException, IOException {
    Path pidFile = cluster.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    Optional<ProcessHandle> leftover = postmaster(readLines(pidFile), cluster);
    if (leftover.isPresent()) {
      // SIGTERM waits for clients to leave; the leftover's clients died with their registry.
      leftover.get().destroy();
      if (!ended(leftover.get()) && leftover.get().destroyForcibly() && !ended(leftover.get())) {
        throw new StorageException(
            "process " + leftover.get().pid() + " still runs the database in " + cluster);
      }
    }
    Files.deleteIfExists(pidFile);
  }

  private static boolean ended(ProcessHandle handle) throws IOException {
    try {
      handle.onExit().get(15, TimeUnit.SECONDS);
      return true;
    } catch (java.util.concurrent.TimeoutException e) {
      return false;
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /**
   * The live server that a pid file names, if the process of that number is one of this cluster.
   */
  private static Optional<ProcessHandle> postmaster(List<String> pidFile, Path cluster)
      throws IOException {
    if (pidFile.isEmpty() || !pidFile.getFirst().strip().matches("\\d{1,18}")) {
      return Optional.empty();
    }
    long pid = Long.parseLong(pidFile.getFirst().strip());
    Optional<ProcessHandle> handle = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    if (handle.isEmpty()) {
      return Optional.empty();
    }
    byte[] commandLine;
    try {
      commandLine = Files.readAllBytes(Path.of("/proc", String.valueOf(pid), "cmdline"));
    } catch (IOException e) {
      // Another user's, or gone meanwhile: not ours.
      return Optional.empty();
    }
    String words = new String(commandLine, StandardCharsets.UTF_8);
    return words.contains("postgres") && words.contains(cluster.toString())
        ? handle
        : Optional.empty();
  }

  private static List<String> readLines(Path file) throws IOException {
    return Files.readString(file).lines().toList();
  }

  private static void rotateLog(Path log) throws IOException {
    if (Files.exists(log) && Files.size(log) > MAX_LOG) {
      Files.move(log, log.resolveSibling("pg.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String tail(Path log) throws IOException {
    if (!Files.exists(log)) {
      return "";
    }
    List<String> lines = readLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL), lines.size()));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
