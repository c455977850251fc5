package dev.raya.compiler.parse;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.syntax.ClassMember;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.FunctionSyntax;
import dev.raya.compiler.syntax.Modifier;
import dev.raya.compiler.syntax.ModuleSyntax;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Pattern;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.syntax.TypeNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A recursive-descent parser for the whole grammar of language.md 2. A statement that cannot be
 * parsed is abandoned and parsing goes on behind it, so that one run reports several errors. Every
 * input gives a tree; nothing recurses deeper than {@link #MAX_DEPTH} levels.
 */
public final class Parser extends ExpressionParser {
  /** Words at which a new statement surely begins. */
  private static final Set<String> STATEMENT_WORDS =
      Set.of(
          "await",
          "break",
          "case",
          "class",
          "const",
          "continue",
          "debugger",
          "default",
          "delete",
          "do",
          "enum",
          "export",
          "for",
          "function",
          "if",
          "import",
          "interface",
          "let",
          "namespace",
          "new",
          "return",
          "super",
          "switch",
          "this",
          "throw",
          "try",
          "typeof",
          "var",
          "void",
          "while",
          "with",
          "yield");

  /** Words before the name of a declaration. */
  private static final Set<String> DECLARING =
      Set.of("function", "class", "interface", "type", "enum", "namespace", "module");

  private final Set<String> lost = new HashSet<>();
  private boolean ambientContext;

  private Parser(SourceFile file, List<Token> tokens, Diagnostics diagnostics) {
    super(file, tokens, diagnostics);
  }

  /** Parses a module; problems go to the diagnostics. */
  public static ModuleSyntax parse(SourceFile file, Diagnostics diagnostics) {
    Lexer.Lexed lexed = Lexer.lex(file, diagnostics);
    Parser parser = new Parser(file, lexed.tokens(), diagnostics);
    return new ModuleSyntax(file, parser.module(), lexed.moduleDoc(), parser.lost);
  }

  /**
   * Parses a declaration file, in which declarations without body may stand without {@code declare}
   * and be exported.
   */
  public static ModuleSyntax parseDeclarations(SourceFile file, Diagnostics diagnostics) {
    Lexer.Lexed lexed = Lexer.lex(file, diagnostics);
    Parser parser = new Parser(file, lexed.tokens(), diagnostics);
    parser.ambientContext = true;
    return new ModuleSyntax(file, parser.module(), lexed.moduleDoc(), parser.lost);
  }

  private List<Statement> module() {
    List<Statement> items = new ArrayList<>();
    while (!atEnd()) {
      statementInto(items, true);
    }
    return items;
  }

  /** Parses one statement, or reports and skips to where the next may begin. */
  private void statementInto(List<Statement> out, boolean moduleLevel) {
    int start = index;
    int level = depth();
    boolean ambient = ambientContext;
    try {
      endsBroken = false;
      out.add(statement(moduleLevel));
      if (endsBroken) {
        out.add(new Statement.Empty(since(tokenAt(start)), true));
      }
    } catch (Abandoned e) {
      restoreDepth(level);
      ambientContext = ambient;
      if (isTooDeep()) {
        while (!atEnd()) {
          take();
        }
        lose(start);
        return;
      }
      recover(start);
      lose(start);
      out.add(new Statement.Empty(since(tokenAt(start)), true));
    }
  }

  /** Notes the names that the tokens from an index to here declare, as far as can be seen. */
  private void lose(int start) {
    boolean binding = false;
    for (int i = start; i < index; i++) {
      Token t = tokenAt(i);
      if (t.is("let") || t.is("const") || t.is("var") || t.is("import")) {
        binding = true;
      } else if (t.is("=") || t.is(";") || t.is("{") && !binding || t.isName("from")) {
        binding = false;
      } else if (t.kind() == Token.Kind.IDENTIFIER
          && (binding || i > start && DECLARING.contains(tokenAt(i - 1).text()))) {
        lost.add(t.text());
      }
    }
  }

  private void recover(int start) {
    if (index == start) {
      take();
    }
    // What stands in braces of the statement, an object type or the cases of a switch, goes with
    // it.
    for (int i = start; i < index; i++) {
      if (tokenAt(i).is("{") && afterMatching(i) > index) {
        index = afterMatching(i);
      }
    }
    while (!atEnd()) {
      Token t = peek();
      if (t.is(";")) {
        take();
        return;
      }
      if (t.is("}") && !closesSince(start)) {
        return;
      }
      if (t.lineBreakBefore()
          && (t.is("@")
              || t.kind() == Token.Kind.WORD && STATEMENT_WORDS.contains(t.text())
              || t.kind() == Token.Kind.IDENTIFIER)) {
        return;
      }
      int after = t.is("{") || t.is("(") || t.is("[") ? afterMatching(index) : -1;
      if (after > 0) {
        index = after;
      } else {
        take();
      }
    }
  }

  // ---- statements ----

  private Statement statement(boolean moduleLevel) {
    enter();
    try {
      return statementUnbounded(moduleLevel);
    } finally {
      leave();
    }
  }

  private Statement nestedStatement() {
    return statement(false);
  }

  private Statement statementUnbounded(boolean moduleLevel) {
    Token t = peek();
    if (t.kind() == Token.Kind.WORD) {
      Statement s = wordStatement(t, moduleLevel);
      if (s != null) {
        return s;
      }
    } else if (t.kind() == Token.Kind.IDENTIFIER) {
      Statement s = nameStatement(t, moduleLevel);
      if (s != null) {
        return s;
      }
    } else if (t.is("{")) {
      return block();
    } else if (t.is(";")) {
      take();
      return new Statement.Empty(span(t));
    } else if (t.is("}")) {
      take();
      throw error(DiagnosticCode.E0101, span(t), "unexpected '}'");
    } else if (t.is("@")) {
      throw error(DiagnosticCode.E0111, span(t), "decorators are not supported");
    }
    Expression e = expression();
    expectSemicolon();
    return new Statement.Evaluate(since(t), e);
  }

  private @Nullable Statement wordStatement(Token t, boolean moduleLevel) {
    return switch (t.text()) {
      case "let", "const" -> {
        if (t.is("const") && peek(1).is("enum")) {
          throw error(DiagnosticCode.E0107, span(peek(1)), "enums are banned; use a literal union");
        }
        Statement.Variables v = variables(t);
        expectSemicolon();
        yield new Statement.Variables(since(t), v.constant(), v.bindings(), v.doc());
      }
      case "var" -> {
        diagnostics.add(DiagnosticCode.E0105, span(t), "'var' is banned; use 'let' or 'const'");
        Statement.Variables v = variables(t);
        expectSemicolon();
        yield new Statement.Variables(since(t), false, v.bindings(), v.doc());
      }
      case "function" -> function(t, false);
      case "class" -> classDeclaration(t, false);
      case "interface" -> interfaceDeclaration(t);
      case "enum" ->
          throw error(DiagnosticCode.E0107, span(t), "enums are banned; use a union of literals");
      case "namespace" ->
          throw error(DiagnosticCode.E0108, span(t), "namespaces are banned; use modules");
      case "import" -> {
        if (peek(1).is("(")) {
          throw error(
              DiagnosticCode.E0110, span(t), "import() is banned; use an import declaration");
        }
        requireModuleLevel(moduleLevel, t);
        yield importDeclaration(t);
      }
      case "export" -> {
        requireModuleLevel(moduleLevel, t);
        yield exportDeclaration(t);
      }
      case "if" -> ifStatement(t);
      case "while" -> {
        take();
        Expression condition = condition();
        yield new Statement.While(since(t), condition, nestedStatement());
      }
      case "do" -> {
        take();
        Statement body = nestedStatement();
        expect("while");
        Expression condition = condition();
        expectSemicolon();
        yield new Statement.DoWhile(since(t), body, condition);
      }
      case "for" -> forStatement(t);
      case "switch" -> switchStatement(t);
      case "try" -> tryStatement(t);
      case "return" -> returnStatement(t);
      case "throw" -> {
        take();
        if (peek().lineBreakBefore()) {
          throw unexpected("an expression on the same line as 'throw'");
        }
        Expression value = expression();
        expectSemicolon();
        yield new Statement.Throw(since(t), value);
      }
      case "break", "continue" -> {
        take();
        Name label =
            peek().kind() == Token.Kind.IDENTIFIER && !peek().lineBreakBefore()
                ? expectName()
                : null;
        expectSemicolon();
        yield t.is("break")
            ? new Statement.Break(since(t), label)
            : new Statement.Continue(since(t), label);
      }
      case "debugger" -> {
        take();
        expectSemicolon();
        yield new Statement.Debugger(since(t));
      }
      case "with" -> throw error(DiagnosticCode.E0113, span(t), "'with' is banned");
      default -> null;
    };
  }

  private void requireModuleLevel(boolean moduleLevel, Token t) {
    if (!moduleLevel) {
      throw error(DiagnosticCode.E0124, span(t), "'" + t.text() + "' must stand at module level");
    }
  }

  private @Nullable Statement nameStatement(Token t, boolean moduleLevel) {
    Token next = peek(1);
    if (next.is(":")) {
      Name label = expectName();
      take();
      return new Statement.Labeled(since(t), label, nestedStatement());
    }
    if (next.lineBreakBefore()) {
      return null;
    }
    switch (t.text()) {
      case "type" -> {
        boolean reserved = next.kind() == Token.Kind.WORD && peek(2).is("=");
        return reserved || next.kind() == Token.Kind.IDENTIFIER ? alias(t) : null;
      }
      case "abstract" -> {
        if (next.is("class")) {
          take();
          return classDeclaration(t, true);
        }
        return null;
      }
      case "async" -> {
        if (next.is("function")) {
          take();
          return function(t, true);
        }
        return null;
      }
      case "declare" -> {
        if (next.kind() == Token.Kind.WORD || next.kind() == Token.Kind.IDENTIFIER) {
          requireModuleLevel(moduleLevel, t);
          return ambient(t);
        }
        return null;
      }
      case "module" -> {
        if (next.kind() == Token.Kind.IDENTIFIER) {
          throw error(DiagnosticCode.E0108, span(t), "namespaces are banned; use modules");
        }
        return null;
      }
      case "global" -> {
        return null;
      }
      default -> {
        return null;
      }
    }
  }

  @Override
  Statement.Block block() {
    int start = index;
    Token open = expect("{");
    List<Statement> statements = new ArrayList<>();
    while (!at("}") && !isCutOff(start)) {
      statementInto(statements, false);
    }
    if (!accept("}")) {
      cutOff(start);
      statements.add(new Statement.Empty(span(open), true));
    }
    return new Statement.Block(since(open), statements);
  }

  /**
   * Whether the closing bracket of the one at an index is missing: the text ends, or a declaration
   * follows that only a module can hold.
   */
  private boolean isCutOff(int open) {
    return atEnd()
        || (at("export") || at("import"))
            && peek().lineBreakBefore()
            && !peek(1).is("(")
            && !peek(1).is(":")
            && afterMatching(open) < 0;
  }

  /** Reports a bracket that is not closed, and goes on as if it were. */
  private void cutOff(int open) {
    Token bracket = tokenAt(open);
    String found = atEnd() ? "found the end of the file here" : "this stands at module level";
    report(
        new Diagnostic(
            DiagnosticCode.E0103,
            span(bracket),
            "'{' is not closed; expected '}'",
            List.of(new Diagnostic.Note(span(peek()), found)),
            List.of()));
    lose(open);
  }

  private Expression condition() {
    Token open = expect("(");
    Expression condition = expression();
    expectClose(")", open);
    return condition;
  }

  private Statement ifStatement(Token first) {
    take();
    Expression condition = condition();
    Statement then = nestedStatement();
    Statement otherwise = accept("else") ? nestedStatement() : null;
    return new Statement.If(since(first), condition, then, otherwise);
  }

  private Statement.Variables variables(Token first) {
    boolean constant = take().is("const");
    List<Statement.Binding> bindings = new ArrayList<>();
    do {
      bindings.add(binding());
    } while (accept(","));
    return new Statement.Variables(since(first), constant, bindings, first.doc());
  }

  private Statement.Binding binding() {
    Token first = peek();
    Pattern target = patternTarget();
    if (at("!")) {
      throw error(DiagnosticCode.E0114, span(peek()), "definite assignment '!' is banned");
    }
    TypeNode annotation = accept(":") ? type() : null;
    Expression init = accept("=") ? assign() : null;
    return new Statement.Binding(since(first), target, annotation, init);
  }

  private Statement forStatement(Token first) {
    take();
    if (peek().is("await")) {
      throw error(
          DiagnosticCode.E0101, span(peek()), "'for await' is not supported; loop over a channel");
    }
    Token open = expect("(");
    Statement init = null;
    Token t = peek();
    if (t.is("let") || t.is("const") || t.is("var")) {
      if (t.is("var")) {
        diagnostics.add(DiagnosticCode.E0105, span(t), "'var' is banned; use 'let' or 'const'");
      }
      int saved = index;
      take();
      Pattern target = patternTarget();
      if (peek().isName("of")) {
        take();
        Expression subject = assign();
        expectClose(")", open);
        return new Statement.ForOf(since(first), t.is("const"), target, subject, nestedStatement());
      }
      if (at("in")) {
        throw error(
            DiagnosticCode.E0106, span(peek()), "for…in is banned; loop over keys with for…of");
      }
      index = saved;
      init = variables(t);
    } else if (!at(";")) {
      Expression e = headerExpression();
      if (peek().isName("of")) {
        throw error(
            DiagnosticCode.E0101,
            span(t),
            "the variable of for…of must be declared: write 'const' or 'let'");
      }
      init = new Statement.Evaluate(since(t), e);
    }
    expect(";");
    Expression condition = at(";") ? null : expression();
    expect(";");
    Expression update = at(")") ? null : headerExpression();
    expectClose(")", open);
    return new Statement.For(since(first), init, condition, update, nestedStatement());
  }

  private Statement switchStatement(Token first) {
    take();
    Expression subject = condition();
    Token open = expect("{");
    List<Statement.Case> cases = new ArrayList<>();
    while (!at("}") && !atEnd()) {
      Token t = peek();
      Expression test = null;
      if (accept("case")) {
        test = expression();
      } else {
        expect("default");
      }
      expect(":");
      List<Statement> body = new ArrayList<>();
      while (!at("case") && !at("default") && !at("}") && !atEnd()) {
        statementInto(body, false);
      }
      cases.add(new Statement.Case(since(t), test, body));
    }
    expectClose("}", open);
    return new Statement.Switch(since(first), subject, cases);
  }

  private Statement tryStatement(Token first) {
    take();
    Statement.Block body = block();
    Statement.Catch handler = null;
    Token t = peek();
    if (accept("catch")) {
      Pattern parameter = null;
      TypeNode filter = null;
      if (at("(")) {
        Token open = take();
        parameter = patternTarget();
        filter = accept(":") ? type() : null;
        expectClose(")", open);
      }
      Statement.Block block = block();
      handler = new Statement.Catch(since(t), parameter, filter, block);
    }
    Statement.Block finalizer = accept("finally") ? block() : null;
    if (handler == null && finalizer == null) {
      diagnostics.add(DiagnosticCode.E0121, span(first), "'try' needs a 'catch' or a 'finally'");
    }
    return new Statement.Try(since(first), body, handler, finalizer);
  }

  private Statement returnStatement(Token first) {
    take();
    Expression value =
        at(";") || at("}") || atEnd() || peek().lineBreakBefore() ? null : expression();
    expectSemicolon();
    return new Statement.Return(since(first), value);
  }

  // ---- declarations ----

  private Statement.Function function(Token first, boolean async) {
    expect("function");
    if (at("*")) {
      throw error(DiagnosticCode.E0112, span(peek()), "generators are not supported");
    }
    Name name = expectName();
    FunctionSyntax function = signatureAndBody(first, async, true);
    if (function.body() == null && !ambientContext) {
      diagnostics.add(
          DiagnosticCode.E0125,
          name.span(),
          "a function needs a body; overload signatures are not supported");
    }
    return new Statement.Function(since(first), name, function, first.doc());
  }

  private Statement.Class classDeclaration(Token first, boolean isAbstract) {
    expect("class");
    return classAfterKeyword(first, isAbstract, expectName(), first.doc());
  }

  @Override
  Statement.Class classAfterKeyword(
      Token first, boolean isAbstract, Name name, @Nullable String doc) {
    List<TypeNode.Parameter> typeParameters = typeParameters();
    TypeNode.Reference base = accept("extends") ? reference() : null;
    List<TypeNode.Reference> interfaces = accept("implements") ? references() : List.of();
    int body = index;
    expect("{");
    List<ClassMember> members = new ArrayList<>();
    boolean damaged = false;
    while (!at("}") && !isCutOff(body)) {
      if (accept(";")) {
        continue;
      }
      int start = index;
      int level = depth();
      try {
        members.add(member());
      } catch (Abandoned e) {
        if (isTooDeep()) {
          throw e;
        }
        restoreDepth(level);
        recover(start);
        damaged = true;
      }
    }
    if (!accept("}")) {
      cutOff(body);
      damaged = true;
    }
    return new Statement.Class(
        since(first), name, isAbstract, typeParameters, base, interfaces, members, damaged, doc);
  }

  private List<TypeNode.Reference> references() {
    List<TypeNode.Reference> references = new ArrayList<>();
    do {
      references.add(reference());
    } while (accept(","));
    return references;
  }

  private ClassMember member() {
    Token first = peek();
    if (first.is("@")) {
      throw error(DiagnosticCode.E0111, span(first), "decorators are not supported");
    }
    List<Modifier> modifiers = memberModifiers();
    if (at("{") && modifiers.size() == 1 && modifiers.getFirst().kind() == Modifier.Kind.STATIC) {
      throw error(DiagnosticCode.E0101, span(first), "static blocks are not supported");
    }
    if (at("[")) {
      throw error(
          DiagnosticCode.E0126,
          span(peek()),
          "index signatures and computed names are not supported");
    }
    if (at("*")) {
      throw error(DiagnosticCode.E0112, span(peek()), "generators are not supported");
    }
    Token t = peek();
    if (t.isName("constructor") && peek(1).is("(")) {
      take();
      FunctionSyntax function = signatureAndBody(t, false, true);
      if (function.body() == null && !ambientContext) {
        diagnostics.add(
            DiagnosticCode.E0125,
            span(t),
            "a constructor needs a body; overloads are not supported");
      }
      return new ClassMember.Constructor(since(first), modifiers, function, first.doc());
    }
    if ((t.isName("get") || t.isName("set")) && !endsMemberName(peek(1))) {
      take();
      Name name = propertyName();
      FunctionSyntax function = signatureAndBody(t, false, true);
      return new ClassMember.Accessor(
          since(first), modifiers, t.text().equals("get"), name, function, first.doc());
    }
    boolean async = t.isName("async") && !endsMemberName(peek(1)) && !peek(1).lineBreakBefore();
    if (async) {
      take();
      if (peek().isName("constructor")
          || (peek().isName("get") || peek().isName("set")) && !endsMemberName(peek(1))) {
        throw error(DiagnosticCode.E0605, span(t), "constructors and accessors cannot be 'async'");
      }
    }
    Name name = propertyName();
    if (at("(") || at("<")) {
      FunctionSyntax function = signatureAndBody(t, async, true);
      return new ClassMember.Method(since(first), modifiers, name, function, first.doc());
    }
    if (at("!")) {
      throw error(DiagnosticCode.E0114, span(peek()), "definite assignment '!' is banned");
    }
    boolean optional = accept("?");
    if (optional && at("(")) {
      throw error(DiagnosticCode.E0101, span(peek()), "optional methods are not supported");
    }
    TypeNode annotation = accept(":") ? type() : null;
    Expression init = accept("=") ? assign() : null;
    expectSemicolon();
    return new ClassMember.Field(
        since(first), modifiers, name, optional, annotation, init, first.doc());
  }

  private List<Modifier> memberModifiers() {
    List<Modifier> modifiers = new ArrayList<>();
    while (true) {
      Token t = peek();
      Modifier.Kind kind = modifier(t);
      if (kind == null || endsMemberName(peek(1))) {
        return modifiers;
      }
      for (Modifier m : modifiers) {
        if (m.kind() == kind || isAccess(m.kind()) && isAccess(kind)) {
          diagnostics.add(
              DiagnosticCode.E0129, span(t), "'" + t.text() + "' after '" + m.kind().word() + "'");
        }
      }
      take();
      modifiers.add(new Modifier(span(t), kind));
    }
  }

  private static boolean isAccess(Modifier.Kind kind) {
    return kind.ordinal() <= Modifier.Kind.PRIVATE.ordinal();
  }

  private static Modifier.@Nullable Kind modifier(Token t) {
    if (t.kind() != Token.Kind.WORD && t.kind() != Token.Kind.IDENTIFIER) {
      return null;
    }
    return switch (t.text()) {
      case "public" -> Modifier.Kind.PUBLIC;
      case "protected" -> Modifier.Kind.PROTECTED;
      case "private" -> Modifier.Kind.PRIVATE;
      case "static" -> Modifier.Kind.STATIC;
      case "abstract" -> Modifier.Kind.ABSTRACT;
      case "readonly" -> Modifier.Kind.READONLY;
      case "override" -> Modifier.Kind.OVERRIDE;
      default -> null;
    };
  }

  private Statement.Interface interfaceDeclaration(Token first) {
    take();
    Name name = expectName();
    List<TypeNode.Parameter> typeParameters = typeParameters();
    List<TypeNode.Reference> bases = accept("extends") ? references() : List.of();
    TypeNode.ObjectForm body = objectType();
    return new Statement.Interface(since(first), name, typeParameters, bases, body, first.doc());
  }

  private Statement.Alias alias(Token first) {
    take();
    Name name = expectName();
    List<TypeNode.Parameter> typeParameters = typeParameters();
    expect("=");
    TypeNode type = type();
    expectSemicolon();
    return new Statement.Alias(since(first), name, typeParameters, type, first.doc());
  }

  // ---- modules ----

  private Statement.Import importDeclaration(Token first) {
    take();
    if (peek().kind() == Token.Kind.STRING) {
      Statement.Specifier specifier = specifier();
      expectSemicolon();
      return new Statement.Import(since(first), false, List.of(), null, specifier);
    }
    boolean typeOnly = peek().isName("type") && (peek(1).is("{") || peek(1).is("*"));
    if (typeOnly) {
      take();
    }
    List<Statement.ImportName> names = new ArrayList<>();
    Name namespace = null;
    if (accept("*")) {
      expectContextual("as");
      namespace = expectName();
    } else if (at("{")) {
      Token open = take();
      while (!at("}")) {
        names.add(importName(typeOnly));
        if (!accept(",")) {
          break;
        }
      }
      expectClose("}", open);
    } else if (peek().kind() == Token.Kind.IDENTIFIER) {
      boolean require = peek(1).is("=");
      throw error(
          require ? DiagnosticCode.E0110 : DiagnosticCode.E0109,
          span(peek()),
          require
              ? "'import x = require(…)' is banned"
              : "default imports are banned; write 'import { " + peek().text() + " } from …'");
    } else {
      throw unexpected("'{', '*' or a string");
    }
    expectContextual("from");
    Statement.Specifier specifier = specifier();
    expectSemicolon();
    return new Statement.Import(since(first), typeOnly, names, namespace, specifier);
  }

  private Statement.ImportName importName(boolean typeOnly) {
    Token first = peek();
    boolean type =
        first.isName("type")
            && (peek(1).kind() == Token.Kind.IDENTIFIER && !peek(1).isName("as")
                || peek(1).isName("as") && peek(2).isName("as"));
    if (type) {
      take();
    }
    if (peek().is("default")) {
      throw error(DiagnosticCode.E0109, span(peek()), "default imports are banned");
    }
    Name name = expectName();
    Name local = acceptName("as") ? expectName() : name;
    return new Statement.ImportName(since(first), typeOnly || type, name, local);
  }

  private void expectContextual(String word) {
    if (!acceptName(word)) {
      throw unexpected("'" + word + "'");
    }
  }

  private Statement.Specifier specifier() {
    Token t = peek();
    if (t.kind() != Token.Kind.STRING) {
      throw unexpected("a module specifier");
    }
    take();
    return new Statement.Specifier(span(t), t.text());
  }

  private Statement exportDeclaration(Token first) {
    take();
    Token t = peek();
    if (t.is("default")) {
      throw error(
          DiagnosticCode.E0109, span(t), "default exports are banned; export the name instead");
    }
    if (t.is("=")) {
      throw error(DiagnosticCode.E0110, span(t), "'export =' is banned");
    }
    if (accept("*")) {
      Name namespace = acceptName("as") ? expectName() : null;
      expectContextual("from");
      Statement.Specifier from = specifier();
      expectSemicolon();
      return new Statement.ExportAll(since(first), namespace, from);
    }
    boolean typeOnly = t.isName("type") && peek(1).is("{");
    if (typeOnly) {
      take();
    }
    if (at("{")) {
      return exportNames(first, typeOnly);
    }
    if (peek().isName("declare")) {
      take();
    }
    Token declared = peek();
    Statement s = statement(true);
    if (!(s instanceof Statement.Declaration d)) {
      throw error(DiagnosticCode.E0101, span(declared), "expected a declaration after 'export'");
    }
    return new Statement.ExportDeclaration(since(first), withDoc(d, first.doc()));
  }

  /** The doc comment stands before {@code export}, not before the declaration itself. */
  private static Statement.Declaration withDoc(Statement.Declaration d, @Nullable String doc) {
    return switch (d) {
      case Statement.Variables v ->
          new Statement.Variables(v.span(), v.constant(), v.bindings(), doc);
      case Statement.Function f -> new Statement.Function(f.span(), f.name(), f.function(), doc);
      case Statement.Class c ->
          new Statement.Class(
              c.span(),
              c.name(),
              c.isAbstract(),
              c.typeParameters(),
              c.base(),
              c.interfaces(),
              c.members(),
              c.damaged(),
              doc);
      case Statement.Interface i ->
          new Statement.Interface(i.span(), i.name(), i.typeParameters(), i.bases(), i.body(), doc);
      case Statement.Alias a ->
          new Statement.Alias(a.span(), a.name(), a.typeParameters(), a.type(), doc);
    };
  }

  private Statement exportNames(Token first, boolean typeOnly) {
    Token open = take();
    List<Statement.ExportName> names = new ArrayList<>();
    while (!at("}")) {
      Token t = peek();
      Name local = expectName();
      if (at("default") || peek().isName("as") && peek(1).is("default")) {
        throw error(DiagnosticCode.E0109, span(peek()), "default exports are banned");
      }
      Name exported = acceptName("as") ? expectName() : local;
      names.add(new Statement.ExportName(since(t), local, exported));
      if (!accept(",")) {
        break;
      }
    }
    expectClose("}", open);
    Statement.Specifier from = acceptName("from") ? specifier() : null;
    expectSemicolon();
    return new Statement.ExportNames(since(first), typeOnly, names, from);
  }

  private Statement ambient(Token first) {
    take();
    boolean outer = ambientContext;
    ambientContext = true;
    Statement result;
    if (peek().isName("module")) {
      take();
      Statement.Specifier name = specifier();
      Token open = expect("{");
      List<Statement> members = new ArrayList<>();
      while (!at("}") && !atEnd()) {
        statementInto(members, true);
      }
      expectClose("}", open);
      result = new Statement.AmbientModule(since(first), name, members);
    } else {
      Token declared = peek();
      Statement s = statement(true);
      if (!(s instanceof Statement.Declaration d)) {
        throw error(DiagnosticCode.E0101, span(declared), "expected a declaration after 'declare'");
      }
      result = new Statement.Ambient(since(first), withDoc(d, first.doc()));
    }
    ambientContext = outer;
    return result;
  }
}
