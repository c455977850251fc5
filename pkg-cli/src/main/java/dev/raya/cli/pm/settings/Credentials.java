package dev.raya.cli.pm.settings;

import dev.raya.cli.console.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * The user's tokens, {@code credentials.toml}: {@code ["ORIGIN"] token expires account} (cli.md 6).
 * A file that others may read is refused.
 */
public final class Credentials {
  private static final String CODE = "RAYA-PKG-017";

  private final @Nullable TomlParseResult document;

  private Credentials(@Nullable TomlParseResult document) {
    this.document = document;
  }

  /**
   * Reads the file; a missing one holds no token.
   *
   * @throws CommandException if it is malformed, or readable by others
   */
  public static Credentials read(Path file) throws CommandException {
    try {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return new Credentials(null);
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
      TomlParseResult document = Toml.parse(Files.readString(file));
      if (document.hasErrors()) {
        throw new CommandException(
            CODE, file + " is malformed: " + document.errors().getFirst().getMessage());
      }
      return new Credentials(document);
    } catch (IOException unreadable) {
      throw new CommandException(CODE, file + " cannot be read: " + unreadable.getMessage());
    }
  }

  /** The token for an origin, or null if there is none or it has expired. */
  public @Nullable String token(String origin, Instant now) {
    if (document == null || !(document.get(List.of(origin)) instanceof TomlTable table)) {
      return null;
    }
    Instant expires = expiry(table.get("expires"));
    String token = table.get("token") instanceof String text ? text : null;
    return expires != null && !expires.isAfter(now) ? null : token;
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
}
