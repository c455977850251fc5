package dev.raya.vm.bytecode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The table of built-ins shared by compiler, verifier and interpreter ({@code rbin.md} 6.4). Ids
 * are never reused; new rows are appended to their group or at the end. No built-in takes or calls
 * a Raya function, but members of classes that may be extended are methods: called on an object of
 * a derived class, CALL_BUILTIN calls that class's method (decision 0425). Each of them has a
 * second row, {@code super.…}, which does not. Positions are {@code number}, as in {@code
 * stdlib.md} 1: the compiler converts.
 *
 * <p>How generic receivers are typed: {@code docs/decisions/0010-types-of-builtins.md}.
 */
public final class Builtins {
  private static final String GETTER = "get ";

  private static final List<Builtin> ROWS = rows();
  private static final @Nullable Builtin[] BY_ID = byId();
  private static final Map<String, Builtin> BY_NAME = byName();

  private Builtins() {}

  /** All rows, ids ascending. */
  public static List<Builtin> all() {
    return ROWS;
  }

  /** The row with that id, or null. */
  public static @Nullable Builtin of(int id) {
    return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
  }

  /**
   * The row with that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Builtin named(String name) {
    Builtin builtin = BY_NAME.get(name);
    if (builtin == null) {
      throw new IllegalArgumentException("no built-in " + name);
    }
    return builtin;
  }

  /** Members of Mutex and Channel that are instructions. */
  private static final Map<String, BuiltinSignature> INSTRUCTIONS =
      Map.of(
          "mutex.lock", BuiltinSignature.parse("(mutex) -> void"),
          "mutex.unlock", BuiltinSignature.parse("(mutex) -> void"),
          "mutex.tryLock", BuiltinSignature.parse("(mutex) -> bool"),
          "channel.send", BuiltinSignature.parse("(channel<T>, T) -> void"),
          "channel.receive", BuiltinSignature.parse("(channel<T>) -> T|null"),
          "channel.close", BuiltinSignature.parse("(channel<T>) -> void"));

  /**
   * The signature of the member of a class of {@code raya:core} that derived classes may override,
   * or null.
   */
  static @Nullable BuiltinSignature member(@Nullable String template, String slot) {
    if (template == null) {
      return null;
    }
    String member = slot.startsWith(GETTER) ? slot.substring(GETTER.length()) : slot;
    String name = template.toLowerCase(Locale.ROOT) + "." + member;
    Builtin row = BY_NAME.get(name);
    return row != null && slot.equals(row.member()) ? row.signature() : INSTRUCTIONS.get(name);
  }

  /**
   * The row that is a member of a class of {@code raya:core} which the VM implements, for code that
   * sees its instances through a structural type; null if there is none, or one with optional
   * parameters, for which null may stand there. A property is called like the slot of its getter.
   *
   * @param template the class's name without type arguments
   * @param slot the method's name, or {@code get } and the property's
   */
  public static @Nullable Builtin ofClass(String template, String slot) {
    String member = slot.startsWith(GETTER) ? slot.substring(GETTER.length()) : slot;
    Builtin row = BY_NAME.get(template.toLowerCase(Locale.ROOT) + "." + member);
    return row != null && row.isMemberOf(template) && row.isProperty() == slot.startsWith(GETTER)
        ? row
        : null;
  }

  /** Whether there is a row with that name. */
  public static boolean has(String name) {
    return BY_NAME.containsKey(name);
  }

  private static @Nullable Builtin[] byId() {
    @Nullable Builtin[] table = new Builtin[ROWS.getLast().id() + 1];
    for (Builtin row : ROWS) {
      table[row.id()] = row;
    }
    return table;
  }

  private static Map<String, Builtin> byName() {
    Map<String, Builtin> names = new HashMap<>();
    for (Builtin row : ROWS) {
      names.put(row.name(), row);
    }
    return names;
  }

  private static void row(
      List<Builtin> rows, int id, String name, String signature, int grants, Trap... traps) {
    rows.add(new Builtin(id, name, signature, 1, List.of(traps), false, grants));
  }

  private static List<Builtin> rows() {
    List<Builtin> rows = new ArrayList<>();
    row(rows, 1, "console.log", "(string) -> void", 0);
    row(rows, 2, "console.info", "(string) -> void", 0);
    row(rows, 3, "console.debug", "(string) -> void", 0);
    row(rows, 4, "console.warn", "(string) -> void", 0);
    row(rows, 5, "console.error", "(string) -> void", 0);
    row(rows, 6, "process.write", "(string) -> void", 0);
    row(rows, 7, "process.writeError", "(string) -> void", 0);
    row(rows, 8, "debugger", "() -> void", 0);
    // Display form of a value without calling toString: what TO_STRING does not cover, and quoting.
    row(rows, 10, "display.value", "(any) -> string", 0, Trap.LENGTH_LIMIT);
    row(rows, 11, "display.quote", "(string) -> string", 0, Trap.LENGTH_LIMIT);
    // The objects in a value that have a toString of their own, in display order; and the display
    // form with the texts that Raya code got from them.
    row(rows, 12, "display.objects", "(any) -> any[]", 0);
    row(
        rows,
        13,
        "display.render",
        "(any, readonly any[], readonly string[]) -> string",
        0,
        Trap.LENGTH_LIMIT);
    // Errors.
    row(rows, 20, "error.capture", "(Error) -> void", 0);
    row(rows, 21, "error.toString", "(Error) -> string", 0);
    row(rows, 22, "error.report", "(Error) -> string", 0);
    // Numbers and text.
    row(rows, 30, "number.toString", "(number, number?) -> string", 0, Trap.RANGE_ERROR);
    row(rows, 31, "number.toFixed", "(number, number?) -> string", 0, Trap.RANGE_ERROR);
    row(rows, 32, "number.toExponential", "(number, number?) -> string", 0, Trap.RANGE_ERROR);
    row(rows, 33, "number.toPrecision", "(number, number?) -> string", 0, Trap.RANGE_ERROR);
    row(rows, 34, "number.parse", "(string) -> number", 0);
    row(rows, 35, "number.parseInt", "(string, number?) -> number", 0);
    row(rows, 36, "number.parseFloat", "(string) -> number", 0);
    row(rows, 37, "number.isInteger", "(number) -> bool", 0);
    row(rows, 38, "number.isInt", "(number) -> bool", 0);
    row(rows, 39, "number.isSafeInteger", "(number) -> bool", 0);
    row(rows, 40, "number.isNaN", "(number) -> bool", 0);
    row(rows, 41, "number.isFinite", "(number) -> bool", 0);
    // Math.
    row(rows, 50, "math.sign", "(number) -> number", 0);
    row(rows, 51, "math.min", "(number, number) -> number", 0);
    row(rows, 52, "math.max", "(number, number) -> number", 0);
    row(rows, 53, "math.clamp", "(number, number, number) -> number", 0, Trap.RANGE_ERROR);
    row(rows, 54, "math.pow", "(number, number) -> number", 0);
    row(rows, 55, "math.cbrt", "(number) -> number", 0);
    row(rows, 56, "math.hypot", "(number, number) -> number", 0);
    row(rows, 57, "math.exp", "(number) -> number", 0);
    row(rows, 58, "math.expm1", "(number) -> number", 0);
    row(rows, 59, "math.log", "(number) -> number", 0);
    row(rows, 60, "math.log2", "(number) -> number", 0);
    row(rows, 61, "math.log10", "(number) -> number", 0);
    row(rows, 62, "math.log1p", "(number) -> number", 0);
    row(rows, 63, "math.sin", "(number) -> number", 0);
    row(rows, 64, "math.cos", "(number) -> number", 0);
    row(rows, 65, "math.tan", "(number) -> number", 0);
    row(rows, 66, "math.asin", "(number) -> number", 0);
    row(rows, 67, "math.acos", "(number) -> number", 0);
    row(rows, 68, "math.atan", "(number) -> number", 0);
    row(rows, 69, "math.atan2", "(number, number) -> number", 0);
    row(rows, 70, "math.sinh", "(number) -> number", 0);
    row(rows, 71, "math.cosh", "(number) -> number", 0);
    row(rows, 72, "math.tanh", "(number) -> number", 0);
    row(rows, 73, "math.random", "() -> number", Capabilities.RANDOM);
    row(rows, 74, "math.randomInt", "(int, int) -> int", Capabilities.RANDOM, Trap.RANGE_ERROR);
    row(rows, 75, "math.absInt", "(int) -> int", 0);
    row(rows, 76, "math.signInt", "(int) -> int", 0);
    row(rows, 77, "math.minInt", "(int, int) -> int", 0);
    row(rows, 78, "math.maxInt", "(int, int) -> int", 0);
    row(rows, 79, "math.clampInt", "(int, int, int) -> int", 0, Trap.RANGE_ERROR);
    row(rows, 80, "math.clz32", "(int) -> int", 0);
    row(rows, 81, "math.floorDiv", "(int, int) -> int", 0, Trap.DIVISION_BY_ZERO);
    row(rows, 82, "math.floorMod", "(int, int) -> int", 0, Trap.DIVISION_BY_ZERO);
    row(rows, 83, "math.addChecked", "(int, int) -> int", 0, Trap.RANGE_ERROR);
    row(rows, 84, "math.subChecked", "(int, int) -> int", 0, Trap.RANGE_ERROR);
    row(rows, 85, "math.mulChecked", "(int, int) -> int", 0, Trap.RANGE_ERROR);
    row(rows, 86, "math.negChecked", "(int) -> int", 0, Trap.RANGE_ERROR);
    row(rows, 87, "math.powInt", "(int, int) -> number", 0);
    // string.
    row(rows, 100, "string.at", "(string, number) -> string|null", 0);
    row(rows, 101, "string.charAt", "(string, number) -> string", 0);
    row(rows, 102, "string.charCodeAt", "(string, number) -> int", 0, Trap.RANGE_ERROR);
    row(rows, 103, "string.codePointAt", "(string, number) -> int", 0, Trap.RANGE_ERROR);
    row(rows, 104, "string.indexOf", "(string, string, number?) -> int", 0);
    row(rows, 105, "string.lastIndexOf", "(string, string, number?) -> int", 0);
    row(rows, 106, "string.includes", "(string, string, number?) -> bool", 0);
    row(rows, 107, "string.startsWith", "(string, string, number?) -> bool", 0);
    row(rows, 108, "string.endsWith", "(string, string, number?) -> bool", 0);
    row(rows, 109, "string.substring", "(string, number, number?) -> string", 0);
    row(rows, 110, "string.slice", "(string, number, number?) -> string", 0);
    row(rows, 111, "string.toUpperCase", "(string) -> string", 0, Trap.LENGTH_LIMIT);
    row(rows, 112, "string.toLowerCase", "(string) -> string", 0, Trap.LENGTH_LIMIT);
    row(rows, 113, "string.trim", "(string) -> string", 0);
    row(rows, 114, "string.trimStart", "(string) -> string", 0);
    row(rows, 115, "string.trimEnd", "(string) -> string", 0);
    row(rows, 116, "string.padStart", "(string, number, string?) -> string", 0, Trap.LENGTH_LIMIT);
    row(rows, 117, "string.padEnd", "(string, number, string?) -> string", 0, Trap.LENGTH_LIMIT);
    row(
        rows,
        118,
        "string.repeat",
        "(string, number) -> string",
        0,
        Trap.RANGE_ERROR,
        Trap.LENGTH_LIMIT);
    row(rows, 119, "string.split", "(string, string, number?) -> string[]", 0);
    row(rows, 120, "string.replace", "(string, string, string) -> string", 0, Trap.LENGTH_LIMIT);
    row(rows, 121, "string.replaceAll", "(string, string, string) -> string", 0, Trap.LENGTH_LIMIT);
    row(rows, 122, "string.localeCompare", "(string, string) -> int", 0);
    row(rows, 123, "string.normalize", "(string, string?) -> string", 0, Trap.LENGTH_LIMIT);
    row(rows, 124, "string.lines", "(string) -> string[]", 0);
    row(rows, 125, "string.codePoints", "(string) -> int[]", 0);
    row(rows, 126, "string.isWellFormed", "(string) -> bool", 0);
    row(rows, 127, "string.fromCharCode", "(readonly number[]) -> string", 0, Trap.LENGTH_LIMIT);
    row(
        rows,
        128,
        "string.fromCodePoint",
        "(readonly number[]) -> string",
        0,
        Trap.RANGE_ERROR,
        Trap.LENGTH_LIMIT);
    // Next index of a walk by code point; the unit at an int index, trapping outside.
    row(rows, 129, "string.nextCodePoint", "(string, int) -> int", 0, Trap.INDEX_OUT_OF_BOUNDS);
    row(rows, 130, "string.unitAt", "(string, int) -> string", 0, Trap.INDEX_OUT_OF_BOUNDS);
    // Arrays.
    row(
        rows,
        150,
        "array.at",
        "(readonly T[], number) -> T|null",
        0,
        Trap.NULL_ACCESS,
        Trap.UNINITIALIZED);
    row(
        rows,
        151,
        "array.first",
        "(readonly T[]) -> T|null",
        0,
        Trap.NULL_ACCESS,
        Trap.UNINITIALIZED);
    row(
        rows,
        152,
        "array.last",
        "(readonly T[]) -> T|null",
        0,
        Trap.NULL_ACCESS,
        Trap.UNINITIALIZED);
    row(rows, 153, "array.shift", "(T[]) -> T|null", 0, Trap.NULL_ACCESS, Trap.UNINITIALIZED);
    row(
        rows,
        154,
        "array.unshift",
        "(T[], readonly T[]) -> int",
        0,
        Trap.NULL_ACCESS,
        Trap.LENGTH_LIMIT);
    row(
        rows,
        155,
        "array.insert",
        "(T[], number, T) -> void",
        0,
        Trap.NULL_ACCESS,
        Trap.RANGE_ERROR,
        Trap.LENGTH_LIMIT);
    row(
        rows,
        156,
        "array.removeAt",
        "(T[], number) -> T",
        0,
        Trap.NULL_ACCESS,
        Trap.RANGE_ERROR,
        Trap.UNINITIALIZED);
    row(
        rows,
        157,
        "array.splice",
        "(T[], number, number?, readonly T[]?) -> T[]",
        0,
        Trap.NULL_ACCESS,
        Trap.LENGTH_LIMIT);
    row(rows, 158, "array.clear", "(T[]) -> void", 0, Trap.NULL_ACCESS);
    row(rows, 159, "array.fill", "(T[], T, number?, number?) -> T[]", 0, Trap.NULL_ACCESS);
    row(rows, 160, "array.reverse", "(T[]) -> T[]", 0, Trap.NULL_ACCESS);
    row(rows, 161, "array.sort", "(T[]) -> T[]", 0, Trap.NULL_ACCESS, Trap.UNINITIALIZED);
    row(rows, 162, "array.toReversed", "(readonly T[]) -> T[]", 0, Trap.NULL_ACCESS);
    row(
        rows,
        163,
        "array.toSorted",
        "(readonly T[]) -> T[]",
        0,
        Trap.NULL_ACCESS,
        Trap.UNINITIALIZED);
    row(rows, 164, "array.slice", "(readonly T[], number?, number?) -> T[]", 0, Trap.NULL_ACCESS);
    row(
        rows,
        165,
        "array.concat",
        "(readonly T[], readonly T[]) -> T[]",
        0,
        Trap.NULL_ACCESS,
        Trap.LENGTH_LIMIT);
    row(
        rows,
        166,
        "array.indexOf",
        "(readonly T[], T, number?) -> int",
        0,
        Trap.NULL_ACCESS,
        Trap.UNINITIALIZED);
    row(
        rows,
        167,
        "array.lastIndexOf",
        "(readonly T[], T, number?) -> int",
        0,
        Trap.NULL_ACCESS,
        Trap.UNINITIALIZED);
    row(
        rows,
        168,
        "array.includes",
        "(readonly T[], T) -> bool",
        0,
        Trap.NULL_ACCESS,
        Trap.UNINITIALIZED);
    row(
        rows,
        169,
        "array.join",
        "(readonly T[], string?) -> string",
        0,
        Trap.NULL_ACCESS,
        Trap.UNINITIALIZED,
        Trap.LENGTH_LIMIT);
    row(
        rows,
        170,
        "array.entries",
        "(readonly T[]) -> [int, T][]",
        0,
        Trap.NULL_ACCESS,
        Trap.UNINITIALIZED);
    row(
        rows,
        171,
        "array.pushAll",
        "(T[], readonly T[]) -> void",
        0,
        Trap.NULL_ACCESS,
        Trap.LENGTH_LIMIT);
    row(
        rows,
        172,
        "array.flat",
        "(readonly T[][]) -> T[]",
        0,
        Trap.NULL_ACCESS,
        Trap.UNINITIALIZED,
        Trap.LENGTH_LIMIT);
    // Map. NEW of an instance of Map makes an empty one. A cursor walks in insertion order.
    row(rows, 200, "map.size", "(Map<K, V>) -> int", 0, Trap.NULL_ACCESS);
    row(rows, 201, "map.get", "(Map<K, V>, K) -> V|null", 0, Trap.NULL_ACCESS);
    row(rows, 202, "map.getOr", "(Map<K, V>, K, V) -> V", 0, Trap.NULL_ACCESS);
    row(
        rows,
        203,
        "map.set",
        "(Map<K, V>, K, V) -> Map<K, V>",
        0,
        Trap.NULL_ACCESS,
        Trap.LENGTH_LIMIT);
    row(rows, 204, "map.has", "(Map<K, V>, K) -> bool", 0, Trap.NULL_ACCESS);
    row(rows, 205, "map.delete", "(Map<K, V>, K) -> bool", 0, Trap.NULL_ACCESS);
    row(rows, 206, "map.clear", "(Map<K, V>) -> void", 0, Trap.NULL_ACCESS);
    row(rows, 207, "map.keys", "(Map<K, V>) -> K[]", 0, Trap.NULL_ACCESS);
    row(rows, 208, "map.values", "(Map<K, V>) -> V[]", 0, Trap.NULL_ACCESS);
    row(rows, 209, "map.entries", "(Map<K, V>) -> [K, V][]", 0, Trap.NULL_ACCESS);
    row(rows, 210, "map.cursor", "(Map<K, V>) -> foreign", 0, Trap.NULL_ACCESS);
    row(
        rows,
        211,
        "map.advance",
        "(Map<K, V>, foreign) -> bool",
        0,
        Trap.NULL_ACCESS,
        Trap.ARGUMENT_ERROR);
    row(
        rows,
        212,
        "map.cursorKey",
        "(Map<K, V>, foreign) -> K",
        0,
        Trap.NULL_ACCESS,
        Trap.ARGUMENT_ERROR);
    row(
        rows,
        213,
        "map.cursorValue",
        "(Map<K, V>, foreign) -> V",
        0,
        Trap.NULL_ACCESS,
        Trap.ARGUMENT_ERROR);
    row(
        rows,
        214,
        "map.addAll",
        "(Map<K, V>, readonly [K, V][]) -> void",
        0,
        Trap.NULL_ACCESS,
        Trap.LENGTH_LIMIT);
    // Set, likewise.
    row(rows, 230, "set.size", "(Set<T>) -> int", 0, Trap.NULL_ACCESS);
    row(rows, 231, "set.add", "(Set<T>, T) -> Set<T>", 0, Trap.NULL_ACCESS, Trap.LENGTH_LIMIT);
    row(rows, 232, "set.has", "(Set<T>, T) -> bool", 0, Trap.NULL_ACCESS);
    row(rows, 233, "set.delete", "(Set<T>, T) -> bool", 0, Trap.NULL_ACCESS);
    row(rows, 234, "set.clear", "(Set<T>) -> void", 0, Trap.NULL_ACCESS);
    row(rows, 235, "set.values", "(Set<T>) -> T[]", 0, Trap.NULL_ACCESS);
    row(
        rows,
        236,
        "set.union",
        "(Set<T>, Set<T>) -> Set<T>",
        0,
        Trap.NULL_ACCESS,
        Trap.LENGTH_LIMIT);
    row(rows, 237, "set.intersection", "(Set<T>, Set<T>) -> Set<T>", 0, Trap.NULL_ACCESS);
    row(rows, 238, "set.difference", "(Set<T>, Set<T>) -> Set<T>", 0, Trap.NULL_ACCESS);
    row(rows, 239, "set.isSubsetOf", "(Set<T>, Set<T>) -> bool", 0, Trap.NULL_ACCESS);
    row(rows, 240, "set.cursor", "(Set<T>) -> foreign", 0, Trap.NULL_ACCESS);
    row(
        rows,
        241,
        "set.advance",
        "(Set<T>, foreign) -> bool",
        0,
        Trap.NULL_ACCESS,
        Trap.ARGUMENT_ERROR);
    row(
        rows,
        242,
        "set.cursorValue",
        "(Set<T>, foreign) -> T",
        0,
        Trap.NULL_ACCESS,
        Trap.ARGUMENT_ERROR);
    row(
        rows,
        243,
        "set.addAll",
        "(Set<T>, readonly T[]) -> void",
        0,
        Trap.NULL_ACCESS,
        Trap.LENGTH_LIMIT);
    // Process, environment and clocks.
    row(rows, 260, "process.args", "() -> string[]", Capabilities.PROCESS);
    row(rows, 261, "process.cwd", "() -> string", Capabilities.PROCESS);
    row(rows, 262, "process.exit", "(int) -> never", Capabilities.PROCESS, Trap.TERMINATED);
    row(rows, 263, "process.pid", "() -> int", Capabilities.PROCESS);
    row(rows, 264, "process.getEnv", "(string) -> string|null", Capabilities.ENV);
    row(rows, 265, "time.now", "() -> number", Capabilities.TIME);
    row(rows, 266, "time.monotonic", "() -> number", Capabilities.TIME);
    row(rows, 267, "time.monotonicNanos", "() -> number", Capabilities.TIME);
    row(rows, 268, "process.platform", "() -> string", 0);
    row(rows, 269, "process.arch", "() -> string", 0);
    row(rows, 270, "process.rayaVersion", "() -> string", 0);
    LibraryRows.add(rows);
    rows.addAll(rows.stream().filter(row -> row.member() != null).map(Builtin::ofSuper).toList());
    return List.copyOf(rows);
  }
}
