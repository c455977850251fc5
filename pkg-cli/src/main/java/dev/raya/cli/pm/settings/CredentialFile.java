package dev.raya.cli.pm.settings;

import dev.raya.cli.console.CommandException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Tokens in {@code credentials.toml} itself, which only its owner may read.
 *
 * @param file the file
 */
record CredentialFile(Path file) implements CredentialStore {
  static final String NAME = "file";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable String token(String origin) throws CommandException {
    Credentials.Entry entry = Credentials.read(file).entry(origin);
    return entry == null ? null : entry.token();
  }

  @Override
  public void keep(String origin, String token) throws CommandException {
    Credentials.change(
        file,
        credentials -> {
          Credentials.Entry former = credentials.entry(origin);
          return credentials.with(
              origin,
              new Credentials.Entry(
                  token,
                  former == null ? null : former.expires(),
                  former == null ? null : former.account(),
                  NAME));
        });
  }

  @Override
  public void forget(String origin) throws CommandException {
    Credentials.change(file, credentials -> credentials.without(origin));
  }
}
