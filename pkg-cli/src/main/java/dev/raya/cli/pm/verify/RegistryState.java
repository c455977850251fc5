package dev.raya.cli.pm.verify;

import dev.raya.cache.json.Json;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.cli.pm.trust.LogStore;
import dev.raya.tuf.client.TufClient;
import dev.raya.tuf.role.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is trusted of a registry that packages come from.
 *
 * @param registry which one
 * @param roles its four top-level roles
 * @param log name of its log
 * @param newest the newest tree of the log that is known, or null
 * @param now what expiry is told by
 */
public record RegistryState(
    KnownRegistries.Known registry,
    TufClient.TrustedSet roles,
    String log,
    LogStore.@Nullable Tree newest,
    Instant now) {

  /** The roles that have expired, each with its time; expiry is told and stops nothing here. */
  public List<String> expired() {
    List<String> expired = new ArrayList<>();
    for (Role role : List.of(roles.root(), roles.timestamp(), roles.snapshot(), roles.targets())) {
      if (!now.isBefore(role.expires())) {
        expired.add(role.kind().id() + " since " + role.expires());
      }
    }
    return expired;
  }

  /** The lines that show it. */
  public List<Chain.Link> links() {
    List<Chain.Link> links = new ArrayList<>();
    links.add(
        new Chain.Link(
            "root",
            registry.root()
                + ", which this home knows it by; now version "
                + roles.root().version()));
    links.add(
        new Chain.Link(
            "metadata",
            "timestamp "
                + roles.timestamp().version()
                + " until "
                + roles.timestamp().expires()
                + ", snapshot "
                + roles.snapshot().version()
                + ", targets "
                + roles.targets().version()));
    LogStore.Tree known = newest;
    if (known != null) {
      links.add(
          new Chain.Link(
              "log",
              log
                  + " at size "
                  + known.size()
                  + ", root "
                  + known.root()
                  + ": the newest checkpoint seen here, which extends all others"));
    }
    for (String each : expired()) {
      links.add(new Chain.Link("expired", each));
    }
    return links;
  }

  /** The state as an object. */
  public Json json() {
    Json.ObjectBuilder object =
        Json.object()
            .put("origin", registry.origin())
            .put("root", registry.root().toString())
            .put("rootVersion", roles.root().version())
            .put("timestampVersion", roles.timestamp().version())
            .put("timestampExpires", roles.timestamp().expires().toString())
            .put("snapshotVersion", roles.snapshot().version())
            .put("targetsVersion", roles.targets().version())
            .put("expired", Json.strings(expired()));
    LogStore.Tree known = newest;
    if (known != null) {
      object.put("log", log).put("logSize", known.size()).put("logRoot", known.root().hex());
    }
    return object.build();
  }
}
