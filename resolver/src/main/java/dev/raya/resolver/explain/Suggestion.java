package dev.raya.resolver.explain;

import dev.raya.cache.json.Json;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.util.List;

/** A change that was tried: with it alone there is a solution. */
public sealed interface Suggestion {

  /** The advice as a line. */
  String text();

  /**
   * The advice as an object with a {@code kind}.
   *
   * @param places where origins are
   */
  Json.Obj json(Places places);

  private static String at(String origin) {
    return origin.isEmpty() ? "" : " (" + origin + ')';
  }

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
          + " \""
          + RangeWords.of(to)
          + "\" instead of \""
          + RangeWords.of(from)
          + '"'
          + at(origin);
    }

    @Override
    public Json.Obj json(Places places) {
      return Json.object()
          .put("kind", "change-range")
          .put("name", name)
          .putUnlessEmpty("origin", origin)
          .putIfPresent("span", places.span(origin))
          .put("from", from.text())
          .put("to", to.text())
          .put("version", version.text())
          .put("text", text())
          .build();
    }
  }

  /**
   * Ask for a package without features.
   *
   * @param name the package that the project asks for
   * @param origin where it does; may be empty
   * @param features the features to do without
   */
  record DropFeatures(String name, String origin, List<String> features) implements Suggestion {
    /** Copies the list in. */
    public DropFeatures {
      features = List.copyOf(features);
    }

    @Override
    public String text() {
      return "ask for "
          + name
          + " without the "
          + (features.size() == 1 ? "feature " : "features ")
          + String.join(" and ", features)
          + at(origin);
    }

    @Override
    public Json.Obj json(Places places) {
      return Json.object()
          .put("kind", "drop-features")
          .put("name", name)
          .putUnlessEmpty("origin", origin)
          .putIfPresent("span", places.span(origin))
          .put("features", Json.strings(features))
          .put("text", text())
          .build();
    }
  }

  /**
   * Do without a package. The last resort: no other version of it fits.
   *
   * @param name the package that the project asks for
   * @param origin where it does; may be empty
   */
  record LeaveOut(String name, String origin) implements Suggestion {
    @Override
    public String text() {
      return "do without " + name + at(origin);
    }

    @Override
    public Json.Obj json(Places places) {
      return Json.object()
          .put("kind", "leave-out")
          .put("name", name)
          .putUnlessEmpty("origin", origin)
          .putIfPresent("span", places.span(origin))
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
    public Json.Obj json(Places places) {
      return Json.object().put("kind", "allow-pre-releases").put("text", text()).build();
    }
  }

  /**
   * Let compatibility lines of one name live side by side.
   *
   * @param origin where one version per name is asked for
   */
  record LeaveStrict(String origin) implements Suggestion {
    @Override
    public String text() {
      return "let major versions live side by side: no strict conflict-strategy" + at(origin);
    }

    @Override
    public Json.Obj json(Places places) {
      return Json.object()
          .put("kind", "leave-strict")
          .put("origin", origin)
          .put("text", text())
          .build();
    }
  }

  /**
   * Let a rule go that leaves releases out.
   *
   * @param kind which, for programs
   * @param text the advice as a line
   */
  record Relax(String kind, String text) implements Suggestion {
    @Override
    public Json.Obj json(Places places) {
      return Json.object().put("kind", kind).put("text", text).build();
    }
  }

  /**
   * Take an override away.
   *
   * @param key its key: a name, or {@code a>b}
   * @param range what it says
   * @param origin where it is written; may be empty
   */
  record DropOverride(String key, VersionRange range, String origin) implements Suggestion {
    @Override
    public String text() {
      return "drop the override \"" + key + "\" = \"" + RangeWords.of(range) + '"' + at(origin);
    }

    @Override
    public Json.Obj json(Places places) {
      return Json.object()
          .put("kind", "drop-override")
          .put("key", key)
          .put("range", range.text())
          .putUnlessEmpty("origin", origin)
          .putIfPresent("span", places.span(origin))
          .put("text", text())
          .build();
    }
  }
}
