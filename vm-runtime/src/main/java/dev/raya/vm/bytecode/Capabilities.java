package dev.raya.vm.bytecode;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Grant names and their bits in META, EXPT and the built-ins table ({@code stdlib.md} 1.1). */
public final class Capabilities {
  public static final int FS_READ = 1;
  public static final int FS_WRITE = 2;
  public static final int NET = 4;
  public static final int ENV = 8;
  public static final int PROCESS = 16;
  public static final int TIME = 32;
  public static final int RANDOM = 64;

  /** Every bit that has a name. */
  public static final int ALL = 127;

  /** The names of bits 0 to 6. */
  public static final List<String> NAMES =
      List.of("fs.read", "fs.write", "net", "env", "process", "time", "random");

  private Capabilities() {}

  /**
   * The grants a module needs: the bits of META and {@code native:<name>} for each native module,
   * except {@code fs} and {@code crypto}, which come with the toolchain ({@code stdlib.md} 18).
   */
  public static SortedSet<String> of(RbinModule module) {
    return of(module.meta(), module.natives());
  }

  static SortedSet<String> of(RbinModule.Meta meta, List<RbinModule.NativeImport> natives) {
    SortedSet<String> names = names(meta.grants());
    for (RbinModule.NativeImport imported : natives) {
      String name = imported.module();
      if (imported.kind() == 0 && !name.equals("fs") && !name.equals("crypto")) {
        names.add("native:" + name);
      }
    }
    return names;
  }

  /** The names of a set of bits. */
  public static SortedSet<String> names(int grants) {
    SortedSet<String> names = new TreeSet<>();
    for (int bit = 0; bit < NAMES.size(); bit++) {
      if ((grants & 1 << bit) != 0) {
        names.add(NAMES.get(bit));
      }
    }
    return names;
  }

  /** The bit of a grant name, or 0 if it has none ({@code native:} grants have none). */
  public static int bit(String name) {
    int index = NAMES.indexOf(name);
    return index < 0 ? 0 : 1 << index;
  }
}
