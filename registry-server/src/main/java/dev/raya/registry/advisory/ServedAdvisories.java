package dev.raya.registry.advisory;

import dev.raya.registry.storage.StaticTree;
import dev.raya.resolver.audit.Advisories;
import dev.raya.resolver.audit.OsvException;
import dev.raya.resolver.audit.OsvReader;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The advisories as the static tree has them: what clients get, and what this server itself
 * compares versions with. A registry without any serves an empty list.
 */
@ApplicationScoped
public class ServedAdvisories {
  private final StaticTree tree;
  private final AtomicReference<@Nullable Read> last = new AtomicReference<>();

  /** The file's bytes and what they say; never compared. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Read(byte[] bytes, Advisories advisories) {}

  @Inject
  ServedAdvisories(StaticTree tree) {
    this.tree = tree;
  }

  void start(@Observes StartupEvent event) throws IOException {
    if (tree.read(AdvisoryTable.PATH).isEmpty()) {
      tree.put(AdvisoryTable.PATH, AdvisoryTable.document(List.of()));
    }
  }

  /** The file. */
  byte[] bytes() throws IOException {
    return tree.read(AdvisoryTable.PATH).orElseGet(() -> AdvisoryTable.document(List.of()));
  }

  /** What it says. */
  public Advisories advisories() throws IOException {
    byte[] bytes = bytes();
    Read known = last.get();
    if (known != null && Arrays.equals(known.bytes(), bytes)) {
      return known.advisories();
    }
    try {
      Read read = new Read(bytes, OsvReader.read(bytes));
      last.set(read);
      return read.advisories();
    } catch (OsvException e) {
      throw new IllegalStateException("the static tree holds advisories that we did not write", e);
    }
  }
}
