package dev.raya.compiler.doc;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The documentation of a package: what {@code docs.json} holds (packages.md 5).
 *
 * @param name of the package, or empty outside of one
 * @param version of the package, or empty
 * @param modules what others can import, main module first, then sorted by path
 */
public record DocPackage(String name, String version, List<Module> modules) {
  /** What {@code docs.json} names as its schema. */
  public static final String SCHEMA = "raya-docs/1";

  /** The name of the file. */
  public static final String FILE_NAME = "docs.json";

  /**
   * A module that can be imported.
   *
   * @param specifier what importers write
   * @param doc the module's own comment
   * @param items what it exports, sorted by name
   */
  public record Module(String specifier, DocText doc, List<DocItem> items) {
    /** Copies the list. */
    public Module {
      items = List.copyOf(items);
    }
  }

  /** Copies the list. */
  public DocPackage {
    modules = List.copyOf(modules);
  }

  /** The bytes of {@code docs.json}: canonical JSON and a line end. */
  public byte[] bytes() {
    return CanonicalJson.bytes(json());
  }

  /** The document. */
  public Json.Obj json() {
    return Json.object()
        .put("schema", SCHEMA)
        .put("name", name)
        .put("version", version)
        .put("modules", Json.array(modules.stream().map(DocPackage::module).toList()))
        .build();
  }

  private static Json module(Module module) {
    Map<String, Json> members = new TreeMap<>();
    members.put("specifier", Json.of(module.specifier()));
    describe(members, module.doc());
    members.put("items", Json.array(module.items().stream().map(DocPackage::item).toList()));
    return new Json.Obj(members);
  }

  private static Json item(DocItem item) {
    Map<String, Json> members = new TreeMap<>();
    members.put("kind", Json.of(item.kind().word()));
    members.put("name", Json.of(item.name()));
    members.put("signature", Json.of(item.signature()));
    if (!item.source().isEmpty()) {
      members.put("source", Json.of(item.source()));
    }
    describe(members, item.doc());
    if (!item.members().isEmpty()) {
      members.put("members", Json.array(item.members().stream().map(DocPackage::item).toList()));
    }
    return new Json.Obj(members);
  }

  private static void describe(Map<String, Json> members, DocText doc) {
    text(members, "text", doc.text());
    named(members, "params", doc.parameters());
    named(members, "typeParams", doc.typeParameters());
    text(members, "returns", doc.returns());
    named(members, "throws", doc.failures());
    if (doc.deprecated() != null) {
      members.put("deprecated", Json.of(doc.deprecated()));
    }
    text(members, "since", doc.since());
    texts(members, "see", doc.see());
    texts(members, "examples", doc.examples());
  }

  private static void text(Map<String, Json> members, String name, String text) {
    if (!text.isEmpty()) {
      members.put(name, Json.of(text));
    }
  }

  private static void texts(Map<String, Json> members, String name, List<String> texts) {
    if (!texts.isEmpty()) {
      members.put(name, Json.strings(texts));
    }
  }

  private static void named(Map<String, Json> members, String name, List<DocText.Named> rows) {
    if (!rows.isEmpty()) {
      members.put(
          name,
          Json.array(
              rows.stream()
                  .map(row -> Json.object().put("name", row.name()).put("text", row.text()).build())
                  .toList()));
    }
  }
}
