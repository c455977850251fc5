package dev.raya.cli.pm.trust;

import dev.raya.cache.json.Json;
import java.util.SortedSet;

/**
 * What an unpacked archive says of itself.
 *
 * @param metadata its {@code metadata.json}
 * @param capabilities what its {@code module.rbin} needs, recomputed
 */
public record PackageContent(Json.Obj metadata, SortedSet<String> capabilities) {}
