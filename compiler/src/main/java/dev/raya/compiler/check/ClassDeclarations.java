package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.syntax.ClassMember;
import dev.raya.compiler.syntax.FunctionSyntax;
import dev.raya.compiler.syntax.Modifier;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Pattern;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.syntax.TypeNode;
import dev.raya.compiler.types.Access;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FieldSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Relations;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypeParameterSymbol;
import dev.raya.compiler.types.Unions;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The part of the checker that declares classes and their members (language.md 10.1). */
abstract sealed class ClassDeclarations extends Declarations permits Conversions {
  ClassDeclarations(
      ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  /** The type of a field without annotation. */
  abstract Type inferField(ClassWork work, ClassMember.Field field);

  // ---- classes ----

  @Override
  final void declareClass(
      Statement.Class c, boolean global, boolean ambient, List<Runnable> shapes) {
    // A generic class of another package comes with its source; the core library's do not.
    boolean template = !c.typeParameters().isEmpty() && module != library.module();
    ClassSymbol symbol =
        new ClassSymbol(
            c.name().text(),
            c.name().span(),
            module,
            c.isAbstract(),
            ambient && !template,
            !global);
    noteDeprecation(symbol, c.doc());
    ClassWork work = new ClassWork(symbol, c, scope, context);
    classes.put(c, work);
    declaredIn.put(symbol, context);
    List<TypeParameterSymbol> own = newTypeParameters(c.typeParameters(), work.scope);
    symbol.setTypeParameters(scope.typeParameters(), own);
    declareName(c.name(), symbol);
    shapes.addFirst(
        () -> inScope(work.scope, () -> completeTypeParameters(c.typeParameters(), own)));
    shapes.add(() -> shapeClass(work));
    symbol.inferVtable(() -> vtable(symbol));
    deferred.run(symbol::vtable);
  }

  private void shapeClass(ClassWork work) {
    inScope(
        work.scope,
        () -> {
          readHeritage(work);
          for (ClassMember m : work.syntax.members()) {
            declareMember(work, m);
          }
          return true;
        });
  }

  private void readHeritage(ClassWork work) {
    ClassSymbol symbol = work.symbol;
    TypeNode.Reference base = work.syntax.base();
    if (base != null) {
      int before = diagnostics.size();
      Type type = readType(base);
      if (type instanceof Type.ClassInstance c && mayBeBase(c.symbol())) {
        if (c.symbol().derivesFrom(symbol)) {
          error(
              DiagnosticCode.E0329,
              base.span(),
              "the class '" + symbol.name() + "' extends itself");
        } else {
          symbol.setBase(c);
        }
      } else if (!isInvalid(type)) {
        error(
            DiagnosticCode.E0301,
            base.span(),
            "a class can extend a class only, not '" + show(type) + "'");
      }
      if (isInvalid(type) || diagnostics.hasErrorsFrom(before)) {
        symbol.markIncomplete();
      }
    }
    if (work.syntax.damaged()) {
      symbol.markIncomplete();
    }
    List<Type.Structure> interfaces = new ArrayList<>();
    for (TypeNode.Reference r : work.syntax.interfaces()) {
      Type type = readType(r);
      if (type instanceof Type.Structure s) {
        interfaces.add(s);
      } else if (!isInvalid(type)) {
        error(
            DiagnosticCode.E0321,
            r.span(),
            "a class implements interfaces, not '" + show(type) + "'");
      }
    }
    symbol.setInterfaces(interfaces);
  }

  private static boolean mayBeBase(ClassSymbol c) {
    if (!c.ambient()
        || c.module().id().packageName().equals("raya:core") && c.derivesFromNamed("Error")) {
      return true;
    }
    return switch (c.name()) {
      case "Map", "Set", "Mutex", "Channel", "Date" -> true;
      default -> !c.module().id().packageName().equals("raya:core");
    };
  }

  private static Access access(List<Modifier> modifiers) {
    for (Modifier m : modifiers) {
      switch (m.kind()) {
        case PRIVATE -> {
          return Access.PRIVATE;
        }
        case PROTECTED -> {
          return Access.PROTECTED;
        }
        default -> {}
      }
    }
    return Access.PUBLIC;
  }

  static boolean has(List<Modifier> modifiers, Modifier.Kind kind) {
    for (Modifier modifier : modifiers) {
      if (modifier.kind() == kind) {
        return true;
      }
    }
    return false;
  }

  private void declareMember(ClassWork work, ClassMember m) {
    checkModifiers(work, m);
    switch (m) {
      case ClassMember.Field f when has(f.modifiers(), Modifier.Kind.ABSTRACT) ->
          // Refused; what is meant is a getter, of which nothing more is known.
          work.symbol.markIncomplete();
      case ClassMember.Field f -> declareField(work, f);
      case ClassMember.Method x ->
          declareMethod(
              work,
              x,
              x.name(),
              x.function(),
              has(x.modifiers(), Modifier.Kind.STATIC)
                  ? FunctionSymbol.Kind.STATIC_METHOD
                  : FunctionSymbol.Kind.METHOD);
      case ClassMember.Accessor x -> {
        if (has(x.modifiers(), Modifier.Kind.STATIC)) {
          declareStaticAccessor(work, x);
        } else {
          declareMethod(
              work,
              x,
              x.name(),
              x.function(),
              x.getter() ? FunctionSymbol.Kind.GETTER : FunctionSymbol.Kind.SETTER);
        }
      }
      case ClassMember.Constructor x -> declareConstructor(work, x);
    }
  }

  private void declareStaticAccessor(ClassWork work, ClassMember.Accessor x) {
    checkMemberName(x.name());
    checkDuplicate(work, x.name(), true, FunctionSymbol.Kind.STATIC_METHOD);
    checkAccessorShape(
        x.getter() ? FunctionSymbol.Kind.GETTER : FunctionSymbol.Kind.SETTER,
        x.name(),
        x.function());
    String prefix = x.getter() ? Members.STATIC_GETTER : Members.STATIC_SETTER;
    Name name = new Name(x.name().span(), prefix + x.name().text());
    declareMethod(work, x, name, x.function(), FunctionSymbol.Kind.STATIC_METHOD);
  }

  private void checkModifiers(ClassWork work, ClassMember m) {
    boolean isStatic = has(m.modifiers(), Modifier.Kind.STATIC);
    for (Modifier x : m.modifiers()) {
      boolean wrong =
          switch (x.kind()) {
            case ABSTRACT ->
                isStatic
                    || m instanceof ClassMember.Constructor
                    || m instanceof ClassMember.Field
                    || !work.symbol.isAbstract() && !work.symbol.ambient()
                    || has(m.modifiers(), Modifier.Kind.PRIVATE);
            case READONLY -> !(m instanceof ClassMember.Field);
            case STATIC -> m instanceof ClassMember.Constructor;
            case OVERRIDE -> isStatic || m instanceof ClassMember.Constructor;
            case PUBLIC, PROTECTED, PRIVATE -> false;
          };
      if (wrong) {
        error(
            DiagnosticCode.E0129,
            x.span(),
            "'" + x.kind().word() + "' is not allowed here" + why(work, m, x));
      }
    }
  }

  private static String why(ClassWork work, ClassMember m, Modifier x) {
    if (x.kind() != Modifier.Kind.ABSTRACT) {
      return "";
    }
    if (!work.symbol.isAbstract()) {
      return "; the class '" + work.symbol.name() + "' is not abstract";
    }
    return m instanceof ClassMember.Field f
        ? "; declare a getter, 'abstract get "
            + f.name().text()
            + "(): …;', and a setter if need be"
        : "";
  }

  private void declareField(ClassWork work, ClassMember.Field f) {
    checkMemberName(f.name());
    if (f.name().text().equals("constructor")) {
      error(DiagnosticCode.E0213, f.name().span(), "a field cannot be named 'constructor'");
    }
    boolean isStatic = has(f.modifiers(), Modifier.Kind.STATIC);
    checkDuplicate(work, f.name(), isStatic, null);
    FieldSymbol symbol =
        new FieldSymbol(
            work.symbol,
            f.name().text(),
            f.name().span(),
            access(f.modifiers()),
            isStatic,
            has(f.modifiers(), Modifier.Kind.READONLY),
            f.optional());
    Scope where = isStatic ? work.outer : work.scope;
    if (f.annotation() != null) {
      TypeNode annotation = f.annotation();
      symbol.inferType(
          () ->
              inScope(
                  where,
                  () -> {
                    Type type = readType(annotation);
                    return f.optional() ? Unions.orNull(type) : type;
                  }));
    } else {
      Runnable infer = () -> symbol.inferType(() -> inferField(work, f));
      infer.run();
      resets.add(infer);
    }
    if (isStatic && work.symbol.isLocal()) {
      VariableSymbol storage =
          new VariableSymbol(
              symbol.toString(),
              symbol.span(),
              VariableSymbol.Kind.LET,
              work.context.symbol,
              module,
              false);
      storage.inferType(symbol::type);
      symbol.setStorage(storage);
    }
    deferred.run(symbol::type);
    work.symbol.addField(symbol);
    work.fields.add(new ClassWork.FieldWork(symbol, f, null));
  }

  private void checkDuplicate(
      ClassWork work, Name name, boolean isStatic, FunctionSymbol.@Nullable Kind kind) {
    ClassSymbol c = work.symbol;
    String text = name.text();
    boolean field = !(isStatic ? c.staticFieldsNamed(text) : c.fieldsNamed(text)).isEmpty();
    boolean method =
        (isStatic ? c.staticMethodsNamed(text) : c.methodsNamed(text))
                .stream().anyMatch(m -> !isOtherHalf(m.kind(), kind))
            || kind == null
                && isStatic
                && !(c.staticMethodsNamed(Members.STATIC_GETTER + text).isEmpty()
                    && c.staticMethodsNamed(Members.STATIC_SETTER + text).isEmpty());
    if (field || method) {
      error(
          DiagnosticCode.E0202,
          name.span(),
          "'" + name.text() + "' is already a member of '" + c.name() + "'");
    }
  }

  private static boolean isOtherHalf(
      FunctionSymbol.Kind known, FunctionSymbol.@Nullable Kind kind) {
    return known == FunctionSymbol.Kind.GETTER && kind == FunctionSymbol.Kind.SETTER
        || known == FunctionSymbol.Kind.SETTER && kind == FunctionSymbol.Kind.GETTER;
  }

  private void declareMethod(
      ClassWork work, ClassMember m, Name name, FunctionSyntax syntax, FunctionSymbol.Kind kind) {
    checkMemberName(name);
    boolean isStatic = kind == FunctionSymbol.Kind.STATIC_METHOD;
    checkDuplicate(work, name, isStatic, kind);
    boolean isAbstract = has(m.modifiers(), Modifier.Kind.ABSTRACT);
    FunctionSymbol symbol =
        new FunctionSymbol(
            name.text(),
            name.span(),
            kind,
            work.context.symbol,
            work.symbol,
            module,
            syntax.async(),
            isAbstract,
            access(m.modifiers()));
    if (work.symbol.ambient() && syntax.body() == null) {
      symbol.markAmbient();
    } else if (isAbstract && syntax.body() != null) {
      error(DiagnosticCode.E0129, name.span(), "an abstract method has no body");
    } else if (!isAbstract && syntax.body() == null) {
      error(
          DiagnosticCode.E0125,
          name.span(),
          "a method needs a body; overload signatures are not supported");
    }
    if (isAbstract && !syntax.typeParameters().isEmpty()) {
      error(DiagnosticCode.E0345, name.span(), "a generic method cannot be abstract");
    }
    checkAccessorShape(kind, name, syntax);
    FunctionWork function = work(symbol, syntax, isStatic ? work.outer : work.scope, work.symbol);
    deferred.run(() -> readAnnotated(symbol, syntax));
    work.symbol.addMethod(symbol);
    work.functions.add(function);
  }

  /** Reads the types in a signature that needs no inference, so that they are checked early. */
  private static void readAnnotated(FunctionSymbol symbol, FunctionSyntax syntax) {
    if (syntax.result() != null) {
      symbol.type();
    }
  }

  private void checkAccessorShape(FunctionSymbol.Kind kind, Name name, FunctionSyntax syntax) {
    if (kind == FunctionSymbol.Kind.GETTER && !syntax.parameters().isEmpty()
        || kind == FunctionSymbol.Kind.SETTER && syntax.parameters().size() != 1) {
      error(
          DiagnosticCode.E0308,
          name.span(),
          kind == FunctionSymbol.Kind.GETTER
              ? "a getter has no parameters"
              : "a setter has exactly one parameter");
    } else if (kind == FunctionSymbol.Kind.SETTER
        && syntax.result() != null
        && !(syntax.result() instanceof TypeNode.VoidForm)) {
      error(DiagnosticCode.E0308, syntax.result().span(), "a setter has no result");
    }
  }

  private void declareConstructor(ClassWork work, ClassMember.Constructor c) {
    if (work.constructor != null) {
      error(DiagnosticCode.E0202, c.span(), "a class has one constructor only");
      return;
    }
    FunctionSymbol symbol =
        new FunctionSymbol(
            "constructor",
            c.span(),
            FunctionSymbol.Kind.CONSTRUCTOR,
            work.context.symbol,
            work.symbol,
            module,
            false,
            false,
            access(c.modifiers()));
    if (work.symbol.ambient()) {
      symbol.markAmbient();
    }
    if (c.function().result() != null) {
      error(DiagnosticCode.E0308, c.function().result().span(), "a constructor has no result type");
    }
    FunctionWork function = work(symbol, c.function(), work.scope, work.symbol);
    work.constructor = function;
    work.symbol.setConstructor(symbol);
    int at = 0;
    for (FunctionSyntax.Parameter p : c.function().parameters()) {
      if (p.modifiers().isEmpty()) {
        continue;
      }
      if (!(p.target() instanceof Pattern.Identifier id)) {
        error(DiagnosticCode.E0129, p.span(), "a parameter property must be a name");
        continue;
      }
      checkMemberName(id.name());
      checkDuplicate(work, id.name(), false, null);
      FieldSymbol field =
          new FieldSymbol(
              work.symbol,
              id.name().text(),
              id.name().span(),
              access(p.modifiers()),
              false,
              has(p.modifiers(), Modifier.Kind.READONLY),
              p.optional());
      field.markParameter();
      field.inferType(() -> parameterType(symbol, c.function(), p));
      work.symbol.insertField(at, field);
      work.fields.add(at++, new ClassWork.FieldWork(field, null, p));
    }
  }

  private static Type parameterType(
      FunctionSymbol constructor, FunctionSyntax syntax, FunctionSyntax.Parameter p) {
    int index = syntax.parameters().indexOf(p);
    List<Type.Parameter> parameters = constructor.type().parameters();
    return index < parameters.size() ? parameters.get(index).type() : Type.Primitive.INVALID;
  }

  // ---- vtables ----

  private List<FunctionSymbol> vtable(ClassSymbol c) {
    List<FunctionSymbol> slots = new ArrayList<>();
    Map<String, Integer> places = new HashMap<>();
    Type.ClassInstance base = c.base();
    if (base != null) {
      for (FunctionSymbol inherited : base.symbol().vtable()) {
        note(places, slots.size(), inherited);
        slots.add(inherited);
      }
    }
    for (FunctionSymbol m : c.methods()) {
      Integer at = places.get(m.kind() + m.name());
      FunctionWork work = works.get(m);
      boolean generic = work != null && !work.syntax.typeParameters().isEmpty();
      if (at != null) {
        m.setSlot(at);
        slots.set(at, m);
      } else if (m.access() != Access.PRIVATE && !generic) {
        m.setSlot(slots.size());
        note(places, slots.size(), m);
        slots.add(m);
      }
    }
    return List.copyOf(slots);
  }

  private static void note(Map<String, Integer> places, int slot, FunctionSymbol m) {
    if (m.access() != Access.PRIVATE) {
      places.put(m.kind() + m.name(), slot);
    }
  }

  /** Whether an own method replaces an inherited one, by name and kind. */
  static @Nullable FunctionSymbol inherited(ClassSymbol c, FunctionSymbol m) {
    Type.ClassInstance base = c.base();
    for (int guard = 0; base != null && guard < Relations.MAX_DEPTH; guard++) {
      for (FunctionSymbol other : base.symbol().methodsNamed(m.name())) {
        if (other.kind() == m.kind()) {
          return other;
        }
      }
      base = base.symbol().base();
    }
    return null;
  }
}
