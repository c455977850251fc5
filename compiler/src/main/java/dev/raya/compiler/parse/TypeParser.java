package dev.raya.compiler.parse;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.FunctionSyntax;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Pattern;
import dev.raya.compiler.syntax.TypeNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of the parser for types, language.md 2 "types". */
abstract sealed class TypeParser extends TokenCursor permits ExpressionParser {
  TypeParser(SourceFile file, List<Token> tokens, Diagnostics diagnostics) {
    super(file, tokens, diagnostics);
  }

  final TypeNode type() {
    enter();
    try {
      TypeNode type = startsFunctionType() ? functionType() : unionType();
      if (at("extends") && !peek().lineBreakBefore()) {
        throw error(DiagnosticCode.E0126, span(peek()), "conditional types are not supported");
      }
      return type;
    } finally {
      leave();
    }
  }

  /**
   * Whether a parenthesis starts a function type. As in TypeScript what follows it decides first:
   * in {@code (a: int): (int | null) => a} the second one holds the result of an arrow function.
   */
  private boolean startsFunctionType() {
    if (at("<")) {
      return true;
    }
    if (!at("(")) {
      return false;
    }
    Token second = peek(1);
    Token third = peek(2);
    boolean name = second.kind() == Token.Kind.IDENTIFIER || second.is("this");
    if (name && !third.is(":") && !third.is("?") && !third.is(",") && !third.is(")")) {
      return false;
    }
    int after = second.is("(") || second.is("null") ? -1 : afterMatching(index);
    return after > 0 && tokenAt(after).is("=>");
  }

  private TypeNode functionType() {
    Token first = peek();
    List<TypeNode.Parameter> typeParameters = typeParameters();
    List<FunctionSyntax.Parameter> parameters = typeOnlyParameters();
    expect("=>");
    TypeNode result = returnType();
    return new TypeNode.FunctionForm(
        since(first),
        new FunctionSyntax(since(first), false, false, typeParameters, parameters, result, null));
  }

  /** A return type: a type or a predicate. */
  final TypeNode returnType() {
    Token first = peek();
    if ((first.kind() == Token.Kind.IDENTIFIER || first.is("this"))
        && peek(1).isName("is")
        && !peek(1).lineBreakBefore()) {
      Name parameter = expectWord();
      take();
      TypeNode type = type();
      return new TypeNode.PredicateForm(since(first), parameter, type);
    }
    if (first.isName("asserts") && peek(1).kind() == Token.Kind.IDENTIFIER) {
      throw error(DiagnosticCode.E0126, span(first), "assertion predicates are not supported");
    }
    return type();
  }

  /** Parameters of a function type or a method of an object type: no patterns, no defaults. */
  private List<FunctionSyntax.Parameter> typeOnlyParameters() {
    Token open = expect("(");
    List<FunctionSyntax.Parameter> parameters = new ArrayList<>();
    while (!at(")")) {
      Token first = peek();
      boolean rest = accept("...");
      Name name = first.is("this") ? expectWord() : expectName();
      boolean optional = accept("?");
      TypeNode annotation = null;
      if (accept(":")) {
        annotation = type();
      } else {
        diagnostics.add(
            DiagnosticCode.E0309, name.span(), "parameter '" + name.text() + "' needs a type");
      }
      parameters.add(
          new FunctionSyntax.Parameter(
              since(first),
              List.of(),
              new Pattern.Identifier(name),
              optional,
              rest,
              annotation,
              null));
      if (!accept(",")) {
        break;
      }
    }
    expectClose(")", open);
    checkParameterOrder(parameters);
    return parameters;
  }

  final void checkParameterOrder(List<FunctionSyntax.Parameter> parameters) {
    boolean optionalSeen = false;
    for (int i = 0; i < parameters.size(); i++) {
      FunctionSyntax.Parameter p = parameters.get(i);
      if (p.rest()) {
        if (i < parameters.size() - 1) {
          diagnostics.add(DiagnosticCode.E0120, p.span(), "a rest parameter must be the last one");
        }
      } else if (p.optional() || p.defaultValue() != null) {
        optionalSeen = true;
      } else if (optionalSeen) {
        diagnostics.add(
            DiagnosticCode.E0120, p.span(), "a required parameter cannot follow an optional one");
      }
    }
  }

  private TypeNode unionType() {
    Token first = peek();
    accept("|");
    TypeNode only = intersectionType();
    if (!at("|")) {
      return only;
    }
    List<TypeNode> members = new ArrayList<>();
    members.add(only);
    while (accept("|")) {
      if (startsFunctionType()) {
        diagnostics.add(
            DiagnosticCode.E0101, span(peek()), "a function type in a union needs parentheses");
        members.add(functionType());
      } else {
        members.add(intersectionType());
      }
    }
    return new TypeNode.UnionForm(since(first), members);
  }

  private TypeNode intersectionType() {
    Token first = peek();
    accept("&");
    TypeNode only = postfixType();
    if (!at("&")) {
      return only;
    }
    List<TypeNode> members = new ArrayList<>();
    members.add(only);
    while (accept("&")) {
      members.add(postfixType());
    }
    return new TypeNode.IntersectionForm(since(first), members);
  }

  private TypeNode postfixType() {
    Token first = peek();
    boolean readonly = false;
    if (first.isName("readonly") && startsType(peek(1))) {
      take();
      readonly = true;
    }
    TypeNode type = primaryType();
    boolean applied = false;
    int levels = 0;
    while (at("[") && !peek().lineBreakBefore()) {
      Token open = take();
      if (!at("]")) {
        throw error(DiagnosticCode.E0126, span(open), "indexed access types are not supported");
      }
      if (++levels > MAX_DEPTH) {
        throw error(
            DiagnosticCode.E0128, span(open), "nested deeper than " + MAX_DEPTH + " levels");
      }
      expectClose("]", open);
      // readonly binds to the outermost array: it is moved outward as brackets follow.
      if (applied && type instanceof TypeNode.ArrayForm inner) {
        type = new TypeNode.ArrayForm(inner.span(), inner.element(), false);
      }
      type = new TypeNode.ArrayForm(since(first), type, readonly);
      applied = readonly;
    }
    if (readonly && !applied) {
      if (type instanceof TypeNode.TupleForm tuple) {
        return new TypeNode.TupleForm(since(first), tuple.elements(), true);
      }
      throw error(
          DiagnosticCode.E0126, span(first), "'readonly' stands before array and tuple types only");
    }
    return type;
  }

  private static boolean startsType(Token t) {
    return t.kind() == Token.Kind.IDENTIFIER
        || t.kind() == Token.Kind.NUMBER
        || t.kind() == Token.Kind.STRING
        || t.is("[")
        || t.is("{")
        || t.is("(")
        || t.is("null")
        || t.is("true")
        || t.is("false")
        || t.is("-")
        || t.is("void");
  }

  private TypeNode primaryType() {
    Token t = peek();
    switch (t.kind()) {
      case NUMBER -> {
        take();
        return numberType(span(t), t, false);
      }
      case STRING -> {
        take();
        return new TypeNode.LiteralForm(span(t), t.text());
      }
      case TEMPLATE, TEMPLATE_HEAD ->
          throw error(DiagnosticCode.E0126, span(t), "template literal types are not supported");
      case IDENTIFIER -> {
        if ((t.text().equals("keyof") || t.text().equals("unique") || t.text().equals("infer"))
            && (peek(1).kind() == Token.Kind.IDENTIFIER
                || peek(1).is("{")
                || peek(1).is("(")
                || peek(1).is("typeof"))) {
          throw error(DiagnosticCode.E0126, span(t), "'" + t.text() + "' types are not supported");
        }
        return reference();
      }
      case WORD -> {
        return wordType(t);
      }
      case PUNCTUATOR -> {
        return punctuatedType(t);
      }
      default -> throw unexpected("a type");
    }
  }

  private TypeNode numberType(Span span, Token t, boolean negative) {
    if (!t.integral() || !negative && t.number() > Integer.MAX_VALUE) {
      diagnostics.add(
          DiagnosticCode.E0126, span, "a number literal type must be an integer within int");
      return new TypeNode.Invalid(span);
    }
    return new TypeNode.LiteralForm(span, (int) (negative ? -t.number() : t.number()));
  }

  private TypeNode wordType(Token t) {
    switch (t.text()) {
      case "null" -> {
        take();
        return new TypeNode.NullForm(span(t));
      }
      case "void" -> {
        take();
        return new TypeNode.VoidForm(span(t));
      }
      case "true", "false" -> {
        take();
        return new TypeNode.LiteralForm(span(t), t.text().equals("true"));
      }
      case "typeof" ->
          throw error(
              DiagnosticCode.E0126, span(t), "'typeof' in a type is not supported; name the type");
      case "this" -> throw error(DiagnosticCode.E0126, span(t), "the type 'this' is not supported");
      case "import" -> throw error(DiagnosticCode.E0126, span(t), "import types are not supported");
      case "new" ->
          throw error(DiagnosticCode.E0126, span(t), "constructor types are not supported");
      default -> throw unexpected("a type");
    }
  }

  private TypeNode punctuatedType(Token t) {
    switch (t.text()) {
      case "-" -> {
        take();
        Token number = peek();
        if (number.kind() != Token.Kind.NUMBER) {
          throw unexpected("a number");
        }
        take();
        return numberType(since(t), number, true);
      }
      case "(" -> {
        take();
        TypeNode inner = type();
        expectClose(")", t);
        return inner;
      }
      case "[" -> {
        return tupleType();
      }
      case "{" -> {
        return objectType();
      }
      default -> throw unexpected("a type");
    }
  }

  private TypeNode tupleType() {
    Token open = expect("[");
    List<TypeNode> elements = new ArrayList<>();
    while (!at("]")) {
      if (at("...")) {
        throw error(
            DiagnosticCode.E0126, span(peek()), "rest elements in tuple types are not supported");
      }
      if (peek().kind() == Token.Kind.IDENTIFIER && peek(1).is(":")) {
        take();
        take();
      }
      elements.add(type());
      if (at("?")) {
        throw error(
            DiagnosticCode.E0126, span(peek()), "optional tuple elements are not supported");
      }
      if (!accept(",")) {
        break;
      }
    }
    expectClose("]", open);
    return new TypeNode.TupleForm(since(open), elements, false);
  }

  final TypeNode.Reference reference() {
    Token first = peek();
    List<Name> path = new ArrayList<>();
    path.add(expectName());
    while (at(".")) {
      take();
      path.add(expectWord());
    }
    List<TypeNode> arguments = at("<") ? typeArguments() : List.of();
    return new TypeNode.Reference(since(first), path, arguments);
  }

  /** {@code <A, B>}. */
  final List<TypeNode> typeArguments() {
    expect("<");
    List<TypeNode> arguments = new ArrayList<>();
    do {
      arguments.add(type());
    } while (accept(",") && !at(">"));
    expect(">");
    return arguments;
  }

  /** {@code <T extends C = D>}, or nothing. */
  final List<TypeNode.Parameter> typeParameters() {
    List<TypeNode.Parameter> parameters = new ArrayList<>();
    if (!accept("<")) {
      return parameters;
    }
    do {
      Token first = peek();
      Name name = expectName();
      TypeNode constraint = accept("extends") ? type() : null;
      TypeNode defaultType = accept("=") ? type() : null;
      parameters.add(new TypeNode.Parameter(since(first), name, constraint, defaultType));
    } while (accept(",") && !at(">"));
    expect(">");
    return parameters;
  }

  final TypeNode.ObjectForm objectType() {
    Token open = expect("{");
    List<TypeNode.Member> members = new ArrayList<>();
    while (!at("}")) {
      members.add(typeMember());
      if (!accept(";") && !accept(",")) {
        if (at("}") || atEnd()) {
          break;
        }
        if (!peek().lineBreakBefore()) {
          throw unexpected("';' or '}'");
        }
        expectSemicolon();
      }
    }
    expectClose("}", open);
    return new TypeNode.ObjectForm(since(open), members);
  }

  private TypeNode.Member typeMember() {
    Token first = peek();
    if (first.is("[")) {
      throw error(
          DiagnosticCode.E0126,
          span(first),
          "index signatures and computed names are not supported");
    }
    if (first.is("(") || first.is("<") || first.is("new") && peek(1).is("(")) {
      throw error(
          DiagnosticCode.E0126, span(first), "call and construct signatures are not supported");
    }
    boolean readonly = false;
    if (first.isName("readonly") && !endsMemberName(peek(1))) {
      take();
      readonly = true;
    }
    Name name = propertyName();
    boolean optional = accept("?");
    if (at("(") || at("<")) {
      Token start = peek();
      List<TypeNode.Parameter> typeParameters = typeParameters();
      List<FunctionSyntax.Parameter> parameters = typeOnlyParameters();
      TypeNode result = accept(":") ? returnType() : new TypeNode.VoidForm(since(start).atEnd());
      FunctionSyntax signature =
          new FunctionSyntax(since(start), false, false, typeParameters, parameters, result, null);
      return new TypeNode.Member(
          since(first),
          name,
          true,
          optional,
          true,
          new TypeNode.FunctionForm(since(start), signature),
          first.doc());
    }
    expect(":");
    TypeNode type = type();
    return new TypeNode.Member(since(first), name, readonly, optional, false, type, first.doc());
  }

  static boolean endsMemberName(Token t) {
    return t.is(":")
        || t.is("?")
        || t.is("(")
        || t.is("<")
        || t.is(";")
        || t.is("=")
        || t.is("}")
        || t.is(",")
        || t.kind() == Token.Kind.END;
  }

  /** A property name: any word, a string or a number. */
  final Name propertyName() {
    Token t = peek();
    if (t.kind() == Token.Kind.STRING) {
      take();
      return new Name(span(t), t.text());
    }
    if (t.kind() == Token.Kind.NUMBER) {
      take();
      return new Name(span(t), NumberNames.name(t.number()));
    }
    return expectWord();
  }

  /** Whether type arguments followed by an opening parenthesis start here, at a {@code <}. */
  final boolean startsTypeArguments() {
    int depth = 0;
    int limit = index + 400;
    for (int i = index; i < limit; ) {
      Token t = tokenAt(i);
      switch (t.kind()) {
        case IDENTIFIER, NUMBER, STRING -> i++;
        case WORD -> {
          if (!t.is("null") && !t.is("void") && !t.is("true") && !t.is("false")) {
            return false;
          }
          i++;
        }
        case PUNCTUATOR -> {
          switch (t.text()) {
            case "<" -> {
              depth++;
              i++;
            }
            case ">" -> {
              depth--;
              i++;
              if (depth == 0) {
                return tokenAt(i).is("(");
              }
            }
            case ",", ".", "|", "&", "=>", "-", "?", ":" -> i++;
            case "(", "[", "{" -> {
              i = afterMatching(i);
              if (i < 0) {
                return false;
              }
            }
            default -> {
              return false;
            }
          }
        }
        default -> {
          return false;
        }
      }
    }
    return false;
  }

  /** A trial parse of a type: whether one stands at an index and where it ends, or -1. */
  final int typeEndsAt(int start) {
    int saved = index;
    int errors = diagnostics.size();
    int level = depth();
    index = start;
    @Nullable TypeNode parsed = null;
    try {
      parsed = returnType();
    } catch (Abandoned e) {
      restoreDepth(level);
    }
    int end = index;
    boolean clean = diagnostics.size() == errors;
    diagnostics.truncate(errors);
    index = saved;
    return parsed != null && clean ? end : -1;
  }
}
