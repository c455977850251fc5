package dev.raya.vm.value;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A class of a context, or the shape of an object or tuple type: where the fields of its objects
 * lie, what its methods are, and which classes it derives from (vm.md 2). Filled by the linker
 * before any instance exists, then constant.
 */
public final class RClass {
  /** What kind of objects a class describes. */
  public enum Sort {
    CLASS,
    OBJECT,
    TUPLE
  }

  /** What the instances of a class hold besides their fields. */
  public enum Storage {
    /** Nothing. */
    FIELDS,
    /** The trace of an error. */
    ERROR,
    /** The entries of a Map. */
    MAP,
    /** The values of a Set. */
    SET,
    /** What the built-ins of the class keep. */
    NATIVE
  }

  /** Field flag of a property that may be unset (language.md 3.3). */
  public static final int OPTIONAL = 1 << 15;

  /** Makes the methods of a class that the VM implements, for calls by name. */
  public interface NativeMethods {
    /** Returns the method of that slot name, or null if the class has none. */
    @Nullable RFunction make(RClass cls, String slot);
  }

  private static final RFunction[] NO_METHODS = {};

  /** The name for display and error text. */
  public final String name;

  /** What it describes. */
  public final Sort sort;

  /** The parent, or null. */
  public @Nullable RClass parent;

  /** What instances hold besides fields. */
  public Storage storage = Storage.FIELDS;

  /** The type arguments of an instance of a template. */
  public LinkedType[] typeArguments = {};

  /** The type whose values its objects are. */
  public @Nullable LinkedType type;

  /** Names of all fields, the parent's first. */
  public String[] fieldNames = {};

  /** Types of all fields. */
  public LinkedType[] fieldTypes = {};

  /** Flags of all fields: {@code RbinModule.FieldDef}, or {@link #OPTIONAL}. */
  public int[] fieldFlags = {};

  /** Per field the index of its word in {@link RObj#w}, or −1. */
  public int[] wordIndex = {};

  /** Per field the index of its reference in {@link RObj#r}, or −1. */
  public int[] refIndex = {};

  /** The words of a new object. */
  public long[] zeroWords = {};

  /** The references of a new object. */
  public @Nullable Object[] zeroRefs = {};

  /** The methods by slot; inherited slots first. */
  public RFunction[] vtable = NO_METHODS;

  /** The names of the slots. */
  public String[] slotNames = {};

  /** The constructor, or null. */
  public @Nullable RFunction constructor;

  /** Of a class that the VM implements, what makes its methods; else null. */
  public @Nullable NativeMethods natives;

  private @Nullable Map<String, RFunction> madeNatives;

  /** Modelled bytes of an instance (vm.md 9.1). */
  public int size = 16;

  private @Nullable Map<String, Integer> fieldByName;
  private @Nullable Map<String, Integer> slotByName;
  private RClass[] ancestors = {this};

  /** Makes a class still to be filled. */
  public RClass(String name, Sort sort) {
    this.name = name;
    this.sort = sort;
  }

  /** Sets the parent and with it the line of ancestors; the parent must be complete. */
  public void derive(@Nullable RClass from) {
    parent = from;
    if (from != null) {
      RClass[] line = java.util.Arrays.copyOf(from.ancestors, from.ancestors.length + 1);
      line[line.length - 1] = this;
      ancestors = line;
      if (storage == Storage.FIELDS) {
        storage = from.storage;
      }
    }
  }

  /** Says whether this class is, or derives from, another. */
  public boolean isA(RClass other) {
    int depth = other.ancestors.length - 1;
    return this == other || (depth < ancestors.length && ancestors[depth] == other);
  }

  /** Returns the ancestor that derives from no other, which may be this class. */
  public RClass root() {
    return ancestors[0];
  }

  /** Says whether this class derives from the VM's Mutex or Channel, whichever is named. */
  boolean isSynchronizer(String template) {
    return root().storage == Storage.NATIVE && root().sourceName().equals(template);
  }

  /** Says whether a method is not the one that the {@link #root} has under the same name. */
  public boolean overrides(int slot) {
    RClass root = ancestors[0];
    int first = root.slot(slotNames[slot]);
    return first < 0 || root.vtable[first] != vtable[slot];
  }

  /** Makes an instance whose fields have their zero values. */
  public RObj instantiate() {
    return switch (storage) {
      case FIELDS -> new RObj(this);
      case ERROR -> new RError(this);
      case MAP, SET -> new RMap(this);
      case NATIVE -> new RNative(this);
    };
  }

  /**
   * Sets the fields (the parent's included) and computes where they lie and what a new object
   * holds.
   */
  public void layOut(String[] names, LinkedType[] types, int[] flags) {
    int n = names.length;
    fieldNames = names;
    fieldTypes = types;
    fieldFlags = flags;
    wordIndex = new int[n];
    refIndex = new int[n];
    int words = 0;
    int refs = 0;
    int bytes = 16;
    for (int i = 0; i < n; i++) {
      byte kind = types[i].kind;
      wordIndex[i] = kind != Kind.R && kind != Kind.NONE ? words++ : -1;
      refIndex[i] = kind == Kind.R || kind == Kind.V ? refs++ : -1;
      bytes += kind == Kind.V ? 16 : 8;
    }
    size = bytes;
    zeroWords = new long[words];
    zeroRefs = new Object[refs];
    for (int i = 0; i < n; i++) {
      if (wordIndex[i] >= 0) {
        zeroWords[wordIndex[i]] = types[i].zeroWord;
      }
      if (refIndex[i] >= 0) {
        zeroRefs[refIndex[i]] = types[i].zeroRef;
      }
    }
  }

  /**
   * Returns the number of the field of that name, or −1; of two equal names the derived class's.
   */
  public int field(String wanted) {
    Map<String, Integer> index = fieldByName;
    if (index == null) {
      index = new HashMap<>();
      for (int i = 0; i < fieldNames.length; i++) {
        index.put(fieldNames[i], i);
      }
      fieldByName = index;
    }
    Integer found = index.get(wanted);
    return found == null ? -1 : found;
  }

  /**
   * Returns the method of that name for a call by name: the one in the vtable, or of a class that
   * the VM implements one made for the purpose; null if there is none.
   */
  public @Nullable RFunction method(String wanted) {
    int slot = slot(wanted);
    if (slot >= 0 || natives == null) {
      return slot >= 0 ? vtable[slot] : null;
    }
    Map<String, RFunction> made = madeNatives;
    if (made == null) {
      made = new HashMap<>();
      madeNatives = made;
    }
    RFunction known = made.get(wanted);
    if (known == null) {
      known = natives.make(this, wanted);
      if (known != null) {
        made.put(wanted, known);
      }
    }
    return known;
  }

  /** Returns the vtable slot of the method of that name, or −1. */
  public int slot(String wanted) {
    Map<String, Integer> index = slotByName;
    if (index == null) {
      index = new HashMap<>();
      for (int i = 0; i < slotNames.length; i++) {
        index.put(slotNames[i], i);
      }
      slotByName = index;
    }
    Integer found = index.get(wanted);
    return found == null ? -1 : found;
  }

  /** Returns the name that the source gives it: without the type arguments of an instance. */
  public String sourceName() {
    int arguments = name.indexOf('<');
    return arguments < 0 ? name : name.substring(0, arguments);
  }

  @Override
  public String toString() {
    return name;
  }
}
