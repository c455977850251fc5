package dev.raya.compiler.lower;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrFunction.Trait;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.LinkName;
import dev.raya.compiler.ir.Terminator;
import dev.raya.compiler.lower.TypeLowering.Environment;
import dev.raya.compiler.source.Position;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.tree.ClassTree;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.FunctionTree;
import dev.raya.compiler.tree.Stmt;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FieldSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypeParameterSymbol;
import dev.raya.compiler.types.VariableSymbol;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.Trap;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The lowering of one function: its frame, its parameters, and what its statements share. */
final class FunctionLowering {
  private static final String ANONYMOUS = "(anonymous)";

  private final Lowering lowering;
  private final int number;
  private final int module;
  private final Environment environment;
  private final CaptureAnalysis captures;
  private final Map<Symbol, Place> places = new HashMap<>();
  private final CodeDraft code = new CodeDraft();
  private final Coercion coercion = new Coercion(code);
  private final ExpressionLowering expressions;
  private final StatementLowering statements;
  private Map<Object, Integer> instances = new HashMap<>();
  private IrType result = Basic.VOID;
  private String pendingName = "";

  FunctionLowering(
      Lowering lowering,
      int number,
      int module,
      Environment environment,
      CaptureAnalysis captures) {
    this.lowering = lowering;
    this.number = number;
    this.module = module;
    this.environment = environment;
    this.captures = captures;
    this.expressions = new ExpressionLowering(this);
    this.statements = new StatementLowering(this);
  }

  /** The receiver's type where it is an ordinary first parameter; see {@link #top}. */
  private @Nullable IrType plainReceiver;

  private boolean inheritsConstructor;

  /** Whether this is a constructor that is not written in the source. */
  boolean inheritsConstructor() {
    return inheritsConstructor;
  }

  // --- whole functions

  /** Lowers a function that captures nothing: one of a module or class, or a nested one. */
  static void top(
      Lowering lowering, FunctionInstances.Pending pending, int module, Set<Trait> extra) {
    FunctionTree tree = pending.tree();
    FunctionSymbol symbol = tree.symbol();
    CaptureAnalysis around = lowering.around(symbol);
    FunctionLowering f =
        new FunctionLowering(
            lowering,
            pending.number(),
            module,
            pending.environment(),
            around == null ? CaptureAnalysis.of(tree) : around);
    f.captures.nestedFunctions().values().forEach(lowering.functions()::register);
    if (symbol.owner() != null && symbol.kind() != FunctionSymbol.Kind.STATIC_METHOD) {
      f.places.putAll(lowering.classes().held(symbol.owner(), pending.environment()));
    }
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    traits.addAll(FunctionInstances.traits(symbol));
    if (FunctionInstances.isSpawned(symbol)) {
      traits.add(Trait.ASYNC);
    }
    traits.addAll(extra);
    f.inheritsConstructor =
        symbol.kind() == FunctionSymbol.Kind.CONSTRUCTOR
            && symbol.owner() != null
            && symbol.owner().hasImplicitConstructor();
    List<IrType> arguments = f.bound(symbol.type().typeParameters());
    int owner = -1;
    if (symbol.owner() != null && symbol.kind() != FunctionSymbol.Kind.STATIC_METHOD) {
      owner = lowering.classes().number(symbol.owner(), f.bound(symbol.owner().typeParameters()));
    }
    String name =
        FunctionInstances.name(symbol) + TypeNames.arguments(lowering.tables(), arguments);
    if (symbol.owner() != null && symbol.owner().imported() && tree.receiver() != null) {
      // The class is another file's: its generic method is a function of this one.
      traits.remove(Trait.METHOD);
      f.plainReceiver = new IrType.ClassType(owner);
      f.function(tree, name, traits, -1, -1, List.of());
    } else {
      f.function(tree, name, traits, owner, -1, List.of());
    }
  }

  private List<IrType> bound(List<TypeParameterSymbol> parameters) {
    return environment.bound(parameters);
  }

  /** Lowers the initialiser of a module. */
  static void initialiser(
      Lowering lowering, int module, String name, LinkName link, List<Stmt> body) {
    int number = lowering.tables().announceFunction(link);
    FunctionLowering f =
        new FunctionLowering(lowering, number, module, Environment.EMPTY, CaptureAnalysis.of(body));
    f.captures.nestedFunctions().values().forEach(lowering.functions()::register);
    f.statements.body(body);
    f.code.leave(Opcode.RETURN_VOID);
    f.define(
        name,
        new IrType.Function(List.of(), Basic.VOID),
        EnumSet.of(Trait.INIT),
        -1,
        -1,
        List.of());
  }

  /** Lowers a closure of this function; gives its number. */
  private int inner(FunctionTree tree, Environment inside, List<Symbol> captured) {
    int closure = lowering.tables().announceFunction();
    FunctionLowering f = new FunctionLowering(lowering, closure, module, inside, captures);
    f.instances = instances;
    instances.putIfAbsent(List.of(tree.symbol(), inside), closure);
    List<IrType> types = new ArrayList<>();
    for (Symbol symbol : captured) {
      Place place = place(symbol);
      f.places.put(symbol, place.captured(types.size()));
      types.add(place.heldType());
    }
    f.function(tree, closureName(tree), EnumSet.of(Trait.CLOSURE), -1, number, types);
    return closure;
  }

  /** A function expression without name is called after what it is the value of. */
  void nameClosure(String name, Expr value) {
    Expr at = value;
    while (at instanceof Expr.Convert convert) {
      at = convert.operand();
    }
    pendingName = at instanceof Expr.Closure && !name.startsWith("$") ? name : "";
  }

  private String closureName(FunctionTree tree) {
    String own = FunctionInstances.name(tree.symbol());
    String name = own.isEmpty() ? pendingName : own;
    pendingName = "";
    return name.isEmpty() ? ANONYMOUS : name;
  }

  private void function(
      FunctionTree tree,
      String name,
      Set<Trait> traits,
      int classNumber,
      int container,
      List<IrType> captured) {
    IrType.Function type = types().function(tree.symbol().type(), environment);
    boolean receives = traits.contains(Trait.METHOD) || traits.contains(Trait.CONSTRUCTOR);
    if (plainReceiver != null) {
      receives = true;
      code.local(plainReceiver, "this");
    } else if (receives) {
      code.local(new IrType.ClassType(classNumber), "this");
    }
    for (int i = 0; i < type.params().size(); i++) {
      String label = i < tree.parameters().size() ? tree.parameters().get(i).variable().name() : "";
      code.local(type.params().get(i), label);
    }
    if (tree.abstractBody()) {
      code.raise(Trap.UNREACHABLE);
    } else if (tree.symbol().async() && !traits.contains(Trait.ASYNC)) {
      async(tree, type, receives);
    } else {
      if (traits.contains(Trait.ASYNC)) {
        IrType inside = type.result() instanceof IrType.Task task ? task.result() : Basic.VOID;
        type = new IrType.Function(type.params(), inside, type.optional(), type.rest());
      }
      result = traits.contains(Trait.CONSTRUCTOR) ? Basic.VOID : type.result();
      receiver(tree);
      parameters(tree, type, receives ? 1 : 0);
      statements.body(tree.body());
      end(result);
    }
    if (traits.contains(Trait.CONSTRUCTOR)) {
      type = new IrType.Function(type.params(), Basic.VOID, type.optional(), type.rest());
    }
    if (plainReceiver != null) {
      List<IrType> params = new ArrayList<>(type.params());
      params.addFirst(plainReceiver);
      type = new IrType.Function(params, type.result(), type.optional(), type.rest());
    }
    define(name, type, traits, classNumber, container, captured);
  }

  /** What follows the last statement: a return, or nothing that can be reached. */
  private void end(IrType expected) {
    if (expected == Basic.VOID) {
      code.leave(Opcode.RETURN_VOID);
    } else {
      code.raise(Trap.UNREACHABLE);
    }
  }

  private void receiver(FunctionTree tree) {
    if (tree.receiver() != null) {
      bind(tree.receiver(), 0);
    }
  }

  private void parameters(FunctionTree tree, IrType.Function type, int first) {
    for (int i = 0; i < tree.parameters().size(); i++) {
      FunctionTree.Parameter parameter = tree.parameters().get(i);
      int local = first + i;
      boolean rest = type.rest() && i == type.params().size() - 1;
      if (parameter.defaultValue() != null || rest) {
        int given = code.block();
        int missing = code.block();
        int argument = plainReceiver == null ? i : i + 1;
        code.end(new Terminator.ArgumentBranch(argument, given, missing));
        code.begin(missing);
        if (parameter.defaultValue() != null) {
          expressions.to(parameter.defaultValue(), type.params().get(i));
        } else {
          code.add(new Instruction.Literal(Opcode.ARRAY_LITERAL, type.params().get(i), 0));
          code.add(new Instruction.Counted(Opcode.INIT_ARRAY, 0));
        }
        code.store(local);
        code.begin(given);
      }
      bind(parameter.variable(), local);
    }
  }

  /** Makes a variable mean a local that holds its value, or a new cell with that value. */
  private void bind(VariableSymbol variable, int local) {
    IrType type = code.typeOf(local);
    if (captures.inCell(variable)) {
      code.load(local);
      code.typed(Opcode.NEW_CELL, type);
      int cell = code.local(new IrType.Cell(type), variable.name());
      code.store(cell);
      places.put(variable, new Place(Place.Kind.CELL, cell, type, false));
    } else {
      places.put(variable, new Place(Place.Kind.LOCAL, local, type, false));
    }
  }

  /**
   * An async function fills in its parameters and starts a task with a closure over them, which is
   * its body.
   */
  private void async(FunctionTree tree, IrType.Function type, boolean receives) {
    receiver(tree);
    parameters(tree, type, receives ? 1 : 0);
    int body = lowering.tables().announceFunction();
    FunctionLowering f = new FunctionLowering(lowering, body, module, environment, captures);
    f.instances = instances;
    List<IrType> held = new ArrayList<>();
    code.add(new Instruction.MakeClosure(body));
    for (Map.Entry<Symbol, Place> entry : ordered(tree)) {
      f.places.put(entry.getKey(), entry.getValue().captured(held.size()));
      rawLoad(entry.getValue());
      code.add(new Instruction.Capture(Opcode.CLOSE_VAR, held.size()));
      held.add(entry.getValue().heldType());
    }
    IrType inside = type.result() instanceof IrType.Task task ? task.result() : Basic.VOID;
    IrType.Function bodyType = new IrType.Function(List.of(), inside);
    code.add(new Instruction.CallValue(Opcode.SPAWN_CLOSURE, bodyType, 0));
    code.leave(Opcode.RETURN);
    f.result = inside;
    f.statements.body(tree.body());
    f.end(inside);
    f.define(
        tree.symbol().name(), bodyType, EnumSet.of(Trait.CLOSURE, Trait.ASYNC), -1, number, held);
  }

  /** Receiver, parameters and captures, in this order. */
  private List<Map.Entry<Symbol, Place>> ordered(FunctionTree tree) {
    List<Symbol> symbols = new ArrayList<>();
    if (tree.receiver() != null) {
      symbols.add(tree.receiver());
    }
    tree.parameters().forEach(p -> symbols.add(p.variable()));
    for (Symbol symbol : captures.captures(tree.symbol())) {
      symbols.add(symbol);
    }
    return symbols.stream().map(s -> Map.entry(s, place(s))).toList();
  }

  private void define(
      String name,
      IrType.Function type,
      Set<Trait> traits,
      int classNumber,
      int container,
      List<IrType> captured) {
    lowering
        .tables()
        .define(
            number,
            new IrFunction.Local(
                name,
                type,
                module,
                traits,
                classNumber,
                container,
                code.locals(),
                captured,
                code.blocks(),
                code.regions(),
                code.variables()));
  }

  // --- variables

  /** Where a local variable of this function or of one around it lives. */
  Place place(Symbol symbol) {
    Place place = places.get(symbol);
    if (place == null) {
      throw new IllegalStateException("variable " + symbol.name() + " has no place");
    }
    return place;
  }

  /** A new local for something that has no name. */
  int scratch(IrType type) {
    return code.local(type);
  }

  /** Declares a variable whose value is on the stack. */
  void declare(VariableSymbol variable) {
    IrType type = types().of(variable.type(), environment);
    if (captures.isEarly(variable)) {
      storeRaw(place(variable));
      return;
    }
    String name = variable.kind() == VariableSymbol.Kind.TEMPORARY ? "" : variable.name();
    if (captures.inCell(variable)) {
      code.typed(Opcode.NEW_CELL, type);
      int cell = code.local(new IrType.Cell(type), name);
      code.store(cell);
      places.put(variable, new Place(Place.Kind.CELL, cell, type, false));
    } else {
      int local = code.local(type, name);
      code.store(local);
      places.put(variable, new Place(Place.Kind.LOCAL, local, type, false));
    }
  }

  /** Declares a variable that is assigned later. */
  void declareUnset(VariableSymbol variable) {
    if (captures.isEarly(variable)) {
      return;
    }
    if (captures.inCell(variable)) {
      newUnsetCell(variable, types().of(variable.type(), environment), variable.name());
    } else {
      IrType type = types().of(variable.type(), environment);
      int local = code.local(type, variable.name());
      places.put(variable, new Place(Place.Kind.LOCAL, local, type, false));
    }
  }

  /** Makes the cell of a variable that a closure captures before its declaration runs. */
  void declareEarly(VariableSymbol variable) {
    if (captures.isEarly(variable)) {
      newUnsetCell(variable, types().of(variable.type(), environment), variable.name());
    }
  }

  private void newUnsetCell(Symbol symbol, IrType type, String name) {
    boolean unset = !Coercion.hasZero(type);
    IrType content = unset ? dev.raya.compiler.ir.Unions.nullable(type) : type;
    coercion.zero(content);
    code.typed(Opcode.NEW_CELL, content);
    int cell = code.local(new IrType.Cell(content), name);
    code.store(cell);
    places.put(symbol, new Place(Place.Kind.CELL, cell, type, unset));
  }

  /** Pushes a local variable. */
  IrType load(Symbol symbol) {
    Place place = place(symbol);
    rawLoad(place);
    if (place.inCell()) {
      code.plain(Opcode.LOAD_CELL);
      if (place.mayBeUnset()) {
        requireSet(symbol, place);
      }
    }
    return place.type();
  }

  private void requireSet(Symbol symbol, Place place) {
    if (symbol instanceof FunctionSymbol || place.type().kind() != place.content().kind()) {
      coercion.narrow(place.content(), place.type());
      return;
    }
    int set = code.block();
    int unset = code.block();
    code.plain(Opcode.DUP);
    code.branch(Opcode.JMP_IF_NOT_NULL, set, unset);
    code.begin(unset);
    code.raise(Trap.UNINITIALIZED);
    code.begin(set);
    coercion.narrow(place.content(), place.type());
  }

  /** Pops into a local variable. */
  void store(Symbol symbol) {
    storeRaw(place(symbol));
  }

  private void storeRaw(Place place) {
    switch (place.kind()) {
      case LOCAL -> code.store(place.index());
      case CAPTURE -> code.add(new Instruction.Capture(Opcode.STORE_CAPTURED, place.index()));
      case HELD -> throw new IllegalStateException("a variable that is held by value");
      case CELL, CAPTURED_CELL, HELD_CELL -> {
        rawLoad(place);
        code.plain(Opcode.SWAP);
        code.plain(Opcode.STORE_CELL);
      }
    }
  }

  private void rawLoad(Place place) {
    switch (place.kind()) {
      case LOCAL, CELL -> code.load(place.index());
      case CAPTURE, CAPTURED_CELL ->
          code.add(new Instruction.Capture(Opcode.LOAD_CAPTURED, place.index()));
      case HELD, HELD_CELL -> {
        code.load(0);
        code.add(new Instruction.Field(Opcode.LOAD_FIELD, place.index()));
      }
    }
  }

  /** Gives the new instance on the stack what its members use of the functions around its class. */
  void hold(ClassSymbol symbol, Environment arguments) {
    for (Map.Entry<Symbol, Place> e : lowering.classes().held(symbol, arguments).entrySet()) {
      Place here = place(e.getKey());
      if (!here.heldType().equals(e.getValue().heldType())) {
        throw new IllegalStateException(symbol + " holds another " + e.getKey().name());
      }
      code.plain(Opcode.DUP);
      rawLoad(here);
      code.add(new Instruction.Field(Opcode.STORE_FIELD, e.getValue().index()));
    }
  }

  /** Gives a loop variable a new cell with the value of the old one. */
  void renew(VariableSymbol variable) {
    Place place = places.get(variable);
    if (place != null && place.kind() == Place.Kind.CELL) {
      load(variable);
      code.typed(Opcode.NEW_CELL, place.content());
      code.store(place.index());
    }
  }

  // --- closures

  /** Pushes a closure. */
  IrType closure(FunctionTree tree, Environment inside) {
    List<Symbol> captured = captures.captures(tree.symbol());
    return closure(inner(tree, inside, captured), captured, tree, inside);
  }

  /**
   * Pushes a closure of a generic function, which may call itself: its code is written once for
   * each list of type arguments.
   */
  IrType instance(FunctionTree tree, Environment inside) {
    List<Symbol> captured = captures.captures(tree.symbol());
    Integer known = instances.get(List.of(tree.symbol(), inside));
    int inner = known == null ? inner(tree, inside, captured) : known;
    return closure(inner, captured, tree, inside);
  }

  private IrType closure(int inner, List<Symbol> captured, FunctionTree tree, Environment inside) {
    code.add(new Instruction.MakeClosure(inner));
    for (int i = 0; i < captured.size(); i++) {
      rawLoad(place(captured.get(i)));
      code.add(new Instruction.Capture(Opcode.CLOSE_VAR, i));
    }
    return types().function(tree.symbol().type(), inside);
  }

  /** Pushes a closure over the value on top of the stack. */
  IrType closureOver(VariableSymbol variable, IrType held, FunctionTree tree, Environment inside) {
    int closure = lowering.tables().announceFunction();
    FunctionLowering f = new FunctionLowering(lowering, closure, module, inside, captures);
    f.places.put(variable, new Place(Place.Kind.CAPTURE, 0, held, false));
    f.function(tree, closureName(tree), EnumSet.of(Trait.CLOSURE), -1, number, List.of(held));
    int value = scratch(held);
    code.store(value);
    code.add(new Instruction.MakeClosure(closure));
    code.load(value);
    code.add(new Instruction.Capture(Opcode.CLOSE_VAR, 0));
    return types().function(tree.symbol().type(), inside);
  }

  /** Prepares the nested functions of a block: cells first, then the closures. */
  void hoist(List<Stmt> statements) {
    for (Stmt statement : statements) {
      switch (statement) {
        case Stmt.Declare s when !s.variable().isGlobal() -> declareEarly(s.variable());
        case Stmt.DeclareFunction s -> declareEarly(s.function().symbol());
        case Stmt.DeclareClass s when s.declaration().symbol().isLocal() -> {
          for (FunctionTree method : ClassLowering.staticMethods(s.declaration())) {
            declareEarly(method.symbol());
          }
          for (FieldSymbol field : s.declaration().symbol().staticFields()) {
            declareEarly(storage(field));
          }
        }
        default -> {}
      }
    }
  }

  private void declareEarly(FunctionSymbol symbol) {
    if (captures.capturing(symbol)
        && captures.isEarly(symbol)
        && symbol.type().typeParameters().isEmpty()) {
      newUnsetCell(symbol, types().function(symbol.type(), environment), symbol.name());
    }
  }

  private static VariableSymbol storage(FieldSymbol field) {
    VariableSymbol variable = field.storage();
    if (variable == null) {
      throw new IllegalStateException(field + " is no variable");
    }
    return variable;
  }

  /** Runs the declaration of a class of a function or block: its static members are made anew. */
  void declareClass(ClassTree tree) {
    ClassLowering.staticMethods(tree).forEach(this::declareFunction);
    for (FieldSymbol field : tree.symbol().staticFields()) {
      if (tree.staticInits().stream().noneMatch(i -> i.field() == field)) {
        declareUnset(storage(field));
      }
    }
    for (ClassTree.StaticInit init : tree.staticInits()) {
      nameClosure(init.field().name(), init.value());
      expressions.to(init.value(), type(init.field().type()));
      declare(storage(init.field()));
    }
  }

  /** Runs the declaration of a nested function. */
  void declareFunction(FunctionTree tree) {
    FunctionSymbol symbol = tree.symbol();
    if (!captures.capturing(symbol)) {
      return; // an ordinary function, lowered when it is called
    }
    if (!symbol.type().typeParameters().isEmpty()) {
      return; // made where it is used, once for each list of type arguments
    }
    IrType type = closure(tree, environment);
    if (captures.isEarly(symbol)) {
      storeRaw(place(symbol));
    } else {
      int local = code.local(type, symbol.name());
      code.store(local);
      places.put(symbol, new Place(Place.Kind.LOCAL, local, type, false));
    }
  }

  /** Calls a function of the core library's sources with the arguments on the stack. */
  IrType callTemplate(String name, List<IrType> typeArguments, int argc) {
    FunctionSymbol symbol = lowering.template(name);
    Environment inside = Environment.EMPTY.with(symbol.type().typeParameters(), typeArguments);
    code.add(new Instruction.Call(Opcode.CALL, lowering.functions().number(symbol, inside), argc));
    return types().function(symbol.type(), inside).result();
  }

  // --- what statements and expressions share

  CodeDraft code() {
    return code;
  }

  Coercion coercion() {
    return coercion;
  }

  ExpressionLowering expressions() {
    return expressions;
  }

  StatementLowering statements() {
    return statements;
  }

  Lowering lowering() {
    return lowering;
  }

  TypeLowering types() {
    return lowering.classes().types();
  }

  Environment environment() {
    return environment;
  }

  CaptureAnalysis captures() {
    return captures;
  }

  /** The type that a return must have. */
  IrType result() {
    return result;
  }

  IrType type(Type type) {
    return types().of(type, environment);
  }

  IrType type(Expr expr) {
    return types().of(expr.type(), environment);
  }

  /** Marks the start of a statement for traces and the debugger. */
  void mark(Span span) {
    int file = lowering.fileNumber(span.file());
    if (file >= 0) {
      Position position = span.from();
      code.add(new Instruction.Statement(file, position.line(), position.column()));
    }
  }
}
