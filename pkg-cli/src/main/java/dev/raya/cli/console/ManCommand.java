package dev.raya.cli.console;

import dev.raya.cache.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** {@code man [COMMAND…] [--out DIR]}: manual pages, printed or written. */
public final class ManCommand implements Command {
  private static final String WORDS = "COMMAND";
  private static final String OUT = "--out";

  private final Supplier<CommandSpec> program;

  private ManCommand(Supplier<CommandSpec> program) {
    this.program = program;
  }

  /**
   * The declaration.
   *
   * @param name the program's name
   * @param example one of its commands
   * @param program its declaration, asked for only when the command runs
   */
  public static CommandSpec spec(String name, String example, Supplier<CommandSpec> program) {
    return CommandSpec.named("man", "print a command's manual page, or write all of them")
        .positional(WORDS, PositionalSpec.Arity.ANY, "the command; without: the program itself")
        .options(OptionSpec.value(OUT, "DIR", "write the pages of all commands into this folder"))
        .example(name + " man " + example + " | man -l -", "read a page")
        .example(
            name + " man --out ~/.local/share/man/man1",
            "then `man " + name + "-" + example + "` works")
        .runs(new ManCommand(program))
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console) throws CommandException {
    CommandSpec command = program.get();
    List<String> path = new ArrayList<>(List.of(command.name()));
    for (String word : arguments.all(WORDS)) {
      CommandSpec next = command.subcommand(word);
      if (next == null) {
        List<String> names = command.subcommands().stream().map(CommandSpec::name).toList();
        String near = Nearest.of(word, names);
        throw near == null
            ? new UsageException("there is no command \"" + word + "\"")
            : new UsageException(
                "there is no command \"" + word + "\"", "did you mean " + near + "?");
      }
      command = next;
      path.add(word);
    }
    String out = arguments.value(OUT);
    if (out == null) {
      String page = ManPage.of(command, path);
      if (console.isText()) {
        console.streams().out().print(page);
      }
      console.result(Json.object().put("page", page).build());
      return ExitCode.OK;
    }
    Path folder = arguments.environment().directory().resolve(out);
    List<String> written = new ArrayList<>();
    try {
      Files.createDirectories(folder);
      write(command, path, folder, written);
    } catch (IOException unwritable) {
      throw new CommandException(
          "RAYA-PKG-017", "cannot write into " + folder + ": " + unwritable.getMessage());
    }
    console.line("wrote " + written.size() + " pages to " + out);
    console.result(Json.object().put("files", Json.strings(written)).build());
    return ExitCode.OK;
  }

  private static void write(
      CommandSpec command, List<String> path, Path folder, List<String> written)
      throws IOException {
    String name = ManPage.fileName(path);
    Files.write(folder.resolve(name), ManPage.of(command, path).getBytes(StandardCharsets.UTF_8));
    written.add(name);
    for (CommandSpec each : command.subcommands()) {
      if (!each.hidden()) {
        List<String> longer = new ArrayList<>(path);
        longer.add(each.name());
        write(each, longer, folder, written);
      }
    }
  }
}
