package dev.raya.compiler.lower;

import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrFunction.Trait;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.LinkName;
import dev.raya.compiler.lower.TypeLowering.Environment;
import dev.raya.compiler.tree.FunctionTree;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Functions that are called by name: each once for every list of type arguments. Bodies are lowered
 * from a queue, in the order in which they were first mentioned.
 */
final class FunctionInstances {
  /** A function to lower. */
  record Pending(int number, FunctionTree tree, Environment environment) {}

  private record Key(FunctionSymbol symbol, Environment environment) {}

  private final PackageTables tables;
  private final ExternalNames externals;
  private final PartSources sources;
  private final Elsewhere elsewhere;
  private final Map<FunctionSymbol, FunctionTree> nested = new HashMap<>();
  private final Deque<Pending> queue = new ArrayDeque<>();
  private final Map<Integer, Key> known = new HashMap<>();

  /** Finds functions that another part of the package has the code of. */
  interface Elsewhere {
    /** The number of the other part's module, or -1 if the function is made here. */
    int module(FunctionSymbol symbol, boolean generic);

    /** The types of functions. */
    TypeLowering types();
  }

  FunctionInstances(
      PackageTables tables, ExternalNames externals, PartSources sources, Elsewhere elsewhere) {
    this.tables = tables;
    this.externals = externals;
    this.sources = sources;
    this.elsewhere = elsewhere;
  }

  /** Makes a function with body known that stands in another one. */
  void register(FunctionTree tree) {
    nested.put(tree.symbol(), tree);
  }

  /** The number of a function of a module or class. */
  int number(FunctionSymbol symbol, List<IrType> classArguments, List<IrType> typeArguments) {
    ClassSymbol owner = symbol.owner();
    Environment environment =
        owner == null
            ? Environment.EMPTY
            : Environment.EMPTY.with(owner.typeParameters(), classArguments);
    return number(symbol, environment.with(symbol.type().typeParameters(), typeArguments));
  }

  /** The number of a function; the environment has all type parameters it can see. */
  int number(FunctionSymbol symbol, Environment environment) {
    if (symbol.imported()) {
      return externals.function(symbol);
    }
    Key key = new Key(symbol, environment);
    return tables.function(
        key,
        () -> new LinkName(sources.name(symbol), environment.inOrder()),
        number -> {
          known.put(number, key);
          int module = elsewhere.module(symbol, !environment.types().isEmpty());
          if (module >= 0) {
            Set<Trait> traits = traits(symbol);
            return new IrFunction.Declared(
                name(symbol),
                madeType(symbol),
                module,
                traits.contains(Trait.METHOD) || traits.contains(Trait.CONSTRUCTOR));
          }
          FunctionTree tree = nested.get(symbol);
          if (tree == null) {
            tree = sources.tree(symbol);
          }
          if (tree == null) {
            throw new IllegalStateException("no body for " + symbol);
          }
          queue.add(new Pending(number, tree, environment));
          return null;
        });
  }

  /** The type that a function which is not generic has in code. */
  private IrType.Function madeType(FunctionSymbol symbol) {
    IrType.Function type = elsewhere.types().function(symbol.type(), Environment.EMPTY);
    IrType result = type.result();
    if (symbol.kind() == FunctionSymbol.Kind.CONSTRUCTOR) {
      result = IrType.Basic.VOID;
    } else if (isSpawned(symbol)) {
      result = result instanceof IrType.Task task ? task.result() : IrType.Basic.VOID;
    }
    return new IrType.Function(type.params(), result, type.optional(), type.rest());
  }

  /** The type of a function that was given a number here. */
  IrType.Function type(int number, TypeLowering types) {
    Key key = known.get(number);
    if (key == null) {
      return tables.functionAt(number).type();
    }
    return types.function(key.symbol().type(), key.environment());
  }

  /** The next function to lower, or null. */
  @Nullable Pending next() {
    return queue.poll();
  }

  /** What a function is called in traces and in FUNC. */
  static String name(FunctionSymbol symbol) {
    ClassSymbol owner = symbol.owner();
    if (owner == null) {
      return symbol.name();
    }
    return switch (symbol.kind()) {
      case CONSTRUCTOR -> "new " + owner.name();
      case GETTER, SETTER, METHOD, STATIC_METHOD -> owner.name() + "." + ClassLowering.slot(symbol);
      case FUNCTION, CLOSURE, OBJECT_METHOD -> symbol.name();
    };
  }

  /**
   * Whether calls of an async function start its task themselves; the others are functions that
   * start it.
   */
  static boolean isSpawned(FunctionSymbol symbol) {
    // Other packages call what is exported as the function that its declaration says it is.
    return symbol.async()
        && symbol.kind() == FunctionSymbol.Kind.FUNCTION
        && (!symbol.exported() || symbol.name().equals("main"));
  }

  /** What kind of function it is for the file. */
  static Set<Trait> traits(FunctionSymbol symbol) {
    return switch (symbol.kind()) {
      case CONSTRUCTOR -> Set.of(Trait.CONSTRUCTOR);
      case METHOD, GETTER, SETTER -> Set.of(Trait.METHOD);
      case STATIC_METHOD -> Set.of(Trait.STATIC);
      case CLOSURE, OBJECT_METHOD -> Set.of(Trait.CLOSURE);
      case FUNCTION -> Set.of();
    };
  }
}
