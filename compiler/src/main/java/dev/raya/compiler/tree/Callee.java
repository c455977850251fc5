package dev.raya.compiler.tree;

import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Type;
import java.util.List;

/** What a call calls; resolved by the checker. */
public sealed interface Callee {
  /**
   * A declared function or a static method, called directly; no receiver. A nested function
   * declaration may have captures.
   *
   * @param typeArguments of the function's own type parameters, in terms of those in scope
   */
  record Direct(FunctionSymbol function, List<Type> typeArguments) implements Callee {
    /** Copies the list. */
    public Direct {
      typeArguments = List.copyOf(typeArguments);
    }
  }

  /**
   * A method or accessor of a class declared in Raya; the receiver is the instance.
   *
   * @param virtual whether the vtable decides; {@code super.m()}, private and generic methods are
   *     called directly
   * @param classArguments the type arguments of the class that declares the method
   */
  record Method(
      FunctionSymbol function, List<Type> classArguments, List<Type> typeArguments, boolean virtual)
      implements Callee {
    /** Copies the lists. */
    public Method {
      classArguments = List.copyOf(classArguments);
      typeArguments = List.copyOf(typeArguments);
    }
  }

  /**
   * A member found by name at run time; the receiver's type is a structure (or a union of them).
   */
  record Structural(String name, Type.Function type) implements Callee {}

  /** A function value; the receiver expression is the value itself. */
  record Value(Type.Function type) implements Callee {}

  /** The base constructor in {@code super(…)}; the receiver is {@code this}. */
  record SuperConstructor(Type.ClassInstance base) implements Callee {}

  /**
   * A built-in.
   *
   * @param name the row of {@code vm.bytecode.Builtins} or the function of {@code raya:core}:
   *     {@code Array.push}, {@code string.length}, {@code Math.floor}, {@code Map.constructor},
   *     {@code parseInt}
   * @param function the ambient declaration it comes from
   * @param ownerArguments the type arguments of the built-in type it is a member of ({@code T} of
   *     an array)
   * @param typeArguments of the member's own type parameters
   */
  record Builtin(
      String name, FunctionSymbol function, List<Type> ownerArguments, List<Type> typeArguments)
      implements Callee {
    /** Copies the lists. */
    public Builtin {
      ownerArguments = List.copyOf(ownerArguments);
      typeArguments = List.copyOf(typeArguments);
    }
  }

  /** {@code new C(…)}: makes an instance and runs the constructor; no receiver. */
  record Construct(ClassSymbol symbol, List<Type> typeArguments) implements Callee {
    /** Copies the list. */
    public Construct {
      typeArguments = List.copyOf(typeArguments);
    }
  }
}
