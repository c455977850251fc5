package dev.raya.compiler.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A class of the package, or one it uses from elsewhere. */
public sealed interface IrClass {
  /** Its name; of an instance with type arguments. */
  String name();

  /**
   * A class of this package.
   *
   * @param module number of the module that declares it
   * @param parent number of the base class, or -1
   * @param error whether it derives from Error
   * @param fields its own
   * @param constructor number of the function, or -1
   * @param vtable complete
   * @param typeArguments of an instance of a generic class
   * @param statics numbers of its static fields among the globals, in a row
   * @param origin number of the import that has the template of an instance, or -1
   * @param open whether there may be classes that derive from it which the part does not know
   */
  record Local(
      String name,
      int module,
      int parent,
      boolean exported,
      boolean error,
      boolean instance,
      List<Field> fields,
      int constructor,
      List<Slot> vtable,
      List<IrType> typeArguments,
      List<Integer> statics,
      int origin,
      boolean open)
      implements IrClass {
    /** Copies the lists. */
    public Local {
      fields = List.copyOf(fields);
      vtable = List.copyOf(vtable);
      typeArguments = List.copyOf(typeArguments);
      statics = List.copyOf(statics);
    }
  }

  /**
   * A class of another package.
   *
   * @param imported number of the import
   * @param parent the nearest ancestor that has a name elsewhere, or null
   * @param fields all, inherited ones included
   * @param methods the vtable
   */
  record Imported(
      String name, int imported, @Nullable IrType parent, List<Field> fields, List<Method> methods)
      implements IrClass {
    /** Copies the lists. */
    public Imported {
      fields = List.copyOf(fields);
      methods = List.copyOf(methods);
    }
  }

  /**
   * An instance of Map, Set, Date …, which {@code raya:core} declares and the VM implements; Mutex
   * and Channel as what classes extend.
   */
  record Collection(String name, List<IrType> typeArguments) implements IrClass {
    /** Whether classes may extend it (language.md 10.1). */
    public boolean isExtensible() {
      return name.startsWith("Map<")
          || name.startsWith("Set<")
          || name.startsWith("Channel<")
          || name.equals("Date")
          || name.equals("Mutex");
    }

    /** Copies the list. */
    public Collection {
      typeArguments = List.copyOf(typeArguments);
    }
  }

  /**
   * A field.
   *
   * @param isProtected whether display and JSON leave it out as they do private ones
   */
  record Field(
      String name, IrType type, boolean readOnly, boolean isPrivate, boolean isProtected) {}

  /** A slot; the function is a number among the functions. */
  record Slot(String name, int function) {}

  /** A slot of an imported class. */
  record Method(String name, IrType.Function type) {}
}
