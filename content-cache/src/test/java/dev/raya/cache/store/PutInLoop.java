package dev.raya.cache.store;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A process of its own that puts sample packages: {@code HOME FIRST COUNT}. It reports each entry
 * and each proof as a line when it begins, so that whoever kills it knows how far it came.
 */
final class PutInLoop {
  private PutInLoop() {}

  public static void main(String[] args) throws IOException {
    PackageCache cache = new PackageCache(new RayaHome(Path.of(args[0])).prepare());
    int first = Integer.parseInt(args[1]);
    int count = Integer.parseInt(args[2]);
    report("ready");
    if (System.in.read() < 0) {
      throw new IllegalStateException("nobody says go");
    }
    for (int seed = first; seed < first + count; seed++) {
      Sample sample = Sample.of(seed);
      report("entry " + seed);
      CacheEntry entry = sample.putInto(cache);
      report("proof " + seed);
      cache.putProof(entry, new byte[5000]);
    }
  }

  private static void report(String step) {
    System.out.println(step);
    System.out.flush();
  }
}
