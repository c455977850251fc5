package dev.raya.resolver.explain;

import dev.raya.resolver.version.ResolverCode;
import dev.raya.resolver.version.ResolverException;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request that could not be resolved, and why. */
public abstract sealed class ResolutionException extends ResolverException {
  private static final long serialVersionUID = 1L;

  /** Requirements of the project that the first line of a refusal names. */
  private static final int MOST_NAMED = 4;

  private final transient @Nullable Conflict conflict;

  private ResolutionException(ResolverCode code, String message, @Nullable Conflict conflict) {
    super(code, message);
    this.conflict = conflict;
  }

  /** The contradiction, or null where the search was given up. */
  public final @Nullable Conflict conflict() {
    return conflict;
  }

  /** The first line of the message, which tells the problem by itself. */
  public final String headline() {
    String text = text();
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  private static String message(String first, Conflict conflict) {
    String rest = conflict.text();
    return rest.isEmpty() ? first : first + '\n' + rest;
  }

  /** Names the project's own requirements that take part, so that the line tells by itself. */
  private static String named(Conflict conflict) {
    List<String> asked =
        conflict.derivation().stream()
            .filter(step -> step.pkg().isEmpty())
            .map(
                step ->
                    step.origin().isEmpty()
                        ? step.what()
                        : step.what() + " (" + step.origin() + ')')
            .toList();
    if (asked.size() == 1) {
      return "No choice of versions meets " + asked.getFirst() + ':';
    }
    int shown = Math.min(MOST_NAMED, asked.size());
    String last =
        shown < asked.size() ? (asked.size() - shown + 1) + " more" : asked.get(shown - 1);
    return "No choice of versions meets "
        + String.join(", ", asked.subList(0, Math.max(0, shown - 1)))
        + " and "
        + last
        + " together:";
  }

  /** Requirements contradict each other (RAYA-RES-001). */
  public static final class NoSolution extends ResolutionException {
    private static final long serialVersionUID = 1L;

    NoSolution(Conflict conflict) {
      super(ResolverCode.NO_SOLUTION, message(named(conflict), conflict), conflict);
    }
  }

  /** A package that is asked for does not exist (RAYA-RES-002). */
  public static final class NoSuchPackage extends ResolutionException {
    private static final long serialVersionUID = 1L;
    private final String name;
    private final transient Conflict why;
    private final transient List<String> nearest;

    NoSuchPackage(String name, List<String> nearest, Conflict conflict) {
      super(ResolverCode.NO_SUCH_PACKAGE, message(first(name, nearest), conflict), conflict);
      this.name = name;
      this.why = conflict;
      this.nearest = List.copyOf(nearest);
    }

    private static String first(String name, List<String> nearest) {
      String line = "There is no package " + name + ".";
      return nearest.isEmpty()
          ? line
          : line + " Did you mean " + String.join(" or ", nearest) + "?";
    }

    /** The package's name. */
    public String name() {
      return name;
    }

    /** Names like it, nearest first; none unless {@link #withNearest} was used. */
    public List<String> nearest() {
      return nearest;
    }

    /** The same refusal with names that the user may have meant. */
    public NoSuchPackage withNearest(List<String> names) {
      return new NoSuchPackage(name, names, why);
    }
  }

  /** No version of a package lies in the range asked for (RAYA-RES-003). */
  public static final class NoSuchVersion extends ResolutionException {
    private static final long serialVersionUID = 1L;
    private final String name;
    private final transient VersionRange range;
    private final transient List<Version> available;

    NoSuchVersion(
        String name,
        List<String> features,
        VersionRange range,
        List<Version> available,
        Conflict conflict) {
      super(
          ResolverCode.NO_SUCH_VERSION,
          message(
              "No version of "
                  + name
                  + (features.isEmpty() ? "" : '[' + String.join(",", features) + ']')
                  + " is what is asked for ("
                  + RangeWords.of(range)
                  + "); there "
                  + (available.size() == 1 ? "is " : "are ")
                  + LeftOut.list(available)
                  + '.',
              conflict),
          conflict);
      this.name = name;
      this.range = range;
      this.available = List.copyOf(available);
    }

    /** The package. */
    public String name() {
      return name;
    }

    /** The range that counts. */
    public VersionRange range() {
      return range;
    }

    /** The versions there are, ascending. */
    public List<Version> available() {
      return available;
    }
  }

  /** All versions in the range asked for are left out for a reason (RAYA-RES-004). */
  public static final class OnlyMaskedVersions extends ResolutionException {
    private static final long serialVersionUID = 1L;
    private final String name;
    private final transient VersionRange range;
    private final transient Map<Version, String> masked;

    OnlyMaskedVersions(
        String name, VersionRange range, Map<Version, String> masked, Conflict conflict) {
      super(
          ResolverCode.ONLY_MASKED_VERSIONS,
          message(
              "Every version of "
                  + name
                  + " that is asked for ("
                  + RangeWords.of(range)
                  + ") is left out.",
              conflict),
          conflict);
      this.name = name;
      this.range = range;
      this.masked = new TreeMap<>(masked);
    }

    /** The package. */
    public String name() {
      return name;
    }

    /** The range that counts. */
    public VersionRange range() {
      return range;
    }

    /** The versions in the range, each with why it is left out. */
    public Map<Version, String> masked() {
      return Map.copyOf(masked);
    }
  }

  /** The search was given up (RAYA-RES-005). */
  public static final class BudgetExhausted extends ResolutionException {
    private static final long serialVersionUID = 1L;
    private final long conflicts;

    BudgetExhausted(long conflicts) {
      super(
          ResolverCode.BUDGET_EXHAUSTED,
          "Gave up after "
              + conflicts
              + " conflicts, without a solution and without a proof that there is none."
              + " Narrow a range or lock more versions.",
          null);
      this.conflicts = conflicts;
    }

    /** Conflicts met. */
    public long conflicts() {
      return conflicts;
    }
  }
}
