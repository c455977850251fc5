package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.TypeNode;
import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Relations;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.Unions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of the checker that chooses among the forms of a member of the library. It has one name
 * for those who write programs and one declaration for each form in the library's sources, the
 * plain one under its name, others as {@code name$Form} ({@link Library#forms}). A form is taken
 * where the parameters in which it differs from the plain one ask for what is given: an instance of
 * a class, a function, or a function that proves something of its argument. Of several the last
 * declared is.
 */
abstract sealed class Overloads extends TypeArguments permits LibraryCalls {
  Overloads(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  /** The form of a member of the library for what is given, or null if that is the plain one. */
  final Members.@Nullable Member overload(
      Expression.Call c, Members.Member plain, Type receiver, @Nullable Type expected) {
    if (!(plain.origin() instanceof Members.Method m)
        || !c.typeArguments().isEmpty()
        || c.arguments().isEmpty()) {
      return null;
    }
    List<String> names = library.forms(m.method());
    Type host = names.isEmpty() ? null : library.host(Relations.constraintOf(receiver));
    if (host == null) {
      return null;
    }
    @Nullable Type[] own = new Type[c.arguments().size()];
    for (String name : names.reversed()) {
      Members.Member form = Members.find(host, name);
      if (form != null
          && form.type() instanceof Type.Function f
          && plain.type() instanceof Type.Function p
          && isFor(f, p, c.arguments(), own)
          && !isPreferred(p.result(), f.result(), expected)) {
        return form;
      }
    }
    return null;
  }

  /**
   * Whether exactly what the plain form gives is expected, and another one gives something else.
   */
  private static boolean isPreferred(Type plain, Type form, @Nullable Type expected) {
    return expected != null
        && !Relations.same(plain, form)
        && Unions.members(expected).stream().anyMatch(m -> Relations.same(m, plain));
  }

  /** Whether a form asks for what is given, where it asks for something else than the plain one. */
  private boolean isFor(
      Type.Function form,
      Type.Function plain,
      List<Expression.Element> arguments,
      @Nullable Type[] own) {
    boolean differs = false;
    for (int i = 0; i < Math.min(form.parameters().size(), arguments.size()); i++) {
      Type wanted = form.parameters().get(i).type();
      if (wanted.equals(plain.parameters().get(i).type())) {
        continue;
      }
      if (arguments.get(i).spread() || !asksFor(wanted, arguments.get(i).value(), own, i)) {
        return false;
      }
      differs = true;
    }
    return differs;
  }

  private boolean asksFor(Type wanted, Expression e, @Nullable Type[] own, int i) {
    if (wanted instanceof Type.Function f && genericNamed(e) != null) {
      // Which instance is meant follows from what it is given here.
      Type.Function plain = new Type.Function(List.of(), f.parameters(), f.result(), null);
      own[i] = typeOnTrial(e, plain);
    }
    if (strip(e) instanceof Expression.StringLiteral) {
      return false;
    }
    if (!(wanted instanceof Type.Function f)) {
      return !(strip(e) instanceof Expression.Function)
          && Relations.isSubtype(typeOf(e, own, i), wanted);
    }
    if (f.predicate() == null) {
      return strip(e) instanceof Expression.Function || typeOf(e, own, i) instanceof Type.Function;
    }
    Type proved = proved(e, f.predicate().parameter(), own, i);
    return proved != null
        && Relations.isSubtype(proved, f.parameters().get(f.predicate().parameter()).type());
  }

  /** What a function proves of its parameter at an index, if it is one that does. */
  private @Nullable Type proved(Expression e, int parameter, @Nullable Type[] own, int i) {
    if (strip(e) instanceof Expression.Function f) {
      return f.function().result() instanceof TypeNode.PredicateForm p ? typeOf(p) : null;
    }
    return typeOf(e, own, i) instanceof Type.Function given
            && given.predicate() != null
            && given.predicate().parameter() == parameter
        ? given.predicate().type()
        : null;
  }

  /** What a predicate proves; what is wrong with it is reported where its function is checked. */
  private Type typeOf(TypeNode.PredicateForm p) {
    int errors = diagnostics.size();
    Type type = readType(p.type());
    diagnostics.truncate(errors);
    return type;
  }

  /** The type an argument has by itself, found once; nothing is reported or flows from it. */
  private Type typeOf(Expression e, @Nullable Type[] own, int i) {
    Type known = own[i];
    if (known == null) {
      known = typeOnTrial(e, null);
      own[i] = known;
    }
    return known;
  }
}
