package dev.raya.cli.pm.sbom;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import java.util.ArrayList;
import java.util.List;

/** A bill as CycloneDX 1.6 JSON. Components are referred to by their package URL. */
public final class CycloneDx {
  private CycloneDx() {}

  /** The document. */
  public static Json.Obj of(Bill bill) {
    List<Json> components = new ArrayList<>();
    List<Json> dependencies = new ArrayList<>();
    dependencies.add(dependency(bill.root(), bill));
    for (Bill.Component each : bill.components()) {
      components.add(component(each));
      dependencies.add(dependency(each, bill));
    }
    Json tool =
        Json.object()
            .put("type", "application")
            .put("name", "raya-pm")
            .put("version", bill.tool())
            .build();
    return Json.object()
        .put("bomFormat", "CycloneDX")
        .put("specVersion", "1.6")
        .put("serialNumber", "urn:uuid:" + bill.serial())
        .put("version", 1)
        .put(
            "metadata",
            Json.object()
                .put("timestamp", bill.time().toString())
                .put(
                    "tools", Json.object().put("components", new Json.Array(List.of(tool))).build())
                .put("component", component(bill.root()))
                .build())
        .put("components", new Json.Array(components))
        .put("dependencies", new Json.Array(dependencies))
        .build();
  }

  private static Json component(Bill.Component component) {
    Json.ObjectBuilder json =
        Json.object()
            .put("type", component.application() ? "application" : "library")
            .put("bom-ref", component.purl())
            .put("name", component.name())
            .put("version", component.version())
            .putUnlessEmpty("description", component.description())
            .put("purl", component.purl());
    Digest checksum = component.checksum();
    if (checksum != null) {
      json.put(
          "hashes",
          new Json.Array(
              List.of(Json.object().put("alg", "SHA-256").put("content", checksum.hex()).build())));
    }
    if (!component.license().isEmpty()) {
      json.put(
          "licenses",
          new Json.Array(List.of(Json.object().put("expression", component.license()).build())));
    }
    if (!component.authors().isEmpty()) {
      List<Json> authors = new ArrayList<>();
      for (String author : component.authors()) {
        authors.add(Json.object().put("name", author).build());
      }
      json.put("authors", new Json.Array(authors));
    }
    if (!component.repository().isEmpty()) {
      json.put(
          "externalReferences",
          new Json.Array(
              List.of(
                  Json.object().put("type", "vcs").put("url", component.repository()).build())));
    }
    return json.build();
  }

  private static Json dependency(Bill.Component component, Bill bill) {
    List<String> targets = new ArrayList<>();
    for (Bill.Component each : bill.components()) {
      if (component.dependsOn().contains(each.id())) {
        targets.add(each.purl());
      }
    }
    return Json.object()
        .put("ref", component.purl())
        .put("dependsOn", Json.strings(targets))
        .build();
  }
}
