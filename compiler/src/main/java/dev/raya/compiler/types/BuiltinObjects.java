package dev.raya.compiler.types;

import java.util.Set;

/**
 * What of the built-in classes can be seen through a structural type (language.md 3.2, rule 5), for
 * which the VM finds members by name: instances of Map, Set, Date and the like with the members
 * that the VM implements and that take what they declare. Members that take a function are code of
 * the library, compiled where they are called; where a parameter is optional, null may be given
 * through a structural type. Mutex, Channel, Task and Uint8Array are forms of their own in a file,
 * not classes; objects of classes that extend Mutex or Channel have all members as methods.
 */
public final class BuiltinObjects {
  private static final Set<String> CLASSES =
      Set.of(
          "Map",
          "ReadonlyMap",
          "Set",
          "Date",
          "RegExp",
          "RegExpMatch",
          "ArrayBuffer",
          "DataView",
          "Mutex",
          "Channel");

  private static final Set<String> NO_CLASSES =
      Set.of("Mutex", "Channel", "Task", "Uint8Array", "raya$Any", "raya$Handle");

  private BuiltinObjects() {}

  /** Whether instances of a class may be used as values of structural types. */
  public static boolean isObject(Type.ClassInstance type) {
    return !isOfCore(type.symbol()) || !NO_CLASSES.contains(type.symbol().name());
  }

  /** Whether a member is found when its name is looked for at run time. */
  public static boolean isFoundByName(Members.Member member) {
    return !(member.owner() instanceof Type.ClassInstance owner)
        || !isOfCore(owner.symbol())
        || !CLASSES.contains(owner.symbol().name())
        || !(member.type() instanceof Type.Function function)
        || function.parameters().stream()
            .allMatch(
                p ->
                    p.kind() == Type.ParameterKind.REQUIRED
                        && !(p.type() instanceof Type.Function));
  }

  private static boolean isOfCore(ClassSymbol symbol) {
    return symbol.ambient() && symbol.module().id().packageName().equals("raya:core");
  }
}
