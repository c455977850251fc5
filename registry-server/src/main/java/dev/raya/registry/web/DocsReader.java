package dev.raya.registry.web;

import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.registry.markdown.Markdown;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a publisher's {@code docs.json} for the page of it. The document is hostile: only members
 * that are known are looked at, so many entries at most are shown, and comments go through {@link
 * Markdown}. One instance serves one document.
 */
final class DocsReader {
  private static final int MAX_ENTRIES = 4000;

  /** Comments are rendered up to so many characters in all; what follows has none. */
  private static final int MAX_TEXT = 1 << 20;

  private final Markdown markdown;
  private int entries;
  private int text;

  DocsReader(Markdown markdown) {
    this.markdown = markdown;
  }

  /** The modules; none if the document is not one that we know. */
  List<DocsModel.Module> read(byte[] document) {
    try {
      JsonFields root = JsonFields.root(JsonReader.read(document));
      List<DocsModel.Module> modules = new ArrayList<>();
      for (JsonFields module : root.list("modules")) {
        String specifier = module.string("specifier");
        List<DocsModel.Item> items = new ArrayList<>();
        for (JsonFields item : module.list("items")) {
          if (entries >= MAX_ENTRIES) {
            break;
          }
          items.add(item(item, "m" + modules.size(), true));
        }
        modules.add(new DocsModel.Module(specifier, html(module), List.copyOf(items)));
      }
      return List.copyOf(modules);
    } catch (JsonException unknown) {
      return noDocumentation();
    }
  }

  /** A malformed document is its publisher's fault and costs the page its content, no more. */
  private static List<DocsModel.Module> noDocumentation() {
    return List.of();
  }

  private DocsModel.Item item(JsonFields item, String outer, boolean withMembers)
      throws JsonException {
    entries++;
    String anchor = outer + "-" + entries;
    String kind = item.string("kind");
    String name = item.string("name");
    List<DocsModel.Item> members = new ArrayList<>();
    if (withMembers) {
      for (JsonFields member : item.list("members")) {
        if (entries >= MAX_ENTRIES) {
          break;
        }
        members.add(item(member, anchor, false));
      }
    }
    return new DocsModel.Item(
        anchor,
        name.isEmpty() ? kind : name,
        kind,
        item.string("signature"),
        item.has("deprecated"),
        html(item),
        List.copyOf(members));
  }

  /** What is said, as one CommonMark text. */
  private String html(JsonFields described) throws JsonException {
    StringBuilder said = new StringBuilder();
    paragraph(said, "Deprecated. ", described.optionalString("deprecated"));
    paragraph(said, "", described.optionalString("text"));
    rows(said, "Parameters", described.list("params"));
    paragraph(said, "Returns ", described.optionalString("returns"));
    rows(said, "Throws", described.list("throws"));
    for (String example : described.strings("examples")) {
      paragraph(said, "", example);
    }
    text += said.length();
    return said.isEmpty() || text > MAX_TEXT ? "" : markdown.render(said.toString());
  }

  private static void rows(StringBuilder out, String title, List<JsonFields> rows)
      throws JsonException {
    if (!rows.isEmpty()) {
      out.append(title).append(":\n\n");
      for (JsonFields row : rows) {
        out.append("- `").append(row.string("name").replace('`', '\'')).append("` ");
        out.append(row.string("text").replace('\n', ' ')).append('\n');
      }
      out.append('\n');
    }
  }

  private static void paragraph(StringBuilder out, String start, @Nullable String said) {
    if (said != null) {
      out.append(start).append(said).append("\n\n");
    }
  }
}
