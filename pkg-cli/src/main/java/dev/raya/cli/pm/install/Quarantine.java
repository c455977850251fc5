package dev.raya.cli.pm.install;

import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.resolver.version.Version;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The signed list of versions that a registry holds back, {@code advisories/quarantine.json}; it
 * counts for locked versions too, unless the command line takes one by name (security.md,
 * Policies). Read only where metadata is asked for anyway.
 */
final class Quarantine {
  private static final String LIST = "advisories/quarantine.json";
  private static final String SCHEMA = "raya/quarantine/1";

  private final Session session;
  private final Set<String> allowed;
  private final Map<String, Map<String, String>> lists = new TreeMap<>();

  /**
   * What registries hold back.
   *
   * @param allowed {@code NAME@VERSION} of versions that are taken nevertheless
   */
  Quarantine(Session session, Collection<String> allowed) {
    this.session = session;
    this.allowed = Set.copyOf(allowed);
  }

  /**
   * Refuses versions that their registry holds back.
   *
   * @throws CommandException RAYA-SEC-011 with all of them; RAYA-SEC-003 or 004 if metadata is
   *     refused
   * @throws InterruptedException if the thread was interrupted
   */
  void require(Collection<PackageClaim> claims) throws CommandException, InterruptedException {
    List<Finding> findings = new ArrayList<>();
    for (PackageClaim claim : claims) {
      String id = key(claim.name().text(), claim.version().text());
      String reason = list(claim.origin()).get(id);
      if (reason != null && !allowed.contains(id)) {
        findings.add(
            Finding.error(
                "RAYA-SEC-011",
                id + " is quarantined by " + claim.origin() + reason,
                "nothing of it was fetched; `raya-pm update "
                    + claim.name()
                    + "` takes another version once there is one",
                "--allow-quarantined " + id + " takes it nevertheless"));
      }
    }
    if (!findings.isEmpty()) {
      throw new CommandException(findings);
    }
  }

  /** Versions are the same whatever their build metadata. */
  static String key(String name, String version) {
    Version parsed = Version.tryParse(version);
    return name + '@' + (parsed == null ? version : parsed.precedence());
  }

  private Map<String, String> list(String origin) throws CommandException, InterruptedException {
    Map<String, String> known = lists.get(origin);
    if (known == null) {
      Optional<byte[]> document = session.metadata(session.registryOf(origin)).optional(LIST);
      known = document.isEmpty() ? Map.of() : read(origin, document.get());
      lists.put(origin, known);
    }
    return known;
  }

  /** By version, the reason as it follows in a message. */
  private static Map<String, String> read(String origin, byte[] document) throws CommandException {
    Map<String, String> versions = new LinkedHashMap<>();
    try {
      JsonFields root = JsonFields.root(JsonReader.read(document));
      if (!root.string("schema").equals(SCHEMA)) {
        throw root.fault("schema", "expected " + SCHEMA);
      }
      for (JsonFields each : root.list("versions")) {
        String advisory = each.optionalString("advisory");
        versions.put(
            key(each.string("name"), each.string("version")),
            ": " + each.string("reason") + (advisory == null ? "" : ", " + advisory));
      }
    } catch (JsonException malformed) {
      throw new CommandException(
          "RAYA-SEC-003",
          "the quarantine list of " + origin + " is malformed: " + malformed.getMessage(),
          "tell the registry's operator");
    }
    return versions;
  }
}
