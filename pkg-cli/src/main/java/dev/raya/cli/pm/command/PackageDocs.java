package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.cli.console.Nearest;
import dev.raya.cli.console.Style;
import dev.raya.cli.console.StyledText;
import dev.raya.cli.console.UsageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A version's {@code docs.json} (docs/documentation.md), for the terminal and for programs. Its
 * publisher wrote it, so only what is known of it is looked at.
 *
 * @param modules the modules, in the document's order
 */
record PackageDocs(List<Module> modules) {
  /** The file in an archive and a cache entry. */
  static final String FILE = "docs.json";

  private static final String SCHEMA = "raya-docs/1";
  private static final String INDENT = "    ";
  private static final int SHOWN_NAMES = 3;

  /**
   * A module.
   *
   * @param specifier what importers write
   * @param said what is said of it
   * @param items what it exports
   * @param document all of it, as it was read
   */
  record Module(String specifier, Said said, List<Item> items, Json document) {}

  /**
   * A declaration or member.
   *
   * @param name its name; empty for a constructor
   * @param signature as its author wrote it
   * @param said what is said of it
   * @param members of a class or interface; a member has none
   * @param document all of it, as it was read
   */
  record Item(String name, String signature, Said said, List<Item> members, Json document) {}

  /**
   * What a comment says.
   *
   * @param text the text before the tags; null if there is none
   * @param deprecated what its users are told, perhaps nothing; null if they may use it
   * @param parts what stands behind tags, in the order in which it is shown
   */
  record Said(@Nullable String text, @Nullable String deprecated, List<Part> parts) {
    static Said of(JsonFields fields) throws JsonException {
      List<Part> parts = new ArrayList<>();
      rows(parts, "Type parameters", fields.list("typeParams"));
      rows(parts, "Parameters", fields.list("params"));
      one(parts, "Returns", fields.optionalString("returns"));
      rows(parts, "Throws", fields.list("throws"));
      one(parts, "Since", fields.optionalString("since"));
      for (String each : fields.strings("see")) {
        one(parts, "See", each);
      }
      for (String each : fields.strings("examples")) {
        one(parts, "Example", each);
      }
      return new Said(
          fields.optionalString("text"), fields.optionalString("deprecated"), List.copyOf(parts));
    }

    private static void rows(List<Part> parts, String title, List<JsonFields> rows)
        throws JsonException {
      List<String> lines = new ArrayList<>();
      for (JsonFields row : rows) {
        String text = row.string("text").replace('\n', ' ');
        lines.add(row.string("name") + (text.isEmpty() ? "" : ": " + text));
      }
      one(parts, title, lines.isEmpty() ? null : String.join("\n", lines));
    }

    private static void one(List<Part> parts, String title, @Nullable String text) {
      if (text != null) {
        parts.add(new Part(title, text));
      }
    }
  }

  /**
   * What stands behind a tag.
   *
   * @param title what kind of thing
   * @param text what is said
   */
  record Part(String title, String text) {}

  /** Copies the list in. */
  PackageDocs {
    modules = List.copyOf(modules);
  }

  /**
   * Reads the document.
   *
   * @throws JsonException if it is none that is known
   */
  static PackageDocs read(String document) throws JsonException {
    JsonFields root = JsonFields.root(JsonReader.read(document.getBytes(StandardCharsets.UTF_8)));
    if (!root.string("schema").equals(SCHEMA)) {
      throw root.fault("schema", "expected " + SCHEMA + ", found " + root.string("schema"));
    }
    List<Module> modules = new ArrayList<>();
    for (JsonFields module : root.list("modules")) {
      modules.add(
          new Module(
              module.string("specifier"),
              Said.of(module),
              items(module, "items"),
              module.object()));
    }
    return new PackageDocs(modules);
  }

  private static List<Item> items(JsonFields outer, String member) throws JsonException {
    List<Item> items = new ArrayList<>();
    for (JsonFields item : outer.list(member)) {
      List<Item> members = member.equals("items") ? items(item, "members") : List.of();
      items.add(
          new Item(
              item.string("name"),
              item.string("signature"),
              Said.of(item),
              members,
              item.object()));
    }
    return items;
  }

  /** Whether it documents nothing. */
  boolean isEmpty() {
    return modules.stream().allMatch(module -> module.items().isEmpty());
  }

  /** All modules as they were read. */
  Json json() {
    return Json.array(modules.stream().map(Module::document).toList());
  }

  /** Of each module what is said of it, and each declaration with the first paragraph. */
  List<StyledText> overview() {
    List<StyledText> lines = new ArrayList<>();
    for (Module module : modules) {
      lines.add(StyledText.plain(""));
      lines.add(StyledText.of(Style.BOLD, module.specifier()));
      text(lines, "", module.said().text());
      for (Item item : module.items()) {
        lines.add(StyledText.plain(""));
        signature(lines, "", item);
        text(lines, INDENT, firstParagraph(item.said()));
      }
    }
    return lines;
  }

  /**
   * What a name means, in any of the modules.
   *
   * @param name of a declaration, or {@code Class.member}
   * @throws UsageException if nothing has that name, with the nearest that do
   */
  List<Item> find(String name) throws UsageException {
    List<Item> found = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Module module : modules) {
      for (Item item : module.items()) {
        names.add(item.name());
        if (item.name().equals(name)) {
          found.add(item);
        }
        for (Item member : item.members()) {
          String full = item.name() + '.' + member.name();
          names.add(full);
          if (full.equals(name)) {
            found.add(member);
          }
        }
      }
    }
    if (found.isEmpty()) {
      List<String> near = Nearest.among(name, names, SHOWN_NAMES);
      throw new UsageException(
          "nothing of it is called \"" + name + '"',
          near.isEmpty()
              ? "without a name everything is listed"
              : "did you mean " + String.join(" or ", near) + "?");
    }
    return found;
  }

  /** A declaration with all that is said of it and of its members. */
  static List<StyledText> whole(Item item) {
    List<StyledText> lines = new ArrayList<>();
    whole(lines, "", item);
    for (Item member : item.members()) {
      lines.add(StyledText.plain(""));
      whole(lines, INDENT, member);
    }
    return lines;
  }

  private static void whole(List<StyledText> lines, String indent, Item item) {
    signature(lines, indent, item);
    String inner = indent + INDENT;
    text(lines, inner, item.said().text());
    for (Part part : item.said().parts()) {
      lines.add(StyledText.plain(""));
      lines.add(StyledText.of(Style.DIM, inner + part.title()));
      text(lines, inner + "  ", part.text());
    }
  }

  private static void signature(List<StyledText> lines, String indent, Item item) {
    item.signature().lines().forEach(line -> lines.add(StyledText.of(Style.BOLD, indent + line)));
    String why = item.said().deprecated();
    if (why != null) {
      lines.add(
          StyledText.of(
              Style.YELLOW, indent + INDENT + "Deprecated" + (why.isEmpty() ? "" : ": " + why)));
    }
  }

  private static void text(List<StyledText> lines, String indent, @Nullable String text) {
    if (text != null) {
      text.lines()
          .forEach(line -> lines.add(StyledText.plain(line.isBlank() ? "" : indent + line)));
    }
  }

  private static @Nullable String firstParagraph(Said said) {
    String text = said.text();
    if (text == null) {
      return null;
    }
    int end = text.strip().indexOf("\n\n");
    return end < 0 ? text.strip() : text.strip().substring(0, end);
  }
}
