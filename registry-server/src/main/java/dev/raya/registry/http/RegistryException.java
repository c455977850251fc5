package dev.raya.registry.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that is refused; becomes an {@code application/problem+json} answer (RFC 9457). */
public final class RegistryException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * A fault of one member of the request.
   *
   * @param pointer JSON pointer (RFC 6901), or the name of a part or parameter
   * @param detail what was expected and what was found
   */
  public record Fault(String pointer, String detail) {}

  private final Problem problem;
  private final transient List<Fault> faults;
  private final @Nullable String hint;

  private RegistryException(
      Problem problem, String detail, List<Fault> faults, @Nullable String hint) {
    super(detail);
    this.problem = problem;
    this.faults = List.copyOf(faults);
    this.hint = hint;
  }

  /** Makes the exception with a detail that says what was expected and what was found. */
  public RegistryException(Problem problem, String detail) {
    this(problem, detail, List.of(), null);
  }

  /** The same with what to type or do next. */
  public RegistryException(Problem problem, String detail, String hint) {
    this(problem, detail, List.of(), hint);
  }

  /** The same with the members at fault. */
  public RegistryException with(List<Fault> faults) {
    RegistryException copy = new RegistryException(problem, detail(), faults, hint);
    copy.setStackTrace(getStackTrace());
    return copy;
  }

  /** What kind of refusal it is. */
  public Problem problem() {
    return problem;
  }

  /** The code of the problem. */
  public String code() {
    return problem.code();
  }

  /** What happened this time. */
  public String detail() {
    return String.valueOf(getMessage());
  }

  /** The members at fault; often none. */
  public List<Fault> faults() {
    return faults;
  }

  /** What to do next, or null. */
  public @Nullable String hint() {
    return hint;
  }
}
