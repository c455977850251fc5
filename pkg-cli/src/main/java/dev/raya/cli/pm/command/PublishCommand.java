package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.ProxySettings;
import dev.raya.cli.pm.fetch.Registry;
import dev.raya.cli.pm.install.InstallRequest;
import dev.raya.cli.pm.install.Installer;
import dev.raya.cli.pm.project.BuildFailure;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.cli.pm.project.Toolchain;
import dev.raya.cli.pm.publish.Attestor;
import dev.raya.cli.pm.publish.GrantCheck;
import dev.raya.cli.pm.publish.KeylessSigning;
import dev.raya.cli.pm.publish.Packed;
import dev.raya.cli.pm.publish.Packer;
import dev.raya.cli.pm.publish.Publisher;
import dev.raya.cli.pm.publish.RunProvenance;
import dev.raya.cli.pm.publish.SigningKeys;
import dev.raya.cli.pm.publish.WorkflowRun;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.PublisherKey;
import dev.raya.signing.key.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;

/** {@code publish}: packs twice and compares, signs, uploads, checks what the registry says. */
final class PublishCommand implements Command {
  private static final String DRY_RUN = "--dry-run";
  private static final String ALLOW_BREAKING = "--allow-breaking";
  private static final String TAG = "--tag";
  private static final String STAGE = "--stage";
  private static final String PROVENANCE = "--provenance";
  private static final String KEYLESS = "--keyless";
  private static final String SIGNING_CONFIG = "--signing-config";
  private static final String NO_PROVENANCE = "RAYA-SEC-009";

  static CommandSpec spec() {
    return CommandSpec.named("publish", "pack, sign and publish this package")
        .description(
            """
            With a token and no key, makes an Ed25519 key and registers it to the token's account.
            The token is RAYA_TOKEN, or that of `raya-pm login`. Without one, in a CI workflow that
            the package trusts (`raya-pm publisher add`), the run's ID token is exchanged for the
            right to publish this version, signed with a key that is kept nowhere; a dry run spends
            the ID token too. Such a version carries provenance: repository, commit, lockfile and
            toolchain of its build, in SLSA's form. With --keyless a certificate of Sigstore, which
            anybody can verify, says which run signed, in the place of the registry. Else a dry run changes nothing, here or there: it makes and registers
            no key. Publishing the same bytes again changes nothing.""")
        .options(
            OptionSpec.flag(DRY_RUN, "let the registry check everything and store nothing"),
            OptionSpec.flag(PROVENANCE, "fail where the build's provenance cannot be stated"),
            OptionSpec.flag(KEYLESS, "have Sigstore sign for this run (component keyless)"),
            OptionSpec.value(SIGNING_CONFIG, "FILE", "Sigstore's services, if not the public ones"),
            OptionSpec.value(TAG, "TAG", "let this tag point to the version"),
            OptionSpec.flag(
                STAGE, "keep it back until `raya-pm promote`; tells the id to try it by"),
            OptionSpec.flag(
                ALLOW_BREAKING, "publish although it breaks users of the version before"),
            PackCommand.ALLOW_SECRET)
        .example("raya-pm publish --dry-run", "what the registry would say to it")
        .example("raya-pm publish --tag next", "`add PKG@next` takes this version")
        .example("raya-pm publish --stage", "then `raya-pm install --stage ID` in CI, then promote")
        .runs(new PublishCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Offline.refused(Session.of(arguments, console), "publishing");
        WorkFolder work = WorkFolder.in(session)) {
      String tag = arguments.value(TAG);
      if (tag != null) {
        TagCommand.require(tag);
      }
      ProjectFolder project = ProjectFolder.find(arguments.environment().directory());
      Toolchain toolchain = Toolchain.of(arguments.environment());
      Manifest manifest = Manifests.read(project, console);
      Registry registry = session.registry();
      WorkflowRun run =
          session.hasToken() ? null : WorkflowRun.of(arguments.environment()).orElse(null);
      if (run == null) {
        if (arguments.flag(KEYLESS)) {
          throw new CommandException(
              "RAYA-SEC-022",
              "Sigstore signs for the run of a workflow, and this process is none, or has a token",
              "publish from CI without RAYA_TOKEN (`raya-pm publisher add`)");
        }
        if (arguments.flag(PROVENANCE)) {
          throw new CommandException(
              NO_PROVENANCE,
              session.hasToken()
                  ? "provenance is signed by the run of a workflow, and there is a token, which a"
                      + " person publishes with"
                  : "provenance is signed by the run of a workflow, and this process is none",
              "publish from CI without RAYA_TOKEN (`raya-pm publisher add`)");
        }
        registry.requireToken();
      }
      if (!manifest.dependencies().isEmpty() || !manifest.devDependencies().isEmpty()) {
        new Installer(session, project).install(InstallRequest.PLAIN);
        GrantCheck.ofDirectDependencies(project, manifest);
      }
      Packed packed =
          new Packer(
                  project,
                  manifest,
                  toolchain,
                  session.known(),
                  console,
                  Set.copyOf(arguments.values(PackCommand.ALLOW_SECRET.name())))
              .packTwice(work.path());
      boolean dryRun = arguments.flag(DRY_RUN);
      Attestor attestor =
          run == null
              ? Attestor.with(key(session, registry, dryRun))
              : exchanged(arguments, session, run, packed.metadata().name(), project);
      Publisher.Outcome outcome =
          new Publisher(session)
              .publish(
                  packed,
                  attestor,
                  toolchain.digest(),
                  new Publisher.Options(
                      arguments.value(TAG),
                      dryRun,
                      arguments.flag(STAGE),
                      arguments.flag(ALLOW_BREAKING)));
      tell(console, packed, outcome, dryRun, registry);
      return ExitCode.OK;
    } catch (BuildFailure refused) {
      return refused.report(console);
    } catch (IOException unwritable) {
      throw Failure.of(unwritable);
    }
  }

  private static PublisherKey key(Session session, Registry registry, boolean dryRun)
      throws CommandException, InterruptedException {
    SigningKeys keys = new SigningKeys(session);
    return dryRun ? keys.forDryRun() : keys.readyFor(registry);
  }

  /**
   * Signs with a key that is made here and kept nowhere, after the run's ID token was exchanged for
   * the right to publish with it: the statement, and provenance where it would be true.
   */
  private static Attestor exchanged(
      Arguments arguments,
      Session session,
      WorkflowRun workflow,
      PackageName name,
      ProjectFolder project)
      throws CommandException, InterruptedException, IOException {
    Registry registry = session.registry();
    SigningKey key = SigningKey.generate(new SecureRandom());
    KeylessSigning signing = arguments.flag(KEYLESS) ? keyless(arguments, session, workflow) : null;
    WorkflowRun.Exchanged exchanged = workflow.exchange(session, registry, name, key);
    session.registryWith(exchanged.token());
    session.console().status("exchanged this run's ID token for one publish of " + name);
    Optional<String> contradiction =
        RunProvenance.contradiction(project, exchanged.run(), session.settings().environment());
    if (contradiction.isPresent()) {
      if (arguments.flag(PROVENANCE)) {
        throw new CommandException(
            NO_PROVENANCE,
            "this build cannot have provenance: " + contradiction.get(),
            "publish from a clean checkout of the run's own commit");
      }
      session.console().status("publishing without provenance: " + contradiction.get());
      return signing == null ? Attestor.with(PublisherKey.plain(key)) : Attestor.with(signing);
    }
    RunProvenance provenance =
        RunProvenance.of(project, exchanged.run(), session.settings().environment());
    return signing == null ? provenance.signedWith(key) : provenance.signedBy(signing);
  }

  private static KeylessSigning keyless(Arguments arguments, Session session, WorkflowRun workflow)
      throws CommandException, InterruptedException, IOException {
    Path toolchain = Toolchain.of(arguments.environment()).home();
    Path jars = KeylessSigning.component(toolchain);
    Registry registry = session.registry();
    byte[] trusted =
        session
            .metadata(registry)
            .sigstore()
            .orElseThrow(
                () ->
                    new CommandException(
                        "RAYA-SEC-022",
                        registry.base() + " trusts no Sigstore service, so nobody would verify it",
                        "its operator puts a trusted root into trust/sigstore.json"));
    String config = arguments.value(SIGNING_CONFIG);
    ProxySettings network = ProxySettings.of(arguments.environment(), session.settings().user());
    Path authorities = network.authorities();
    return new KeylessSigning(
        jars,
        toolchain.resolve("lib").resolve("modules"),
        workflow.sigstoreToken(session),
        new String(trusted, StandardCharsets.UTF_8),
        config == null
            ? null
            : Files.readString(arguments.environment().directory().resolve(config)),
        authorities == null ? null : Files.readString(authorities),
        network.javaOptions());
  }

  private static void tell(
      Console console,
      Packed packed,
      Publisher.Outcome outcome,
      boolean dryRun,
      Registry registry) {
    String label = packed.metadata().name() + " " + packed.metadata().version();
    for (String check : outcome.checks()) {
      console.status("registry: " + check);
    }
    Publisher.Staged staged = outcome.staged();
    console.line(
        dryRun
            ? label + " would be accepted by " + registry.base()
            : staged != null
                ? "staged " + label + " as " + staged.id() + ", reserved until " + staged.expires()
                : "published " + label + " (log " + outcome.log() + ")");
    if (staged != null) {
      console.status(
          "`raya-pm install --stage " + staged.id() + "` takes it, with a token that reads");
      console.status(
          "`raya-pm promote "
              + packed.metadata().name()
              + "@"
              + packed.metadata().version()
              + " --stage "
              + staged.id()
              + "` publishes it, and nothing else");
    }
    Json.ObjectBuilder result =
        Json.object()
            .put("name", packed.metadata().name().text())
            .put("version", packed.metadata().version().text())
            .put("sha256", packed.facts().checksum().hex())
            .put("tree", packed.facts().tree().hex())
            .put("size", packed.facts().size())
            .put("dryRun", dryRun)
            .put("registry", registry.config().origin());
    if (staged != null) {
      result.put("stage", staged.id()).put("expires", staged.expires());
    } else if (!dryRun) {
      result.put("log", outcome.log());
    }
    console.result(result.build());
  }
}
