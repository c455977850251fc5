package dev.raya.compiler.format;

import dev.raya.compiler.parse.Lexeme;
import dev.raya.compiler.syntax.BinaryOperator;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.FunctionSyntax;
import dev.raya.compiler.syntax.TypeNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Expressions, language.md 2 "expressions". */
final class ExpressionFormat {
  /** So many calls in a chain are worth a line each when the chain does not fit. */
  private static final int CHAIN = 2;

  private final TokenFeed feed;
  private final Lists lists;
  private final TypeFormat types;
  private final StatementFormat statements;
  private final FunctionFormat functions;

  ExpressionFormat(TokenFeed feed, TypeFormat types, StatementFormat statements) {
    this.feed = feed;
    this.lists = new Lists(feed);
    this.types = types;
    this.statements = statements;
    this.functions = new FunctionFormat(feed, types, this);
  }

  FunctionFormat functions() {
    return functions;
  }

  Doc expression(Expression e) {
    return switch (e) {
      case Expression.Identifier _ -> feed.take();
      case Expression.This _ -> feed.take();
      case Expression.Super _ -> feed.take();
      case Expression.NullLiteral _ -> feed.take();
      case Expression.BooleanLiteral _ -> feed.take();
      case Expression.NumberLiteral _ -> number();
      case Expression.StringLiteral _ -> feed.take();
      case Expression.RegExp _ -> feed.take();
      case Expression.Invalid _ -> feed.take();
      case Expression.Template t -> template(t);
      case Expression.ArrayLiteral a -> array(a, false);
      case Expression.ObjectLiteral o -> object(o, false);
      case Expression.Function f -> function(f);
      case Expression.ClassExpression c -> statements.classDeclaration(c.declaration(), true);
      case Expression.New n -> construct(n);
      case Expression.Member m -> chain(m);
      case Expression.Index i -> chain(i);
      case Expression.Call c -> chain(c);
      case Expression.Unary u -> unary(u);
      case Expression.Step s ->
          s.prefix()
              ? Doc.all(feed.take(), separatedSign(), expression(s.target()))
              : Doc.all(expression(s.target()), feed.take());
      case Expression.Binary b -> Doc.group(new Doc.Indented(binary(b)));
      case Expression.Conditional c -> conditional(c);
      case Expression.Assign a -> assign(a);
      case Expression.As a -> {
        Doc value = expression(a.value());
        Doc as = Doc.all(Doc.text(" "), feed.take("as"), Doc.text(" "));
        yield Doc.all(value, as, a.type() == null ? feed.take("const") : types.type(a.type()));
      }
      case Expression.Parenthesized p -> {
        Doc open = feed.take("(");
        Doc inner = inIndent(p.inner());
        Doc body = standsAlone(p.inner()) ? inner : soft(inner);
        yield Doc.group(open, body, feed.take(")"));
      }
      case Expression.Comma c -> {
        List<Doc> parts = new ArrayList<>();
        for (Expression each : c.expressions()) {
          parts.add(parts.isEmpty() ? Doc.NOTHING : Doc.all(feed.take(","), Doc.text(" ")));
          parts.add(expression(each));
        }
        yield Doc.all(parts);
      }
    };
  }

  private static Doc soft(Doc inner) {
    return Doc.all(Doc.indented(Doc.Line.SOFT, inner), Doc.Line.SOFT);
  }

  /** A whole number before a dot needs a space, or the dot would be its own. */
  private Doc number() {
    String text = feed.peek().text();
    Doc number = feed.take();
    boolean whole = text.chars().allMatch(c -> c >= '0' && c <= '9' || c == '_');
    return whole && feed.at(".") ? Doc.all(number, Doc.text(" ")) : number;
  }

  private Doc template(Expression.Template template) {
    List<Doc> parts = new ArrayList<>();
    parts.add(feed.take());
    for (Expression value : template.values()) {
      parts.add(expression(value));
      parts.add(feed.take());
    }
    return new Doc.OneLine(Doc.all(parts));
  }

  private Doc array(Expression.ArrayLiteral array, boolean forced) {
    Doc open = feed.take("[");
    Iterator<Expression.Element> each = array.elements().iterator();
    boolean nested =
        array.elements().size() > 1
            && array.elements().stream().allMatch(x -> isContainer(x.value()));
    Lists.Elements elements = lists.elements(array.elements().size(), () -> element(each.next()));
    return Lists.spread(open, elements, feed.take("]"), false, true, forced || nested);
  }

  /** A literal with more than one element. */
  private static boolean isContainer(Expression e) {
    return e instanceof Expression.ArrayLiteral a && a.elements().size() > 1
        || e instanceof Expression.ObjectLiteral o && o.properties().size() > 1;
  }

  private Doc element(Expression.Element element) {
    if (element.value() instanceof Expression.Invalid) {
      // A hole of a pattern; the comma after it is the list's.
      return Doc.NOTHING;
    }
    return element.spread()
        ? Doc.all(feed.take("..."), expression(element.value()))
        : expression(element.value());
  }

  private Doc object(Expression.ObjectLiteral object, boolean forced) {
    Doc open = feed.take("{");
    boolean bodies = object.properties().stream().anyMatch(ExpressionFormat::hasBody);
    Iterator<Expression.Property> each = object.properties().iterator();
    Lists.Elements elements =
        lists.elements(object.properties().size(), () -> property(each.next()));
    return Lists.spread(open, elements, feed.take("}"), true, true, forced || bodies);
  }

  private static boolean hasBody(Expression.Property property) {
    return switch (property) {
      case Expression.ValueProperty v -> isFunctionWithBlock(v.value());
      case Expression.MethodProperty _ -> true;
      case Expression.SpreadProperty _ -> false;
    };
  }

  private Doc property(Expression.Property property) {
    return switch (property) {
      case Expression.SpreadProperty s -> Doc.all(feed.take("..."), expression(s.value()));
      case Expression.MethodProperty m -> {
        boolean async = m.function().async();
        Doc prefix = async ? Doc.all(feed.take("async"), Doc.text(" ")) : Doc.NOTHING;
        yield Doc.all(prefix, feed.take(), signatureAndBody(m.function()));
      }
      case Expression.ValueProperty v -> {
        Doc name = feed.take();
        if (feed.at(":")) {
          Doc colon = feed.take();
          yield Doc.all(name, colon, onward(v.value()));
        }
        if (v.value() instanceof Expression.Assign a && feed.at("=")) {
          yield Doc.all(name, functions.initial(a.value()));
        }
        yield name;
      }
    };
  }

  Doc signatureAndBody(FunctionSyntax function) {
    Doc signature = functions.signature(function);
    return switch (function.body()) {
      case null -> Doc.all(signature, statements.semicolon());
      case FunctionSyntax.BlockBody b ->
          Doc.all(signature, Doc.text(" "), statements.block(b.block()));
      case FunctionSyntax.ExpressionBody x -> Doc.all(signature, expression(x.expression()));
    };
  }

  private Doc function(Expression.Function f) {
    FunctionSyntax function = f.function();
    Doc async = function.async() ? Doc.all(feed.take("async"), Doc.text(" ")) : Doc.NOTHING;
    if (!function.arrow()) {
      Doc keyword = Doc.all(feed.take("function"), Doc.text(" "));
      Doc name = f.name() == null ? Doc.NOTHING : feed.take();
      return Doc.all(async, keyword, name, signatureAndBody(function));
    }
    Doc signature = functions.signature(function);
    Doc arrow = Doc.all(Doc.text(" "), feed.take("=>"));
    return switch (function.body()) {
      case FunctionSyntax.ExpressionBody x -> {
        boolean below = feed.lineEnded();
        Doc body =
            below
                ? Doc.broken(Doc.indented(Doc.Line.SPACE, inIndent(x.expression())))
                : onward(x.expression());
        yield Doc.all(async, signature, arrow, body);
      }
      case FunctionSyntax.BlockBody b ->
          Doc.all(async, signature, arrow, Doc.text(" "), statements.block(b.block()));
      case null -> throw new IllegalStateException("arrow function without body");
    };
  }

  /** What follows a sign: on the same line if it breaks well by itself, else perhaps below. */
  Doc onward(Expression value) {
    if (standsAlone(value)) {
      return Doc.all(Doc.text(" "), expression(value));
    }
    Doc below = Doc.indented(Doc.Line.SPACE, inIndent(value));
    return Doc.quietEnd(below).spans() ? Doc.broken(below) : Doc.group(below);
  }

  /** An expression where what is around indents its lines already. */
  Doc inIndent(Expression value) {
    return value instanceof Expression.Binary b ? Doc.group(binary(b)) : expression(value);
  }

  /** Whether an expression has brackets of its own to break at. */
  static boolean standsAlone(Expression e) {
    return switch (e) {
      case Expression.ArrayLiteral _ -> true;
      case Expression.ObjectLiteral _ -> true;
      case Expression.Function _ -> true;
      case Expression.ClassExpression _ -> true;
      case Expression.New _ -> true;
      case Expression.Call _ -> true;
      case Expression.Parenthesized _ -> true;
      case Expression.Template _ -> true;
      case Expression.Unary u -> standsAlone(u.operand());
      case Expression.As a -> standsAlone(a.value()) || a.type() instanceof TypeNode.ObjectForm;
      case Expression.Identifier _ -> false;
      case Expression.This _ -> false;
      case Expression.Super _ -> false;
      case Expression.NullLiteral _ -> false;
      case Expression.BooleanLiteral _ -> false;
      case Expression.NumberLiteral _ -> false;
      case Expression.StringLiteral _ -> false;
      case Expression.RegExp _ -> false;
      case Expression.Member m -> standsAlone(m.object());
      case Expression.Index i -> standsAlone(i.object());
      case Expression.Step _ -> false;
      case Expression.Binary _ -> false;
      case Expression.Conditional _ -> false;
      case Expression.Assign _ -> false;
      case Expression.Comma _ -> false;
      case Expression.Invalid _ -> false;
    };
  }

  private Doc construct(Expression.New n) {
    List<Doc> parts = new ArrayList<>();
    parts.add(feed.take("new"));
    parts.add(Doc.text(" "));
    for (int i = 0; i < n.path().size(); i++) {
      parts.add(i > 0 ? feed.take(".") : Doc.NOTHING);
      parts.add(feed.take());
    }
    parts.add(types.arguments(n.typeArguments()));
    parts.add(arguments(n.arguments()));
    return Doc.all(parts);
  }

  // ---- calls ----

  /** Arguments; a function or literal at the end may hang on while the rest stays on its line. */
  private Doc arguments(List<Expression.Element> arguments) {
    Doc open = feed.take("(");
    Iterator<Expression.Element> each = arguments.iterator();
    Expression last = arguments.isEmpty() ? null : arguments.getLast().value();
    boolean hugs =
        last != null
            && (hugs(last) || isFunctionWithBraces(last))
            && !alike(last, arguments.size() > 1 ? arguments.get(arguments.size() - 2) : null);
    boolean first = !hugs && hugsFirst(arguments);
    boolean forced = !hugs && arguments.stream().anyMatch(a -> isFunctionWithBlock(a.value()));
    boolean[] commented = {false};
    Lists.Elements elements =
        lists.elements(
            arguments.size(),
            () -> {
              commented[0] = feed.commentAhead();
              return element(each.next());
            });
    Doc close = feed.take(")");
    Doc spread = Lists.spread(open, elements, close, false, true, forced);
    List<Doc> before = elements.items().subList(0, Math.max(0, arguments.size() - 1));
    boolean plain =
        !open.breaks()
            && !commented[0]
            && elements.dangling().equals(Doc.NOTHING)
            && elements.items().stream().noneMatch(Doc::endsInComment);
    if (first && plain && !elements.items().getLast().spans()) {
      return new Doc.Choice(List.of(Lists.flat(open, elements.items(), close), spread));
    }
    if (!hugs || !plain || before.stream().anyMatch(Doc::spans)) {
      return spread;
    }
    List<Doc> states = new ArrayList<>();
    states.add(Lists.flat(open, elements.items(), close));
    if (elements.items().getLast() instanceof Doc.Group group) {
      List<Doc> broken = new ArrayList<>(elements.items());
      broken.set(broken.size() - 1, new Doc.Group(group.body(), true));
      states.add(Lists.flat(open, broken, close));
    }
    states.add(spread);
    return new Doc.Choice(states);
  }

  /** Whether a function comes first and something small after it, as in timers and folds. */
  private boolean hugsFirst(List<Expression.Element> arguments) {
    return arguments.size() == 2
        && !feed.commentAhead()
        && isFunctionWithBlock(arguments.getFirst().value())
        && !isFunctionWithBraces(arguments.getLast().value())
        && !(arguments.getLast().value() instanceof Expression.Conditional);
  }

  /** Whether the argument before the last is of the same form: then each gets its lines. */
  private static boolean alike(Expression last, Expression.@Nullable Element before) {
    return before != null && before.value().getClass() == last.getClass();
  }

  private static boolean hugs(Expression e) {
    return switch (e) {
      case Expression.ObjectLiteral o -> !o.properties().isEmpty();
      case Expression.ArrayLiteral a -> !a.elements().isEmpty();
      default -> isFunctionWithBlock(e);
    };
  }

  static boolean isFunctionWithBlock(Expression e) {
    return e instanceof Expression.Function f
        && f.function().body() instanceof FunctionSyntax.BlockBody b
        && !b.block().statements().isEmpty();
  }

  private static boolean isFunctionWithBraces(Expression e) {
    return e instanceof Expression.Function f
        && f.function().body() instanceof FunctionSyntax.BlockBody;
  }

  /** One suffix of a chain: what it consists of, whether it calls, whether comments precede it. */
  private record Link(Doc doc, boolean calls, boolean commented) {}

  private Doc chain(Expression outer) {
    List<Expression> nodes = new ArrayList<>();
    Expression root = outer;
    while (true) {
      Expression inner =
          switch (root) {
            case Expression.Member m -> m.object();
            case Expression.Index i -> i.object();
            case Expression.Call c -> c.callee();
            default -> null;
          };
      if (inner == null) {
        break;
      }
      nodes.add(root);
      root = inner;
    }
    boolean shortRoot = isShort(root);
    Doc start = expression(root);
    List<Link> links = new ArrayList<>();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Expression node = nodes.get(i);
      boolean named = node instanceof Expression.Member;
      boolean calls = node instanceof Expression.Call;
      boolean commented = feed.commentAhead() || named && feed.lineEnded();
      Doc doc = suffix(node);
      if (named || links.isEmpty()) {
        links.add(new Link(doc, calls, commented));
      } else {
        Link before = links.removeLast();
        links.add(
            new Link(
                Doc.all(before.doc(), doc),
                before.calls() || calls,
                before.commented() || commented));
      }
    }
    return assemble(start, links, shortRoot);
  }

  private static boolean isShort(Expression root) {
    return switch (root) {
      case Expression.This _ -> true;
      case Expression.Super _ -> true;
      case Expression.Identifier i ->
          i.name().text().length() <= 4 || Character.isUpperCase(i.name().text().charAt(0));
      default -> false;
    };
  }

  private static Doc assemble(Doc start, List<Link> links, boolean shortRoot) {
    int head = 0;
    // Names before the first call belong to what the chain starts from.
    while (head < links.size() && !links.get(head).calls() && !links.get(head).commented()) {
      head++;
    }
    if (head == 0 && shortRoot && !links.isEmpty() && !links.getFirst().commented()) {
      head = 1;
    }
    List<Doc> first = new ArrayList<>();
    first.add(start);
    List<Doc> rest = new ArrayList<>();
    List<Doc> broken = new ArrayList<>();
    int calls = 0;
    for (int i = 0; i < links.size(); i++) {
      if (i < head) {
        first.add(links.get(i).doc());
      } else {
        rest.add(links.get(i).doc());
        broken.add(Doc.Line.HARD);
        broken.add(links.get(i).doc());
        calls += links.get(i).calls() ? 1 : 0;
      }
    }
    Doc flat = Doc.all(Doc.all(first), Doc.all(rest));
    boolean commented = links.stream().anyMatch(Link::commented);
    if (calls < CHAIN && !commented) {
      return flat;
    }
    boolean goesOn = rest.subList(0, rest.size() - 1).stream().anyMatch(Doc::spans);
    Doc below = Doc.all(Doc.all(first), new Doc.Indented(Doc.all(broken)));
    return Doc.quietEnd(flat).breaks() || commented || goesOn
        ? below
        : new Doc.Choice(List.of(flat, below));
  }

  private Doc suffix(Expression node) {
    return switch (node) {
      case Expression.Member _ -> Doc.all(feed.take(), feed.take());
      case Expression.Index i -> {
        Doc sign = i.optional() ? feed.take("?.") : Doc.NOTHING;
        Doc open = feed.take("[");
        yield Doc.all(sign, open, expression(i.index()), feed.take("]"));
      }
      case Expression.Call c -> {
        Doc sign = c.optional() ? feed.take("?.") : Doc.NOTHING;
        Doc generics = types.arguments(c.typeArguments());
        yield Doc.all(sign, generics, arguments(c.arguments()));
      }
      default -> throw new IllegalStateException("no suffix: " + node);
    };
  }

  // ---- operators ----

  private Doc unary(Expression.Unary u) {
    Doc sign = feed.take();
    boolean word =
        switch (u.operator()) {
          case TYPEOF, AWAIT -> true;
          case NOT, COMPLEMENT, PLUS, MINUS -> false;
        };
    return Doc.all(sign, word ? Doc.text(" ") : separatedSign(), expression(u.operand()));
  }

  /** A space before a sign that would otherwise grow together with the one before it. */
  private Doc separatedSign() {
    String next = feed.peek().text();
    return next.startsWith("+") || next.startsWith("-") ? Doc.text(" ") : Doc.NOTHING;
  }

  /** Operands of equal strength side by side. */
  private Doc binary(Expression.Binary b) {
    Doc left =
        b.left() instanceof Expression.Binary inner && strength(inner) == strength(b)
            ? binary(inner)
            : expression(b.left());
    List<Doc> sign = new ArrayList<>();
    sign.add(Doc.text(" "));
    while (feed.peek().start() < b.operatorSpan().end() && feed.peek().kind() != Lexeme.Kind.END) {
      sign.add(feed.take());
    }
    return Doc.all(left, Doc.all(sign), Doc.Line.SPACE, expression(b.right()));
  }

  private static int strength(Expression.Binary b) {
    BinaryOperator operator = b.operator();
    return switch (operator) {
      case ADD, SUBTRACT -> 1;
      case MULTIPLY, DIVIDE, REMAINDER -> 2;
      case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> 3;
      case EQUAL, NOT_EQUAL -> 4;
      case SHIFT_LEFT, SHIFT_RIGHT, SHIFT_RIGHT_UNSIGNED -> 5;
      case POWER -> 6;
      case BIT_AND -> 7;
      case BIT_OR -> 8;
      case BIT_XOR -> 9;
      case AND -> 10;
      case OR -> 11;
      case COALESCE -> 12;
    };
  }

  /** A choice, with those that its last part goes on with: all on one line, or none. */
  private Doc conditional(Expression.Conditional first) {
    Doc condition = expression(first.condition());
    List<Doc> parts = new ArrayList<>();
    Expression.Conditional c = first;
    while (true) {
      parts.add(Doc.all(Doc.Line.SPACE, feed.take("?"), Doc.text(" ")));
      parts.add(new Doc.Indented(expression(c.then())));
      parts.add(Doc.all(Doc.Line.SPACE, feed.take(":"), Doc.text(" ")));
      if (!(c.otherwise() instanceof Expression.Conditional next)) {
        break;
      }
      parts.add(new Doc.Indented(expression(next.condition())));
      c = next;
    }
    parts.add(new Doc.Indented(expression(c.otherwise())));
    Doc choices = new Doc.Indented(Doc.all(parts));
    return Doc.quietEnd(choices).spans()
        ? Doc.broken(condition, choices)
        : Doc.group(condition, choices);
  }

  private Doc assign(Expression.Assign a) {
    Doc target = expression(a.target());
    List<Doc> sign = new ArrayList<>();
    sign.add(Doc.text(" "));
    // Joined signs such as >>= are several tokens; the last of them is the one with the equals.
    while (feed.at(">")) {
      sign.add(feed.take());
    }
    sign.add(feed.take());
    return Doc.all(target, Doc.all(sign), onward(a.value()));
  }
}
