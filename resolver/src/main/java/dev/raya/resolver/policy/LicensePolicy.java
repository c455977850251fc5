package dev.raya.resolver.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which licences are taken. Policies of user and project are combined so that each can only make it
 * narrower: every allow-list must hold, and whatever one of them denies is denied.
 *
 * <p>An entry {@code GPL-2.0-only} covers that licence with any exception and its {@code +} form
 * too; an entry {@code GPL-2.0-only WITH Classpath-exception-2.0} only that pair. Identifiers are
 * compared without regard to case, as SPDX says. A pair that is allowed by name is not denied by an
 * entry for the bare licence.
 *
 * @param allowed allow-lists, all of which must hold; none allows everything
 * @param denied what is refused in any case
 */
public record LicensePolicy(List<Set<String>> allowed, Set<String> denied) {
  /** Takes every licence. */
  public static final LicensePolicy ANY = new LicensePolicy(List.of(), Set.of());

  /** Copies the collections in, identifiers in lower case. */
  public LicensePolicy {
    List<Set<String>> lists = new ArrayList<>();
    for (Set<String> list : allowed) {
      lists.add(folded(list));
    }
    allowed = List.copyOf(lists);
    denied = folded(denied);
  }

  private static Set<String> folded(Collection<String> entries) {
    Set<String> folded = new TreeSet<>();
    for (String entry : entries) {
      folded.add(fold(entry));
    }
    return Collections.unmodifiableSet(folded);
  }

  private static String fold(String entry) {
    return entry.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
  }

  /**
   * The policy of two lists.
   *
   * @param allow what is allowed; null allows everything
   * @param deny what is denied
   */
  public static LicensePolicy of(@Nullable Collection<String> allow, Collection<String> deny) {
    return new LicensePolicy(
        allow == null ? List.of() : List.of(new TreeSet<>(allow)), new TreeSet<>(deny));
  }

  /** The policy under which only what both take is taken. */
  public LicensePolicy and(LicensePolicy other) {
    List<Set<String>> lists = new ArrayList<>(allowed);
    lists.addAll(other.allowed);
    Set<String> both = new TreeSet<>(denied);
    both.addAll(other.denied);
    return new LicensePolicy(lists, both);
  }

  /** Whether everything is taken. */
  public boolean isAny() {
    return allowed.isEmpty() && denied.isEmpty();
  }

  /**
   * Why a licence is refused, or null if it is taken.
   *
   * @param license an SPDX expression; empty where a version states none, which no allow-list
   *     covers
   */
  public @Nullable String refusal(String license) {
    if (isAny()) {
      return null;
    }
    if (license.isEmpty()) {
      return allowed.isEmpty() ? null : "it states no licence, and [policy] allows certain ones";
    }
    return switch (LicenseChoice.decide(license, this::takes)) {
      case ACCEPTABLE -> null;
      case REFUSED -> "its licence " + license + " is not allowed by [policy]";
      case UNREADABLE -> "its licence \"" + cut(license) + "\" is no SPDX expression";
    };
  }

  private boolean takes(String license) {
    String pair = fold(license);
    int with = pair.indexOf(" with ");
    String bare = with < 0 ? pair : pair.substring(0, with);
    String plain = bare.endsWith("+") ? bare.substring(0, bare.length() - 1) : bare;
    boolean named = false;
    for (Set<String> list : allowed) {
      named |= with >= 0 && list.contains(pair);
      if (!list.contains(pair) && !list.contains(bare) && !list.contains(plain)) {
        return false;
      }
    }
    if (denied.contains(pair)) {
      return false;
    }
    return named || (!denied.contains(bare) && !denied.contains(plain));
  }

  private static String cut(String text) {
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }
}
