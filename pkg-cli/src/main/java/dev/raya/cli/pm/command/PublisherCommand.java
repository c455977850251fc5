package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.RegistryApi;
import dev.raya.signing.key.Identity;
import java.util.Map;

/**
 * {@code publisher list|add|remove|tokens|provenance}: the keys and CI workflows that may publish a
 * package (security.md, Trusted publishing).
 */
final class PublisherCommand {
  private static final String PACKAGE = "PKG";
  private static final String ID = "ID";
  private static final String STATE = "on|off";

  private static final OptionSpec ISSUER =
      OptionSpec.value("--issuer", "URL", "the CI service's OIDC issuer");
  private static final OptionSpec OWNER =
      OptionSpec.value("--owner", "NAME", "who owns the repository");
  private static final OptionSpec OWNER_ID =
      OptionSpec.value("--owner-id", "N", "the owner's number at the service");
  private static final OptionSpec REPOSITORY =
      OptionSpec.value("--repository", "NAME", "the repository");
  private static final OptionSpec REPOSITORY_ID =
      OptionSpec.value("--repository-id", "N", "the repository's number at the service");
  private static final OptionSpec WORKFLOW =
      OptionSpec.value("--workflow", "PATH", "the workflow's file in the repository");
  private static final OptionSpec REF =
      OptionSpec.value("--ref", "REF", "refs/heads/NAME, refs/tags/v* or the like");
  private static final OptionSpec ENVIRONMENT =
      OptionSpec.value("--environment", "NAME", "only from this deployment environment");

  private PublisherCommand() {}

  static CommandSpec spec() {
    return CommandSpec.named("publisher", "manage the keys and CI workflows that may publish")
        .subcommand(
            CommandSpec.named("list", "list them; without a package those that wait for a name")
                .positional(PACKAGE, PositionalSpec.Arity.OPTIONAL, "the package")
                .example("raya-pm publisher list logging", "who and what may publish it")
                .runs(RegistryCommand.online("looking up publishers", PublisherCommand::list))
                .build())
        .subcommand(
            CommandSpec.named("add", "let a CI workflow publish without a stored secret")
                .description(
                    """
                    The workflow publishes with `raya-pm publish`, which exchanges the run's ID
                    token by itself. Names alone are not enough: they can change hands, numbers
                    cannot. For a name without versions the workflow waits for its first one.""")
                .positional(PACKAGE, PositionalSpec.Arity.ONE, "the package")
                .options(
                    ISSUER, OWNER, OWNER_ID, REPOSITORY, REPOSITORY_ID, WORKFLOW, REF, ENVIRONMENT)
                .example(
                    "raya-pm publisher add http --issuer https://ci.example --owner acme"
                        + " --owner-id 7 --repository http --repository-id 42"
                        + " --workflow .github/workflows/release.yml --ref 'refs/tags/v*'",
                    "trust the release workflow, on version tags")
                .runs(RegistryCommand.online("changing publishers", PublisherCommand::add))
                .build())
        .subcommand(
            CommandSpec.named("remove", "take a publisher's right away")
                .description("What it published stays valid. The last publisher stays.")
                .positional(PACKAGE, PositionalSpec.Arity.ONE, "the package")
                .positional(ID, PositionalSpec.Arity.ONE, "as `raya-pm publisher list` shows it")
                .example("raya-pm publisher remove logging 3", "number 3 of `publisher list`")
                .runs(RegistryCommand.online("changing publishers", PublisherCommand::remove))
                .build())
        .subcommand(
            CommandSpec.named("tokens", "allow or end publishing with a token and a key")
                .positional(PACKAGE, PositionalSpec.Arity.ONE, "the package")
                .positional(STATE, PositionalSpec.Arity.ONE, "off: only workflows publish")
                .example(
                    "raya-pm publisher tokens logging off",
                    "workflows alone publish it from now on")
                .runs(RegistryCommand.online("changing publishers", PublisherCommand::tokens))
                .build())
        .subcommand(
            CommandSpec.named("provenance", "ask for provenance of every version, or no longer")
                .description(
                    """
                    Registry and clients refuse versions without: only workflows publish, and say
                    from which commit they built.""")
                .positional(PACKAGE, PositionalSpec.Arity.ONE, "the package")
                .positional(STATE, PositionalSpec.Arity.ONE, "on: every version must carry it")
                .example(
                    "raya-pm publisher provenance logging on",
                    "versions without are refused from now on")
                .runs(RegistryCommand.online("changing publishers", PublisherCommand::provenance))
                .build())
        .subcommand(
            CommandSpec.named("promotion", "ask for two people for what is staged, or no longer")
                .description(
                    """
                    It guards against a promotion by mistake, not against an owner or a stolen token:
                    each owner may set it back, or drop the release and publish without staging.
                    Only CI publishes after `raya-pm publisher tokens PKG off`.""")
                .positional(PACKAGE, PositionalSpec.Arity.ONE, "the package")
                .positional(
                    STATE,
                    PositionalSpec.Arity.ONE,
                    "another: who staged a release promotes it not")
                .example(
                    "raya-pm publisher promotion logging another",
                    "`promote` needs another owner than `publish --stage`; any takes it back")
                .runs(RegistryCommand.online("changing publishers", PublisherCommand::promotion))
                .build())
        .build();
  }

  private static void list(Arguments arguments, Session session, RegistryApi api)
      throws CommandException, JsonException, InterruptedException {
    String wanted = arguments.positional(PACKAGE);
    if (wanted != null) {
      show(session, api.read(path(wanted)));
      return;
    }
    JsonFields waiting = api.readOwn("publishers");
    for (JsonFields document : RegistryCommand.listed(waiting, "packages")) {
      lines(session, document, document.string("name") + "  ");
    }
    session.console().result(waiting.object());
  }

  private static void add(Arguments arguments, Session session, RegistryApi api)
      throws CommandException, JsonException, InterruptedException {
    String path = path(arguments.required(PACKAGE));
    Json.ObjectBuilder workflow = Json.object();
    for (Map.Entry<String, OptionSpec> member :
        Map.of(
                "issuer", ISSUER,
                "owner", OWNER,
                "ownerId", OWNER_ID,
                "repository", REPOSITORY,
                "repositoryId", REPOSITORY_ID,
                "workflow", WORKFLOW,
                "ref", REF)
            .entrySet()) {
      String value = arguments.value(member.getValue().name());
      if (value == null) {
        throw new UsageException(
            member.getValue().name() + " is missing",
            "a run is matched by all of issuer, owner, repository, their numbers, workflow and ref");
      }
      workflow.put(member.getKey(), value);
    }
    workflow.putUnlessEmpty("environment", arguments.value(ENVIRONMENT.name()));
    tell(session, api.change("POST", path, workflow.build()), "was there already");
  }

  private static void remove(Arguments arguments, Session session, RegistryApi api)
      throws CommandException, JsonException, InterruptedException {
    String id = arguments.required(ID);
    if (!id.matches("[0-9a-f]{16}|[0-9a-f]{64}")) {
      throw new UsageException(
          "\"" + id + "\" is no publisher's id", "`raya-pm publisher list PKG` shows them");
    }
    String path = path(arguments.required(PACKAGE));
    tell(session, api.change("DELETE", path + "/" + id, null), "nothing changed");
  }

  private static void tokens(Arguments arguments, Session session, RegistryApi api)
      throws CommandException, JsonException, InterruptedException {
    rule(arguments, session, api, "tokenPublishing");
  }

  private static void provenance(Arguments arguments, Session session, RegistryApi api)
      throws CommandException, JsonException, InterruptedException {
    rule(arguments, session, api, "provenance");
  }

  private static void promotion(Arguments arguments, Session session, RegistryApi api)
      throws CommandException, JsonException, InterruptedException {
    rule(arguments, session, api, "promotedByAnother", "another", "any");
  }

  private static void rule(Arguments arguments, Session session, RegistryApi api, String member)
      throws CommandException, JsonException, InterruptedException {
    rule(arguments, session, api, member, "on", "off");
  }

  private static void rule(
      Arguments arguments, Session session, RegistryApi api, String member, String yes, String no)
      throws CommandException, JsonException, InterruptedException {
    String state = arguments.required(STATE);
    if (!state.equals(yes) && !state.equals(no)) {
      throw new UsageException("expected " + yes + " or " + no + ", found \"" + state + "\"");
    }
    Json body = Json.object().put(member, state.equals(yes)).build();
    String path = path(arguments.required(PACKAGE));
    tell(session, api.change("PUT", path, body), "it was " + state + " already");
  }

  private static String path(String packageName) throws CommandException {
    return PackageArgument.parse(packageName).path() + "/publishers";
  }

  private static void tell(Session session, RegistryApi.Change change, String unchanged)
      throws JsonException {
    if (!change.changed()) {
      session.console().status(unchanged);
    }
    show(session, change.document());
  }

  private static void show(Session session, JsonFields document) throws JsonException {
    lines(session, document, "");
    if (document.bool("pending", false)) {
      session
          .console()
          .status(
              document.string("name")
                  + " has no version yet: the first one that one of these publishes makes it yours");
    }
    if (!document.bool("tokenPublishing", true)) {
      session.console().status("publishing with a token is closed");
    }
    if (document.bool("provenance", false)) {
      session.console().status("every version must carry provenance");
    }
    if (document.bool("promotedByAnother", false)) {
      session.console().status("who staged a release does not promote it");
    }
    session.console().result(document.object());
  }

  private static void lines(Session session, JsonFields document, String before)
      throws JsonException {
    for (JsonFields publisher : RegistryCommand.listed(document, "publishers")) {
      String who =
          switch (Identity.read(publisher)) {
            case Identity.Key key ->
                (key.mlDsa() == null ? "key of account " : "hybrid key of account ")
                    + key.account();
            case Identity.Oidc oidc ->
                oidc.owner()
                    + '/'
                    + oidc.repository()
                    + ' '
                    + oidc.workflow()
                    + ' '
                    + oidc.ref()
                    + (oidc.environment() == null ? "" : " in " + oidc.environment())
                    + " ("
                    + oidc.issuer()
                    + ')';
          };
      session.console().line(before + publisher.string("id") + "  " + who);
    }
  }
}
