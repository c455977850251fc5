package dev.raya.cli.pm.sbom;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A bill as SPDX 2.3 JSON. Only what the packages themselves declare is stated as declared. */
public final class Spdx {
  private static final String UNKNOWN = "NOASSERTION";
  private static final String DOCUMENT = "SPDXRef-DOCUMENT";

  private Spdx() {}

  /** The document. */
  public static Json.Obj of(Bill bill) {
    Map<String, String> references = new LinkedHashMap<>();
    references.put(bill.root().id(), "SPDXRef-Project");
    for (Bill.Component each : bill.components()) {
      references.put(each.id(), "SPDXRef-Package-" + (references.size()));
    }
    List<Json> packages = new ArrayList<>();
    List<Json> relations = new ArrayList<>();
    relations.add(relation(DOCUMENT, "DESCRIBES", "SPDXRef-Project"));
    packages.add(component(bill.root(), references));
    depends(bill.root(), references, relations);
    for (Bill.Component each : bill.components()) {
      packages.add(component(each, references));
      depends(each, references, relations);
    }
    return Json.object()
        .put("spdxVersion", "SPDX-2.3")
        .put("dataLicense", "CC0-1.0")
        .put("SPDXID", DOCUMENT)
        .put("name", bill.root().name() + "-" + bill.root().version())
        .put("documentNamespace", "urn:uuid:" + bill.serial())
        .put(
            "creationInfo",
            Json.object()
                .put("created", bill.time().toString())
                .put("creators", Json.strings(List.of("Tool: raya-pm-" + bill.tool())))
                .build())
        .put("documentDescribes", Json.strings(List.of("SPDXRef-Project")))
        .put("packages", new Json.Array(packages))
        .put("relationships", new Json.Array(relations))
        .build();
  }

  private static Json component(Bill.Component component, Map<String, String> references) {
    Json purl =
        Json.object()
            .put("referenceCategory", "PACKAGE-MANAGER")
            .put("referenceType", "purl")
            .put("referenceLocator", component.purl())
            .build();
    Json.ObjectBuilder json =
        Json.object()
            .put("SPDXID", references.getOrDefault(component.id(), UNKNOWN))
            .put("name", component.name())
            .put("versionInfo", component.version())
            .putUnlessEmpty("summary", component.description())
            .put("downloadLocation", orUnknown(component.origin()))
            .put("filesAnalyzed", false)
            .put("licenseConcluded", UNKNOWN)
            .put("licenseDeclared", orUnknown(component.license()))
            .put("copyrightText", UNKNOWN)
            .put("primaryPackagePurpose", component.application() ? "APPLICATION" : "LIBRARY")
            .put("externalRefs", new Json.Array(List.of(purl)));
    Digest checksum = component.checksum();
    if (checksum != null) {
      json.put(
          "checksums",
          new Json.Array(
              List.of(
                  Json.object()
                      .put("algorithm", "SHA256")
                      .put("checksumValue", checksum.hex())
                      .build())));
    }
    return json.build();
  }

  private static String orUnknown(String text) {
    return text.isEmpty() ? UNKNOWN : text;
  }

  private static void depends(
      Bill.Component component, Map<String, String> references, List<Json> relations) {
    for (String id : component.dependsOn()) {
      String to = references.get(id);
      if (to != null) {
        relations.add(relation(references.getOrDefault(component.id(), UNKNOWN), "DEPENDS_ON", to));
      }
    }
  }

  private static Json relation(String from, String kind, String to) {
    return Json.object()
        .put("spdxElementId", from)
        .put("relationshipType", kind)
        .put("relatedSpdxElement", to)
        .build();
  }
}
