package dev.raya.vm.bytecode;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@link Builtins}.
 *
 * @param id the operand of CALL_BUILTIN, never reused
 * @param name what the compiler and the disassembler call it
 * @param signatureText see {@link BuiltinSignature}
 * @param since VM feature level that has it
 * @param traps what it may raise besides HeapLimitExceeded
 * @param mayBlock whether the task may be suspended in it
 * @param grants bits of {@link Capabilities} it is guarded by
 */
public record Builtin(
    int id,
    String name,
    String signatureText,
    int since,
    List<Trap> traps,
    boolean mayBlock,
    int grants) {
  public Builtin {
    traps = List.copyOf(traps);
  }

  /** What the names of rows begin with that are members themselves, whatever overrides them. */
  static final String OF_SUPER = "super.";

  /** How far the id of a row {@link #ofSuper} is from that of the member. */
  static final int SUPER_OFFSET = 1000;

  private static final Set<String> NO_MEMBERS =
      Set.of(
          "map.cursor",
          "map.advance",
          "map.cursorKey",
          "map.cursorValue",
          "map.addAll",
          "set.cursor",
          "set.advance",
          "set.cursorValue",
          "set.addAll",
          "date.new",
          "date.now",
          "date.parse",
          "date.utc",
          "date.of",
          "date.init",
          "date.initNow",
          "mutex.init",
          "channel.init");

  /** Members of Mutex and Channel that are built-ins; the others are instructions. */
  private static final Set<String> OF_SYNCHRONIZERS =
      Set.of(
          "mutex.isLocked",
          "channel.length",
          "channel.capacity",
          "channel.isClosed",
          "channel.trySend",
          "channel.tryReceive");

  private static final Set<String> GETTERS = Set.of("size", "length", "capacity");

  private static final Set<String> PROPERTIES =
      Set.of(
          "map.size",
          "set.size",
          "regexp.source",
          "regexp.flags",
          "regexpmatch.text",
          "regexpmatch.index",
          "regexpmatch.groups",
          "regexpmatch.named",
          "arraybuffer.byteLength",
          "dataview.byteLength");

  /**
   * The name of the vtable slot that classes derived from the receiver's class override it in, or
   * null if it is not a member that can be overridden.
   */
  public @Nullable String member() {
    boolean extensible =
        name.startsWith("map.")
            || name.startsWith("set.")
            || name.startsWith("date.")
            || OF_SYNCHRONIZERS.contains(name);
    if (!extensible || NO_MEMBERS.contains(name)) {
      return null;
    }
    String member = name.substring(name.indexOf('.') + 1);
    return GETTERS.contains(member) ? "get " + member : member;
  }

  /** Whether it is a member of the instances of a class that the VM implements. */
  boolean isMemberOf(String template) {
    return !NO_MEMBERS.contains(name)
        && signatureText.indexOf('?') < 0
        && !name.startsWith(OF_SUPER)
        && (signatureText.startsWith("(" + template + ",")
            || signatureText.startsWith("(" + template + ")")
            || signatureText.startsWith("(" + template + "<"));
  }

  /** Whether such a member is a property, not a method. */
  boolean isProperty() {
    return PROPERTIES.contains(name);
  }

  /** The row that does the same on every receiver: what {@code super.member(…)} calls. */
  Builtin ofSuper() {
    return new Builtin(
        id + SUPER_OFFSET, OF_SUPER + name, signatureText, since, traps, mayBlock, grants);
  }

  /** The id by which the VM finds what the row does. */
  public int operation() {
    return name.startsWith(OF_SUPER) ? id - SUPER_OFFSET : id;
  }

  /** The signature, parsed anew at each call; callers that need it often keep it. */
  public BuiltinSignature signature() {
    return BuiltinSignature.parse(signatureText);
  }
}
