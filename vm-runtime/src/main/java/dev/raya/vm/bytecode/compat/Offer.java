package dev.raya.vm.bytecode.compat;

import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What an importable module offers under one name. Types are indices of the file's types. */
sealed interface Offer {

  /** The word for it in messages. */
  String kind();

  /**
   * A function.
   *
   * @param type a function type
   * @param async whether callers get a task of the type's result
   */
  record Function(int type, boolean async) implements Offer {
    @Override
    public String kind() {
      return "function";
    }
  }

  /** A constant. */
  record Constant(int type) implements Offer {
    @Override
    public String kind() {
      return "constant";
    }
  }

  /** An interface or an alias. */
  record Type(int type) implements Offer {
    @Override
    public String kind() {
      return "type";
    }
  }

  /**
   * A class.
   *
   * @param ref how the file refers to it
   * @param constructor function type of its constructor, or {@link #NO_CONSTRUCTOR}
   * @param isAbstract whether no instance can be made of it
   * @param members public and protected ones, inherited ones included, by name; statics as {@code
   *     static NAME}
   * @param inherited those of them that an ancestor offers under its own name
   */
  record Class(
      int ref,
      int constructor,
      boolean isAbstract,
      SortedMap<String, Member> members,
      Set<String> inherited)
      implements Offer {
    static final int NO_CONSTRUCTOR = -1;

    public Class {
      members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
      inherited = Set.copyOf(inherited);
    }

    @Override
    public String kind() {
      return "class";
    }
  }

  /** A generic declaration: its text up to the body. */
  record Template(String head) implements Offer {
    @Override
    public String kind() {
      return "generic declaration";
    }
  }

  /** What another package offers under the name. */
  record ReExport(String specifier, String name) implements Offer {
    @Override
    public String kind() {
      return "re-export";
    }
  }

  /** A member of a class; a protected one is there for subclasses only. */
  sealed interface Member {
    /** Whether only subclasses may use it. */
    boolean isProtected();

    /** A field. */
    record Field(int type, boolean readOnly, boolean isProtected) implements Member {}

    /** A method, a getter or a setter, which a subclass may still have to define. */
    record Method(Function function, boolean isAbstract, boolean isProtected) implements Member {}
  }
}
