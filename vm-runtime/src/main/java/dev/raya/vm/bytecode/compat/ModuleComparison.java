package dev.raya.vm.bytecode.compat;

import dev.raya.vm.bytecode.ClassRef;
import dev.raya.vm.bytecode.RType.Property;
import dev.raya.vm.bytecode.ResolvedClass;
import dev.raya.vm.bytecode.Usability;
import dev.raya.vm.bytecode.compat.InterfaceChange.Impact;
import dev.raya.vm.bytecode.compat.Offer.Member;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares the offers of one module in two versions. */
final class ModuleComparison {
  private final String module;
  private final PackageInterface before;
  private final PackageInterface after;
  private final Usability usability;
  private final List<InterfaceChange> changes;

  /**
   * @param changes receives what differs
   */
  ModuleComparison(
      String module,
      PackageInterface before,
      PackageInterface after,
      Usability usability,
      List<InterfaceChange> changes) {
    this.module = module;
    this.before = before;
    this.after = after;
    this.usability = usability;
    this.changes = changes;
  }

  void compare(Map<String, Offer> was, Map<String, Offer> is) {
    TreeSet<String> names = new TreeSet<>(was.keySet());
    names.addAll(is.keySet());
    for (String name : names) {
      Offer older = was.get(name);
      Offer newer = is.get(name);
      if (older == null && newer != null) {
        add(Impact.ADDITION, name, "the " + newer.kind() + " is new");
      } else if (older != null && newer == null) {
        add(Impact.BREAKING, name, "the " + older.kind() + " is gone");
      } else if (older != null && newer != null) {
        compare(name, older, newer);
      }
    }
  }

  private void add(Impact impact, String item, String what) {
    changes.add(new InterfaceChange(impact, module, item, what));
  }

  private void differs(boolean breaking, String item, int was, int is) {
    String older = before.show(was);
    String newer = after.show(is);
    if (breaking) {
      add(
          Impact.BREAKING,
          item,
          older.equals(newer)
              ? "a type that " + older + " reaches changed"
              : "was " + older + ", is " + newer);
    } else if (!older.equals(newer)) {
      add(Impact.COMPATIBLE, item, "was " + older + ", is " + newer);
    }
  }

  private void compare(String name, Offer older, Offer newer) {
    switch (older) {
      case Offer.Function was when newer instanceof Offer.Function is -> functions(name, was, is);
      case Offer.Constant was when newer instanceof Offer.Constant is ->
          differs(!usability.canLoad(was.type(), is.type()), name, was.type(), is.type());
      case Offer.Type was when newer instanceof Offer.Type is -> types(name, was, is);
      case Offer.Class was when newer instanceof Offer.Class is -> classes(name, was, is);
      case Offer.Template was when newer instanceof Offer.Template is -> {
        if (!was.head().equals(is.head())) {
          add(
              Impact.BREAKING,
              name,
              "the generic declaration was\n" + was.head() + "\nand is\n" + is.head());
        }
      }
      case Offer.ReExport was when newer instanceof Offer.ReExport is -> {
        if (!was.equals(is)) {
          add(
              Impact.BREAKING,
              name,
              "was %s of %s, is %s of %s"
                  .formatted(was.name(), was.specifier(), is.name(), is.specifier()));
        }
      }
      case Offer.Function was -> kinds(name, older, newer);
      case Offer.Constant was -> kinds(name, older, newer);
      case Offer.Type was -> kinds(name, older, newer);
      case Offer.Class was -> kinds(name, older, newer);
      case Offer.Template was -> kinds(name, older, newer);
      case Offer.ReExport was -> kinds(name, older, newer);
    }
  }

  private void kinds(String name, Offer older, Offer newer) {
    add(Impact.BREAKING, name, "was a " + older.kind() + ", is a " + newer.kind());
  }

  private void types(String name, Offer.Type was, Offer.Type is) {
    List<Property> older = Usability.properties(before.type(was.type()));
    List<Property> newer = Usability.properties(after.type(is.type()));
    int reported = changes.size();
    if (older != null && newer != null) {
      properties(name, older, newer);
    }
    if (changes.size() == reported) {
      boolean fits =
          usability.canRead(was.type(), is.type()) && usability.canGive(was.type(), is.type());
      differs(!fits, name, was.type(), is.type());
    }
  }

  private void properties(String name, List<Property> was, List<Property> is) {
    Map<String, Property> older = new TreeMap<>();
    Map<String, Property> newer = new TreeMap<>();
    was.forEach(property -> older.put(property.name(), property));
    is.forEach(property -> newer.put(property.name(), property));
    TreeSet<String> names = new TreeSet<>(older.keySet());
    names.addAll(newer.keySet());
    for (String each : names) {
      String item = name + "." + each;
      Property before = older.get(each);
      Property after = newer.get(each);
      if (after == null) {
        add(Impact.BREAKING, item, "the property is gone");
      } else if (before == null) {
        add(
            after.optional() ? Impact.ADDITION : Impact.BREAKING,
            item,
            after.optional()
                ? "the optional property is new"
                : "a new property that values made so far lack");
      } else {
        property(item, before, after);
      }
    }
  }

  private void property(String item, Property was, Property is) {
    if (was.optional() != is.optional()) {
      add(
          Impact.BREAKING,
          item,
          is.optional() ? "the property became optional" : "the property became required");
    }
    if (was.readOnly() != is.readOnly()) {
      add(
          Impact.BREAKING,
          item,
          is.readOnly() ? "the property became readonly" : "the property is not readonly any more");
    }
    boolean fits =
        usability.canRead(was.type(), is.type()) && usability.canGive(was.type(), is.type());
    differs(!fits, item, was.type(), is.type());
  }

  private void functions(String item, Offer.Function was, Offer.Function is) {
    if (was.async() != is.async()) {
      add(
          Impact.BREAKING,
          item,
          is.async() ? "the function became async" : "the function is not async any more");
    }
    differs(!usability.canCall(was.type(), is.type()), item, was.type(), is.type());
  }

  private void classes(String name, Offer.Class was, Offer.Class is) {
    if (!was.isAbstract() && is.isAbstract()) {
      add(Impact.BREAKING, name, "the class became abstract");
    } else if (was.isAbstract() && !is.isAbstract()) {
      add(Impact.ADDITION, name, "the class is not abstract any more");
    }
    ancestors(name, was, is);
    constructors(name, was, is);
    TreeSet<String> members = new TreeSet<>(was.members().keySet());
    members.addAll(is.members().keySet());
    for (String member : members) {
      Member older = was.members().get(member);
      Member newer = is.members().get(member);
      String item = name + "." + member;
      if ((older == null || was.inherited().contains(member))
          && (newer == null || is.inherited().contains(member))) {
        continue; // told once, where it is declared
      }
      if (newer == null) {
        add(Impact.BREAKING, item, "the member is gone");
      } else if (older == null) {
        boolean open = newer instanceof Member.Method method && method.isAbstract();
        add(
            open ? Impact.BREAKING : Impact.ADDITION,
            item,
            open ? "a new abstract member that subclasses must define" : "the member is new");
      } else {
        members(item, older, newer);
      }
    }
  }

  private void members(String item, Member older, Member newer) {
    if (older.isProtected() != newer.isProtected()) {
      add(
          newer.isProtected() ? Impact.BREAKING : Impact.ADDITION,
          item,
          newer.isProtected() ? "the member became protected" : "the member became public");
    }
    switch (older) {
      case Member.Field was when newer instanceof Member.Field is -> fields(item, was, is);
      case Member.Method was when newer instanceof Member.Method is -> {
        if (was.isAbstract() != is.isAbstract()) {
          add(
              is.isAbstract() ? Impact.BREAKING : Impact.COMPATIBLE,
              item,
              is.isAbstract() ? "the method became abstract" : "the method has a body now");
        }
        functions(item, was.function(), is.function());
      }
      case Member.Field was -> add(Impact.BREAKING, item, "was a field, is a method");
      case Member.Method was -> add(Impact.BREAKING, item, "was a method, is a field");
    }
  }

  private void fields(String item, Member.Field was, Member.Field is) {
    if (was.readOnly() != is.readOnly()) {
      add(
          is.readOnly() ? Impact.BREAKING : Impact.COMPATIBLE,
          item,
          is.readOnly() ? "the field became readonly" : "the field is not readonly any more");
    }
    boolean fits =
        usability.canLoad(was.type(), is.type())
            && (was.readOnly() || usability.canStore(was.type(), is.type()));
    differs(!fits, item, was.type(), is.type());
  }

  private void constructors(String name, Offer.Class was, Offer.Class is) {
    String item = name + ".constructor";
    boolean had = was.constructor() != Offer.Class.NO_CONSTRUCTOR;
    boolean has = is.constructor() != Offer.Class.NO_CONSTRUCTOR;
    if (had && has) {
      functions(
          item,
          new Offer.Function(was.constructor(), false),
          new Offer.Function(is.constructor(), false));
    } else if (had) {
      add(Impact.BREAKING, item, "the constructor is gone");
    } else if (has) {
      add(Impact.ADDITION, item, "the constructor is new");
    }
  }

  /** A value must stay usable as everything its class derived from. */
  private void ancestors(String name, Offer.Class was, Offer.Class is) {
    TreeSet<String> now = new TreeSet<>();
    for (int at = is.ref(); at != ClassRef.NONE; at = after.resolve(at).parentRef()) {
      now.add(after.classKey(at));
    }
    ResolvedClass older = before.resolve(was.ref());
    for (int at = older.parentRef(); at != ClassRef.NONE; at = before.resolve(at).parentRef()) {
      if (before.isNamed(at) && !now.contains(before.classKey(at))) {
        add(Impact.BREAKING, name, "does not extend " + before.resolve(at).name() + " any more");
      }
    }
    if (older.isError() && !after.resolve(is.ref()).isError()) {
      add(Impact.BREAKING, name, "does not extend Error any more");
    }
  }
}
