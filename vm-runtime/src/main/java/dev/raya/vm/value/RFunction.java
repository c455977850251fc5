package dev.raya.vm.value;

import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import org.jspecify.annotations.Nullable;

/**
 * A function of a loaded module. What is needed to call it is here; its code is predecoded at the
 * first call ({@code interp.Predecoder}) and kept in {@link #body}.
 */
public final class RFunction {
  /** Predecoded code; the interpreter's own class. */
  public interface Body {}

  /** The name for traces and display. */
  public final String name;

  /** The index among the local functions of its module; −1 of one that the VM made. */
  public final int index;

  /** Flags of {@code RbinModule.FunctionDef}. */
  public final int flags;

  /** The function type; the receiver is not one of its parameters. */
  public final LinkedType type;

  /** Parameters, the receiver and a rest array included. */
  public final int paramCount;

  /** Captured values of a closure over this function. */
  public final int captureCount;

  /** The physical form of parameters and result. */
  public final Signature signature;

  /** The types of the locals, parameters first. */
  public final LinkedType[] localTypes;

  /** The types of the captures. */
  public final LinkedType[] captureTypes;

  /** The loaded module it belongs to. */
  public final LinkedModule home;

  /** Code ready to run, null before the first call. */
  public @Nullable Body body;

  /** The one value of a declared function that captures nothing, null before it is asked for. */
  public @Nullable Closure declared;

  /** Calls so far, for the JIT's threshold (vm.md 3.7). */
  public int calls;

  /** Makes a function. */
  public RFunction(
      String name,
      int index,
      int flags,
      LinkedType type,
      int paramCount,
      Signature signature,
      LinkedType[] localTypes,
      LinkedType[] captureTypes,
      LinkedModule home) {
    this.name = name;
    this.index = index;
    this.flags = flags;
    this.type = type;
    this.paramCount = paramCount;
    this.captureCount = captureTypes.length;
    this.signature = signature;
    this.localTypes = localTypes;
    this.captureTypes = captureTypes;
    this.home = home;
  }

  /** Returns {@code file:line:column} of an instruction. */
  public String position(int offset) {
    return home.position(index, offset);
  }

  /** Returns 1 if local 0 is a receiver, else 0. */
  public int receivers() {
    return (flags & (FunctionDef.CONSTRUCTOR | FunctionDef.METHOD)) != 0 ? 1 : 0;
  }

  /** Returns the function as the file has it. */
  public FunctionDef definition() {
    return home.file.functions().get(index);
  }

  @Override
  public String toString() {
    return name;
  }
}
