package dev.raya.vm.interp;

import dev.raya.vm.value.Assignable;
import dev.raya.vm.value.LinkedModule;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.LinkedType.Form;
import dev.raya.vm.value.RClass;
import dev.raya.vm.value.RFunction;
import dev.raya.vm.value.RNative;
import dev.raya.vm.value.Signature;
import dev.raya.vm.value.TypeLinker;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The classes and types of a context that the VM itself needs: the error classes of {@code
 * raya:core}, and one {@link Signature} per physical form. Used by the one worker that runs the
 * context.
 */
public final class ContextTypes {
  private final Map<String, Signature> signatures = new HashMap<>();
  private final Map<String, RClass> coreClasses = new HashMap<>();
  private final Function<String, RClass> coreClass;

  /**
   * Makes the types of a context.
   *
   * @param coreClass finds an exported class of {@code raya:core}; asked once per name, loads the
   *     module if need be
   */
  public ContextTypes(Function<String, RClass> coreClass) {
    this.coreClass = coreClass;
  }

  /** Returns the signature of a function type. */
  public Signature signature(LinkedType function) {
    return signatures.computeIfAbsent(Signature.formOf(function), Signature::new);
  }

  /** Returns an exported class of {@code raya:core}. */
  public RClass core(String name) {
    RClass known = coreClasses.get(name);
    if (known == null) {
      known = coreClass.apply(name);
      coreClasses.put(name, known);
    }
    return known;
  }

  /**
   * Makes a class known that the VM implements; the first of a name is the class.
   *
   * @param home the module that names it
   */
  public void addNative(String name, RClass cls, LinkedModule home) {
    coreClasses.putIfAbsent(name, cls);
    cls.natives = new MemberStubs(this, home);
  }

  /** Makes an object of a class that the VM implements. */
  RNative make(String name, Object held) {
    return new RNative(nativeClass(name), held);
  }

  /**
   * Returns a class that the VM implements. One that no module names gets an object of its own, by
   * which no value of the program can be told.
   */
  RClass nativeClass(String name) {
    RClass cls = coreClasses.get(name);
    if (cls == null) {
      cls = new RClass(name, RClass.Sort.CLASS);
      cls.storage = RClass.Storage.NATIVE;
      cls.type = TypeLinker.classType(cls);
      coreClasses.put(name, cls);
    }
    return cls;
  }

  /** Returns the class whose layout the values of a type have. */
  RClass classOf(LinkedType type) {
    return type.form == Form.ERROR ? core("Error") : type.shape();
  }

  /** Returns the type of a named member; of a union, its first member's that has it. */
  LinkedType memberType(LinkedType owner, String name) {
    if (owner.form == Form.UNION) {
      return unionMemberType(owner, name);
    }
    LinkedType found =
        owner.form == Form.ERROR
            ? classMember(classOf(owner), name)
            : Assignable.memberType(owner, name);
    if (found == null) {
      throw new IllegalStateException(
          "unverified member " + name + " of " + Assignable.describe(owner));
    }
    return found;
  }

  private static @org.jspecify.annotations.Nullable LinkedType classMember(
      RClass cls, String name) {
    int field = cls.field(name);
    if (field >= 0) {
      return cls.fieldTypes[field];
    }
    int slot = cls.slot(name);
    return slot >= 0 ? cls.vtable[slot].type : null;
  }

  /**
   * The union of the members' types, as the verifier has it: one type if all are equal, else their
   * union.
   */
  private LinkedType unionMemberType(LinkedType union, String name) {
    LinkedType result = null;
    for (LinkedType part : union.parts) {
      LinkedType type = memberType(part, name);
      result = result == null || result == type ? type : TypeLinker.unionOf(result, type);
    }
    if (result == null) {
      throw new IllegalStateException("empty union");
    }
    return result;
  }

  LinkedType getterType(LinkedType property) {
    return TypeLinker.functionOf(property);
  }

  LinkedType setterType(LinkedType property) {
    return TypeLinker.functionOf(
        TypeLinker.predefined(dev.raya.vm.bytecode.PredefinedType.VOID), property);
  }

  /** Returns the predecoded code of a function, decoding it at its first use. */
  QuickCode bodyOf(RFunction function) {
    RFunction.Body body = function.body;
    if (body instanceof QuickCode quick) {
      return quick;
    }
    QuickCode made = new Predecoder(function, this).decode();
    function.body = made;
    return made;
  }
}
