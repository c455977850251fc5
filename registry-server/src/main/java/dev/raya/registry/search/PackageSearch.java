package dev.raya.registry.search;

import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds packages: an exact name first, then by full text (name, keywords, description) and by
 * likeness of the name, ranked over a bounded number of candidates.
 */
@ApplicationScoped
public class PackageSearch {
  /** Most results of one page. */
  public static final int MAX_LIMIT = 100;

  private static final int MAX_QUERY = 200;
  private static final int MAX_CANDIDATES = 1_000;
  private static final int MAX_PAGES = 20;
  private static final int SUGGESTIONS = 10;

  private final AgroalDataSource database;

  /**
   * A package that was found.
   *
   * @param name its name
   * @param version its newest version
   * @param description one line
   * @param license SPDX expression, or empty
   * @param updated when that version was published
   */
  public record Hit(
      String name, String version, String description, String license, Instant updated) {}

  /**
   * A page of results.
   *
   * @param hits best first
   * @param next cursor of the next page, or null
   */
  public record Page(List<Hit> hits, @Nullable String next) {
    /** Copies the list in. */
    public Page {
      hits = List.copyOf(hits);
    }
  }

  @Inject
  PackageSearch(AgroalDataSource database) {
    this.database = database;
  }

  /**
   * Searches; an empty query lists what was published last.
   *
   * @param cursor of a former page, or null
   * @throws RegistryException if query or cursor is malformed
   */
  public Page search(String query, int limit, @Nullable String cursor) throws RegistryException {
    String text = query.strip().toLowerCase(Locale.ROOT);
    if (text.length() > MAX_QUERY) {
      throw new RegistryException(
          Problem.MALFORMED, "q: expected at most " + MAX_QUERY + " characters");
    }
    int offset = offset(cursor, limit);
    List<Hit> hits =
        text.isEmpty()
            ? hits(
                """
                select name, version, description, license, updated_at from package_search
                order by updated_at desc, name limit ? offset ?""",
                List.of(limit + 1, offset))
            : hits(
                """
                select name, version, description, license, updated_at from (
                  select *, websearch_to_tsquery('english', ?) as words,
                    websearch_to_tsquery('simple', translate(?, '@/-_', '    ')) as plain
                  from package_search
                  where tsv @@ websearch_to_tsquery('english', ?)
                    or tsv @@ websearch_to_tsquery('simple', translate(?, '@/-_', '    '))
                    or name % ? or name like ? escape '\\'
                  limit ?) candidates
                order by name = ? desc, name like ? escape '\\' desc,
                  ts_rank_cd(tsv, plain) + ts_rank_cd(tsv, words) + similarity(name, ?) desc,
                  name
                limit ? offset ?""",
                List.of(
                    text,
                    text,
                    text,
                    text,
                    text,
                    '%' + escape(text) + '%',
                    MAX_CANDIDATES,
                    text,
                    escape(text) + '%',
                    text,
                    limit + 1,
                    offset));
    boolean more = hits.size() > limit;
    return new Page(more ? hits.subList(0, limit) : hits, more ? cursor(offset + limit) : null);
  }

  /** Names that begin like a text, and then names that are like it. */
  public List<String> suggest(String text) {
    String prefix = text.strip().toLowerCase(Locale.ROOT);
    if (prefix.isEmpty() || prefix.length() > MAX_QUERY) {
      return List.of();
    }
    return hits(
            """
            select name, version, description, license, updated_at from package_search
            where name like ? escape '\\' or name % ?
            order by name like ? escape '\\' desc, similarity(name, ?) desc, name limit ?""",
            List.of(escape(prefix) + '%', prefix, escape(prefix) + '%', prefix, SUGGESTIONS))
        .stream()
        .map(Hit::name)
        .toList();
  }

  /** How many packages and versions there are. */
  public long[] counts() {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                """
                select (select count(*) from package_search),
                  (select count(*) from version where log_seq is not null)""");
        ResultSet row = select.executeQuery()) {
      row.next();
      return new long[] {row.getLong(1), row.getLong(2)};
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Hit> hits(String sql, List<Object> parameters) {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.size(); i++) {
        select.setObject(i + 1, parameters.get(i));
      }
      List<Hit> hits = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          hits.add(
              new Hit(
                  rows.getString(1),
                  rows.getString(2),
                  rows.getString(3),
                  rows.getString(4),
                  rows.getTimestamp(5).toInstant()));
        }
      }
      return hits;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
  }

  private static String cursor(int offset) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(("o" + offset).getBytes(StandardCharsets.US_ASCII));
  }

  /** Deep pages are refused: nobody reads them but machines, which have the index. */
  private static int offset(@Nullable String cursor, int limit) throws RegistryException {
    if (cursor == null) {
      return 0;
    }
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
      if (text.matches("o[0-9]{1,6}")) {
        int offset = Integer.parseInt(text.substring(1));
        if (offset <= limit * MAX_PAGES) {
          return offset;
        }
      }
    } catch (IllegalArgumentException e) {
      throw new RegistryException(Problem.MALFORMED, "cursor: not one that a page gave");
    }
    throw new RegistryException(Problem.MALFORMED, "cursor: not one that a page gave");
  }
}
