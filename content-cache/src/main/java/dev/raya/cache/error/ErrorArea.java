package dev.raya.cache.error;

import java.util.Locale;
import java.util.Optional;

/** An area of error codes: the part of a code that says which module speaks, and its text file. */
public enum ErrorArea {
  /** Manifest, lockfile, archive, cache. */
  PKG("RAYA-PKG-"),
  /** Resolution. */
  RES("RAYA-RES-"),
  /** Network. */
  NET("RAYA-NET-"),
  /** Signatures, trust, grants. */
  SEC("RAYA-SEC-"),
  /** Answers of the registry. */
  REG("RAYA-REG-"),
  /** Toolchains. */
  TC("RAYA-TC-"),
  /** The command line itself. */
  CLI("RAYA-CLI-"),
  /** Faults of a running program (spec: vm.md section 11). */
  VM("RAYA-VM-"),
  /** Refused bytecode (spec: rbin.md section 8). */
  RBIN("RAYA-RBIN-"),
  /** What {@code rayac lint} finds. */
  LINT("RAYA-LINT-"),
  /** Diagnostics of the compiler: {@code RAYA-Exxxx} and {@code RAYA-Wxxxx}. */
  COMPILER("RAYA-");

  private final String prefix;

  ErrorArea(String prefix) {
    this.prefix = prefix;
  }

  /** What every code of the area starts with. */
  public String prefix() {
    return prefix;
  }

  /** The name of the area's text file, a resource of this package. */
  String resource() {
    return name().toLowerCase(Locale.ROOT) + ".codes";
  }

  /** The area that {@code code} belongs to by its form, whether or not the code exists. */
  public static Optional<ErrorArea> of(String code) {
    for (ErrorArea area : values()) {
      if (area.owns(code)) {
        return Optional.of(area);
      }
    }
    return Optional.empty();
  }

  private boolean owns(String code) {
    if (this == COMPILER) {
      return code.length() == 10
          && (code.startsWith("RAYA-E") || code.startsWith("RAYA-W"))
          && code.substring(6).chars().allMatch(c -> c >= '0' && c <= '9');
    }
    return code.length() > prefix.length() && code.startsWith(prefix);
  }
}
