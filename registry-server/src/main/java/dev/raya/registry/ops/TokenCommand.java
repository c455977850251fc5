package dev.raya.registry.ops;

import dev.raya.registry.account.AccountName;
import dev.raya.registry.account.TokenScope;
import dev.raya.registry.account.Tokens;
import dev.raya.registry.storage.StorageException;
import java.io.IOException;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;

/** {@code token create}: an operator token, printed once and stored as a hash. */
final class TokenCommand {
  private final PrintStream out;
  private final SecureRandom random;
  private final InstantSource clock;

  TokenCommand(PrintStream out, SecureRandom random, InstantSource clock) {
    this.out = out;
    this.random = random;
    this.clock = clock;
  }

  int create(Arguments arguments)
      throws UsageException, StorageException, IOException, SQLException {
    String user = arguments.required("user");
    if (!AccountName.isValid(user)) {
      throw new UsageException(
          "--user: expected 1 to 64 of a-z 0-9 . _ - that start with a letter or digit, found \""
              + user
              + '"');
    }
    Set<TokenScope> scopes = scopes(arguments.option("scope"));
    String token = Tokens.generate(random);
    try (RegistryDatabase database = RegistryDatabase.open(arguments, random)) {
      Tokens tokens = new Tokens(CommandLine.directory(arguments).secret(Tokens.PEPPER, random));
      try (Connection connection = database.connect()) {
        connection.setAutoCommit(false);
        insert(connection, account(connection, user), tokens.hash(token).orElseThrow(), scopes);
        connection.commit();
      }
    }
    out.println(token);
    out.flush();
    return 0;
  }

  private static Set<TokenScope> scopes(@org.jspecify.annotations.Nullable String list)
      throws UsageException {
    if (list == null) {
      return EnumSet.allOf(TokenScope.class);
    }
    EnumSet<TokenScope> scopes = EnumSet.noneOf(TokenScope.class);
    for (String id : list.split(",", -1)) {
      scopes.add(
          TokenScope.of(id.strip())
              .orElseThrow(() -> new UsageException("--scope: there is no scope \"" + id + '"')));
    }
    return scopes;
  }

  private long account(Connection connection, String user) throws SQLException {
    try (PreparedStatement make =
        connection.prepareStatement(
            "insert into account (name, created_at) values (?, ?) on conflict (name) do nothing")) {
      make.setString(1, user);
      make.setTimestamp(2, now());
      make.executeUpdate();
    }
    try (PreparedStatement find =
        connection.prepareStatement("select id from account where name = ?")) {
      find.setString(1, user);
      try (ResultSet row = find.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private void insert(Connection connection, long account, String hash, Set<TokenScope> scopes)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            insert into token (account_id, hash, description, scopes, packages, operator, created_at)
            values (?, ?, 'made by token create', ?, '*', true, ?) returning id""")) {
      insert.setLong(1, account);
      insert.setString(2, hash);
      insert.setString(3, TokenScope.join(scopes));
      insert.setTimestamp(4, now());
      long id;
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        id = row.getLong(1);
      }
      audit(connection, account, id);
    }
  }

  private void audit(Connection connection, long account, long token) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            insert into audit_event (at, account_id, token_id, action, subject, detail, request_id)
            values (?, ?, ?, 'token.create', ?, '{"operator":true}', '')""")) {
      insert.setTimestamp(1, now());
      insert.setLong(2, account);
      insert.setLong(3, token);
      insert.setString(4, "token " + token);
      insert.executeUpdate();
    }
  }

  private Timestamp now() {
    return Timestamp.from(clock.instant());
  }
}
