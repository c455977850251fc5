package dev.raya.cli.pm.mcp;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A command as a tool: its name, its schema, and the command line that a call stands for. What a
 * call gives reaches the command line as {@code --name=value} or as a word that does not begin with
 * a dash, so that no value can be an option.
 *
 * @param path the command's words, without the program's name
 * @param command its declaration
 * @param readOnly whether it changes neither project nor cache
 */
record Tool(List<String> path, CommandSpec command, boolean readOnly) {
  /** The property that says where a tool works. */
  static final String DIRECTORY = "directory";

  /**
   * Options that a person decides about: what a package may do, and what its registry holds back.
   */
  private static final Set<String> OF_PEOPLE = Set.of("--grant", "--allow-quarantined");

  /** Options by which a command that otherwise only looks would write. */
  private static final Set<String> WRITING = Set.of("--fix", "--out");

  private static final Set<String> PATHS = Set.of("DIR", "FILE", "PATH");

  /** Addresses of other machines, and git's short form of them. */
  private static final Pattern ELSEWHERE =
      Pattern.compile("(?i)(https?|ssh)://.*|[a-z0-9_.-]+@[a-z0-9.-]+:.*");

  Tool {
    path = List.copyOf(path);
  }

  /** Its name: the command's words. */
  String name() {
    return String.join("_", path);
  }

  /** How {@code tools/list} shows it. */
  Json json() {
    Json.ObjectBuilder properties = Json.object();
    List<String> required = new ArrayList<>();
    properties.put(
        DIRECTORY,
        Json.object()
            .put("type", "string")
            .put("description", "the project's folder; the first root if left out")
            .build());
    for (PositionalSpec each : command.positionals()) {
      properties.put(property(each), schema(each));
      if (each.arity() == PositionalSpec.Arity.ONE || each.arity() == PositionalSpec.Arity.SOME) {
        required.add(property(each));
      }
    }
    options().forEach((property, option) -> properties.put(property, schema(option)));
    String more = command.description().isEmpty() ? "" : ". " + command.description().strip();
    return Json.object()
        .put("name", name())
        .put("description", command.summary() + more)
        .put(
            "inputSchema",
            Json.object()
                .put("type", "object")
                .put("properties", properties.build())
                .put("required", Json.strings(required))
                .put("additionalProperties", Json.of(false))
                .build())
        .put("annotations", Json.object().put("readOnlyHint", Json.of(readOnly)).build())
        .build();
  }

  private static Json schema(PositionalSpec positional) {
    boolean many =
        positional.arity() == PositionalSpec.Arity.ANY
            || positional.arity() == PositionalSpec.Arity.SOME;
    Json.ObjectBuilder schema = Json.object();
    if (many) {
      schema.put("type", "array").put("items", Json.object().put("type", "string").build());
    } else {
      schema.put("type", "string");
    }
    return schema.put("description", positional.name() + ": " + positional.help()).build();
  }

  private static Json schema(OptionSpec option) {
    Json.ObjectBuilder schema = Json.object();
    switch (option.kind()) {
      case FLAG -> schema.put("type", "boolean");
      case VALUE -> {
        schema.put("type", "string");
        if (!option.choices().isEmpty()) {
          schema.put("enum", Json.strings(option.choices()));
        }
      }
      case LIST ->
          schema.put("type", "array").put("items", Json.object().put("type", "string").build());
    }
    String value = option.metavar().isEmpty() ? "" : option.metavar() + ": ";
    return schema.put("description", value + option.help()).build();
  }

  private static String property(PositionalSpec positional) {
    String words = positional.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return words.replaceAll("^-|-$", "");
  }

  private Map<String, OptionSpec> options() {
    Map<String, OptionSpec> options = new LinkedHashMap<>();
    for (OptionSpec each : command.options()) {
      boolean writes = readOnly && WRITING.contains(each.name());
      if (!writes && !OF_PEOPLE.contains(each.name())) {
        options.put(each.name().substring(2), each);
      }
    }
    return options;
  }

  /**
   * The command line of a call, without the program's name and without {@code --}.
   *
   * @param arguments what the call gives
   * @param directory where the command will work
   * @throws ToolException if something is unknown, of another type, or a path that lies outside
   */
  List<String> words(Json.Obj arguments, Path directory, Roots roots) throws ToolException {
    List<String> words = new ArrayList<>(path);
    Map<String, OptionSpec> options = options();
    Map<String, PositionalSpec> positionals = new LinkedHashMap<>();
    command.positionals().forEach(each -> positionals.put(property(each), each));
    for (Map.Entry<String, Json> given : arguments.members().entrySet()) {
      OptionSpec option = options.get(given.getKey());
      if (option != null) {
        option(given.getKey(), option, given.getValue(), directory, roots, words);
      } else if (!positionals.containsKey(given.getKey()) && !given.getKey().equals(DIRECTORY)) {
        List<String> known = new ArrayList<>(positionals.keySet());
        known.addAll(options.keySet());
        throw new ToolException(
            name() + " has no argument \"" + given.getKey() + "\"; it has " + known);
      }
    }
    for (Map.Entry<String, PositionalSpec> each : positionals.entrySet()) {
      Json value = arguments.get(each.getKey());
      if (value != null) {
        for (String word : strings(each.getKey(), value)) {
          if (word.isEmpty() || word.startsWith("-")) {
            throw new ToolException(each.getKey() + " cannot be \"" + word + "\"");
          }
          if (PATHS.contains(each.getValue().name())) {
            roots.inside(directory, word);
          }
          requireNoFile(each.getKey(), word);
          words.add(word);
        }
      }
    }
    return words;
  }

  private static void option(
      String property,
      OptionSpec option,
      Json value,
      Path directory,
      Roots roots,
      List<String> words)
      throws ToolException {
    if (option.kind() == OptionSpec.Kind.FLAG) {
      if (!(value instanceof Json.Bool(boolean on))) {
        throw new ToolException(property + " is true or false");
      }
      if (on) {
        words.add(option.name());
      }
      return;
    }
    for (String text : strings(property, value)) {
      if (PATHS.contains(option.metavar())) {
        roots.inside(directory, text);
      } else if (option.metavar().equals("URL") && !ELSEWHERE.matcher(text).matches()) {
        throw new ToolException(property + " is an address that begins with https:// or ssh://");
      }
      requireNoFile(property, text);
      words.add(option.name() + "=" + text);
    }
  }

  /** Addresses of files reach what lies outside of the roots. */
  private static void requireNoFile(String property, String text) throws ToolException {
    if (text.regionMatches(true, 0, "file:", 0, "file:".length())) {
      throw new ToolException(property + " cannot be an address of a file");
    }
  }

  private static List<String> strings(String property, Json value) throws ToolException {
    List<String> texts = new ArrayList<>();
    List<Json> items = value instanceof Json.Array(List<Json> list) ? list : List.of(value);
    for (Json item : items) {
      switch (item) {
        case Json.Str(String text) -> texts.add(text);
        case Json.Int(long number) -> texts.add(Long.toString(number));
        default -> throw new ToolException(property + " is a string, or a list of strings");
      }
    }
    return texts;
  }
}
