package dev.raya.cache.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A process of its own that holds sample entries until its input ends: {@code HOME SEED…}. */
final class HoldUntilKilled {
  private HoldUntilKilled() {}

  public static void main(String[] args) throws IOException {
    RayaHome home = new RayaHome(Path.of(args[0]));
    try (EntryHold hold = new EntryHold(home)) {
      for (String seed : List.of(args).subList(1, args.length)) {
        hold.add(List.of(Sample.of(Integer.parseInt(seed)).expected().facts().checksum()));
      }
      System.out.println("holding");
      System.out.flush();
      while (System.in.read() >= 0) {
        continue;
      }
    }
  }
}
