package dev.raya.cli.pm.settings;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tomlj.MutableTomlTable;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlVersion;
import org.tomlj.TomlWriteOptions;

/** Changes {@code [registries]} of the user's file; all else in it stays as it is. */
public final class UserRegistries {
  private static final String TABLE = "registries";
  private static final String CODE = "RAYA-CLI-001";
  private static final TomlWriteOptions OPTIONS =
      TomlWriteOptions.defaults().withMaxLineWidth(100_000).withVersion(TomlVersion.V1_0_0);

  private final Path file;
  private final TomlParseResult toml;

  private UserRegistries(Path file, TomlParseResult toml) {
    this.file = file;
    this.toml = toml;
  }

  /**
   * Opens a file, which need not exist yet.
   *
   * @throws CommandException if it cannot be read or is malformed
   */
  public static UserRegistries open(Path file) throws CommandException {
    try {
      String text = Files.exists(file) ? Files.readString(file) : "";
      TomlParseResult toml = Toml.parse(text);
      if (toml.hasErrors()) {
        throw new CommandException(CODE, file + ": " + toml.errors().getFirst().getMessage());
      }
      return new UserRegistries(file, toml);
    } catch (IOException unreadable) {
      throw new CommandException(CODE, file + " cannot be read: " + unreadable.getMessage());
    }
  }

  /** Names a registry; an entry of that name is replaced. */
  public void put(String name, RegistryAddress address, @Nullable Digest root) {
    MutableTomlTable entry = MutableTomlTable.createInline();
    entry.set(List.of("url"), address.base().toString());
    if (root != null) {
      entry.set(List.of("root"), root.toString());
    }
    toml.remove(List.of(TABLE, name));
    toml.set(List.of(TABLE, name), entry);
  }

  /** Pins the root of a registry that has a name; all else of its entry stays. */
  public void pin(String name, Digest root) {
    toml.set(List.of(TABLE, name, "root"), root.toString());
  }

  /** Forgets a name; whether it was there. */
  public boolean remove(String name) {
    if (toml.get(List.of(TABLE, name)) == null) {
      return false;
    }
    toml.remove(List.of(TABLE, name));
    return true;
  }

  /** The file's text with the changes. */
  public byte[] bytes() {
    return toml.toToml(OPTIONS).getBytes(StandardCharsets.UTF_8);
  }

  /** The file. */
  public Path file() {
    return file;
  }
}
