package dev.raya.resolver.explain;

import dev.raya.cache.json.Json;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;

/** A change that was tried: with it there is a solution. */
public sealed interface Suggestion {

  /** The advice as a line. */
  String text();

  /** The advice as an object with a {@code kind}. */
  Json.Obj json();

  /**
   * Ask for another range.
   *
   * @param name the package that the project asks for
   * @param origin where it does; may be empty
   * @param from what it asks for now
   * @param to what it could ask for
   * @param version the version that is chosen then
   */
  record ChangeRange(
      String name, String origin, VersionRange from, VersionRange to, Version version)
      implements Suggestion {
    @Override
    public String text() {
      return "ask for "
          + name
          + " \"^"
          + version.precedence()
          + "\" instead of "
          + from.text()
          + (origin.isEmpty() ? "" : " (" + origin + ')');
    }

    @Override
    public Json.Obj json() {
      return Json.object()
          .put("kind", "change-range")
          .put("name", name)
          .putUnlessEmpty("origin", origin)
          .put("from", from.text())
          .put("to", to.text())
          .put("version", version.text())
          .put("text", text())
          .build();
    }
  }

  /** Let pre-releases match like any other version. */
  record AllowPreReleases() implements Suggestion {
    @Override
    public String text() {
      return "allow pre-releases (--pre)";
    }

    @Override
    public Json.Obj json() {
      return Json.object().put("kind", "allow-pre-releases").put("text", text()).build();
    }
  }

  /**
   * Take an override away.
   *
   * @param key its key: a name, or {@code a>b}
   * @param range what it says
   */
  record DropOverride(String key, VersionRange range) implements Suggestion {
    @Override
    public String text() {
      return "drop the override \"" + key + "\" = \"" + range.text() + '"';
    }

    @Override
    public Json.Obj json() {
      return Json.object()
          .put("kind", "drop-override")
          .put("key", key)
          .put("range", range.text())
          .put("text", text())
          .build();
    }
  }
}
