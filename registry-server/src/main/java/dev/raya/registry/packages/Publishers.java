package dev.raya.registry.packages;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.signing.key.Identity;
import io.quarkus.narayana.jta.QuarkusTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The document of who may publish a package. */
public final class Publishers {
  private static final int ID_DIGITS = 16;

  private Publishers() {}

  /** A publisher's id in paths: of a key the key's, of a workflow the start of its digest. */
  public static String id(Identity identity) {
    return switch (identity) {
      case Identity.Key key -> key.key().keyId().hex();
      case Identity.Oidc oidc ->
          Digest.of(CanonicalJson.bytes(oidc.json())).hex().substring(0, ID_DIGITS);
    };
  }

  /** The document of a package that has versions; empty if there is none of that name. */
  public static Optional<Json.Obj> find(String name) {
    return QuarkusTransaction.requiringNew()
        .call(
            () ->
                PackageRow.named(name)
                    .map(
                        row ->
                            json(
                                row.name,
                                row.publisherIdentities(),
                                new Rules(
                                    row.tokenPublishing, row.provenance, row.promotedByAnother),
                                false)));
  }

  /** The document of a name without versions. */
  public static Json.Obj pending(String name, List<? extends Identity> waiting) {
    return json(name, waiting, new Rules(true, false, false), true);
  }

  private record Rules(boolean tokens, boolean provenance, boolean promotedByAnother) {}

  private static Json.Obj json(
      String name, List<? extends Identity> identities, Rules rules, boolean pending) {
    List<Json> list = new ArrayList<>();
    for (Identity identity : identities) {
      Map<String, Json> members = new TreeMap<>(identity.json().members());
      members.put("id", Json.of(id(identity)));
      list.add(new Json.Obj(members));
    }
    return Json.object()
        .put("schema", "raya/publishers/1")
        .put("name", name)
        .put("pending", pending)
        .put("tokenPublishing", rules.tokens())
        .put("provenance", rules.provenance())
        .put("promotedByAnother", rules.promotedByAnother())
        .put("publishers", Json.array(list))
        .build();
  }

  /** The refusal of an id that names no publisher. */
  public static RegistryException unknown(String name, String id) {
    return new RegistryException(
        Problem.NOT_FOUND,
        name + " has no publisher " + (id.length() > 64 ? id.substring(0, 64) + "…" : id),
        "raya-pm publisher list " + name + " shows their ids");
  }
}
