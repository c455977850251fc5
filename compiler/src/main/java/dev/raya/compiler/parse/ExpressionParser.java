package dev.raya.compiler.parse;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.BinaryOperator;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.FunctionSyntax;
import dev.raya.compiler.syntax.Modifier;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Pattern;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.syntax.TypeNode;
import dev.raya.compiler.syntax.UnaryOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The part of the parser for expressions and functions, language.md 2 "expressions" and 5.1. */
abstract sealed class ExpressionParser extends TypeParser permits Parser {
  /** How long a chain of left-associative operators or suffixes may be. */
  static final int MAX_CHAIN = 1500;

  private static final Map<String, BinaryOperator> ASSIGNMENTS =
      Map.ofEntries(
          Map.entry("+=", BinaryOperator.ADD),
          Map.entry("-=", BinaryOperator.SUBTRACT),
          Map.entry("*=", BinaryOperator.MULTIPLY),
          Map.entry("/=", BinaryOperator.DIVIDE),
          Map.entry("%=", BinaryOperator.REMAINDER),
          Map.entry("**=", BinaryOperator.POWER),
          Map.entry("&=", BinaryOperator.BIT_AND),
          Map.entry("|=", BinaryOperator.BIT_OR),
          Map.entry("^=", BinaryOperator.BIT_XOR),
          Map.entry("<<=", BinaryOperator.SHIFT_LEFT),
          Map.entry(">>=", BinaryOperator.SHIFT_RIGHT),
          Map.entry(">>>=", BinaryOperator.SHIFT_RIGHT_UNSIGNED),
          Map.entry("&&=", BinaryOperator.AND),
          Map.entry("||=", BinaryOperator.OR),
          Map.entry("??=", BinaryOperator.COALESCE));

  /** A binary operator with its binding strength and the number of tokens it is made of. */
  private record Infix(BinaryOperator operator, int strength, int tokens) {}

  /** Set while the middle of {@code ?:} is parsed: a colon there does not start a result type. */
  private boolean inThen;

  ExpressionParser(SourceFile file, List<Token> tokens, Diagnostics diagnostics) {
    super(file, tokens, diagnostics);
  }

  abstract Statement.Block block();

  abstract Statement.Class classAfterKeyword(
      Token first, boolean isAbstract, Name name, @Nullable String doc);

  // ---- from the loosest ----

  final Expression expression() {
    Expression first = assign();
    if (at(",")) {
      List<Expression> all = new ArrayList<>(List.of(first));
      Token comma = peek();
      while (accept(",")) {
        all.add(assign());
      }
      diagnostics.add(
          DiagnosticCode.E0113, span(comma), "the comma operator is banned outside for-headers");
      return new Expression.Comma(since(first.span()), all);
    }
    return first;
  }

  /** As {@link #expression}, but commas are legal: in the header of a for loop. */
  final Expression headerExpression() {
    Expression first = assign();
    if (!at(",")) {
      return first;
    }
    List<Expression> all = new ArrayList<>(List.of(first));
    while (accept(",")) {
      all.add(assign());
    }
    return new Expression.Comma(since(first.span()), all);
  }

  final Expression assign() {
    enter();
    try {
      return assignUnbounded();
    } finally {
      leave();
    }
  }

  private Expression assignUnbounded() {
    Token first = peek();
    Expression arrow = arrowFunction();
    if (arrow != null) {
      return arrow;
    }
    if (first.is("yield")) {
      throw error(DiagnosticCode.E0112, span(first), "generators are not supported");
    }
    Expression left = conditional();
    String operator = assignmentOperator();
    if (operator == null) {
      return left;
    }
    Token sign = peek();
    for (int i = 0; i < assignmentTokens(operator); i++) {
      take();
    }
    BinaryOperator binary = ASSIGNMENTS.get(operator);
    checkTarget(left, binary != null, span(sign));
    Expression value = assign();
    return new Expression.Assign(since(first), left, binary, value);
  }

  private void checkTarget(Expression target, boolean compound, Span sign) {
    switch (target) {
      case Expression.Identifier _, Expression.Index _, Expression.Member _ -> {
        if (isOptionalChain(target)) {
          diagnostics.add(
              DiagnosticCode.E0117, target.span(), "an optional chain cannot be assigned");
        }
      }
      case Expression.Invalid _ -> {}
      case Expression.Parenthesized p
          when !(p.inner() instanceof Expression.ArrayLiteral
              || p.inner() instanceof Expression.ObjectLiteral) ->
          checkTarget(p.inner(), compound, sign);
      case Expression.ArrayLiteral _, Expression.ObjectLiteral _ when !compound -> {}
      default -> diagnostics.add(DiagnosticCode.E0117, target.span(), "this cannot be assigned");
    }
  }

  private static boolean isOptionalChain(Expression e) {
    while (true) {
      switch (e) {
        case Expression.Member m -> {
          if (m.optional()) {
            return true;
          }
          e = m.object();
        }
        case Expression.Index i -> {
          if (i.optional()) {
            return true;
          }
          e = i.object();
        }
        case Expression.Call c -> {
          if (c.optional()) {
            return true;
          }
          e = c.callee();
        }
        default -> {
          return false;
        }
      }
    }
  }

  private @Nullable String assignmentOperator() {
    Token t = peek();
    if (t.kind() != Token.Kind.PUNCTUATOR) {
      return null;
    }
    if (t.text().equals("=") || ASSIGNMENTS.containsKey(t.text())) {
      return t.text();
    }
    if (t.text().equals(">") && adjacent(index) && peek(1).is(">") && adjacent(index + 1)) {
      if (peek(2).is("=")) {
        return ">>=";
      }
      if (peek(2).is(">") && adjacent(index + 2) && peek(3).is("=")) {
        return ">>>=";
      }
    }
    return null;
  }

  private static int assignmentTokens(String operator) {
    return operator.startsWith(">") ? operator.length() : 1;
  }

  private Expression conditional() {
    Token first = peek();
    Expression condition = binary(0);
    if (!at("?")) {
      return condition;
    }
    take();
    boolean outer = inThen;
    inThen = true;
    Expression then = assign();
    inThen = outer;
    expect(":");
    Expression otherwise = assign();
    return new Expression.Conditional(since(first), condition, then, otherwise);
  }

  // ---- binary operators ----

  private Expression binary(int minimum) {
    Token first = peek();
    Expression left = unary();
    int chain = 0;
    while (true) {
      if (peek().isName("as") && minimum <= 8) {
        left = as(first, left);
        checkChain(++chain);
        continue;
      }
      Expression banned = bannedOperator(first, left);
      if (banned != null) {
        left = banned;
        checkChain(++chain);
        continue;
      }
      Infix infix = infix();
      if (infix == null || infix.strength < minimum) {
        return left;
      }
      checkChain(++chain);
      Token sign = peek();
      for (int i = 0; i < infix.tokens; i++) {
        take();
      }
      Span signSpan = since(sign);
      if (infix.operator == BinaryOperator.POWER && isBareUnary(left)) {
        diagnostics.add(
            DiagnosticCode.E0116, left.span(), "a unary operator left of '**' needs parentheses");
      }
      Expression right =
          infix.operator == BinaryOperator.POWER
              ? nested(infix.strength)
              : binary(infix.strength + 1);
      checkMixing(infix.operator, left, right, signSpan);
      left = new Expression.Binary(since(first), infix.operator, signSpan, left, right);
    }
  }

  private Expression nested(int minimum) {
    enter();
    try {
      return binary(minimum);
    } finally {
      leave();
    }
  }

  private void checkChain(int length) {
    if (length > MAX_CHAIN) {
      throw error(
          DiagnosticCode.E0128, span(peek()), "more than " + MAX_CHAIN + " operators in a row");
    }
  }

  private static boolean isBareUnary(Expression e) {
    return e instanceof Expression.Unary || e instanceof Expression.Step s && s.prefix();
  }

  private void checkMixing(BinaryOperator operator, Expression left, Expression right, Span sign) {
    boolean coalesce = operator == BinaryOperator.COALESCE;
    boolean logical = operator == BinaryOperator.AND || operator == BinaryOperator.OR;
    if (coalesce && (isLogical(left) || isLogical(right))
        || logical && (isCoalesce(left) || isCoalesce(right))) {
      diagnostics.add(DiagnosticCode.E0116, sign, "'??' mixed with '&&' or '||' needs parentheses");
    }
  }

  private static boolean isLogical(Expression e) {
    return e instanceof Expression.Binary b
        && (b.operator() == BinaryOperator.AND || b.operator() == BinaryOperator.OR);
  }

  private static boolean isCoalesce(Expression e) {
    return e instanceof Expression.Binary b && b.operator() == BinaryOperator.COALESCE;
  }

  private Expression as(Token first, Expression value) {
    take();
    if (accept("const")) {
      return new Expression.As(since(first), value, null);
    }
    TypeNode type = type();
    return new Expression.As(since(first), value, type);
  }

  /** What stands for a banned operator with its operands, which is reported; null if none comes. */
  private @Nullable Expression bannedOperator(Token first, Expression left) {
    Token t = peek();
    if (t.is("instanceof")) {
      take();
      diagnostics.add(
          DiagnosticCode.E0315,
          span(t),
          "'instanceof' is banned; use a discriminant, a method, or a catch filter");
      unary();
      return new Expression.Invalid(since(first));
    }
    if (t.is("in")) {
      take();
      diagnostics.add(
          DiagnosticCode.E0113, span(t), "'in' is banned; use a Map, or an optional property");
      unary();
      return new Expression.Invalid(since(first));
    }
    if (t.isName("satisfies") && !t.lineBreakBefore()) {
      take();
      diagnostics.add(
          DiagnosticCode.E0113, span(t), "'satisfies' is banned; annotate the variable");
      type();
      return left;
    }
    return null;
  }

  private @Nullable Infix infix() {
    Token t = peek();
    if (t.kind() != Token.Kind.PUNCTUATOR) {
      return null;
    }
    return switch (t.text()) {
      case "??" -> new Infix(BinaryOperator.COALESCE, 1, 1);
      case "||" -> new Infix(BinaryOperator.OR, 2, 1);
      case "&&" -> new Infix(BinaryOperator.AND, 3, 1);
      case "|" -> new Infix(BinaryOperator.BIT_OR, 4, 1);
      case "^" -> new Infix(BinaryOperator.BIT_XOR, 5, 1);
      case "&" -> new Infix(BinaryOperator.BIT_AND, 6, 1);
      case "===", "==" -> new Infix(BinaryOperator.EQUAL, 7, 1);
      case "!==", "!=" -> new Infix(BinaryOperator.NOT_EQUAL, 7, 1);
      case "<" -> new Infix(BinaryOperator.LESS, 8, 1);
      case "<=" -> new Infix(BinaryOperator.LESS_EQUAL, 8, 1);
      case ">" -> greater();
      case "<<" -> new Infix(BinaryOperator.SHIFT_LEFT, 9, 1);
      case "+" -> new Infix(BinaryOperator.ADD, 10, 1);
      case "-" -> new Infix(BinaryOperator.SUBTRACT, 10, 1);
      case "*" -> new Infix(BinaryOperator.MULTIPLY, 11, 1);
      case "/" -> new Infix(BinaryOperator.DIVIDE, 11, 1);
      case "%" -> new Infix(BinaryOperator.REMAINDER, 11, 1);
      case "**" -> new Infix(BinaryOperator.POWER, 12, 1);
      default -> null;
    };
  }

  /** The operators that begin with {@code >}, joined from adjacent tokens. */
  private @Nullable Infix greater() {
    if (assignmentOperator() != null) {
      return null;
    }
    if (adjacent(index) && peek(1).is(">")) {
      return adjacent(index + 1) && peek(2).is(">")
          ? new Infix(BinaryOperator.SHIFT_RIGHT_UNSIGNED, 9, 3)
          : new Infix(BinaryOperator.SHIFT_RIGHT, 9, 2);
    }
    return adjacent(index) && peek(1).is("=")
        ? new Infix(BinaryOperator.GREATER_EQUAL, 8, 2)
        : new Infix(BinaryOperator.GREATER, 8, 1);
  }

  // ---- unary and postfix ----

  private Expression unary() {
    Token t = peek();
    UnaryOperator operator = prefix(t);
    if (operator != null) {
      take();
      Expression operand = nestedUnary();
      return new Expression.Unary(since(t), operator, operand);
    }
    if (t.is("++") || t.is("--")) {
      take();
      Expression target = nestedUnary();
      checkTarget(target, true, span(t));
      return new Expression.Step(since(t), target, t.is("++"), true);
    }
    if (t.is("delete") || t.is("void")) {
      take();
      diagnostics.add(
          DiagnosticCode.E0113,
          span(t),
          t.is("void")
              ? "'void' is banned; write the expression as a statement of its own"
              : "'delete' is banned; set an optional property to null, or use a Map");
      nestedUnary();
      return new Expression.Invalid(since(t));
    }
    return postfix();
  }

  private Expression nestedUnary() {
    enter();
    try {
      return unary();
    } finally {
      leave();
    }
  }

  private static @Nullable UnaryOperator prefix(Token t) {
    if (t.kind() != Token.Kind.PUNCTUATOR && t.kind() != Token.Kind.WORD) {
      return null;
    }
    return switch (t.text()) {
      case "!" -> UnaryOperator.NOT;
      case "~" -> UnaryOperator.COMPLEMENT;
      case "+" -> UnaryOperator.PLUS;
      case "-" -> UnaryOperator.MINUS;
      case "typeof" -> UnaryOperator.TYPEOF;
      case "await" -> UnaryOperator.AWAIT;
      default -> null;
    };
  }

  private Expression postfix() {
    Token first = peek();
    Expression operand = leftHand();
    Token t = peek();
    if ((t.is("++") || t.is("--")) && !t.lineBreakBefore()) {
      take();
      checkTarget(operand, true, span(t));
      return new Expression.Step(since(first), operand, t.is("++"), false);
    }
    if (t.is("!") && !t.lineBreakBefore() && startsAfterAssertion(peek(1))) {
      take();
      diagnostics.add(
          DiagnosticCode.E0114,
          span(t),
          "the non-null assertion '!' is banned; narrow the value or use '??'");
      return suffixes(first, new Expression.Invalid(operand.span()));
    }
    return operand;
  }

  /**
   * Whether {@code e!} is surely meant as an assertion: what follows cannot follow a value and '!'.
   */
  private static boolean startsAfterAssertion(Token next) {
    return next.kind() == Token.Kind.PUNCTUATOR && !next.text().equals("{")
        || next.kind() == Token.Kind.END;
  }

  private Expression leftHand() {
    Token first = peek();
    return suffixes(first, primary());
  }

  private Expression suffixes(Token first, Expression start) {
    Expression e = start;
    int chain = 0;
    while (true) {
      checkChain(++chain);
      Token t = peek();
      switch (t.kind()) {
        case TEMPLATE, TEMPLATE_HEAD ->
            throw error(DiagnosticCode.E0118, span(t), "tagged templates are not supported");
        case PUNCTUATOR -> {}
        default -> {
          return e;
        }
      }
      switch (t.text()) {
        case "." -> {
          take();
          Name name = expectWord();
          e = new Expression.Member(since(first), e, name, false);
        }
        case "?." -> {
          take();
          e = optionalSuffix(first, e);
        }
        case "[" -> {
          take();
          Expression indexed = expression();
          expectClose("]", t);
          e = new Expression.Index(since(first), e, indexed, false);
        }
        case "(" -> {
          List<Expression.Element> arguments = arguments();
          e = new Expression.Call(since(first), e, List.of(), arguments, false);
        }
        case "<" -> {
          if (!startsTypeArguments()) {
            return e;
          }
          List<TypeNode> typeArguments = typeArguments();
          List<Expression.Element> arguments = arguments();
          e = new Expression.Call(since(first), e, typeArguments, arguments, false);
        }
        case "!" -> {
          Token next = peek(1);
          if (t.lineBreakBefore()
              || !(next.is(".") || next.is("[") || next.is("("))
              || !adjacent(index)) {
            return e;
          }
          take();
          diagnostics.add(
              DiagnosticCode.E0114,
              span(t),
              "the non-null assertion '!' is banned; narrow the value or use '?.'");
          e = new Expression.Invalid(e.span());
        }
        default -> {
          return e;
        }
      }
    }
  }

  private Expression optionalSuffix(Token first, Expression e) {
    if (at("[")) {
      Token open = take();
      Expression indexed = expression();
      expectClose("]", open);
      return new Expression.Index(since(first), e, indexed, true);
    }
    if (at("(") || at("<")) {
      List<TypeNode> typeArguments = at("<") ? typeArguments() : List.of();
      List<Expression.Element> arguments = arguments();
      return new Expression.Call(since(first), e, typeArguments, arguments, true);
    }
    Name name = expectWord();
    return new Expression.Member(since(first), e, name, true);
  }

  final List<Expression.Element> arguments() {
    Token open = expect("(");
    boolean outer = inThen;
    inThen = false;
    List<Expression.Element> arguments = new ArrayList<>();
    while (!at(")")) {
      boolean spread = accept("...");
      arguments.add(new Expression.Element(assign(), spread));
      if (!accept(",")) {
        break;
      }
    }
    inThen = outer;
    expectClose(")", open);
    return arguments;
  }

  // ---- primary ----

  private Expression primary() {
    Token t = peek();
    switch (t.kind()) {
      case IDENTIFIER -> {
        if (t.text().equals("async") && peek(1).is("function") && !peek(1).lineBreakBefore()) {
          take();
          return functionExpression(t, true);
        }
        take();
        return new Expression.Identifier(new Name(span(t), t.text()));
      }
      case NUMBER -> {
        take();
        return new Expression.NumberLiteral(span(t), t.number(), t.integral());
      }
      case STRING -> {
        take();
        return new Expression.StringLiteral(span(t), t.text());
      }
      case TEMPLATE -> {
        take();
        return new Expression.Template(span(t), List.of(t.text()), List.of());
      }
      case TEMPLATE_HEAD -> {
        return template();
      }
      case REGEXP -> {
        take();
        return new Expression.RegExp(span(t), t.text(), t.flags());
      }
      case WORD -> {
        return wordPrimary(t);
      }
      case PUNCTUATOR -> {
        return punctuatedPrimary(t);
      }
      default -> throw unexpected("an expression");
    }
  }

  private Expression template() {
    Token first = take();
    List<String> chunks = new ArrayList<>(List.of(first.text()));
    List<Expression> values = new ArrayList<>();
    boolean outer = inThen;
    inThen = false;
    while (true) {
      values.add(expression());
      Token next = peek();
      if (next.kind() != Token.Kind.TEMPLATE_MIDDLE && next.kind() != Token.Kind.TEMPLATE_TAIL) {
        throw unexpected("'}'");
      }
      take();
      chunks.add(next.text());
      if (next.kind() == Token.Kind.TEMPLATE_TAIL) {
        inThen = outer;
        return new Expression.Template(since(first), chunks, values);
      }
    }
  }

  private Expression wordPrimary(Token t) {
    switch (t.text()) {
      case "this" -> {
        take();
        return new Expression.This(span(t));
      }
      case "super" -> {
        take();
        if (!at(".") && !at("(")) {
          throw unexpected("'.' or '(' after 'super'");
        }
        return new Expression.Super(span(t));
      }
      case "null" -> {
        take();
        return new Expression.NullLiteral(span(t));
      }
      case "true", "false" -> {
        take();
        return new Expression.BooleanLiteral(span(t), t.is("true"));
      }
      case "function" -> {
        return functionExpression(t, false);
      }
      case "class" -> {
        take();
        Name name = peek().kind() == Token.Kind.IDENTIFIER ? expectName() : new Name(span(t), "");
        return new Expression.ClassExpression(span(t), classAfterKeyword(t, false, name, t.doc()));
      }
      case "new" -> {
        return newExpression();
      }
      case "import" ->
          throw error(
              DiagnosticCode.E0110, span(t), "import() is banned; use an import declaration");
      default -> throw unexpected("an expression");
    }
  }

  private Expression newExpression() {
    Token first = take();
    List<Name> path = new ArrayList<>();
    path.add(expectName());
    while (accept(".")) {
      path.add(expectWord());
    }
    List<TypeNode> typeArguments = at("<") ? typeArguments() : List.of();
    List<Expression.Element> arguments = arguments();
    return new Expression.New(since(first), path, typeArguments, arguments);
  }

  private Expression punctuatedPrimary(Token t) {
    switch (t.text()) {
      case "(" -> {
        take();
        boolean outer = inThen;
        inThen = false;
        Expression inner = expression();
        inThen = outer;
        expectClose(")", t);
        return new Expression.Parenthesized(since(t), inner);
      }
      case "[" -> {
        return arrayLiteral();
      }
      case "{" -> {
        return objectLiteral();
      }
      case "<" -> throw castOrJsx(t);
      case "@" -> throw error(DiagnosticCode.E0111, span(t), "decorators are not supported");
      default -> throw unexpected("an expression");
    }
  }

  private Abandoned castOrJsx(Token t) {
    Token next = peek(1);
    boolean jsx = next.is(">");
    if (next.kind() == Token.Kind.IDENTIFIER) {
      Token after = peek(2);
      if (after.kind() == Token.Kind.IDENTIFIER || after.is("/")) {
        jsx = true;
      }
      for (int i = 2; i < 2000 && !jsx && tokenAt(index + i).kind() != Token.Kind.END; i++) {
        jsx =
            tokenAt(index + i).is("<")
                && (tokenAt(index + i + 1).is("/") && tokenAt(index + i + 2).isName(next.text())
                    || tokenAt(index + i + 1).kind() == Token.Kind.REGEXP
                        && file.text()
                            .startsWith("/" + next.text(), tokenAt(index + i + 1).start()));
      }
    }
    return jsx
        ? error(DiagnosticCode.E0127, span(t), "JSX is not supported")
        : error(DiagnosticCode.E0115, span(t), "'<T>e' casts are banned; write 'e as T'");
  }

  private Expression arrayLiteral() {
    Token open = take();
    boolean outer = inThen;
    inThen = false;
    List<Expression.Element> elements = new ArrayList<>();
    while (!at("]")) {
      if (at(",")) {
        // A hole: legal only when the literal turns out to be a pattern.
        Span hole = span(take());
        elements.add(new Expression.Element(new Expression.Invalid(hole), false));
        continue;
      }
      boolean spread = accept("...");
      elements.add(new Expression.Element(assign(), spread));
      if (!accept(",")) {
        break;
      }
    }
    inThen = outer;
    expectClose("]", open);
    return new Expression.ArrayLiteral(since(open), elements);
  }

  private Expression objectLiteral() {
    Token open = take();
    boolean outer = inThen;
    inThen = false;
    List<Expression.Property> properties = new ArrayList<>();
    while (!at("}")) {
      properties.add(property());
      if (!accept(",")) {
        break;
      }
    }
    inThen = outer;
    expectClose("}", open);
    return new Expression.ObjectLiteral(since(open), properties);
  }

  private Expression.Property property() {
    Token first = peek();
    if (accept("...")) {
      Expression value = assign();
      return new Expression.SpreadProperty(since(first), value);
    }
    if (first.is("[")) {
      throw error(DiagnosticCode.E0119, span(first), "computed keys are not supported; use a Map");
    }
    if ((first.isName("get") || first.isName("set")) && !endsKey(peek(1))) {
      throw error(
          DiagnosticCode.E0119, span(first), "accessors in object literals are not supported");
    }
    if (first.is("*")) {
      throw error(DiagnosticCode.E0112, span(first), "generators are not supported");
    }
    boolean async = first.isName("async") && !endsKey(peek(1)) && !peek(1).lineBreakBefore();
    if (async) {
      take();
    }
    Token key = peek();
    Name name = propertyName();
    if (at("(") || at("<")) {
      FunctionSyntax function = signatureAndBody(first, async, false);
      return new Expression.MethodProperty(since(first), name, function);
    }
    if (async) {
      throw unexpected("'('");
    }
    if (accept(":")) {
      return new Expression.ValueProperty(since(first), name, assign());
    }
    if (key.kind() == Token.Kind.IDENTIFIER) {
      Expression value = new Expression.Identifier(name);
      if (at("=")) {
        // A default: legal only in a pattern; kept as an assignment.
        take();
        Expression defaultValue = assign();
        value = new Expression.Assign(since(first), value, null, defaultValue);
      }
      return new Expression.ValueProperty(since(first), name, value);
    }
    if (key.kind() == Token.Kind.WORD) {
      throw error(
          DiagnosticCode.E0104, span(key), "'" + key.text() + "' is reserved and cannot be a name");
    }
    throw unexpected("':'");
  }

  private static boolean endsKey(Token t) {
    return t.is(":") || t.is(",") || t.is("}") || t.is("(") || t.is("<") || t.is("=");
  }

  // ---- functions ----

  private Expression functionExpression(Token first, boolean async) {
    expect("function");
    if (at("*")) {
      throw error(DiagnosticCode.E0112, span(peek()), "generators are not supported");
    }
    Name name = peek().kind() == Token.Kind.IDENTIFIER ? expectName() : null;
    FunctionSyntax function = signatureAndBody(first, async, false);
    return new Expression.Function(since(first), name, function);
  }

  /** Signature and block body of a function, method or constructor; a semicolon means no body. */
  final FunctionSyntax signatureAndBody(Token first, boolean async, boolean mayLackBody) {
    boolean outer = inThen;
    inThen = false;
    List<TypeNode.Parameter> typeParameters = typeParameters();
    List<FunctionSyntax.Parameter> parameters = parameters();
    TypeNode result = accept(":") ? returnType() : null;
    FunctionSyntax.Body body = null;
    if (at("{")) {
      body = new FunctionSyntax.BlockBody(block());
    } else if (mayLackBody) {
      expectSemicolon();
    } else {
      throw unexpected("'{'");
    }
    inThen = outer;
    return new FunctionSyntax(since(first), async, false, typeParameters, parameters, result, body);
  }

  final List<FunctionSyntax.Parameter> parameters() {
    Token open = expect("(");
    List<FunctionSyntax.Parameter> parameters = new ArrayList<>();
    while (!at(")")) {
      parameters.add(parameter());
      if (!accept(",")) {
        break;
      }
    }
    expectClose(")", open);
    checkParameterOrder(parameters);
    return parameters;
  }

  private FunctionSyntax.Parameter parameter() {
    Token first = peek();
    if (first.is("@")) {
      throw error(DiagnosticCode.E0111, span(first), "decorators are not supported");
    }
    List<Modifier> modifiers = parameterModifiers();
    if (accept("...")) {
      Name name = expectName();
      TypeNode annotation = accept(":") ? type() : null;
      return new FunctionSyntax.Parameter(
          since(first), modifiers, new Pattern.Identifier(name), false, true, annotation, null);
    }
    Pattern target = patternTarget();
    boolean optional = accept("?");
    TypeNode annotation = accept(":") ? type() : null;
    Expression defaultValue = accept("=") ? assign() : null;
    return new FunctionSyntax.Parameter(
        since(first), modifiers, target, optional, false, annotation, defaultValue);
  }

  private List<Modifier> parameterModifiers() {
    List<Modifier> modifiers = new ArrayList<>();
    while (true) {
      Token t = peek();
      Modifier.Kind kind =
          t.is("public")
              ? Modifier.Kind.PUBLIC
              : t.is("protected")
                  ? Modifier.Kind.PROTECTED
                  : t.is("private")
                      ? Modifier.Kind.PRIVATE
                      : t.isName("readonly") && !endsMemberName(peek(1)) && !peek(1).is(")")
                          ? Modifier.Kind.READONLY
                          : null;
      if (kind == null) {
        return modifiers;
      }
      take();
      modifiers.add(new Modifier(span(t), kind));
    }
  }

  /** An arrow function if one starts here, else null and nothing taken. */
  private @Nullable Expression arrowFunction() {
    Token first = peek();
    boolean async =
        first.isName("async")
            && !peek(1).lineBreakBefore()
            && (peek(1).kind() == Token.Kind.IDENTIFIER || peek(1).is("(") || peek(1).is("<"));
    int start = async ? index + 1 : index;
    Token t = tokenAt(start);
    if (t.kind() == Token.Kind.IDENTIFIER && tokenAt(start + 1).is("=>")) {
      index = start;
      Name name = expectName();
      FunctionSyntax.Parameter parameter =
          new FunctionSyntax.Parameter(
              name.span(), List.of(), new Pattern.Identifier(name), false, false, null, null);
      return arrowBody(first, async, List.of(), List.of(parameter), null);
    }
    if (t.is("(") ? !startsArrow(start) : !(t.is("<") && startsGenericArrow(start))) {
      return null;
    }
    index = start;
    boolean outer = inThen;
    inThen = false;
    List<TypeNode.Parameter> typeParameters = typeParameters();
    List<FunctionSyntax.Parameter> parameters = parameters();
    TypeNode result = accept(":") ? returnType() : null;
    inThen = outer;
    return arrowBody(first, async, typeParameters, parameters, result);
  }

  private boolean startsArrow(int open) {
    int after = afterMatching(open);
    if (after < 0) {
      return false;
    }
    if (tokenAt(after).is("=>")) {
      return true;
    }
    if (!tokenAt(after).is(":")) {
      return false;
    }
    Token inner = tokenAt(open + 1);
    boolean plain = !inner.is(")") && !tokenAt(open + 2).is(":") && !tokenAt(open + 2).is("?");
    if (inThen && plain) {
      return false;
    }
    int end = typeEndsAt(after + 1);
    return end > 0 && tokenAt(end).is("=>");
  }

  private boolean startsGenericArrow(int start) {
    if (tokenAt(start + 1).kind() != Token.Kind.IDENTIFIER) {
      return false;
    }
    int depth = 0;
    for (int i = start; i < start + 400; i++) {
      Token t = tokenAt(i);
      if (t.is("<")) {
        depth++;
      } else if (t.is(">")) {
        if (--depth == 0) {
          return tokenAt(i + 1).is("(") && startsArrow(i + 1);
        }
      } else if (t.kind() == Token.Kind.END || t.is(";")) {
        return false;
      }
    }
    return false;
  }

  private Expression arrowBody(
      Token first,
      boolean async,
      List<TypeNode.Parameter> typeParameters,
      List<FunctionSyntax.Parameter> parameters,
      @Nullable TypeNode result) {
    expect("=>");
    FunctionSyntax.Body body;
    if (at("{")) {
      boolean outer = inThen;
      inThen = false;
      body = new FunctionSyntax.BlockBody(block());
      inThen = outer;
    } else {
      body = new FunctionSyntax.ExpressionBody(assign());
    }
    FunctionSyntax function =
        new FunctionSyntax(since(first), async, true, typeParameters, parameters, result, body);
    return new Expression.Function(since(first), null, function);
  }

  // ---- patterns ----

  final Pattern patternTarget() {
    enter();
    try {
      if (at("[")) {
        return arrayPattern();
      }
      if (at("{")) {
        return objectPattern();
      }
      return new Pattern.Identifier(expectName());
    } finally {
      leave();
    }
  }

  private Pattern.Element patternElement() {
    Token first = peek();
    Pattern target = patternTarget();
    Expression defaultValue = accept("=") ? assign() : null;
    return new Pattern.Element(since(first), target, defaultValue);
  }

  private Pattern arrayPattern() {
    Token open = expect("[");
    List<Pattern.@Nullable Element> elements = new ArrayList<>();
    Pattern rest = null;
    while (!at("]")) {
      if (accept(",")) {
        elements.add(null);
        continue;
      }
      if (accept("...")) {
        rest = patternTarget();
        break;
      }
      elements.add(patternElement());
      if (!accept(",")) {
        break;
      }
    }
    expectClose("]", open);
    return new Pattern.ArrayPattern(since(open), elements, rest);
  }

  private Pattern objectPattern() {
    Token open = expect("{");
    List<Pattern.Property> properties = new ArrayList<>();
    Name rest = null;
    while (!at("}")) {
      Token first = peek();
      if (accept("...")) {
        rest = expectName();
        break;
      }
      if (first.is("[")) {
        throw error(DiagnosticCode.E0119, span(first), "computed keys are not supported");
      }
      Name name = propertyName();
      if (accept(":")) {
        Pattern.Element element = patternElement();
        properties.add(new Pattern.Property(since(first), name, element));
      } else {
        if (first.kind() == Token.Kind.WORD) {
          throw error(
              DiagnosticCode.E0104,
              span(first),
              "'" + first.text() + "' is reserved and cannot be a name");
        }
        if (first.kind() != Token.Kind.IDENTIFIER) {
          throw unexpected("':'");
        }
        Expression defaultValue = accept("=") ? assign() : null;
        properties.add(
            new Pattern.Property(
                since(first),
                name,
                new Pattern.Element(since(first), new Pattern.Identifier(name), defaultValue)));
      }
      if (!accept(",")) {
        break;
      }
    }
    expectClose("}", open);
    return new Pattern.ObjectPattern(since(open), properties, rest);
  }
}
