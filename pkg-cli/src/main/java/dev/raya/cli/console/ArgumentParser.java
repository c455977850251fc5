package dev.raya.cli.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a command line by a {@link CommandSpec}. Options may stand anywhere after the program's
 * name, before {@code --}; a word that no declaration explains is refused with the nearest
 * spelling.
 */
public final class ArgumentParser {
  private final List<String> words;
  private final Environment environment;
  private final List<String> path = new ArrayList<>();
  private final Map<String, List<String>> options = new LinkedHashMap<>();
  private final List<String> plain = new ArrayList<>();
  private final List<String> rest = new ArrayList<>();
  private CommandSpec command;
  private int next;

  private ArgumentParser(CommandSpec program, List<String> words, Environment environment) {
    this.command = program;
    this.words = List.copyOf(words);
    this.environment = environment;
    path.add(program.name());
  }

  /**
   * Parses the words after the program's name.
   *
   * @throws UsageException if they are not understood
   */
  public static Arguments parse(CommandSpec program, List<String> words, Environment environment)
      throws UsageException {
    return new ArgumentParser(program, words, environment).parse();
  }

  private Arguments parse() throws UsageException {
    while (next < words.size()) {
      String word = words.get(next++);
      if (word.equals("--")) {
        takeRest();
      } else if (word.startsWith("-") && word.length() > 1) {
        option(word);
      } else {
        plain(word);
      }
    }
    boolean help = options.containsKey(CommonOptions.HELP.name());
    Map<String, List<String>> positionals = help ? Map.of() : assign();
    return new Arguments(command, path, options, positionals, rest, environment);
  }

  private void takeRest() throws UsageException {
    if (command.rest() == null) {
      throw new UsageException(
          "`" + String.join(" ", path) + "` takes no arguments after --", seeHelp());
    }
    rest.addAll(words.subList(next, words.size()));
    next = words.size();
  }

  private void plain(String word) throws UsageException {
    if (!command.subcommands().isEmpty()) {
      CommandSpec sub = command.subcommand(word);
      if (sub == null && word.equals("help")) {
        put(CommonOptions.HELP, "1"); // `raya-pm cache help gc` is `raya-pm help cache gc`
        return;
      }
      if (sub == null) {
        throw unknownCommand(word);
      }
      command = sub;
      path.add(word);
      return;
    }
    plain.add(word);
    if (command.stopsAtPositional() && plain.size() == command.positionals().size()) {
      if (next < words.size() && words.get(next).equals("--")) {
        next++;
      }
      takeRest();
    }
  }

  private UsageException unknownCommand(String word) {
    List<String> names = new ArrayList<>();
    for (CommandSpec each : command.subcommands()) {
      if (!each.hidden()) {
        names.add(each.name());
      }
    }
    String message = "`" + String.join(" ", path) + "` has no command \"" + word + "\"";
    String elsewhere = command.nameHereOf(word);
    String near = elsewhere == null ? Nearest.of(word, names) : elsewhere;
    return near == null
        ? new UsageException(message, seeHelp())
        : new UsageException(
            message, "did you mean `" + String.join(" ", path) + " " + near + "`?", seeHelp());
  }

  private void option(String word) throws UsageException {
    int equals = word.startsWith("--") ? word.indexOf('=') : -1;
    String name = equals < 0 ? word : word.substring(0, equals);
    @Nullable String attached = equals < 0 ? null : word.substring(equals + 1);
    OptionSpec spec = find(name);
    if (spec == null && name.startsWith("--no-")) {
      OptionSpec positive = find("--" + name.substring("--no-".length()));
      if (positive != null && positive.kind() == OptionSpec.Kind.FLAG && attached == null) {
        put(positive, "0");
        return;
      }
    }
    if (spec == null) {
      throw unknownOption(name);
    }
    if (spec.kind() == OptionSpec.Kind.FLAG) {
      if (attached != null) {
        throw new UsageException(name + " takes no value", seeHelp());
      }
      put(spec, "1");
    } else if (attached != null) {
      put(spec, attached);
    } else if (next < words.size() && !looksLikeOption(words.get(next))) {
      put(spec, words.get(next++));
    } else {
      throw new UsageException(
          name + " needs a value", "write " + name + " " + spec.metavar(), seeHelp());
    }
  }

  private boolean looksLikeOption(String word) {
    return word.equals("--") || (word.startsWith("-") && find(word) != null);
  }

  private void put(OptionSpec spec, String value) throws UsageException {
    if (!spec.choices().isEmpty() && !spec.choices().contains(value)) {
      String near = Nearest.of(value, spec.choices());
      String takes = "it takes " + String.join(", ", spec.choices());
      String message = spec.name() + " is \"" + value + '"';
      throw near == null
          ? new UsageException(message, takes)
          : new UsageException(message, "did you mean " + near + "?", takes);
    }
    List<String> values = options.get(spec.name());
    if (values == null) {
      values = new ArrayList<>();
      options.put(spec.name(), values);
    }
    values.add(value);
  }

  private @Nullable OptionSpec find(String name) {
    for (OptionSpec spec : command.options()) {
      if (spec.names().contains(name)) {
        return spec;
      }
    }
    for (OptionSpec spec : CommonOptions.ALL) {
      if (spec.names().contains(name)) {
        return spec;
      }
    }
    return null;
  }

  private UsageException unknownOption(String name) {
    List<String> names = new ArrayList<>();
    for (OptionSpec spec : command.options()) {
      names.add(spec.name());
    }
    for (OptionSpec spec : CommonOptions.ALL) {
      names.add(spec.name());
    }
    if (path.size() == 1) {
      names.add(Program.VERSION);
    }
    String message = "`" + String.join(" ", path) + "` has no option " + name;
    String near = Nearest.of(name, names);
    return near == null
        ? new UsageException(message, seeHelp())
        : new UsageException(message, "did you mean " + near + "?", seeHelp());
  }

  private Map<String, List<String>> assign() throws UsageException {
    Map<String, List<String>> result = new LinkedHashMap<>();
    int taken = 0;
    for (PositionalSpec spec : command.positionals()) {
      int end = spec.many() ? plain.size() : Math.min(taken + 1, plain.size());
      if (spec.required() && end == taken) {
        throw new UsageException(
            "`" + String.join(" ", path) + "` needs " + spec.name() + ": " + spec.help(),
            seeHelp());
      }
      result.put(spec.name(), List.copyOf(plain.subList(taken, end)));
      taken = end;
    }
    if (taken < plain.size()) {
      String message =
          "`" + String.join(" ", path) + "` does not take \"" + plain.get(taken) + "\"";
      String sibling = command.surplusFor();
      if (sibling == null) {
        throw new UsageException(message, seeHelp());
      }
      List<String> there = new ArrayList<>(path.subList(0, path.size() - 1));
      there.add(sibling);
      there.addAll(plain.subList(taken, plain.size()));
      throw new UsageException(
          message, "did you mean `" + String.join(" ", there) + "`?", seeHelp());
    }
    return result;
  }

  private String seeHelp() {
    return "see `" + String.join(" ", path) + " --help`";
  }
}
