package dev.raya.cli.pm.fetch;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where else what a registry serves can be had ({@code [registries.NAME] mirrors}). A mirror is
 * believed as little as the registry: digests, roots and statements are those of the registry. One
 * that failed is asked last for the rest of the command. Thread-safe.
 */
public final class Mirrors {
  /** No registry has mirrors. */
  public static final Mirrors NONE = new Mirrors(Map.of());

  private final Map<URI, List<URI>> of;
  private final Set<URI> failed = ConcurrentHashMap.newKeySet();

  /** Takes the mirrors by the registry's URL; all end in a slash. */
  public Mirrors(Map<URI, List<URI>> of) {
    this.of = new LinkedHashMap<>(of);
  }

  /** The addresses at which a resource may be asked for, in order; the first is never missing. */
  List<URI> places(URI uri) {
    for (Map.Entry<URI, List<URI>> registry : of.entrySet()) {
      URI path = registry.getKey().relativize(uri);
      if (!path.isAbsolute()) {
        List<URI> good = new ArrayList<>();
        List<URI> bad = new ArrayList<>();
        List<URI> bases = new ArrayList<>(List.of(registry.getKey()));
        bases.addAll(registry.getValue());
        for (URI base : bases) {
          (failed.contains(base) ? bad : good).add(base.resolve(path));
        }
        good.addAll(bad);
        return good;
      }
    }
    return List.of(uri);
  }

  /** Notes that a place gave no answer. */
  void failed(URI place) {
    for (Map.Entry<URI, List<URI>> registry : of.entrySet()) {
      List<URI> bases = new ArrayList<>(List.of(registry.getKey()));
      bases.addAll(registry.getValue());
      for (URI base : bases) {
        if (!base.relativize(place).isAbsolute()) {
          failed.add(base);
        }
      }
    }
  }
}
