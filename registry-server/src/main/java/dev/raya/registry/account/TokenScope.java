package dev.raya.registry.account;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a token may be used for (spec: security.md "Tokens and people"). */
public enum TokenScope {
  /** Publish versions. */
  PUBLISH,
  /** Yank and deprecate versions. */
  YANK,
  /** Change owners and publishers. */
  OWNER,
  /** Register and revoke signing keys. */
  KEY,
  /** Read what is not public: the account, its tokens, staged releases. */
  READ;

  /** The name in requests, answers and on the command line. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The scope of that name. */
  public static Optional<TokenScope> of(String id) {
    for (TokenScope scope : values()) {
      if (scope.id().equals(id)) {
        return Optional.of(scope);
      }
    }
    return Optional.empty();
  }

  /** The stored form: names in the order of this type, joined by a blank. */
  public static String join(Set<TokenScope> scopes) {
    List<String> ids = new ArrayList<>();
    for (TokenScope scope : EnumSet.copyOf(scopes)) {
      ids.add(scope.id());
    }
    return String.join(" ", ids);
  }

  /** Reads the stored form. */
  public static Set<TokenScope> split(String text) {
    EnumSet<TokenScope> scopes = EnumSet.noneOf(TokenScope.class);
    for (String id : text.split(" ", -1)) {
      of(id).ifPresent(scopes::add);
    }
    return scopes;
  }
}
