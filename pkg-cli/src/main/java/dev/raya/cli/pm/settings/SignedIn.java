package dev.raya.cli.pm.settings;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Environment;
import dev.raya.cli.console.Nearest;
import dev.raya.cli.console.UsageException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The registries the user is signed in to. {@code credentials.toml} says for each where its token
 * lies; a key store of the system is asked only when a token is needed.
 */
public final class SignedIn {
  private static final List<String> CHOICES = List.of("auto", "file", "system");

  private final Path file;
  private final Environment environment;

  /** Sign-ins of a home. */
  public SignedIn(Path credentials, Environment environment) {
    this.file = credentials;
    this.environment = environment;
  }

  /** What is known of an origin besides its token, or null if the user is not signed in there. */
  public Credentials.@Nullable Entry entry(String origin) throws CommandException {
    return Credentials.read(file).entry(origin);
  }

  /**
   * The token of an origin, or null if there is none or it has expired.
   *
   * @throws CommandException if file or key store cannot be read
   * @throws InterruptedException if the thread was interrupted
   */
  public @Nullable String token(String origin, Instant now)
      throws CommandException, InterruptedException {
    Credentials.Entry entry = entry(origin);
    if (entry == null || entry.isExpired(now)) {
      return null;
    }
    return store(entry.store()).token(origin);
  }

  /**
   * Keeps a token.
   *
   * @param expires when it ends, or null
   * @param account whose it is
   * @param choice {@code auto}, {@code file} or {@code system}
   * @return where it lies now
   * @throws CommandException if it cannot be kept there
   * @throws InterruptedException if the thread was interrupted
   */
  public CredentialStore keep(
      String origin, String token, @Nullable Instant expires, String account, String choice)
      throws CommandException, InterruptedException {
    CredentialStore store = chosen(choice);
    forgetElsewhere(origin, store);
    boolean inFile = store instanceof CredentialFile;
    if (!inFile) {
      store.keep(origin, token);
    }
    Credentials.change(
        file,
        credentials ->
            credentials.with(
                origin,
                new Credentials.Entry(inFile ? token : null, expires, account, store.name())));
    return store;
  }

  private void forgetElsewhere(String origin, CredentialStore next)
      throws CommandException, InterruptedException {
    Credentials.Entry former = entry(origin);
    if (former != null && !former.store().equals(next.name())) {
      forget(origin);
    }
  }

  /**
   * Forgets an origin's token, wherever it lies.
   *
   * @return whether there was one
   * @throws CommandException if file or key store cannot be changed
   * @throws InterruptedException if the thread was interrupted
   */
  public boolean forget(String origin) throws CommandException, InterruptedException {
    Credentials.Entry entry = entry(origin);
    if (entry == null) {
      return false;
    }
    CredentialStore store = store(entry.store());
    store.forget(origin);
    if (!(store instanceof CredentialFile)) {
      new CredentialFile(file).forget(origin);
    }
    return true;
  }

  private CredentialStore chosen(String choice) throws CommandException, InterruptedException {
    return switch (choice) {
      case "auto" -> system().orElseGet(() -> new CredentialFile(file));
      case "file" -> new CredentialFile(file);
      case "system" ->
          system()
              .orElseThrow(
                  () ->
                      new CommandException(
                          "RAYA-PKG-017",
                          "no key store of this system answers",
                          "on Linux it is asked through secret-tool (libsecret) in a desktop"
                              + " session; --store file works everywhere"));
      default -> {
        String near = Nearest.of(choice, CHOICES);
        throw new UsageException(
            "--store is \"" + choice + "\"",
            near == null
                ? "it takes auto, file or system"
                : "did you mean \"" + near + "\"? It takes auto, file or system");
      }
    };
  }

  private Optional<CredentialStore> system() throws CommandException, InterruptedException {
    Optional<CredentialStore> keychain = MacKeychain.of(environment);
    return keychain.isPresent() ? keychain : SecretService.of(environment);
  }

  /** The store that an entry names. */
  private CredentialStore store(String name) throws CommandException {
    Optional<CredentialStore> store =
        switch (name) {
          case CredentialFile.NAME -> Optional.of(new CredentialFile(file));
          case SecretService.NAME ->
              KeyStoreProgram.onPath("secret-tool", environment).map(SecretService::new);
          case MacKeychain.NAME -> MacKeychain.of(environment);
          default -> Optional.empty();
        };
    return store.orElseThrow(
        () ->
            new CommandException(
                "RAYA-PKG-017",
                "the token lies in the key store \"" + name + "\", and its program is not here",
                "`raya-pm login --store file` keeps a token in credentials.toml",
                "or set RAYA_TOKEN"));
  }
}
