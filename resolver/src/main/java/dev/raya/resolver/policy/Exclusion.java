package dev.raya.resolver.policy;

import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Age;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Why a published version is no candidate: what an explanation says of those left out. */
public sealed interface Exclusion {

  /** The reason as it follows "is left out:". */
  String text();

  /** Whether a locked version is kept all the same. */
  boolean sparesLocked();

  /**
   * Its {@code raya} range does not hold the toolchain.
   *
   * @param raya the range
   * @param toolchain the toolchain's version
   */
  record OtherToolchain(VersionRange raya, Version toolchain) implements Exclusion {
    @Override
    public String text() {
      return "needs raya " + raya + ", this is " + toolchain;
    }

    @Override
    public boolean sparesLocked() {
      return false;
    }
  }

  /**
   * {@code [constraints]} of the project leave it out.
   *
   * @param allowed what they allow
   * @param inside whether it lies in that range and is a pre-release, of which the range names none
   */
  record Constrained(VersionRange allowed, boolean inside) implements Exclusion {
    @Override
    public String text() {
      return inside
          ? "a pre-release, and [constraints] allow "
              + allowed
              + ", which names none of this version"
          : "[constraints] allow " + allowed;
    }

    @Override
    public boolean sparesLocked() {
      return false;
    }
  }

  /**
   * It needs a package of a registry that this project does not use.
   *
   * @param name the package
   * @param registry origin of its registry
   */
  record OtherRegistry(PackageName name, String registry) implements Exclusion {
    @Override
    public String text() {
      return "needs " + name + " of the registry " + registry;
    }

    @Override
    public boolean sparesLocked() {
      return false;
    }
  }

  /**
   * Its licence is not taken.
   *
   * @param reason the licence and what is wrong with it
   */
  record LicenseRefused(String reason) implements Exclusion {
    @Override
    public String text() {
      return reason;
    }

    @Override
    public boolean sparesLocked() {
      return false;
    }
  }

  /**
   * Advisories hit it.
   *
   * @param ids which, at least one
   */
  record Advised(List<String> ids) implements Exclusion {
    /** Copies the list in. */
    public Advised {
      ids = List.copyOf(ids);
    }

    @Override
    public String text() {
      return "hit by " + String.join(", ", ids);
    }

    @Override
    public boolean sparesLocked() {
      return false;
    }
  }

  /**
   * Its registry holds it back. A locked one stays, and whoever installs it is refused: what was
   * chosen once is not exchanged in silence.
   *
   * @param reason a word, and the advisory if there is one
   */
  record Quarantined(String reason) implements Exclusion {
    @Override
    public String text() {
      return "quarantined: " + reason;
    }

    @Override
    public boolean sparesLocked() {
      return true;
    }
  }

  /** Its bytes are gone. */
  record TakenDown() implements Exclusion {
    @Override
    public String text() {
      return "taken down";
    }

    @Override
    public boolean sparesLocked() {
      return true;
    }
  }

  /**
   * It is yanked.
   *
   * @param sparesLocked whether a locked one stays
   */
  record Yanked(boolean sparesLocked) implements Exclusion {
    @Override
    public String text() {
      return "yanked";
    }
  }

  /**
   * It is younger than asked.
   *
   * @param age how old it is
   * @param asked how old it must be
   */
  record TooYoung(Duration age, Duration asked) implements Exclusion {
    @Override
    public String text() {
      return Age.text(rounded(age)) + " old, " + Age.text(asked) + " asked";
    }

    @Override
    public boolean sparesLocked() {
      return true;
    }

    /** Down to whole days, hours or minutes, whatever the age has of them. */
    private static Duration rounded(Duration age) {
      if (age.isNegative()) {
        return Duration.ZERO;
      }
      for (ChronoUnit unit : List.of(ChronoUnit.DAYS, ChronoUnit.HOURS, ChronoUnit.MINUTES)) {
        if (age.compareTo(unit.getDuration()) >= 0) {
          return age.truncatedTo(unit);
        }
      }
      return age.truncatedTo(ChronoUnit.SECONDS);
    }
  }

  /**
   * It was published after the time asked for.
   *
   * @param newest that time
   */
  record TooNew(Instant newest) implements Exclusion {
    @Override
    public String text() {
      return "newer than " + newest;
    }

    @Override
    public boolean sparesLocked() {
      return true;
    }
  }
}
