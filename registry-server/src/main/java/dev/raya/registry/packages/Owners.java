package dev.raya.registry.packages;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import io.quarkus.hibernate.orm.panache.Panache;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The owners of a package, as a document with an ETag that guards changes to it. */
public final class Owners {
  private static final int SHOWN = 64;

  private Owners() {}

  /** Names and account numbers of a package's owners, sorted by name; inside a transaction. */
  public static Map<String, Long> of(long packageId) {
    List<?> rows =
        Panache.getEntityManager()
            .createNativeQuery(
                """
                select a.name, a.id from owner o join account a on a.id = o.account_id
                where o.package_id = :package""")
            .setParameter("package", packageId)
            .getResultList();
    Map<String, Long> owners = new TreeMap<>();
    for (Object each : rows) {
      Object[] row = (Object[]) each;
      owners.put((String) row[0], ((Number) row[1]).longValue());
    }
    return owners;
  }

  /** The document. */
  public static Json.Obj json(String packageName, Map<String, Long> owners) {
    List<Json> list = new ArrayList<>();
    for (Map.Entry<String, Long> owner : owners.entrySet()) {
      list.add(
          Json.object()
              .put("account", owner.getValue())
              .put("name", owner.getKey())
              .put("role", "owner")
              .build());
    }
    return Json.object()
        .put("schema", "raya/owners/1")
        .put("name", packageName)
        .put("owners", Json.array(list))
        .build();
  }

  /** The document's strong ETag, with its quotes. */
  public static String etag(String packageName, Map<String, Long> owners) {
    return '"' + Digest.of(CanonicalJson.bytes(json(packageName, owners))).hex() + '"';
  }

  /** A text of a request as it may stand in an answer. */
  public static String shown(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
