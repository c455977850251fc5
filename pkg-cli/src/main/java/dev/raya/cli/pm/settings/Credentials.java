package dev.raya.cli.pm.settings;

import dev.raya.cli.console.CommandException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * {@code credentials.toml}: {@code ["ORIGIN"] token expires account store} (cli.md 6). Where {@code
 * store} names a key store of the system, the token lies there and not in the file. A file that
 * others may read is refused; it is written with mode 0600 and replaced by one rename.
 *
 * @param entries by origin
 */
public record Credentials(Map<String, Entry> entries) {
  private static final String CODE = "RAYA-PKG-017";
  private static final long MAX_BYTES = 1 << 20;
  private static final int MAX_TOKEN = 512;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  /**
   * What is known of one origin.
   *
   * @param token the token, or null if a key store of the system has it
   * @param expires when it ends, or null if that is not known or never
   * @param account whose it is, or null if that is not known
   * @param store name of the store that has the token
   */
  public record Entry(
      @Nullable String token, @Nullable Instant expires, @Nullable String account, String store) {
    /** Whether the token has ended. */
    public boolean isExpired(Instant now) {
      return expires != null && !expires.isAfter(now);
    }

    @Override
    public String toString() {
      return "credential of " + account;
    }
  }

  /** Copies the entries, sorted. */
  public Credentials {
    entries = Collections.unmodifiableMap(new TreeMap<>(entries));
  }

  /** Whether a text can be a token: visible ASCII without quotes, and not too long. */
  public static boolean isToken(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_TOKEN
        && text.chars()
            .allMatch(
                c ->
                    (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || "_-.~+/=".indexOf(c) >= 0);
  }

  /** The entry of an origin, or null. */
  public @Nullable Entry entry(String origin) {
    return entries.get(origin);
  }

  /** The same with an entry. */
  public Credentials with(String origin, Entry entry) {
    Map<String, Entry> more = new TreeMap<>(entries);
    more.put(origin, entry);
    return new Credentials(more);
  }

  /** The same without an entry. */
  public Credentials without(String origin) {
    Map<String, Entry> less = new TreeMap<>(entries);
    less.remove(origin);
    return new Credentials(less);
  }

  /**
   * Reads the file; a missing one holds nothing.
   *
   * @throws CommandException if it is malformed, or readable by others
   */
  public static Credentials read(Path file) throws CommandException {
    try {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return new Credentials(Map.of());
      }
      PosixFileAttributeView view =
          Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
      if (view != null) {
        Set<PosixFilePermission> permissions = view.readAttributes().permissions();
        if (permissions.contains(PosixFilePermission.GROUP_READ)
            || permissions.contains(PosixFilePermission.OTHERS_READ)) {
          throw new CommandException(CODE, file + " can be read by others", "chmod 600 " + file);
        }
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new CommandException(CODE, file + " is larger than 1 MiB");
      }
      TomlParseResult document = Toml.parse(Files.readString(file));
      if (document.hasErrors()) {
        throw new CommandException(
            CODE, file + " is malformed: " + document.errors().getFirst().getMessage());
      }
      Map<String, Entry> entries = new TreeMap<>();
      for (String origin : document.keySet()) {
        if (document.get(List.of(origin)) instanceof TomlTable table) {
          entries.put(origin, entry(table));
        }
      }
      return new Credentials(entries);
    } catch (IOException unreadable) {
      throw new CommandException(CODE, file + " cannot be read: " + unreadable.getMessage());
    }
  }

  private static Entry entry(TomlTable table) {
    return new Entry(
        table.get("token") instanceof String token ? token : null,
        expiry(table.get("expires")),
        table.get("account") instanceof String account ? account : null,
        table.get("store") instanceof String store ? store : CredentialFile.NAME);
  }

  private static @Nullable Instant expiry(@Nullable Object value) {
    if (value instanceof OffsetDateTime time) {
      return time.toInstant();
    }
    if (value instanceof String text) {
      try {
        return Instant.parse(text);
      } catch (DateTimeException malformed) {
        return Instant.MIN;
      }
    }
    return null;
  }

  /**
   * Changes the file, one process at a time.
   *
   * @throws CommandException if it cannot be read or written; the former one then stays
   */
  static void change(Path file, UnaryOperator<Credentials> change) throws CommandException {
    Path lock = file.resolveSibling("." + file.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = channel.lock()) {
      assert held.isValid();
      change.apply(read(file)).write(file);
    } catch (IOException unwritable) {
      throw new CommandException(CODE, file + " cannot be written: " + unwritable.getMessage());
    }
  }

  private void write(Path file) throws IOException {
    if (entries.isEmpty()) {
      Files.deleteIfExists(file);
      return;
    }
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes =
        posix
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    Path temporary =
        Files.createTempFile(
            file.toAbsolutePath().getParent(), "." + file.getFileName(), ".tmp", attributes);
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        channel.write(java.nio.ByteBuffer.wrap(text().getBytes(StandardCharsets.UTF_8)));
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private String text() {
    StringBuilder text = new StringBuilder("# Written by `raya-pm login`; for your eyes only.\n");
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      Entry entry = each.getValue();
      text.append("\n[").append(quoted(each.getKey())).append("]\n");
      member(text, "token", entry.token());
      member(text, "expires", entry.expires() == null ? null : String.valueOf(entry.expires()));
      member(text, "account", entry.account());
      member(text, "store", entry.store().equals(CredentialFile.NAME) ? null : entry.store());
    }
    return text.toString();
  }

  private static void member(StringBuilder text, String name, @Nullable String value) {
    if (value != null) {
      text.append(name).append(" = ").append(quoted(value)).append('\n');
    }
  }

  /** A TOML basic string; control characters are written as escapes. */
  private static String quoted(String value) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c == 0x7f) {
        out.append(String.format(java.util.Locale.ROOT, "\\u%04X", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
