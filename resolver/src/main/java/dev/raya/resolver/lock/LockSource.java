package dev.raya.resolver.lock;

import org.jspecify.annotations.Nullable;

/** Where a locked package comes from (packages.md section 4). */
public sealed interface LockSource {

  /**
   * {@code registry+ORIGIN}.
   *
   * @param origin the registry's own name for itself
   */
  record Registry(String origin) implements LockSource {
    @Override
    public String text() {
      return "registry+" + origin;
    }
  }

  /**
   * {@code git+URL#COMMIT}.
   *
   * @param url the repository
   * @param commit the full commit id
   */
  record Git(String url, String commit) implements LockSource {
    @Override
    public String text() {
      return "git+" + url + '#' + commit;
    }
  }

  /**
   * {@code path+RELATIVE}.
   *
   * @param path relative to the lockfile's folder, with {@code /}
   */
  record Path(String path) implements LockSource {
    @Override
    public String text() {
      return "path+" + path;
    }
  }

  /**
   * {@code url+URL}.
   *
   * @param url the archive's address
   */
  record Url(String url) implements LockSource {
    @Override
    public String text() {
      return "url+" + url;
    }
  }

  /** The source a text is, or null if it is none. */
  static @Nullable LockSource tryParse(String text) {
    int plus = text.indexOf('+');
    if (plus < 0 || plus == text.length() - 1 || text.length() > 2048) {
      return null;
    }
    String rest = text.substring(plus + 1);
    return switch (text.substring(0, plus)) {
      case "registry" -> new Registry(rest);
      case "path" -> new Path(rest);
      case "url" -> new Url(rest);
      case "git" -> {
        int hash = rest.lastIndexOf('#');
        yield hash <= 0 || hash == rest.length() - 1
            ? null
            : new Git(rest.substring(0, hash), rest.substring(hash + 1));
      }
      default -> null;
    };
  }

  /** The text as the lockfile writes it. */
  String text();
}
