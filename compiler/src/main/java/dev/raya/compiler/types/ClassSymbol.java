package dev.raya.compiler.types;

import dev.raya.compiler.source.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A class. Types of members are written in terms of {@link #typeParameters}.
 *
 * <p>Instance fields are in layout order: the base class's first, then parameter properties, then
 * fields in source order. The vtable is complete: inherited slots first, at the base's numbers.
 */
public final class ClassSymbol implements Symbol {
  private boolean implicitConstructor;
  private final String name;
  private final Span span;
  private final ModuleSymbol module;
  private final boolean isAbstract;
  private final boolean ambient;
  private final boolean local;
  private List<TypeParameterSymbol> typeParameters = List.of();
  private int outerParameters;
  private boolean capturing;
  private Type.@Nullable ClassInstance base;
  private List<Type.Structure> interfaces = List.of();
  private final MembersByName<FieldSymbol> fields = new MembersByName<>(FieldSymbol::name);
  private final MembersByName<FieldSymbol> staticFields = new MembersByName<>(FieldSymbol::name);
  private final MembersByName<FunctionSymbol> methods = new MembersByName<>(FunctionSymbol::name);
  private final MembersByName<FunctionSymbol> staticMethods =
      new MembersByName<>(FunctionSymbol::name);
  private @Nullable FunctionSymbol constructor;
  private final Lazy<List<FunctionSymbol>> vtable = new Lazy<>();
  private boolean exported;
  private boolean incomplete;

  /** A class of a module's top level whose members are not known yet. */
  public ClassSymbol(
      String name, Span span, ModuleSymbol module, boolean isAbstract, boolean ambient) {
    this(name, span, module, isAbstract, ambient, false);
  }

  /**
   * A class whose members are not known yet.
   *
   * @param local whether it is declared in a function or block
   */
  public ClassSymbol(
      String name,
      Span span,
      ModuleSymbol module,
      boolean isAbstract,
      boolean ambient,
      boolean local) {
    this.name = name;
    this.span = span;
    this.module = module;
    this.isAbstract = isAbstract;
    this.ambient = ambient;
    this.local = local;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Span span() {
    return span;
  }

  /** The module that declares it. */
  public ModuleSymbol module() {
    return module;
  }

  /** Whether it cannot be instantiated. */
  public boolean isAbstract() {
    return isAbstract;
  }

  /** Whether it has no body here: built in, or of another package. */
  public boolean ambient() {
    return ambient;
  }

  /**
   * Whether it is declared in a function or block. Its members may use what is around it, and each
   * time the declaration is executed it has static fields of its own.
   */
  public boolean isLocal() {
    return local;
  }

  /** Whether its members use variables of the functions or blocks that it is declared in. */
  public boolean isCapturing() {
    return capturing;
  }

  /** Records that a member uses such a variable. */
  public void markCapturing() {
    capturing = true;
  }

  /**
   * Its type parameters. Those of the functions and classes that a local class stands in come
   * first: it is another class for each list of arguments that they have.
   */
  public List<TypeParameterSymbol> typeParameters() {
    return typeParameters;
  }

  /** The type parameters that its declaration names, which are given where it is used. */
  public List<TypeParameterSymbol> ownTypeParameters() {
    return typeParameters.subList(outerParameters, typeParameters.size());
  }

  /** Of the arguments for all type parameters, those for its own ones. */
  public <T> List<T> ownArguments(List<T> arguments) {
    return arguments.subList(Math.min(outerParameters, arguments.size()), arguments.size());
  }

  /** Arguments for its own type parameters, after those for what is around it. */
  public List<Type> allArguments(List<Type> own) {
    if (outerParameters == 0) {
      return own;
    }
    List<Type> all = new ArrayList<>();
    typeParameters.subList(0, outerParameters).forEach(p -> all.add(new Type.Variable(p)));
    all.addAll(own);
    return all;
  }

  /**
   * Sets the type parameters.
   *
   * @param outer those of what it is declared in
   */
  public void setTypeParameters(List<TypeParameterSymbol> outer, List<TypeParameterSymbol> own) {
    List<TypeParameterSymbol> all = new ArrayList<>(outer);
    all.addAll(own);
    typeParameters = List.copyOf(all);
    outerParameters = outer.size();
  }

  /** Notes that it has members or a base class of which nothing is known, because of an error. */
  public void markIncomplete() {
    incomplete = true;
  }

  /** Whether it or a class it extends may have members that are not known. */
  public boolean isIncomplete() {
    ClassSymbol at = this;
    while (!at.incomplete && at.base != null) {
      at = at.base.symbol();
    }
    return at.incomplete;
  }

  /** The class it extends, or null. */
  public Type.@Nullable ClassInstance base() {
    return base;
  }

  /** Sets the base class. */
  public void setBase(Type.ClassInstance base) {
    this.base = base;
  }

  /** The interfaces it names after {@code implements}. */
  public List<Type.Structure> interfaces() {
    return interfaces;
  }

  /** Sets the interfaces. */
  public void setInterfaces(List<Type.Structure> interfaces) {
    this.interfaces = List.copyOf(interfaces);
  }

  /** Its own instance fields in layout order. */
  public List<FieldSymbol> fields() {
    return Collections.unmodifiableList(fields.all());
  }

  /** Its own instance fields of that name. */
  public List<FieldSymbol> fieldsNamed(String wanted) {
    return fields.named(wanted);
  }

  /** Its own static fields in source order. */
  public List<FieldSymbol> staticFields() {
    return Collections.unmodifiableList(staticFields.all());
  }

  /** Its own static fields of that name. */
  public List<FieldSymbol> staticFieldsNamed(String wanted) {
    return staticFields.named(wanted);
  }

  /** Adds a field. */
  public void addField(FieldSymbol field) {
    (field.isStatic() ? staticFields : fields).add(field);
  }

  /** Adds an instance field before others: parameter properties come first. */
  public void insertField(int at, FieldSymbol field) {
    fields.insert(at, field);
  }

  /** Whether this class or one it derives from is the ambient class of a name. */
  public boolean derivesFromNamed(String ambientName) {
    ClassSymbol at = this;
    for (int guard = 0; guard < Relations.MAX_DEPTH; guard++) {
      if (at.ambient && at.name.equals(ambientName)) {
        return true;
      }
      if (at.base == null) {
        return false;
      }
      at = at.base.symbol();
    }
    return false;
  }

  /** Its own instance methods, getters and setters in source order. */
  public List<FunctionSymbol> methods() {
    return Collections.unmodifiableList(methods.all());
  }

  /** Its own instance methods and accessors of that name. */
  public List<FunctionSymbol> methodsNamed(String wanted) {
    return methods.named(wanted);
  }

  /** Its own static methods in source order. */
  public List<FunctionSymbol> staticMethods() {
    return Collections.unmodifiableList(staticMethods.all());
  }

  /** Its own static methods of that name. */
  public List<FunctionSymbol> staticMethodsNamed(String wanted) {
    return staticMethods.named(wanted);
  }

  /** Adds a method or accessor. */
  public void addMethod(FunctionSymbol method) {
    (method.kind() == FunctionSymbol.Kind.STATIC_METHOD ? staticMethods : methods).add(method);
  }

  /**
   * The constructor, the one made by the compiler included; null only for an ambient class that
   * cannot be constructed.
   */
  public @Nullable FunctionSymbol constructor() {
    return constructor;
  }

  /** Sets the constructor. */
  public void setConstructor(FunctionSymbol constructor) {
    this.constructor = constructor;
  }

  /**
   * The complete vtable: the function that each slot calls on an instance of exactly this class.
   */
  public List<FunctionSymbol> vtable() {
    List<FunctionSymbol> known = vtable.get();
    return known == null ? List.of() : known;
  }

  /** Sets how the vtable is made when it is first asked for. */
  public void inferVtable(java.util.function.Supplier<List<FunctionSymbol>> source) {
    vtable.setSource(source);
  }

  /** Whether the module exports it. */
  public boolean exported() {
    return exported;
  }

  /** Records an export. */
  public void markExported() {
    exported = true;
  }

  /** Whether this class is the other one or derives from it. */
  public boolean derivesFrom(ClassSymbol other) {
    ClassSymbol at = this;
    for (int guard = 0; guard < Relations.MAX_DEPTH; guard++) {
      if (at == other) {
        return true;
      }
      if (at.base == null) {
        return false;
      }
      at = at.base.symbol();
    }
    return false;
  }

  /** Whether its constructor is not written in the source. */
  public boolean hasImplicitConstructor() {
    return implicitConstructor;
  }

  /** Records that it has no constructor of its own. */
  public void markImplicitConstructor() {
    implicitConstructor = true;
  }

  /** Whether another package's file has the class; instances of its templates are local. */
  public boolean imported() {
    return ambient() && module().external();
  }

  @Override
  public String toString() {
    return name;
  }
}
