package dev.raya.vm.value;

import dev.raya.vm.bytecode.RbinModule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A package file loaded and linked in a context: its tables with every reference bound. Index
 * spaces are those of the file, imports first (rbin.md 3.4).
 */
public final class LinkedModule {
  /** What tells the package apart in its context; the loader's key. */
  public final String key;

  /** The verified file. */
  public final RbinModule file;

  /** Types by index. */
  public LinkedType[] types = {};

  /** Functions, imported ones first. */
  public RFunction[] functions = {};

  /** Classes of CLAS. */
  public RClass[] classes = {};

  /** Classes of IMPT, in the order a class reference counts them. */
  public RClass[] importedClasses = {};

  /**
   * How this file's code numbers members of classes that are, or derive from, classes of other
   * files; no entry where the numbers are those of the class.
   */
  public final Map<RClass, ClassView> views = new HashMap<>();

  /** Globals and statics, imported ones first. */
  public Cell[] globals = {};

  /** Coverage counters. */
  public final long[] probes;

  /** The field of a class that this file's code means by a number. */
  public int field(RClass cls, int number) {
    ClassView view = views.get(cls);
    return view == null ? number : view.field(number);
  }

  /** The vtable slot of a class that this file's code means by a number. */
  public int slot(RClass cls, int number) {
    ClassView view = views.get(cls);
    return view == null ? number : view.slot(number);
  }

  /** Makes a module still to be filled by the linker. */
  public LinkedModule(String key, RbinModule file) {
    this.key = key;
    this.file = file;
    this.probes = new long[file.meta().probeCount()];
  }

  /**
   * Returns {@code file:line:column} of an instruction of a local function, or its offset if the
   * code is stripped.
   */
  public String position(int function, int offset) {
    RbinModule.FunctionDebug debug = file.debugOf(function);
    RbinModule.DebugData data = file.debug();
    if (debug == null || data == null || debug.lines().isEmpty()) {
      return "+" + offset;
    }
    List<RbinModule.LineEntry> lines = debug.lines();
    RbinModule.LineEntry at = lines.getFirst();
    for (RbinModule.LineEntry line : lines) {
      if (line.offset() > offset) {
        break;
      }
      at = line;
    }
    return data.files().get(at.file()).file() + ":" + at.line() + ":" + at.column();
  }
}
