package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.tree.Callee;
import dev.raya.compiler.tree.Conversion;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.Iteration;
import dev.raya.compiler.types.Jsonable;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.StructureSymbol;
import dev.raya.compiler.types.Type;
import dev.raya.vm.regexp.Regex;
import dev.raya.vm.regexp.RegexSyntaxException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of the checker for {@code json} (language.md 13) and regular expressions (1.4). */
abstract sealed class JsonValues extends Literals permits ArgumentPassing {
  private static final Type JSON = Type.Primitive.JSON;

  JsonValues(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  /** A function that only the compiler calls. */
  final Expr jsonFunction(Span span, String name, Type result, Expr... arguments) {
    return new Expr.Call(
        span,
        new Callee.Builtin(
            Library.JSON_FUNCTIONS + "." + name, library.jsonFunction(name), List.of(), List.of()),
        null,
        List.of(arguments),
        null,
        result);
  }

  @Override
  final Expr jsonMember(Span span, Expr object, Expr key) {
    return jsonFunction(
        span,
        "member",
        JSON,
        object,
        convert(key, Type.Primitive.STRING, span, DiagnosticCode.E0301));
  }

  // ---- casts ----

  @Override
  final Expr jsonCast(Span span, Expr value, Type target) {
    return decodable(target, span)
        ? new Expr.Convert(span, Conversion.JSON_CAST, value, target)
        : invalid(span);
  }

  private record Cast(Type target, Span span) {}

  private final List<Cast> casts = new ArrayList<>();

  /** Looks at casts again, when it is known which classes use variables around them. */
  final void checkCasts() {
    for (Cast c : List.copyOf(casts)) {
      if (!diagnostics.isReported(DiagnosticCode.E0337, c.span())) {
        decodable(c.target(), c.span());
      }
    }
  }

  /** Whether a type can be made from JSON; reports if not. */
  final boolean decodable(Type target, Span span) {
    casts.add(new Cast(target, span));
    return possible(Jsonable.notDecodable(target), target, span, "made from JSON");
  }

  /** Whether a type can be written to JSON; reports if not. */
  final boolean encodable(Type target, Span span) {
    return possible(Jsonable.notEncodable(target), target, span, "written to JSON");
  }

  private boolean possible(@Nullable Type fault, Type target, Span span, String what) {
    if (fault == null || isInvalid(fault)) {
      return true;
    }
    error(
        DiagnosticCode.E0337,
        span,
        "a value of type '"
            + show(target)
            + "' cannot be "
            + what
            + (fault.equals(target) ? "" : ", because of '" + show(fault) + "'"));
    return false;
  }

  // ---- literals ----

  @Override
  final Expr jsonArray(Expression.ArrayLiteral a) {
    List<Expr.Element> elements = new ArrayList<>();
    boolean failed = false;
    for (Expression.Element e : a.elements()) {
      Expr value = e.spread() ? spread(e.value()) : jsonValue(e.value());
      failed |= isInvalid(value.type());
      elements.add(
          e.spread()
              ? new Expr.Element(iterated(value), Iteration.ARRAY)
              : new Expr.Element(value, null));
    }
    return failed
        ? invalid(a.span())
        : toJson(new Expr.ArrayLiteral(a.span(), elements, new Type.Array(JSON, false)));
  }

  @Override
  final Expr jsonObject(Expression.ObjectLiteral o) {
    Expr whole = null;
    List<Expr.Property> pending = new ArrayList<>();
    boolean failed = false;
    for (Expression.Property p : o.properties()) {
      switch (p) {
        case Expression.ValueProperty v -> {
          if (pending.stream().anyMatch(x -> x.name().equals(v.name().text()))) {
            error(
                DiagnosticCode.E0202, v.name().span(), "'" + v.name().text() + "' is given twice");
            failed = true;
          }
          Expr value = jsonValue(v.value());
          failed |= isInvalid(value.type());
          pending.add(new Expr.Property(v.name().text(), value));
        }
        case Expression.SpreadProperty s -> {
          Expr value = spread(s.value());
          failed |= isInvalid(value.type());
          if (whole != null || !pending.isEmpty()) {
            whole = joined(o.span(), whole, pending);
            pending = new ArrayList<>();
          }
          whole =
              whole == null
                  ? jsonFunction(s.span(), "merge", JSON, value, group(s.span(), List.of()))
                  : jsonFunction(s.span(), "merge", JSON, whole, value);
        }
        case Expression.MethodProperty m -> {
          error(DiagnosticCode.E0301, m.name().span(), "a 'json' object has no methods");
          failed = true;
        }
      }
    }
    if (failed) {
      return invalid(o.span());
    }
    return whole != null && pending.isEmpty() ? whole : joined(o.span(), whole, pending);
  }

  private Expr joined(Span span, @Nullable Expr before, List<Expr.Property> properties) {
    Expr group = group(span, properties);
    return before == null ? group : jsonFunction(span, "merge", JSON, before, group);
  }

  private Expr group(Span span, List<Expr.Property> properties) {
    List<StructureSymbol.Property> declared = new ArrayList<>();
    for (Expr.Property p : properties) {
      declared.add(new StructureSymbol.Property(p.name(), JSON, false, false, false, span));
    }
    return toJson(
        new Expr.ObjectLiteral(
            span, properties, structure(StructureSymbol.Kind.LITERAL, span, () -> declared), null));
  }

  private static Expr toJson(Expr value) {
    return new Expr.Convert(value.span(), Conversion.TO_JSON, value, JSON);
  }

  private Expr jsonValue(Expression e) {
    return convert(value(e, JSON), JSON, e.span(), DiagnosticCode.E0301);
  }

  /** What is spread into a json literal: json, or what can be written as such. */
  private Expr spread(Expression e) {
    Expr value = value(e, null);
    if (isInvalid(value.type()) || value.type() == JSON) {
      return value;
    }
    return encodable(value.type(), e.span()) ? toJson(value) : invalid(e.span());
  }

  @Override
  final Expr iterated(Expr subject) {
    return subject.type() == JSON
        ? jsonFunction(subject.span(), "elements", new Type.Array(JSON, false), subject)
        : subject;
  }

  // ---- regular expressions ----

  @Override
  final Expr regularExpression(Expression.RegExp r) {
    try {
      Regex.compile(r.pattern(), knownFlags(r.flags()));
    } catch (RegexSyntaxException e) {
      error(DiagnosticCode.E0011, r.span(), "invalid regular expression: " + e.reason());
      return invalid(r.span());
    }
    return new Expr.Call(
        r.span(),
        new Callee.Builtin("RegExp.constructor", library.regExpConstructor(), List.of(), List.of()),
        null,
        List.of(
            new Expr.Str(r.span(), r.pattern(), Type.Primitive.STRING),
            new Expr.Str(r.span(), r.flags(), Type.Primitive.STRING)),
        null,
        library.regExp());
  }

  /** Flags that are wrong were reported when the literal was read. */
  private static String knownFlags(String flags) {
    StringBuilder known = new StringBuilder();
    for (int i = 0; i < flags.length(); i++) {
      char flag = flags.charAt(i);
      if ("gimsu".indexOf(flag) >= 0 && known.indexOf(String.valueOf(flag)) < 0) {
        known.append(flag);
      }
    }
    return known.toString();
  }
}
