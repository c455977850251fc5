package dev.raya.registry.ops;

import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.StorageException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.flywaydb.core.api.FlywayException;

/**
 * The commands of {@code raya-registry} (spec: cli.md section 4), as a function from arguments to
 * an exit code. All but {@code start} work without the application: plain JDBC, so they are quick.
 */
public final class CommandLine {
  private static final String VERSION = "1.0.0";

  private static final String HELP =
      """
      raya-registry: the registry of Raya packages

      usage: raya-registry COMMAND OPTIONS

        start --data-dir DIR --http-port PORT [--http-host HOST] [--origin URL] [--jdbc-url URL]
            serve; makes DIR if it is missing and prints "listening on URL" when ready;
            port 0 takes any free one; SIGTERM ends it
        token create --data-dir DIR --user NAME [--scope SCOPE[,SCOPE…]] [--jdbc-url URL]
            make an operator token, and the account if it is missing; prints the token;
            scopes: publish, yank, owner, key, read (all, unless given)
        advisory add FILE | list | withdraw ID   --data-dir DIR [--jdbc-url URL]
            security advisories in OSV form, served at /advisories
        quarantine add|remove NAME@VERSION --data-dir DIR [--reason WORD] [--advisory ID]
            the signed list of versions that nobody installs, locked or not
        takedown NAME@VERSION --reason WORD --data-dir DIR [--jdbc-url URL]
            take a version's archive away for good; its name and number stay taken
        names list | release NAME | refuse NAME --reason WORD   --data-dir DIR [--jdbc-url URL]
            packages that are held because their names are near to those of top packages
        claim NAME --data-dir DIR [--jdbc-url URL]
            bind a package to its present publishers by the claimed role's offline keys
        witness --data-dir DIR
            print the keys of this registry's log and witness, for another registry's files
            trust/witnessed.logs ("log KEY") and trust/witnesses ("witness NAME KEY URL";
            without a URL for one that brings what it cosigned: raya-pm witness --push)
        tuf ceremony --data-dir DIR --origin URL
            make all keys and the first metadata, on a machine that needs no network
        tuf rotate ROLE --data-dir DIR
            new keys for a role, while the registry is stopped
        tuf sign FILE --keys FOLDER [--renew DAYS]
            add signatures to a metadata file, or to its next version
        tuf verify --data-dir DIR
            check all metadata as a client does that knows the first root; ends with 0 or 3
        root --data-dir DIR
            print the fingerprint that clients pin (--trust-root)
        verify --data-dir DIR [--jdbc-url URL]
            compare database, blobs, static tree, log and TUF metadata; ends with 0 or 3
        log verify --data-dir DIR
            check the whole log from its files alone; ends with 0 or 3
        migrate --data-dir DIR [--jdbc-url URL]
            bring the database to this release's schema
        --version, --help

      The database is an embedded PostgreSQL in DIR unless --jdbc-url names another.
      Exit codes: 0 done, 1 not possible, 2 usage, 3 damaged, 70 internal fault.
      """;

  private final PrintStream out;
  private final PrintStream err;
  private final SecureRandom random;
  private final InstantSource clock;
  private final Server server;

  /** Runs the application until it is told to end. */
  @FunctionalInterface
  public interface Server {
    /**
     * Serves.
     *
     * @return the exit code
     * @throws StorageException if data directory or database cannot be used
     * @throws IOException if files cannot be read or written
     */
    int serve(StartOptions options) throws StorageException, IOException;
  }

  /** Takes what only a main class knows. */
  public CommandLine(
      PrintStream out, PrintStream err, SecureRandom random, InstantSource clock, Server server) {
    this.out = out;
    this.err = err;
    this.random = random;
    this.clock = clock;
    this.server = server;
  }

  /** Runs a command line and gives the exit code. */
  public int run(List<String> line) {
    try {
      return dispatch(line);
    } catch (UsageException e) {
      err.println("error[RAYA-CLI-001]: " + e.getMessage());
      err.println("  raya-registry --help lists the commands");
      return 2;
    } catch (CommandException e) {
      err.println("error: " + e.getMessage());
      return e.exit();
    } catch (StorageException.RootMissing e) {
      err.println("error[" + StorageException.RootMissing.CODE + "]: " + e.getMessage());
      return 1;
    } catch (StorageException.KeysMissing e) {
      err.println("error[" + StorageException.KeysMissing.CODE + "]: " + e.getMessage());
      return 1;
    } catch (StorageException | IOException e) {
      err.println("error: " + e.getMessage());
      return 1;
    } catch (FlywayException e) {
      err.println("error: the schema cannot be brought up to date: " + rootMessage(e));
      return 1;
    } catch (SQLException e) {
      err.println("error: the database refused: " + e.getMessage());
      return 1;
    }
  }

  /** The innermost message: what the database or the network said. */
  static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  private int dispatch(List<String> line)
      throws UsageException, CommandException, StorageException, IOException, SQLException {
    if (line.contains("--help") || line.equals(List.of("help"))) {
      out.print(HELP);
      return 0;
    }
    if (line.equals(List.of("--version")) || line.equals(List.of("version"))) {
      out.println("raya-registry " + VERSION);
      return 0;
    }
    Arguments arguments = Arguments.parse(line);
    if (!arguments.words().isEmpty() && arguments.words().getFirst().equals("advisory")) {
      arguments.only(Set.of("data-dir", "jdbc-url"));
      List<String> words = arguments.words().subList(1, arguments.words().size());
      return new AdvisoryCommand(out, random, clock).run(words, arguments);
    }
    if (!arguments.words().isEmpty()
        && List.of("quarantine", "takedown").contains(arguments.words().getFirst())) {
      arguments.only(Set.of("data-dir", "jdbc-url", "reason", "advisory"));
      return new ModerationCommand(out, random, clock).run(arguments.words(), arguments);
    }
    if (!arguments.words().isEmpty() && arguments.words().getFirst().equals("names")) {
      arguments.only(Set.of("data-dir", "jdbc-url", "reason"));
      return new NamesCommand(out, random, clock).run(arguments.words(), arguments);
    }
    if (!arguments.words().isEmpty() && arguments.words().getFirst().equals("tuf")) {
      List<String> words = arguments.words().subList(1, arguments.words().size());
      return new TufCommand(out, random, clock).run(words, arguments);
    }
    if (!arguments.words().isEmpty() && arguments.words().getFirst().equals("claim")) {
      arguments.only(Set.of("data-dir", "jdbc-url"));
      return new ClaimCommand(out, random, clock).run(arguments.words(), arguments);
    }
    return switch (String.join(" ", arguments.words())) {
      case "start" -> server.serve(StartOptions.of(arguments));
      case "token create" -> {
        arguments.only(Set.of("data-dir", "user", "scope", "jdbc-url"));
        yield new TokenCommand(out, random, clock).create(arguments);
      }
      case "witness" -> {
        arguments.only(Set.of("data-dir"));
        yield new LogCommand(out).witness(arguments);
      }
      case "log verify" -> {
        arguments.only(Set.of("data-dir"));
        yield new LogCommand(out).verify(arguments);
      }
      case "signer" -> {
        arguments.only(Set.of("data-dir", "socket"));
        yield new SignerCommand(clock).signer(arguments);
      }
      case "local-witness" -> {
        arguments.only(Set.of("data-dir", "socket"));
        yield new SignerCommand(clock).witness(arguments);
      }
      case "root" -> {
        arguments.only(Set.of("data-dir"));
        yield root(directory(arguments));
      }
      case "verify" -> {
        arguments.only(Set.of("data-dir", "jdbc-url"));
        yield new VerifyCommand(out, random, clock).run(arguments);
      }
      case "migrate" -> {
        arguments.only(Set.of("data-dir", "jdbc-url"));
        try (RegistryDatabase database = RegistryDatabase.open(arguments, random)) {
          out.println("schema version " + database.migrate());
        }
        yield 0;
      }
      case "" -> throw new UsageException("no command given");
      default ->
          throw new UsageException(
              "there is no command \"" + String.join(" ", arguments.words()) + '"');
    };
  }

  private int root(DataDirectory directory) throws CommandException, StorageException, IOException {
    out.println(
        RegistryRoot.fingerprint(directory)
            .orElseThrow(
                () ->
                    new CommandException(
                        1,
                        "there is no root in "
                            + directory.root()
                            + " yet; the first start makes it")));
    return 0;
  }

  static DataDirectory directory(Arguments arguments) throws UsageException {
    return new DataDirectory(Path.of(arguments.required("data-dir")));
  }
}
