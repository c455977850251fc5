package dev.raya.cli.pm.install;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.AdvisorySource;
import dev.raya.cli.pm.settings.Settings;
import dev.raya.cli.pm.settings.TrustLevel;
import dev.raya.cli.pm.settings.UserConfig;
import dev.raya.resolver.audit.Advisories;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.policy.LicensePolicy;
import dev.raya.resolver.policy.ReleasePolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What user and project take of what is published, together: the user's {@code config.toml} rules,
 * and a project can only narrow it.
 */
public final class Policies {
  private static final String ADVISORIES = "policy.advisories";
  private static final String REFUSE = "refuse";

  private final Session session;
  private final Manifest root;

  /** The policies that hold for a project. */
  public Policies(Session session, Manifest root) {
    this.session = session;
    this.root = root;
  }

  /** The licences that are taken. */
  public LicensePolicy licenses() {
    UserConfig user = session.settings().user();
    List<String> denied = user.list("policy.deny-licenses");
    return LicensePolicy.of(user.list("policy.allow-licenses"), denied == null ? List.of() : denied)
        .and(root.policy().licenses());
  }

  /**
   * Locked versions too must have a licence that user and project take.
   *
   * @throws CommandException RAYA-RES-006 with all that have none
   */
  void requireLicenses(Lockfile lockfile, EntryMetadata metadata) throws CommandException {
    LicensePolicy policy = licenses();
    List<Finding> findings = new ArrayList<>();
    for (LockedPackage locked : policy.isAny() ? List.<LockedPackage>of() : lockfile.packages()) {
      PackageMetadata described = metadata.of(locked);
      String refusal = described == null ? null : policy.refusal(described.license());
      if (refusal != null) {
        findings.add(
            Finding.error(
                "RAYA-RES-006",
                locked.id() + " is locked, and " + refusal,
                "`raya-pm update " + locked.name() + "` takes another version if there is one"));
      }
    }
    if (!findings.isEmpty()) {
      throw new CommandException(findings);
    }
  }

  /**
   * The advisories whose hits are no candidates: all of them at trust level {@code strict}, where a
   * policy says {@code advisories = "refuse"}, or if the command asks; else none, and nothing is
   * read.
   */
  Advisories refused(InstallRequest request) throws CommandException, InterruptedException {
    String word = session.settings().user().get(ADVISORIES);
    if (word != null && !word.equals(REFUSE) && !word.equals("report")) {
      throw new UsageException(
          ADVISORIES + " of " + session.settings().user().file() + " is \"" + word + "\"",
          "it takes report or refuse");
    }
    return refusesAdvised() || request.rules().refuseAdvised()
        ? new AdvisorySource(session).read()
        : Advisories.NONE;
  }

  /** Whether versions that an advisory hits are no candidates, whatever the command. */
  boolean refusesAdvised() {
    return REFUSE.equals(session.settings().user().get(ADVISORIES))
        || root.policy().refusesAdvised()
        || isStrict();
  }

  /**
   * The whole policy.
   *
   * @param registryAge the age that the registry's policy asks for
   * @param refused advisories whose hits are no candidates
   */
  ReleasePolicy release(InstallRequest request, Duration registryAge, Advisories refused) {
    return new ReleasePolicy(
        minReleaseAge(registryAge),
        ageExempt(),
        request.rules().excludeNewer(),
        licenses(),
        refused,
        isStrict());
  }

  private boolean isStrict() {
    return session.settings().trustLevel() == TrustLevel.STRICT;
  }

  /** The user's age, else the registry's; a manifest may raise it. */
  private Duration minReleaseAge(Duration registryAge) {
    Duration asked = session.settings().minReleaseAge();
    boolean permissive = session.settings().trustLevel() == TrustLevel.PERMISSIVE;
    Duration age = asked != null ? asked : permissive ? Duration.ZERO : registryAge;
    Duration raised = root.resolution().minReleaseAge();
    return raised != null && raised.compareTo(age) > 0 ? raised : age;
  }

  private Set<PackageName> ageExempt() {
    Set<PackageName> exempt = new HashSet<>();
    List<String> listed = session.settings().user().list("trust.min-release-age-exclude");
    for (String text : listed == null ? List.<String>of() : listed) {
      PackageName name = PackageName.tryParse(text);
      if (name != null) {
        exempt.add(name);
      }
    }
    return exempt;
  }

  /** What the user's policy is, as a text that changes with it; empty where there is none. */
  static String fingerprint(Settings settings) {
    StringBuilder text = new StringBuilder();
    for (String key : List.of("policy.allow-licenses", "policy.deny-licenses", ADVISORIES)) {
      String value = settings.user().get(key);
      if (value != null) {
        text.append(' ').append(key).append('=').append(value);
      }
    }
    return text.toString();
  }
}
