package dev.raya.cli.pm.command;

import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.ExplainCommand;
import dev.raya.cli.console.ManCommand;
import dev.raya.cli.console.shell.CompletionCommand;
import dev.raya.cli.pm.conformance.ConformanceCommand;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All commands of {@code raya-pm}, in the order of its help. */
public final class Commands {
  private Commands() {}

  /**
   * The declaration of the program as far as a line needs it: where the line begins with one of the
   * frequent commands, of that one alone. Declaring all of them takes longer than an install that
   * finds nothing to do.
   *
   * @param words the arguments
   */
  public static CommandSpec forLine(List<String> words) {
    CommandSpec only = words.isEmpty() ? null : frequent(words.getFirst());
    return only == null ? spec() : program().subcommand(only).build();
  }

  private static @Nullable CommandSpec frequent(String command) {
    return switch (command) {
      case "install" -> InstallCommand.spec();
      case "add" -> AddCommand.spec();
      case "remove" -> RemoveCommand.spec();
      case "update" -> UpdateCommand.spec();
      case "lock" -> LockCommand.spec();
      case "run" -> RunCommand.spec();
      case "exec" -> ExecCommand.spec();
      default -> null;
    };
  }

  private static CommandSpec.Builder program() {
    return CommandSpec.named("raya-pm", "manage packages of the Raya language");
  }

  /** The declaration of the program. */
  public static CommandSpec spec() {
    return program()
        .subcommand(InitCommand.spec())
        .subcommand(InstallCommand.spec())
        .subcommand(AddCommand.spec())
        .subcommand(RemoveCommand.spec())
        .subcommand(UpdateCommand.spec())
        .subcommand(OutdatedCommand.spec())
        .subcommand(VersionCommand.spec())
        .subcommand(LockCommand.spec())
        .subcommand(ResolveCommand.spec())
        .subcommand(TreeCommand.tree())
        .subcommand(TreeCommand.why())
        .subcommand(RunCommand.spec())
        .subcommand(ExecCommand.spec())
        .subcommand(DiffCommand.spec())
        .subcommand(PackCommand.spec())
        .subcommand(PublishCommand.spec())
        .subcommand(StageCommand.promote())
        .subcommand(StageCommand.spec())
        .subcommand(RebuildCommand.spec())
        .subcommand(SearchCommand.spec())
        .subcommand(InfoCommand.spec())
        .subcommand(ViewCommand.spec())
        .subcommand(DocsCommand.spec())
        .subcommand(YankCommand.yank())
        .subcommand(YankCommand.unyank())
        .subcommand(YankCommand.deprecate())
        .subcommand(OwnerCommand.spec())
        .subcommand(PublisherCommand.spec())
        .subcommand(TagCommand.spec())
        .subcommand(AccountCommand.login())
        .subcommand(AccountCommand.logout())
        .subcommand(AccountCommand.whoami())
        .subcommand(TokenCommand.spec())
        .subcommand(KeyCommand.spec())
        .subcommand(RegistriesCommand.spec())
        .subcommand(TrustCommand.spec())
        .subcommand(MonitorCommand.spec())
        .subcommand(WitnessCommand.spec())
        .subcommand(VerifyCommand.spec())
        .subcommand(AuditCommand.spec())
        .subcommand(LicensesCommand.spec())
        .subcommand(CapabilitiesCommand.spec())
        .subcommand(CacheCommand.spec())
        .subcommand(KitCommand.vendor())
        .subcommand(CiCommand.spec())
        .subcommand(SbomCommand.spec())
        .subcommand(ConfigCommand.spec())
        .subcommand(DoctorCommand.spec())
        .subcommand(McpCommand.spec())
        .subcommand(ExplainCommand.spec("raya-pm", "RAYA-PKG-006"))
        .subcommand(CompletionCommand.spec("raya-pm", Commands::spec))
        .subcommand(ManCommand.spec("raya-pm", "install", Commands::spec))
        .subcommand(ConformanceCommand.spec())
        .build();
  }
}
