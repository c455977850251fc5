package dev.raya.registry.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a program is started that refuses to run as root, as PostgreSQL does.
 *
 * <p>Not root: directly. Root: in a user namespace of its own without any mapping, where it sees
 * itself as nobody, has no capability outside, and still owns the data directory; so neither the
 * ownership of the directory nor the permissions of its parents change. Where namespaces are
 * closed: as the user {@code postgres} or {@code nobody}, who then owns the cluster.
 *
 * @param prefix words in front of the command
 * @param owner who must own the cluster, or null if whoever starts it
 */
record Unprivileged(List<String> prefix, @Nullable String owner) {
  private static final long PROBE_SECONDS = 10;

  Unprivileged {
    prefix = List.copyOf(prefix);
  }

  /**
   * Finds the way for this process.
   *
   * @param cluster a folder in which the program will work
   * @throws StorageException if this is root and there is no way
   */
  static Unprivileged find(Path cluster) throws StorageException, IOException {
    if (!isRoot()) {
      return new Unprivileged(List.of(), null);
    }
    List<String> namespace = List.of("unshare", "-U");
    if (runs(namespace, "true")) {
      return new Unprivileged(namespace, null);
    }
    for (String user : List.of("postgres", "nobody")) {
      List<String> drop =
          List.of("setpriv", "--reuid=" + user, "--regid=" + group(user), "--clear-groups");
      Path parent = cluster.getParent();
      if (parent != null && runs(drop, "test", "-x", parent.toString())) {
        return new Unprivileged(drop, user);
      }
    }
    throw new StorageException(
        "PostgreSQL does not run as root, and neither a user namespace (unshare -U) nor another"
            + " user who can enter "
            + cluster.getParent()
            + " (setpriv) is available here; start the registry as an ordinary user or name a"
            + " server with --jdbc-url");
  }

  private static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid", LinkOption.NOFOLLOW_LINKS)
        .equals(0);
  }

  private static String group(String user) {
    return user.equals("nobody") ? "nogroup" : user;
  }

  private static boolean runs(List<String> prefix, String... command) throws IOException {
    List<String> words = new ArrayList<>(prefix);
    words.addAll(List.of(command));
    Process probe;
    try {
      probe =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      // The program is not installed: this way is closed, which is what was asked.
      return false;
    }
    try {
      return probe.waitFor(PROBE_SECONDS, TimeUnit.SECONDS) && probe.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      probe.destroyForcibly();
    }
  }

  /** The whole command line. */
  List<String> command(List<String> words) {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(words);
    return all;
  }

  /** Gives a folder and all in it to the user who will work in it. */
  void own(Path folder) throws IOException {
    if (owner == null) {
      return;
    }
    UserPrincipal user =
        folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner);
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.toList()) {
        Files.setOwner(path, user);
      }
    }
  }
}
