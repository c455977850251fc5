package dev.raya.cli.pm.publish;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.Registry;
import dev.raya.signing.SigningException;
import dev.raya.signing.key.KeyDirectory;
import dev.raya.signing.key.KeyFile;
import dev.raya.signing.key.KeyPossession;
import dev.raya.signing.key.PublisherKey;
import dev.raya.signing.key.SigningKey;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses, makes and registers the key that signs a publish statement: the one that {@code
 * RAYA_KEY} or {@code [keys] default} names, else the only one there is.
 */
public final class SigningKeys {
  private static final String NO_KEY = "RAYA-SEC-022";

  /** Fewest digits that may stand for a key's id. */
  private static final int SHORTEST = 8;

  private final Session session;
  private final KeyDirectory directory;

  /** Keys of the session's home. */
  public SigningKeys(Session session) {
    this.session = session;
    this.directory = new KeyDirectory(session.home().keys());
  }

  /**
   * The public halves of all keys.
   *
   * @throws CommandException if the folder cannot be read
   */
  public List<PublisherKey.Public> list() throws CommandException {
    try {
      return directory.publicHalves();
    } catch (SigningException malformed) {
      throw Failure.of(malformed);
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  /**
   * Makes a key, encrypted if {@code RAYA_KEY_PASSPHRASE} is set.
   *
   * @param hybrid whether it gets an ML-DSA-65 half
   * @throws CommandException if it cannot be written
   */
  public PublisherKey generate(boolean hybrid) throws CommandException {
    try {
      return hybrid
          ? directory.generateHybrid(passphrase(), new SecureRandom())
          : PublisherKey.plain(directory.generate(passphrase(), new SecureRandom()));
    } catch (IOException unwritable) {
      throw Failure.of(unwritable);
    }
  }

  /**
   * The key to sign with; null if there is none at all and none was asked for.
   *
   * @throws CommandException RAYA-SEC-022 if the chosen one is not there or cannot be opened, or
   *     there are several and none is chosen
   */
  public @Nullable PublisherKey chosen() throws CommandException {
    String named = session.settings().key();
    try {
      if (named != null) {
        return named(named);
      }
      List<PublisherKey.Public> keys = directory.publicHalves();
      if (keys.isEmpty()) {
        return null;
      }
      if (keys.size() > 1) {
        Finding finding =
            Finding.error(NO_KEY, "there are " + keys.size() + " keys, and none is chosen");
        for (PublisherKey.Public key : keys) {
          finding = finding.note(key.keyId().hex());
        }
        throw new CommandException(
            finding.note("choose one with RAYA_KEY or [keys] default in config.toml"));
      }
      return directory.loadPublisher(keys.getFirst().keyId(), passphrase());
    } catch (SigningException unusable) {
      throw Failure.of(unusable);
    } catch (IOException unreadable) {
      throw new CommandException(NO_KEY, "the key cannot be read: " + unreadable.getMessage());
    }
  }

  /**
   * A key by what names it, without opening it.
   *
   * @param named its id, or the start of it; null for the one that is chosen, or the only one
   * @throws CommandException RAYA-SEC-022 if there is none such, or there are several
   */
  public Held find(@Nullable String named) throws CommandException {
    String wanted = named == null ? session.settings().key() : named;
    List<PublisherKey.Public> found =
        list().stream()
            .filter(
                key ->
                    wanted == null
                        || key.keyId().hex().equals(wanted)
                        || (wanted.length() >= SHORTEST && key.keyId().hex().startsWith(wanted)))
            .toList();
    if (found.size() != 1) {
      throw new CommandException(
          NO_KEY,
          wanted == null
              ? found.isEmpty()
                  ? "there is no signing key; `raya-pm key generate` makes one"
                  : "there are " + found.size() + " keys, and none is chosen"
              : "\"" + wanted + "\" is not one key of " + directory.path(),
          "`raya-pm key list` shows the keys");
    }
    PublisherKey.Public key = found.getFirst();
    try {
      return new Held(
          key,
          directory.path().resolve(key.keyId().hex() + ".json"),
          KeyFile.isEncrypted(directory.document(key.keyId())));
    } catch (SigningException unusable) {
      throw Failure.of(unusable);
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  /**
   * A key that lies in the home.
   *
   * @param key its public halves
   * @param file where it lies
   * @param encrypted whether it takes a passphrase to use it
   */
  public record Held(PublisherKey.Public key, Path file, boolean encrypted) {}

  /**
   * Writes a copy of a key, always encrypted.
   *
   * @param held the key
   * @param file a file that does not exist yet
   * @param passphrase what will open the copy
   * @throws CommandException RAYA-SEC-022 if the key cannot be opened; a usage error if there is a
   *     file already
   */
  public void export(Held held, Path file, char[] passphrase) throws CommandException {
    try {
      PublisherKey key = directory.loadPublisher(held.key().keyId(), passphrase());
      KeyDirectory.writeNew(file, KeyFile.write(key, passphrase, new SecureRandom()));
    } catch (SigningException unusable) {
      throw Failure.of(unusable);
    } catch (FileAlreadyExistsException present) {
      throw new UsageException(
          "there is a file " + file + " already; it was left as it is", "name another one");
    } catch (IOException unwritable) {
      throw Failure.of(unwritable);
    }
  }

  /**
   * Takes a key from a file. It is kept under {@code RAYA_KEY_PASSPHRASE}, else under the file's
   * own passphrase, so that what was encrypted stays so.
   *
   * @param document the file's bytes
   * @param passphrase what opens them, or null where they are not encrypted
   * @throws CommandException RAYA-SEC-022 if the file is malformed or the passphrase is wrong; a
   *     usage error if the key is here already
   */
  public PublisherKey.Public take(byte[] document, char @Nullable [] passphrase)
      throws CommandException {
    try {
      PublisherKey key = KeyFile.read(document, passphrase);
      char[] own = passphrase();
      directory.put(key, own == null ? passphrase : own, new SecureRandom());
      return key.publicHalf();
    } catch (SigningException unusable) {
      throw Failure.of(unusable);
    } catch (FileAlreadyExistsException present) {
      throw new UsageException(
          "this key is here already; its file was left as it is: " + present.getMessage());
    } catch (IOException unwritable) {
      throw Failure.of(unwritable);
    }
  }

  private PublisherKey named(String named) throws CommandException, SigningException, IOException {
    if (Digest.isHex(named)) {
      return directory.loadPublisher(new Digest(named), passphrase());
    }
    Path file = session.settings().environment().directory().resolve(named);
    if (Files.isRegularFile(file) && Files.size(file) <= KeyFile.MAX_BYTES) {
      return KeyFile.read(Files.readAllBytes(file), passphrase());
    }
    List<PublisherKey.Public> near = new ArrayList<>();
    for (PublisherKey.Public key : directory.publicHalves()) {
      if (named.length() >= SHORTEST && key.keyId().hex().startsWith(named)) {
        near.add(key);
      }
    }
    if (near.size() == 1) {
      return directory.loadPublisher(near.getFirst().keyId(), passphrase());
    }
    throw new CommandException(
        NO_KEY,
        "\"" + named + "\" is neither a key of " + directory.path() + " nor a key file",
        "`raya-pm key list` shows the keys");
  }

  private char @Nullable [] passphrase() {
    String text = session.settings().environment().get("RAYA_KEY_PASSPHRASE");
    return text == null ? null : text.toCharArray();
  }

  /**
   * A key that may sign for the token's account: the chosen one; where there is none at all, a new
   * one. An account without keys gets it registered, which is said in one line.
   *
   * @throws CommandException if there is no usable key, or the registry refuses
   * @throws InterruptedException if the thread was interrupted
   */
  public PublisherKey readyFor(Registry registry) throws CommandException, InterruptedException {
    PublisherKey present = chosen();
    PublisherKey key = present == null ? generate(false) : present;
    boolean registers = accountHasNoKey(registry);
    if (registers) {
      register(registry, key);
    }
    if (present == null || registers) {
      session
          .console()
          .notice(
              "notice: "
                  + (present == null ? "made the signing key " : "took the signing key ")
                  + key.keyId().hex()
                  + " (in "
                  + directory.path()
                  + ")"
                  + (registers ? " and registered it to your account at " : ", not registered at ")
                  + registry.base());
    }
    return key;
  }

  /**
   * The key that a dry run signs with: the chosen one, or where there is none a throw-away one that
   * is neither kept nor registered.
   *
   * @throws CommandException if the chosen one is not there or cannot be opened
   */
  public PublisherKey forDryRun() throws CommandException {
    PublisherKey present = chosen();
    return present == null ? PublisherKey.plain(SigningKey.generate(new SecureRandom())) : present;
  }

  private static boolean accountHasNoKey(Registry registry)
      throws CommandException, InterruptedException {
    return registry.apiGet("keys") instanceof Json.Obj answer
        && answer.get("keys") instanceof Json.Array keys
        && keys.items().isEmpty();
  }

  /**
   * Registers a key to the token's account, with the proof that its private half is here.
   *
   * @throws CommandException as the registry refuses
   * @throws InterruptedException if the thread was interrupted
   */
  public static void register(Registry registry, PublisherKey key)
      throws CommandException, InterruptedException {
    registry.apiPost(
        "keys", CanonicalJson.bytes(KeyPossession.request(registry.config().origin(), key)));
  }
}
