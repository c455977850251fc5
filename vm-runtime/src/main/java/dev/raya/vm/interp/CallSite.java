package dev.raya.vm.interp;

import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.RClass;
import dev.raya.vm.value.RFunction;
import dev.raya.vm.value.Signature;
import org.jspecify.annotations.Nullable;

/**
 * A call whose target is found at run time: through a vtable, by name, or a closure (vm.md 3.5,
 * 3.6). It holds what the code expects, the inline cache, and the adaptations of targets of another
 * physical form. Caches are plain arrays written by the one worker that runs the context.
 */
final class CallSite {
  /** Classes kept before a site is megamorphic and asks the class's own table of names. */
  private static final int POLYMORPHIC = 4;

  /** How arguments and result of one target differ from what a site passes and expects. */
  record Form(RFunction target, Adaptation[] arguments, Adaptation result) {}

  /** What a class has under the site's name: a method, or a field that holds a closure. */
  record Member(RClass cls, @Nullable RFunction method, int field) {}

  /** The name of the method or property, for look-up and the text of a NullAccess. */
  final String name;

  /** The function type that the code was checked against. */
  final LinkedType type;

  final Signature signature;

  /** The vtable slot, −1 for calls by name and of closures. */
  final int slot;

  private final Member[] members = new Member[POLYMORPHIC];
  private int memberCount;
  private @Nullable Form lastForm;
  private Form[] forms = new Form[0];

  CallSite(String name, LinkedType type, Signature signature, int slot) {
    this.name = name;
    this.type = type;
    this.signature = signature;
    this.slot = slot;
  }

  /** Returns the member of a class that the site's name means, or null if there is none. */
  @Nullable Member member(RClass cls) {
    for (int i = 0; i < memberCount; i++) {
      Member m = members[i];
      if (m.cls == cls) {
        return m;
      }
    }
    RFunction method = cls.method(name);
    Member found = method != null ? new Member(cls, method, -1) : null;
    if (found == null) {
      int field = cls.field(name);
      if (field < 0) {
        return null;
      }
      found = new Member(cls, null, field);
    }
    if (memberCount < POLYMORPHIC) {
      members[memberCount++] = found;
    }
    return found;
  }

  /** Returns how a target of another signature is called from here. */
  Form form(RFunction target) {
    Form last = lastForm;
    if (last != null && last.target == target) {
      return last;
    }
    for (Form f : forms) {
      if (f.target == target) {
        lastForm = f;
        return f;
      }
    }
    int n = Math.min(type.parts.length, target.type.parts.length);
    Adaptation[] arguments = new Adaptation[n];
    for (int i = 0; i < n; i++) {
      arguments[i] = Adaptation.of(type.parts[i], target.type.parts[i]);
    }
    Form made =
        new Form(target, arguments, Adaptation.of(target.type.resultType(), type.resultType()));
    if (forms.length < 64) {
      forms = java.util.Arrays.copyOf(forms, forms.length + 1);
      forms[forms.length - 1] = made;
    }
    lastForm = made;
    return made;
  }
}
