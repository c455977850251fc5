package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.name.Capability;
import java.util.ArrayList;
import java.util.List;

/** A lockfile as JSON: the members and spellings of {@code raya.lock} (packages.md 4). */
final class LockJson {
  private LockJson() {}

  static Json of(Lockfile lockfile) {
    List<Json> packages = new ArrayList<>();
    for (LockedPackage locked : lockfile.packages()) {
      packages.add(of(locked));
    }
    return Json.object()
        .put("version", 1)
        .put("manifest", lockfile.manifest().toString())
        .put("package", new Json.Array(packages))
        .build();
  }

  static Json of(LockedPackage locked) {
    List<String> dependencies = new ArrayList<>();
    for (LockedPackage.LockedDependency edge : locked.dependencies()) {
      dependencies.add(edge.text());
    }
    Json.ObjectBuilder json =
        Json.object()
            .put("name", locked.name().text())
            .put("version", locked.version().text())
            .put("source", locked.source().text())
            .putUnlessEmpty("dependencies", dependencies)
            .putUnlessEmpty("features", locked.features())
            .putUnlessEmpty("capabilities", texts(locked.capabilities()))
            .putUnlessEmpty("granted", texts(locked.granted()))
            .putUnlessEmpty("stage", locked.stage());
    if (locked.checksum() != null) {
      json.put("checksum", locked.checksum().toString()).put("size", locked.size());
    }
    if (locked.tree() != null) {
      json.put("tree", locked.tree().toString());
    }
    LockedPackage.LogEntry log = locked.log();
    if (log != null) {
      json.put(
          "log",
          Json.object().put("index", log.index()).put("time", log.time().toString()).build());
    }
    if (!locked.natives().isEmpty()) {
      Json.ObjectBuilder natives = Json.object();
      locked
          .natives()
          .forEach(
              (module, targets) -> {
                Json.ObjectBuilder digests = Json.object();
                targets.forEach((target, digest) -> digests.put(target, digest.toString()));
                natives.put(module, digests.build());
              });
      json.put("native", natives.build());
    }
    return json.build();
  }

  private static List<String> texts(List<Capability> capabilities) {
    List<String> texts = new ArrayList<>();
    for (Capability each : capabilities) {
      texts.add(each.text());
    }
    return texts;
  }
}
