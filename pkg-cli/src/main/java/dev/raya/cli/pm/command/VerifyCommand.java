package dev.raya.cli.pm.command;

import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.Finding;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.install.LockStructure;
import dev.raya.cli.pm.install.Quarantine;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.cli.pm.verify.Chain;
import dev.raya.cli.pm.verify.LockVerification;
import dev.raya.cli.pm.verify.RegistryState;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.name.PackageName;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code verify [PKG…] [--explain]}: everything in the lockfile again, from its files to the
 * registry's root. Ends with 3 at the first thing that does not hold.
 */
final class VerifyCommand implements Command {
  private static final String EXPLAIN = "--explain";
  private static final String PACKAGES = "PKG";

  static CommandSpec spec() {
    return CommandSpec.named("verify", "check signatures, log and files of what is locked")
        .description(
            """
            For each package of raya.lock: its files hash to what is locked, its record is in the
            registry's log, its publisher's statement verifies. Offline it needs nothing but the
            cache; with a network metadata is brought up to date before. A version that its registry
            holds back is refused; offline the list seen last counts, and its age is printed.""")
        .positional(PACKAGES, PositionalSpec.Arity.ANY, "only these packages")
        .options(
            OptionSpec.flag(EXPLAIN, "show each link from the files to the registry's root"),
            InstallOptions.ALLOW_QUARANTINED)
        .example("raya-pm verify --offline", "as a build without network does it")
        .example("raya-pm verify logging --explain", "why one package is trusted")
        .runs(new VerifyCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.of(arguments, console)) {
      session.verifyHeldAhead();
      ProjectFolder project = ProjectFolder.find(arguments.environment().directory());
      LockStructure structure = new LockStructure(session, project);
      LockStructure.Locked locked = structure.locked();
      LockVerification verification = new LockVerification(session, locked.lockfile());
      verification.run(chosen(arguments, locked.lockfile()));
      structure.requireContents(locked);
      quarantine(session, arguments, verification);
      tell(console, verification, arguments.flag(EXPLAIN));
      return ExitCode.OK;
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  private static void quarantine(
      Session session, Arguments arguments, LockVerification verification)
      throws CommandException, InterruptedException {
    Quarantine quarantine = new Quarantine(session, InstallOptions.quarantined(arguments));
    List<PackageClaim> claims = verification.chains().stream().map(Chain::claim).toList();
    if (session.settings().offline()) {
      quarantine.requireSeen(claims).forEach(session.console()::status);
    } else {
      quarantine.require(claims);
    }
  }

  private static Set<PackageName> chosen(Arguments arguments, Lockfile lockfile)
      throws UsageException {
    Set<PackageName> chosen = new TreeSet<>();
    for (String word : arguments.all(PACKAGES)) {
      PackageName name = PackageName.tryParse(word);
      if (name == null || lockfile.versionsOf(name).isEmpty()) {
        throw new UsageException(
            "\"" + word + "\" is no package of raya.lock", "`raya-pm tree` shows them");
      }
      chosen.add(name);
    }
    return chosen;
  }

  private static void tell(Console console, LockVerification verification, boolean explain) {
    for (Chain chain : verification.chains()) {
      if (explain) {
        console.line(chain.claim().label());
        TrustCommand.lines(console, chain.links());
      }
      if (chain.yanked()) {
        console.report(
            Finding.warning(
                "RAYA-RES-004", chain.claim().label() + " was yanked by its publisher"));
      }
    }
    for (RegistryState registry : verification.registries()) {
      if (explain) {
        console.line(registry.registry().origin());
        TrustCommand.lines(console, registry.links());
      } else {
        for (String expired : registry.expired()) {
          console.status(
              "metadata of " + registry.registry().origin() + " has expired: " + expired);
        }
      }
    }
    for (LockedPackage other : verification.others()) {
      console.status(other.id() + " is vouched for by its digest alone: " + other.source().text());
    }
    int count = verification.chains().size();
    console.line(
        count
            + (count == 1 ? " package" : " packages")
            + " verified: files, log, publisher; "
            + "nothing is missing");
    console.result(verification.json());
  }
}
