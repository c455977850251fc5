package dev.raya.compiler.format;

import dev.raya.compiler.syntax.ClassMember;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.syntax.TypeNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Statements, declarations and module items. */
final class StatementFormat {
  private final TokenFeed feed;
  private final Lists lists;
  private final TypeFormat types;
  private final ExpressionFormat expressions;

  StatementFormat(TokenFeed feed) {
    this.feed = feed;
    this.lists = new Lists(feed);
    this.types = new TypeFormat(feed);
    this.expressions = new ExpressionFormat(feed, types, this);
  }

  /** The items of a module, up to the end of the file. */
  Doc module(List<Statement> items) {
    Doc body = items(items, this::statement, StatementFormat::apart);
    boolean empty = feed.emptyLineAhead();
    Doc end = feed.ownComments();
    Doc gap =
        body.equals(Doc.NOTHING) || end.equals(Doc.NOTHING)
            ? Doc.NOTHING
            : empty ? Doc.Line.EMPTY : Doc.Line.FRESH;
    return Doc.all(body, gap, end, feed.take());
  }

  /** Items on lines of their own, an empty line where the rule or a comment asks for one. */
  private <T> Doc items(List<T> items, Function<T, Doc> print, BiPredicate<T, T> apart) {
    List<Doc> parts = new ArrayList<>();
    @Nullable T before = null;
    for (T item : items) {
      if (item instanceof Statement.Empty) {
        parts.add(feed.skip(";"));
        continue;
      }
      while (item instanceof ClassMember && feed.at(";")) {
        parts.add(feed.skip(";"));
      }
      boolean empty = before != null && (apart.test(before, item) || feed.emptyLineAhead());
      if (before != null) {
        parts.add(empty ? Doc.Line.EMPTY : Doc.Line.FRESH);
      }
      if (feed.commentAhead()) {
        boolean after = feed.emptyLineAfterComments();
        parts.add(before == null ? Doc.Line.FRESH : Doc.NOTHING);
        parts.add(feed.ownComments());
        parts.add(after ? Doc.Line.EMPTY : Doc.Line.HARD);
      }
      parts.add(print.apply(item));
      before = item;
    }
    return Doc.all(parts);
  }

  /** Imports stand together, and so do simple statements; what has a body stands apart. */
  private static boolean apart(Statement a, Statement b) {
    boolean importsEnd = a instanceof Statement.Import && !(b instanceof Statement.Import);
    return importsEnd || isLarge(a) || isLarge(b);
  }

  private static boolean isLarge(Statement s) {
    return switch (s) {
      case Statement.ExportDeclaration e -> isLarge(e.declaration());
      case Statement.Function f -> f.function().body() != null;
      case Statement.Class _ -> true;
      case Statement.Interface _ -> true;
      case Statement.AmbientModule _ -> true;
      case Statement.Variables v ->
          v.bindings().stream()
              .anyMatch(b -> b.init() != null && ExpressionFormat.isFunctionWithBlock(b.init()));
      case Statement.Evaluate e -> isSection(e.expression());
      default -> false;
    };
  }

  /** Whether a function is called with a body of its own, as in {@code it("adds", () => {…})}. */
  private static boolean isSection(Expression e) {
    return e instanceof Expression.Call c
        && c.callee() instanceof Expression.Identifier
        && !c.arguments().isEmpty()
        && ExpressionFormat.isFunctionWithBlock(c.arguments().getLast().value());
  }

  Doc semicolon() {
    Doc comments = feed.skip(";");
    return Doc.all(Doc.text(";"), comments);
  }

  Doc block(Statement.Block block) {
    Doc open = feed.take("{");
    Doc body = items(block.statements(), this::statement, StatementFormat::apart);
    return braces(open, body);
  }

  /** A body in braces with the comments before the closing one. */
  private Doc braces(Doc open, Doc body) {
    while (feed.at(";")) {
      body = Doc.all(body, feed.skip(";"));
    }
    boolean comments = feed.commentAhead();
    boolean empty = feed.emptyLineAhead();
    Doc dangling = feed.ownComments();
    Doc close = feed.take("}");
    if (body.equals(Doc.NOTHING) && !comments) {
      return Doc.all(open, close);
    }
    Doc gap =
        !comments || body.equals(Doc.NOTHING)
            ? Doc.NOTHING
            : empty ? Doc.Line.EMPTY : Doc.Line.FRESH;
    return new Doc.Body(
        Doc.all(open, Doc.indented(Doc.Line.HARD, body, gap, dangling), Doc.Line.HARD, close));
  }

  private static Doc space() {
    return Doc.text(" ");
  }

  /** What stands between a block and a word that goes on with it. */
  private Doc onward() {
    return feed.lineEnded() ? Doc.Line.HARD : space();
  }

  Doc statement(Statement s) {
    return switch (s) {
      case Statement.Block b -> block(b);
      case Statement.Evaluate e -> Doc.all(expressions.expression(e.expression()), semicolon());
      case Statement.Empty _ -> feed.take(";");
      case Statement.If i -> ifStatement(i);
      case Statement.While w ->
          Doc.all(feed.take("while"), space(), condition(w.condition()), nested(w.body()));
      case Statement.DoWhile d -> {
        Doc start = Doc.all(feed.take("do"), nested(d.body()));
        Doc gap = d.body() instanceof Statement.Block ? onward() : Doc.Line.HARD;
        Doc end = Doc.all(feed.take("while"), space(), condition(d.condition()));
        yield Doc.all(start, gap, end, semicolon());
      }
      case Statement.For f -> forStatement(f);
      case Statement.ForOf f -> {
        Doc head = Doc.all(feed.take("for"), space(), feed.take("("), feed.take(), space());
        Doc target = expressions.functions().pattern(f.target());
        Doc of = Doc.all(space(), feed.take("of"), space());
        Doc subject = expressions.expression(f.subject());
        Doc close = feed.take(")");
        yield Doc.all(Doc.group(head, target, of, subject, close), nested(f.body()));
      }
      case Statement.Switch w -> switchStatement(w);
      case Statement.Try t -> tryStatement(t);
      case Statement.Return r -> {
        Doc word = feed.take("return");
        Doc value =
            r.value() == null ? Doc.NOTHING : Doc.all(space(), expressions.expression(r.value()));
        yield Doc.all(word, value, semicolon());
      }
      case Statement.Throw t ->
          Doc.all(feed.take("throw"), space(), expressions.expression(t.value()), semicolon());
      case Statement.Break b ->
          Doc.all(
              feed.take("break"),
              b.label() == null ? Doc.NOTHING : Doc.all(space(), feed.take()),
              semicolon());
      case Statement.Continue c ->
          Doc.all(
              feed.take("continue"),
              c.label() == null ? Doc.NOTHING : Doc.all(space(), feed.take()),
              semicolon());
      case Statement.Debugger _ -> Doc.all(feed.take("debugger"), semicolon());
      case Statement.Labeled l ->
          Doc.all(feed.take(), feed.take(":"), space(), statement(l.body()));
      case Statement.Variables v -> Doc.all(variables(v), semicolon());
      case Statement.Function f -> {
        boolean async = f.function().async();
        Doc prefix = async ? Doc.all(feed.take("async"), space()) : Doc.NOTHING;
        Doc head = Doc.all(prefix, feed.take("function"), space(), feed.take());
        yield Doc.all(head, expressions.signatureAndBody(f.function()));
      }
      case Statement.Class c -> classDeclaration(c, false);
      case Statement.Interface i -> interfaceDeclaration(i);
      case Statement.Alias a -> alias(a);
      case Statement.Import i -> importDeclaration(i);
      case Statement.ExportDeclaration e -> {
        Doc prefix = Doc.all(feed.take("export"), space());
        Doc ambient = feed.peek().isName("declare") ? Doc.all(feed.take(), space()) : Doc.NOTHING;
        yield Doc.all(prefix, ambient, statement(e.declaration()));
      }
      case Statement.ExportNames e -> exportNames(e);
      case Statement.ExportAll e -> {
        Doc head = Doc.all(feed.take("export"), space(), feed.take("*"), space());
        Doc name =
            e.namespace() == null
                ? Doc.NOTHING
                : Doc.all(feed.take("as"), space(), feed.take(), space());
        yield Doc.all(head, name, feed.take("from"), space(), feed.take(), semicolon());
      }
      case Statement.Ambient a ->
          Doc.all(feed.take("declare"), space(), statement(a.declaration()));
      case Statement.AmbientModule m -> {
        Doc head =
            Doc.all(feed.take("declare"), space(), feed.take("module"), space(), feed.take());
        Doc open = feed.take("{");
        Doc body = items(m.members(), this::statement, StatementFormat::apart);
        yield Doc.all(head, space(), braces(open, body));
      }
    };
  }

  private Doc condition(Expression condition) {
    Doc open = feed.take("(");
    Doc inner = expressions.inIndent(condition);
    return Doc.group(open, Doc.indented(Doc.Line.SOFT, inner), Doc.Line.SOFT, feed.take(")"));
  }

  /** The body of a loop or branch. */
  private Doc nested(Statement body) {
    if (body instanceof Statement.Block block) {
      return Doc.all(space(), block(block));
    }
    if (body instanceof Statement.Empty) {
      return feed.take(";");
    }
    return Doc.group(Doc.indented(Doc.Line.SPACE, statement(body)));
  }

  private Doc ifStatement(Statement.If i) {
    Doc head = Doc.all(feed.take("if"), space(), condition(i.condition()));
    Doc then = nested(i.then());
    if (i.otherwise() == null) {
      return Doc.all(head, then);
    }
    Doc gap = i.then() instanceof Statement.Block ? onward() : Doc.Line.HARD;
    Doc word = feed.take("else");
    Doc otherwise =
        i.otherwise() instanceof Statement.If again
            ? Doc.all(space(), ifStatement(again))
            : nested(i.otherwise());
    return Doc.all(head, then, gap, word, otherwise);
  }

  private Doc forStatement(Statement.For f) {
    List<Doc> parts = new ArrayList<>();
    parts.add(Doc.all(feed.take("for"), space(), feed.take("(")));
    Doc init =
        switch (f.init()) {
          case Statement.Variables v -> variables(v);
          case Statement.Evaluate e -> expressions.expression(e.expression());
          case null, default -> Doc.NOTHING;
        };
    Doc first = feed.take(";");
    Doc test =
        f.condition() == null
            ? Doc.NOTHING
            : Doc.all(Doc.Line.SPACE, expressions.expression(f.condition()));
    Doc second = feed.take(";");
    Doc update =
        f.update() == null
            ? Doc.NOTHING
            : Doc.all(Doc.Line.SPACE, expressions.expression(f.update()));
    parts.add(Doc.indented(Doc.Line.SOFT, init, first, test, second, update));
    parts.add(Doc.all(Doc.Line.SOFT, feed.take(")")));
    return Doc.all(Doc.group(Doc.all(parts)), nested(f.body()));
  }

  private Doc switchStatement(Statement.Switch s) {
    Doc head = Doc.all(feed.take("switch"), space(), condition(s.subject()), space());
    Doc open = feed.take("{");
    Doc cases = items(s.cases(), this::switchCase, (a, b) -> false);
    return Doc.all(head, braces(open, cases));
  }

  private Doc switchCase(Statement.Case c) {
    Doc label =
        c.test() == null
            ? feed.take("default")
            : Doc.all(feed.take("case"), space(), expressions.expression(c.test()));
    Doc colon = feed.take(":");
    if (c.body().size() == 1 && c.body().getFirst() instanceof Statement.Block block) {
      return Doc.all(label, colon, space(), block(block));
    }
    Doc body = items(c.body(), this::statement, StatementFormat::apart);
    if (body.equals(Doc.NOTHING) && feed.at("}")) {
      body = feed.ownComments();
    }
    return body.equals(Doc.NOTHING)
        ? Doc.all(label, colon)
        : Doc.all(label, colon, Doc.indented(Doc.Line.HARD, body));
  }

  private Doc tryStatement(Statement.Try t) {
    List<Doc> parts = new ArrayList<>();
    parts.add(Doc.all(feed.take("try"), space(), block(t.block())));
    Statement.Catch handler = t.handler();
    if (handler != null) {
      parts.add(Doc.all(onward(), feed.take("catch"), space()));
      if (handler.parameter() != null) {
        Doc open = feed.take("(");
        Doc target = expressions.functions().pattern(handler.parameter());
        Doc filter = types.annotation(handler.filter());
        parts.add(Doc.all(open, target, filter, feed.take(")"), space()));
      }
      parts.add(block(handler.body()));
    }
    if (t.finalizer() != null) {
      parts.add(Doc.all(onward(), feed.take("finally"), space(), block(t.finalizer())));
    }
    return Doc.all(parts);
  }

  // ---- declarations ----

  private Doc variables(Statement.Variables v) {
    Doc word = Doc.all(feed.take(), space());
    List<Doc> parts = new ArrayList<>();
    for (int i = 0; i < v.bindings().size(); i++) {
      Doc comma = i == 0 ? Doc.NOTHING : Doc.all(feed.take(","), Doc.Line.SPACE);
      parts.add(Doc.all(comma, binding(v.bindings().get(i))));
    }
    return parts.size() == 1
        ? Doc.all(word, parts.getFirst())
        : Doc.group(word, new Doc.Indented(Doc.all(parts)));
  }

  private Doc binding(Statement.Binding binding) {
    Doc target = expressions.functions().pattern(binding.target());
    Doc annotation = types.annotation(binding.annotation());
    return Doc.all(target, annotation, value(binding.init()));
  }

  /** An equals sign and what follows it, or nothing. */
  private Doc value(@Nullable Expression init) {
    return init == null ? Doc.NOTHING : Doc.all(space(), feed.take("="), expressions.onward(init));
  }

  Doc classDeclaration(Statement.Class c, boolean expression) {
    List<Doc> head = new ArrayList<>();
    if (c.isAbstract() && feed.peek().isName("abstract")) {
      head.add(Doc.all(feed.take(), space()));
    }
    head.add(feed.take("class"));
    boolean named = feed.peek().kind() == dev.raya.compiler.parse.Lexeme.Kind.NAME;
    if (!expression || named) {
      head.add(Doc.all(space(), feed.take()));
    }
    head.add(types.parameters(c.typeParameters()));
    List<Doc> heritage = new ArrayList<>();
    if (c.base() != null) {
      Doc word = Doc.all(Doc.Line.SPACE, feed.take("extends"), space());
      heritage.add(Doc.all(word, types.reference(c.base())));
    }
    if (!c.interfaces().isEmpty()) {
      Doc word = Doc.all(Doc.Line.SPACE, feed.take("implements"), space());
      heritage.add(Doc.all(word, references(c.interfaces())));
    }
    head.add(new Doc.Indented(Doc.all(heritage)));
    Doc open = feed.take("{");
    Doc body = items(c.members(), this::member, StatementFormat::membersApart);
    return Doc.all(Doc.group(Doc.all(head)), space(), braces(open, body));
  }

  private Doc references(List<TypeNode.Reference> references) {
    List<Doc> parts = new ArrayList<>();
    for (TypeNode.Reference reference : references) {
      parts.add(parts.isEmpty() ? Doc.NOTHING : Doc.all(feed.take(","), space()));
      parts.add(types.reference(reference));
    }
    return Doc.all(parts);
  }

  private static boolean membersApart(ClassMember a, ClassMember b) {
    return hasBody(a) || hasBody(b);
  }

  private static boolean hasBody(ClassMember member) {
    return switch (member) {
      case ClassMember.Field _ -> false;
      case ClassMember.Method m -> m.function().body() != null;
      case ClassMember.Accessor a -> a.function().body() != null;
      case ClassMember.Constructor c -> c.function().body() != null;
    };
  }

  private Doc member(ClassMember member) {
    List<Doc> parts = new ArrayList<>();
    for (int i = 0; i < member.modifiers().size(); i++) {
      parts.add(Doc.all(feed.take(), space()));
    }
    switch (member) {
      case ClassMember.Field f -> {
        parts.add(feed.take());
        parts.add(f.optional() ? feed.take("?") : Doc.NOTHING);
        parts.add(types.annotation(f.annotation()));
        parts.add(value(f.init()));
        parts.add(semicolon());
      }
      case ClassMember.Method m -> {
        if (m.function().async()) {
          parts.add(Doc.all(feed.take("async"), space()));
        }
        parts.add(feed.take());
        parts.add(expressions.signatureAndBody(m.function()));
      }
      case ClassMember.Accessor a -> {
        parts.add(Doc.all(feed.take(), space(), feed.take()));
        parts.add(expressions.signatureAndBody(a.function()));
      }
      case ClassMember.Constructor c -> {
        parts.add(feed.take("constructor"));
        parts.add(expressions.signatureAndBody(c.function()));
      }
    }
    return Doc.all(parts);
  }

  private Doc interfaceDeclaration(Statement.Interface i) {
    Doc head = Doc.all(feed.take("interface"), space(), feed.take());
    Doc generics = types.parameters(i.typeParameters());
    Doc bases =
        i.bases().isEmpty()
            ? Doc.NOTHING
            : Doc.all(space(), feed.take("extends"), space(), references(i.bases()));
    return Doc.all(head, generics, bases, space(), types.object(i.body(), true));
  }

  private Doc alias(Statement.Alias a) {
    Doc head = Doc.all(feed.take("type"), space(), feed.take());
    Doc generics = types.parameters(a.typeParameters());
    Doc sign = Doc.all(space(), feed.take("="), space());
    return Doc.all(head, generics, sign, types.type(a.type()), semicolon());
  }

  // ---- modules ----

  private Doc importDeclaration(Statement.Import i) {
    List<Doc> parts = new ArrayList<>();
    parts.add(Doc.all(feed.take("import"), space()));
    if (feed.peek().isName("type")) {
      parts.add(Doc.all(feed.take(), space()));
    }
    if (i.namespace() != null) {
      parts.add(Doc.all(feed.take("*"), space(), feed.take("as"), space(), feed.take(), space()));
      parts.add(Doc.all(feed.take("from"), space()));
    } else if (feed.at("{")) {
      Doc open = feed.take();
      Iterator<Statement.ImportName> each = i.names().iterator();
      Lists.Elements names = lists.elements(i.names().size(), () -> importName(each.next()));
      parts.add(Lists.spread(open, names, feed.take("}"), true, true, false));
      parts.add(Doc.all(space(), feed.take("from"), space()));
    }
    parts.add(feed.take());
    parts.add(semicolon());
    return Doc.all(parts);
  }

  private Doc importName(Statement.ImportName name) {
    List<Doc> parts = new ArrayList<>();
    while (feed.peek().start() < name.name().span().start()) {
      parts.add(Doc.all(feed.take(), space()));
    }
    parts.add(feed.take());
    parts.add(renamed());
    return Doc.all(parts);
  }

  private Doc renamed() {
    return feed.peek().isName("as")
        ? Doc.all(space(), feed.take(), space(), feed.take())
        : Doc.NOTHING;
  }

  private Doc exportNames(Statement.ExportNames e) {
    List<Doc> parts = new ArrayList<>();
    parts.add(Doc.all(feed.take("export"), space()));
    if (feed.peek().isName("type")) {
      parts.add(Doc.all(feed.take(), space()));
    }
    Doc open = feed.take("{");
    Lists.Elements names = lists.elements(e.names().size(), () -> Doc.all(feed.take(), renamed()));
    parts.add(Lists.spread(open, names, feed.take("}"), true, true, false));
    if (e.from() != null) {
      parts.add(Doc.all(space(), feed.take("from"), space(), feed.take()));
    }
    parts.add(semicolon());
    return Doc.all(parts);
  }
}
