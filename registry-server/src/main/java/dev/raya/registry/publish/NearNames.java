package dev.raya.registry.publish;

import dev.raya.resolver.name.PackageName;
import io.quarkus.hibernate.orm.panache.Panache;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names one slip of the hand away from a package that many others use (spec: security.md
 * "Policies"): one character more, less or different, or two that changed places. Names of equal
 * skeleton are refused elsewhere.
 */
final class NearNames {
  /** How many other packages depend on a top package. */
  static final int TOP_DEPENDENTS = 5;

  private static final String CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_.";

  private NearNames() {}

  /**
   * The top package that a new name is near to; null if there is none, or whoever publishes owns
   * it.
   */
  static @Nullable String topNear(PackageName name, long account) {
    List<?> found =
        Panache.getEntityManager()
            .createNativeQuery(
                """
                select p.name from package p
                where p.name = any(:near)
                  and not exists (select 1 from owner o
                    where o.package_id = p.id and o.account_id = :account)
                  and (select count(*) from (select distinct v.package_id
                    from version_dep d join version v on v.id = d.version_id
                    where d.name = p.name and v.log_seq is not null limit :most) users) >= :most
                order by p.name limit 1""")
            .setParameter("near", variants(name.text()).toArray(String[]::new))
            .setParameter("account", account)
            .setParameter("most", TOP_DEPENDENTS)
            .getResultList();
    return found.isEmpty() ? null : (String) found.getFirst();
  }

  /** Every text at one slip from a name; a scope is compared as part of it. */
  static Set<String> variants(String name) {
    Set<String> variants = new LinkedHashSet<>();
    for (int at = 0; at <= name.length(); at++) {
      String before = name.substring(0, at);
      for (char more : CHARACTERS.toCharArray()) {
        variants.add(before + more + name.substring(at));
      }
      if (at == name.length()) {
        continue;
      }
      String after = name.substring(at + 1);
      variants.add(before + after);
      for (char other : CHARACTERS.toCharArray()) {
        variants.add(before + other + after);
      }
      if (!after.isEmpty()) {
        variants.add(before + after.charAt(0) + name.charAt(at) + after.substring(1));
      }
    }
    variants.remove(name);
    return variants;
  }
}
