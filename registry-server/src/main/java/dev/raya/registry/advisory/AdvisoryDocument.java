package dev.raya.registry.advisory;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.registry.http.StorableJson;
import dev.raya.resolver.audit.Advisories;
import dev.raya.resolver.audit.Advisory;
import dev.raya.resolver.audit.OsvException;
import dev.raya.resolver.audit.OsvReader;
import dev.raya.resolver.name.PackageName;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * One advisory in the OSV format (schema 1.7), checked as far as this registry and its clients rely
 * on it: identifier, times, and every affected Raya package with its spans. Members that OSV has
 * and we do not read are kept as they are.
 *
 * @param id its identifier
 * @param modified when it was last changed
 * @param packages names of the affected Raya packages
 * @param json all of it
 */
public record AdvisoryDocument(
    String id, Instant modified, Set<PackageName> packages, Json.Obj json) {
  /** Longest document, in bytes. */
  public static final int MAX_BYTES = 256 << 10;

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final int MAX_PACKAGES = 100;

  /** Copies the names in, sorted. */
  public AdvisoryDocument {
    packages = Collections.unmodifiableSet(new TreeSet<>(packages));
  }

  /**
   * Reads a document.
   *
   * @throws MalformedAdvisoryException if it is no OSV record, names no Raya package, or is
   *     withdrawn already
   */
  public static AdvisoryDocument read(byte[] document) throws MalformedAdvisoryException {
    if (document.length > MAX_BYTES) {
      throw new MalformedAdvisoryException("expected at most " + MAX_BYTES + " bytes");
    }
    try {
      JsonFields root = JsonFields.root(StorableJson.read(document));
      String id = root.string("id");
      if (!ID.matcher(id).matches() || id.equals("osv.json")) {
        throw root.fault("id", "expected letters, digits, . _ and -, such as RAYA-2026-0001");
      }
      Instant modified = time(root, "modified");
      for (String optional : List.of("published", "withdrawn")) {
        if (root.optionalString(optional) != null) {
          time(root, optional);
        }
      }
      if (root.has("withdrawn")) {
        throw root.fault("withdrawn", "an advisory is added in force; withdraw ends it");
      }
      if (root.optionalString("summary") == null && root.optionalString("details") == null) {
        throw root.fault("summary", "expected a summary or details");
      }
      Set<PackageName> packages = packages(root);
      if (packages.isEmpty() || packages.size() > MAX_PACKAGES) {
        throw root.fault(
            "affected", "expected 1 to " + MAX_PACKAGES + " packages of ecosystem Raya");
      }
      Advisories read = OsvReader.read(CanonicalJson.bytes(Json.array(List.of(root.object()))));
      if (read.size() != 1) {
        throw root.fault("affected", "expected versions or ranges of a Raya package");
      }
      return new AdvisoryDocument(id, modified, packages, root.object());
    } catch (JsonException | OsvException e) {
      throw new MalformedAdvisoryException(String.valueOf(e.getMessage()));
    }
  }

  private static Set<PackageName> packages(JsonFields root) throws JsonException {
    Set<PackageName> packages = new TreeSet<>();
    for (JsonFields each : root.list("affected")) {
      JsonFields affected = each.fields("package");
      if (affected.string("ecosystem").equals(Advisory.ECOSYSTEM)) {
        PackageName name = PackageName.tryParse(affected.string("name"));
        if (name == null) {
          throw affected.fault("name", "expected a package's name");
        }
        packages.add(name);
      }
    }
    return packages;
  }

  private static Instant time(JsonFields root, String member) throws JsonException {
    try {
      return Instant.parse(root.string(member));
    } catch (DateTimeException e) {
      throw root.fault(member, "expected a time such as 2026-01-31T12:00:00Z");
    }
  }

  /** The document as withdrawn at a time. */
  static Json.Obj withdrawn(Json.Obj json, Instant time) {
    Map<String, Json> members = new LinkedHashMap<>(json.members());
    members.put("modified", Json.of(time.toString()));
    members.put("withdrawn", Json.of(time.toString()));
    return new Json.Obj(members);
  }
}
