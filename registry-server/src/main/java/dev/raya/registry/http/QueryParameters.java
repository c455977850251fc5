package dev.raya.registry.http;

import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The query of a write: parameters that nobody reads are refused, not ignored. */
public final class QueryParameters {
  private QueryParameters() {}

  /**
   * The parameters of a request.
   *
   * @throws RegistryException if one is unknown or stands twice
   */
  public static Map<String, String> of(RoutingContext context, Set<String> names)
      throws RegistryException {
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, String> parameter : context.queryParams()) {
      if (!names.contains(parameter.getKey())) {
        throw new RegistryException(
            Problem.MALFORMED,
            "unknown query parameter \"" + parameter.getKey() + '"',
            names.isEmpty()
                ? "this write has none"
                : "this write has: " + String.join(", ", names.stream().sorted().toList()));
      }
      if (values.put(parameter.getKey(), parameter.getValue()) != null) {
        throw new RegistryException(
            Problem.MALFORMED, "query parameter " + parameter.getKey() + " stands twice");
      }
    }
    return values;
  }

  /**
   * A parameter that is {@code true} or {@code false}; false if it is absent.
   *
   * @throws RegistryException if it is something else
   */
  public static boolean flag(Map<String, String> query, String name) throws RegistryException {
    return switch (query.getOrDefault(name, "false")) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new RegistryException(
              Problem.MALFORMED, "query parameter " + name + ": expected true or false");
    };
  }
}
