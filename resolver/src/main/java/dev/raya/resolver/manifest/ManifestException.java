package dev.raya.resolver.manifest;

import dev.raya.resolver.version.ResolverException;
import java.util.List;

/** A manifest that cannot be used. It carries every fault found, in the order of the file. */
public final class ManifestException extends ResolverException {
  private static final long serialVersionUID = 1L;
  private final transient List<ManifestFault> faults;

  /**
   * Makes the exception; its code is that of the first fault.
   *
   * @param faults at least one
   */
  public ManifestException(List<ManifestFault> faults) {
    super(
        faults.getFirst().code(),
        String.join("\n", faults.stream().map(Object::toString).toList()));
    this.faults = List.copyOf(faults);
  }

  /** All faults, in the order of the file. */
  public List<ManifestFault> faults() {
    return faults;
  }
}
