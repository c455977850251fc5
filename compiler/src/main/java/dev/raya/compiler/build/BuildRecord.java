package dev.raya.compiler.build;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an output folder was made from: {@code build.json} beside the outputs.
 *
 * @param inputs what else the outputs depend on, by name
 * @param sources digests of the sources by package-relative name
 * @param outputs digests of the outputs by file name
 */
record BuildRecord(
    Map<String, String> inputs, Map<String, String> sources, Map<String, String> outputs) {
  private static final String FILE = "build.json";
  private static final String SCHEMA = "raya/build/1";
  private static final long MAX_BYTES = 16 << 20;

  BuildRecord {
    inputs = Map.copyOf(inputs);
    sources = Map.copyOf(sources);
    outputs = Map.copyOf(outputs);
  }

  /** The record of an output folder, or null if there is none that can be read. */
  static @Nullable BuildRecord read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
      return null;
    }
    try {
      JsonFields fields = JsonFields.root(JsonReader.read(Files.readAllBytes(file)));
      if (!fields.string("schema").equals(SCHEMA)) {
        return null;
      }
      return new BuildRecord(
          texts(fields.fields("inputs")),
          texts(fields.fields("sources")),
          texts(fields.fields("outputs")));
    } catch (JsonException unreadable) {
      return null; // the outputs are made again
    }
  }

  private static Map<String, String> texts(JsonFields fields) throws JsonException {
    Map<String, String> texts = new TreeMap<>();
    for (String name : fields.names()) {
      texts.put(name, fields.string(name));
    }
    return texts;
  }

  /** Whether the outputs are still what a build would make. */
  boolean holds(Path project, Map<String, String> now, Path folder) throws IOException {
    return inputs.equals(now) && match(project, sources) && match(folder, outputs);
  }

  private static boolean match(Path folder, Map<String, String> digests) throws IOException {
    for (Map.Entry<String, String> entry : digests.entrySet()) {
      Path file = folder.resolve(entry.getKey());
      if (!Files.isRegularFile(file) || !Digest.ofFile(file).hex().equals(entry.getValue())) {
        return false;
      }
    }
    return true;
  }

  void save(Path folder) throws IOException {
    Json.Obj document =
        Json.object()
            .put("schema", SCHEMA)
            .put("inputs", object(inputs))
            .put("sources", object(sources))
            .put("outputs", object(outputs))
            .build();
    write(folder.resolve(FILE), CanonicalJson.bytes(document));
  }

  private static Json object(Map<String, String> texts) {
    Json.ObjectBuilder object = Json.object();
    new TreeMap<>(texts).forEach(object::put);
    return object.build();
  }

  /** Replaces a file as a whole. */
  static void write(Path file, byte[] bytes) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Path temporary = Files.createTempFile(folder, ".build", ".tmp");
    try {
      Files.write(temporary, bytes);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
