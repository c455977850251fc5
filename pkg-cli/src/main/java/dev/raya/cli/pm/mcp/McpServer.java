package dev.raya.cli.pm.mcp;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonReader;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Environment;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.Program;
import dev.raya.cli.console.ProgramVersion;
import dev.raya.cli.console.Streams;
import dev.raya.cli.pm.project.ProjectFolder;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers the Model Context Protocol, one JSON-RPC message a line, until its input ends. Each call
 * runs a command of the program in this process, as a command line would: with {@code --llm}, no
 * questions, no network unless it was allowed, and in a folder that lies in one of the roots.
 *
 * <p>Calls run one after the other. A malformed message gets an error and ends nothing.
 */
public final class McpServer {
  /** Longest message, in bytes. */
  static final int MAX_MESSAGE = 1 << 20;

  /** Those without batches of messages. */
  private static final List<String> PROTOCOLS = List.of("2025-06-18", "2024-11-05");

  private static final int PARSE_ERROR = -32700;
  private static final int INVALID_REQUEST = -32600;
  private static final int METHOD_NOT_FOUND = -32601;
  private static final int INVALID_PARAMS = -32602;

  /**
   * What agents may do. Nothing that runs a program, publishes, signs in, or changes what is
   * trusted: that stays with people.
   */
  private static final Set<String> CHANGING =
      Set.of("init", "install", "add", "remove", "update", "lock", "pack", "cache verify");

  /** What commands read and write in a project's folder, where a link may lead elsewhere. */
  private static final List<String> OF_PROJECT = List.of("raya.toml", "raya.lock", "src", ".raya");

  private static final Set<String> READING =
      Set.of(
          "outdated",
          "tree",
          "why",
          "diff",
          "search",
          "info",
          "view",
          "docs",
          "verify",
          "audit",
          "licenses",
          "capabilities",
          "sbom",
          "doctor",
          "explain",
          "cache list",
          "cache stats");

  private final Function<List<String>, CommandSpec> program;
  private final Environment environment;
  private final Roots roots;
  private final boolean network;
  private final List<String> budget;
  private final Map<String, Tool> tools = new LinkedHashMap<>();

  /**
   * A server.
   *
   * @param program the program's declaration as far as a command line needs it; of no words, all
   * @param roots the folders that tools may work in
   * @param network whether tools may ask registries
   * @param budget tokens of an answer, or null for the default
   */
  public McpServer(
      Function<List<String>, CommandSpec> program,
      Environment environment,
      Roots roots,
      boolean network,
      @Nullable String budget) {
    this.program = program;
    this.environment = environment;
    this.roots = roots;
    this.network = network;
    this.budget = budget == null ? List.of() : List.of("--llm-budget=" + budget);
    collect(program.apply(List.of()), List.of());
  }

  private void collect(CommandSpec command, List<String> path) {
    for (CommandSpec each : command.subcommands()) {
      List<String> longer = new ArrayList<>(path);
      longer.add(each.name());
      String words = String.join(" ", longer);
      if (READING.contains(words) || CHANGING.contains(words)) {
        Tool tool = new Tool(longer, each, READING.contains(words));
        tools.put(tool.name(), tool);
      }
      collect(each, longer);
    }
  }

  /**
   * Serves until the input ends.
   *
   * @throws IOException if input or output cannot be used any more
   */
  public void serve(InputStream in, PrintStream out) throws IOException {
    InputStream buffered = new BufferedInputStream(in);
    for (byte[] line = line(buffered); line != null; line = line(buffered)) {
      Json answer = line.length > MAX_MESSAGE ? tooLong() : answer(line);
      if (answer != null) {
        out.print(CanonicalJson.text(answer) + "\n");
        out.flush();
      }
      if (out.checkError()) {
        throw new IOException("nobody reads the answers any more");
      }
    }
  }

  /** The next line without its end, one byte more than allowed where it is too long; else null. */
  private static byte @Nullable [] line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    if (next < 0) {
      return null;
    }
    while (next >= 0 && next != '\n') {
      if (line.size() <= MAX_MESSAGE) {
        line.write(next);
      }
      next = in.read();
    }
    return line.toByteArray();
  }

  private static Json tooLong() {
    return error(new Json.Null(), INVALID_REQUEST, "a message has at most 1 MiB");
  }

  private @Nullable Json answer(byte[] line) {
    if (new String(line, StandardCharsets.UTF_8).isBlank()) {
      return null;
    }
    Json message;
    try {
      message = JsonReader.read(line);
    } catch (JsonException malformed) {
      return error(new Json.Null(), PARSE_ERROR, "not JSON: " + malformed.getMessage());
    }
    if (!(message instanceof Json.Obj request)) {
      return error(new Json.Null(), INVALID_REQUEST, "expected one JSON-RPC object a line");
    }
    Json id = request.get("id");
    if (!(request.get("method") instanceof Json.Str(String method))) {
      return id == null ? null : error(id, INVALID_REQUEST, "expected a method");
    }
    if (id == null) {
      return null; // a notification: there is none that changes anything here
    }
    if (!(id instanceof Json.Str || id instanceof Json.Int)) {
      return error(new Json.Null(), INVALID_REQUEST, "an id is a string or a whole number");
    }
    Json.Obj params =
        request.get("params") instanceof Json.Obj given ? given : Json.object().build();
    return switch (method) {
      case "initialize" -> result(id, initialize(params));
      case "ping" -> result(id, Json.object().build());
      case "tools/list" -> result(id, list());
      case "tools/call" -> call(id, params);
      default -> error(id, METHOD_NOT_FOUND, "there is no method " + method);
    };
  }

  private Json initialize(Json.Obj params) {
    String wanted =
        params.get("protocolVersion") instanceof Json.Str(String version)
                && PROTOCOLS.contains(version)
            ? version
            : PROTOCOLS.getFirst();
    return Json.object()
        .put("protocolVersion", wanted)
        .put("capabilities", Json.object().put("tools", Json.object().build()).build())
        .put(
            "serverInfo",
            Json.object().put("name", "raya-pm").put("version", ProgramVersion.CURRENT).build())
        .put(
            "instructions",
            "Packages of the Raya language, in "
                + String.join(", ", roots.names())
                + (network ? "." : "; without network: what is not cached cannot be had."))
        .build();
  }

  private Json list() {
    return Json.object()
        .put("tools", Json.array(tools.values().stream().map(Tool::json).toList()))
        .build();
  }

  private Json call(Json id, Json.Obj params) {
    String name = params.get("name") instanceof Json.Str(String text) ? text : "";
    Tool tool = tools.get(name);
    if (tool == null) {
      return error(id, INVALID_PARAMS, "there is no tool \"" + name + "\"");
    }
    Json given = params.get("arguments");
    if (given != null && !(given instanceof Json.Obj)) {
      return error(id, INVALID_PARAMS, "arguments is an object");
    }
    Json.Obj arguments = given instanceof Json.Obj object ? object : Json.object().build();
    try {
      Path directory = directory(arguments.get(Tool.DIRECTORY));
      if (tool.name().equals("init")) {
        String target = arguments.get("dir") instanceof Json.Str(String written) ? written : ".";
        requireInside(roots.inside(directory, target));
      } else {
        requireProjectInside(directory);
      }
      List<String> words = new ArrayList<>(tool.words(arguments, directory, roots));
      words.addAll(List.of("--llm", "--no-input", "--no-progress"));
      words.addAll(budget);
      if (!network) {
        words.add("--offline");
      }
      return result(id, run(words, directory));
    } catch (ToolException refused) {
      return error(id, INVALID_PARAMS, String.valueOf(refused.getMessage()));
    }
  }

  private Path directory(@Nullable Json written) throws ToolException {
    if (written == null) {
      return roots.first();
    }
    if (!(written instanceof Json.Str(String path))) {
      throw new ToolException(Tool.DIRECTORY + " is a string");
    }
    Path directory = roots.inside(roots.first(), path);
    if (!Files.isDirectory(directory)) {
      throw new ToolException("there is no folder \"" + path + "\"");
    }
    return directory;
  }

  private void requireInside(Path project) throws ToolException {
    for (String name : OF_PROJECT) {
      roots.inside(project, name);
    }
  }

  /** The project of a folder, and its workspace, are looked for upwards, and may lie outside. */
  private void requireProjectInside(Path directory) throws ToolException {
    ProjectFolder project;
    try {
      project = ProjectFolder.find(directory);
    } catch (CommandException noProject) {
      return; // the command says so, if it needs one
    }
    roots.inside(directory, project.root().toString());
    roots.inside(directory, project.workspace().toString());
    requireInside(project.root());
    requireInside(project.workspace());
  }

  private Json run(List<String> words, Path directory) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit =
        new Program(program.apply(words), Program.UserOutput.NONE)
            .run(
                words,
                Streams.of(
                    new ByteArrayInputStream(new byte[0]),
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8)),
                environment.in(directory));
    String text = out.toString(StandardCharsets.UTF_8).strip();
    if (text.isEmpty()) {
      text = err.toString(StandardCharsets.UTF_8).strip();
    }
    return Json.object()
        .put(
            "content",
            Json.array(List.of(Json.object().put("type", "text").put("text", text).build())))
        .putIfPresent("structuredContent", document(text))
        .put("isError", Json.of(exit != ExitCode.OK))
        .build();
  }

  private static @Nullable Json document(String text) {
    try {
      return JsonReader.read(text) instanceof Json.Obj object ? object : null;
    } catch (JsonException noDocument) {
      return null;
    }
  }

  private static Json result(Json id, Json result) {
    return Json.object().put("jsonrpc", "2.0").put("id", id).put("result", result).build();
  }

  private static Json error(Json id, int code, String message) {
    return Json.object()
        .put("jsonrpc", "2.0")
        .put("id", id)
        .put("error", Json.object().put("code", code).put("message", message).build())
        .build();
  }
}
