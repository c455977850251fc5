package dev.raya.cache.store;

import java.io.IOException;
import java.nio.file.Path;

/** A process of its own that puts sample packages: {@code HOME FIRST COUNT}. */
final class PutInLoop {
  private PutInLoop() {}

  public static void main(String[] args) throws IOException {
    PackageCache cache = new PackageCache(new RayaHome(Path.of(args[0])).prepare());
    int first = Integer.parseInt(args[1]);
    int count = Integer.parseInt(args[2]);
    System.out.println("ready");
    System.out.flush();
    if (System.in.read() < 0) {
      throw new IllegalStateException("nobody says go");
    }
    for (int seed = first; seed < first + count; seed++) {
      CacheEntry entry = Sample.of(seed).putInto(cache);
      cache.putProof(entry, new byte[5000]);
    }
  }
}
