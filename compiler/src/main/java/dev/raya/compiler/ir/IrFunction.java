package dev.raya.compiler.ir;

import java.util.List;
import java.util.Set;

/** A function of the package, or one it calls elsewhere. */
public sealed interface IrFunction {
  /** Its name. */
  String name();

  /** Its type, the receiver not included. */
  IrType.Function type();

  /** What a function is, beyond its type; the flags of {@code rbin.md} 3.8. */
  enum Trait {
    /** Calls make a task. */
    ASYNC,
    /** Exported by its module. */
    EXPORTED,
    /** The program's {@code main}. */
    ENTRY,
    /** A constructor; local 0 is the instance. */
    CONSTRUCTOR,
    /** A method; local 0 is the instance. */
    METHOD,
    /** Called by CALL_STATIC. */
    STATIC,
    /** Made by MAKE_CLOSURE only. */
    CLOSURE,
    /** The module's initialiser. */
    INIT
  }

  /**
   * A function with code.
   *
   * @param module number of the module
   * @param ownerClass number of its class, or -1
   * @param container number of the function it is written in, or -1
   * @param locals types of all locals: receiver, parameters, the rest
   * @param captures types of the captured variables
   * @param blocks in code order, the entry first
   * @param regions protected regions, each after those around it
   * @param variables names for the debugger
   */
  record Local(
      String name,
      IrType.Function type,
      int module,
      Set<Trait> traits,
      int ownerClass,
      int container,
      List<IrType> locals,
      List<IrType> captures,
      List<Block> blocks,
      List<Region> regions,
      List<Variable> variables)
      implements IrFunction {
    /** Copies the collections. */
    public Local {
      traits = Set.copyOf(traits);
      locals = List.copyOf(locals);
      captures = List.copyOf(captures);
      blocks = List.copyOf(blocks);
      regions = List.copyOf(regions);
      variables = List.copyOf(variables);
    }

    /** Whether it has that trait. */
    public boolean is(Trait trait) {
      return traits.contains(trait);
    }

    /** Whether local 0 is the instance. */
    public boolean hasReceiver() {
      return is(Trait.METHOD) || is(Trait.CONSTRUCTOR);
    }
  }

  /**
   * A function of another package.
   *
   * @param imported number of the import
   */
  record Imported(String name, IrType.Function type, int imported) implements IrFunction {}

  /**
   * A function of another part of the package ({@link IrPart}).
   *
   * @param module number of the module
   * @param hasReceiver whether calls give it an instance before the arguments
   */
  record Declared(String name, IrType.Function type, int module, boolean hasReceiver)
      implements IrFunction {}

  /**
   * A protected region.
   *
   * @param parent the region around it, or -1
   * @param handler the block that gets the error
   * @param catchClass number of the class to catch, or -1 for all
   */
  record Region(int parent, int handler, int catchClass) {}

  /** A named local. */
  record Variable(int local, String name) {}
}
