package dev.raya.registry.trust;

import dev.raya.tuf.repository.MetadataFiles;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Metadata as a disk would keep it, for tests that sign all bins many times over. Its files are as
 * old as can be, so that whatever is superseded may be pruned.
 */
final class MemoryMetadata implements MetadataFiles {
  private final TreeMap<String, byte[]> files = new TreeMap<>();

  @Override
  public Optional<byte[]> read(String name) {
    return Optional.ofNullable(files.get(name)).map(byte[]::clone);
  }

  @Override
  public void write(String name, byte[] content) {
    files.put(name, content.clone());
  }

  @Override
  public void writeSame(List<String> names, byte[] content) {
    names.forEach(name -> write(name, content));
  }

  @Override
  public List<String> names() {
    return List.copyOf(files.keySet());
  }

  @Override
  public Optional<Instant> written(String name) {
    return files.containsKey(name) ? Optional.of(Instant.EPOCH) : Optional.empty();
  }

  @Override
  public void delete(String name) {
    files.remove(name);
  }
}
