package dev.raya.compiler.emit;

import dev.raya.compiler.ir.Block;
import dev.raya.compiler.ir.CodeGenerator;
import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrCheck;
import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrFunction.Trait;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrPackage.IrExport;
import dev.raya.compiler.ir.IrPackage.IrImport;
import dev.raya.compiler.ir.IrPackage.IrModule;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ssa.Optimizer;
import dev.raya.vm.bytecode.FunctionBuilder;
import dev.raya.vm.bytecode.ModuleSymbols;
import dev.raya.vm.bytecode.RType;
import dev.raya.vm.bytecode.RbinBuilder;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.FieldDef;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.GlobalDef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The one {@link CodeGenerator}: gives a package to {@link RbinBuilder}, in any order. */
public final class RbinEmitter implements CodeGenerator {
  private static final int NONE = RbinBuilder.NONE;

  private final Optimizer optimizer;
  private final int threads;

  /** With all passes, on one thread. */
  public RbinEmitter() {
    this(Optimizer.standard(), 1);
  }

  /**
   * With all passes.
   *
   * @param threads most threads at once; what is made does not depend on it
   */
  public RbinEmitter(int threads) {
    this(Optimizer.standard(), threads);
  }

  /** The kind of a capability in NATV, and the flag of its functions ({@code rbin.md} 3.5). */
  private static final int CAPABILITY = 1;

  private static final int MAY_BLOCK = 1;

  /** With the passes of an optimizer, on one thread. */
  public RbinEmitter(Optimizer optimizer) {
    this(optimizer, 1);
  }

  /**
   * With the passes of an optimizer.
   *
   * @param threads most threads at once; what is made does not depend on it
   */
  public RbinEmitter(Optimizer optimizer, int threads) {
    this.optimizer = optimizer;
    this.threads = threads;
  }

  @Override
  public RbinModule generate(IrPackage program, boolean debug) throws RbinException {
    // Faults of the compiler, told where they were made; the file's verifier runs in any case.
    assert IrCheck.check(program);
    IrPackage improved = optimizer.run(program, threads);
    assert IrCheck.check(improved);
    return new Emission(improved, debug).run(threads);
  }

  /**
   * Puts the parts of a package together and makes its file.
   *
   * @param parts optimised
   * @throws RbinException if they make a file that no reader would accept
   */
  public RbinModule generate(PackageParts parts, boolean debug) throws RbinException {
    IrPackage program = PartLinker.link(parts);
    assert IrCheck.check(program);
    return new Emission(program, debug).run(threads);
  }

  /** One run; holds the handle of everything in the package. */
  private static final class Emission implements FunctionEmitter.Handles {
    private final IrPackage program;
    private final boolean debug;
    private final RbinBuilder builder;
    private final TypeTable types;
    private final List<Integer> modules = new ArrayList<>();
    private final List<Integer> imports = new ArrayList<>();
    private final List<Integer> classes = new ArrayList<>();
    private final List<Integer> globals = new ArrayList<>();
    private final int[] functions;

    /** The operand of CALL_NATIVE by the names of capability and function. */
    private final Map<String, Map<String, Integer>> natives = new TreeMap<>();

    private final List<FunctionBuilder> bodies = new ArrayList<>();

    Emission(IrPackage program, boolean debug) {
      this.program = program;
      this.debug = debug;
      this.builder = new RbinBuilder(program.meta());
      this.types = new TypeTable(builder, program, this::classRef);
      this.functions = new int[program.functions().size()];
    }

    RbinModule run(int threads) throws RbinException {
      if (debug) {
        program.sources().forEach(s -> builder.sourceFile(s.name(), s.digest()));
      }
      for (IrImport i : program.imports()) {
        imports.add(builder.importModule(i.specifier(), i.versionRange(), i.interfaceDigest()));
        builder.requireGrants(i.grants());
      }
      for (IrModule module : program.modules()) {
        modules.add(builder.module(module.path(), module.importable()));
      }
      declareClasses();
      declareGlobals();
      declareFunctions();
      declareNatives();
      defineClasses();
      for (int i = 0; i < program.modules().size(); i++) {
        module(modules.get(i), program.modules().get(i));
      }
      int body = 0;
      for (IrFunction function : program.functions()) {
        if (function instanceof IrFunction.Local local) {
          new FunctionEmitter(local, bodies.get(body++), types, this, debug).emit();
        }
      }
      return builder.build(threads);
    }

    @Override
    public int function(int number) {
      return functions[number];
    }

    @Override
    public int global(int number) {
      return globals.get(number);
    }

    @Override
    public int classRef(int number) {
      return classes.get(number);
    }

    @Override
    public int nativeMember(Instruction.CallNative call) {
      Map<String, Integer> members = Objects.requireNonNull(natives.get(call.module()));
      return Objects.requireNonNull(members.get(call.name()));
    }

    /** What the code calls of capabilities, by name: the order in the file is that of the names. */
    private void declareNatives() {
      Map<String, Map<String, IrType.Function>> called = new TreeMap<>();
      for (IrFunction function : program.functions()) {
        if (function instanceof IrFunction.Local local) {
          for (Block block : local.blocks()) {
            for (Instruction instruction : block.instructions()) {
              if (instruction instanceof Instruction.CallNative call) {
                called
                    .computeIfAbsent(call.module(), _ -> new TreeMap<>())
                    .put(call.name(), call.type());
              }
            }
          }
        }
      }
      called.forEach(
          (module, members) -> {
            builder.nativeModule(CAPABILITY, module, "", "");
            Map<String, Integer> numbers = new TreeMap<>();
            members.forEach(
                (name, type) ->
                    numbers.put(name, builder.nativeMember(name, types.of(type), MAY_BLOCK)));
            natives.put(module, numbers);
          });
    }

    @Override
    public int captures(int function) {
      return program.functions().get(function) instanceof IrFunction.Local local
          ? local.captures().size()
          : 0;
    }

    private void declareClasses() {
      for (int i = 0; i < program.classes().size(); i++) {
        int same = types.sameClass(i);
        if (same < i) {
          classes.add(classes.get(same));
          continue;
        }
        classes.add(
            switch (program.classes().get(i)) {
              case IrClass.Local _, IrClass.Collection _ -> builder.declareClass();
              case IrClass.Imported c -> builder.importClass(imports.get(c.imported()), c.name());
            });
      }
    }

    private void declareGlobals() {
      for (IrPackage.IrGlobal global : program.globals()) {
        globals.add(
            switch (global) {
              case IrPackage.LocalGlobal g ->
                  builder.global(
                      new GlobalDef(
                          g.name(),
                          types.of(g.type()),
                          (g.constant() ? GlobalDef.CONSTANT : 0)
                              | (g.exported() ? GlobalDef.EXPORTED : 0)
                              | (g.isStatic() ? GlobalDef.STATIC : 0)));
              case IrPackage.ImportedGlobal g ->
                  builder.importGlobal(imports.get(g.imported()), g.name(), types.of(g.type()));
            });
      }
    }

    /** A closure stands after the function that contains it in the list. */
    private void declareFunctions() {
      for (int i = 0; i < functions.length; i++) {
        functions[i] =
            switch (program.functions().get(i)) {
              case IrFunction.Declared f ->
                  throw new IllegalStateException(f.name() + " is of another part");
              case IrFunction.Imported f ->
                  builder.importFunction(imports.get(f.imported()), f.name(), types.of(f.type()));
              case IrFunction.Local f -> {
                FunctionBuilder body =
                    builder.function(
                        modules.get(f.module()),
                        f.name(),
                        types.of(f.type()),
                        flags(f),
                        f.ownerClass() < 0 ? NONE : classRef(f.ownerClass()),
                        f.container() < 0 ? NONE : functions[f.container()]);
                bodies.add(body);
                yield body.handle();
              }
            };
      }
    }

    private static int flags(IrFunction.Local function) {
      int flags = 0;
      for (Trait trait : Trait.values()) {
        if (function.is(trait)) {
          flags |=
              switch (trait) {
                case ASYNC -> FunctionDef.ASYNC;
                case EXPORTED -> FunctionDef.EXPORTED;
                case ENTRY -> FunctionDef.ENTRY;
                case CONSTRUCTOR -> FunctionDef.CONSTRUCTOR;
                case METHOD -> FunctionDef.METHOD;
                case STATIC -> FunctionDef.STATIC;
                case CLOSURE -> FunctionDef.CLOSURE;
                case INIT -> FunctionDef.INIT;
              };
        }
      }
      return flags;
    }

    private void defineClasses() {
      for (int i = 0; i < classes.size(); i++) {
        if (types.sameClass(i) < i) {
          continue;
        }
        switch (program.classes().get(i)) {
          case IrClass.Local c -> builder.defineClass(classes.get(i), definition(c));
          case IrClass.Collection c ->
              builder.defineClass(
                  classes.get(i),
                  new ClassDef(
                      c.name(),
                      NONE,
                      c.isExtensible() ? ClassDef.INSTANCE : ClassDef.INSTANCE | ClassDef.FINAL,
                      List.of(),
                      NONE,
                      List.of(),
                      List.of(),
                      types.all(c.typeArguments()),
                      1 + core(),
                      0,
                      0));
          case IrClass.Imported c -> builder.classShape(classes.get(i), shape(c));
        }
      }
    }

    private int core() {
      for (int i = 0; i < program.imports().size(); i++) {
        if (program.imports().get(i).specifier().equals(ModuleSymbols.CORE)) {
          return imports.get(i);
        }
      }
      throw new IllegalStateException("a Map or Set without import of " + ModuleSymbols.CORE);
    }

    private ClassDef definition(IrClass.Local c) {
      List<FieldDef> fields = new ArrayList<>();
      for (IrClass.Field field : c.fields()) {
        fields.add(
            new FieldDef(
                field.name(),
                types.of(field.type()),
                (field.readOnly() ? FieldDef.READ_ONLY : 0)
                    | (field.isPrivate() ? FieldDef.PRIVATE : 0)
                    | (field.isProtected() ? FieldDef.PROTECTED : 0)));
      }
      List<RbinModule.Slot> slots = new ArrayList<>();
      for (IrClass.Slot slot : c.vtable()) {
        slots.add(new RbinModule.Slot(slot.name(), functions[slot.function()]));
      }
      int flags =
          (c.exported() ? ClassDef.EXPORTED : 0)
              | (c.error() ? ClassDef.ERROR : 0)
              | (c.instance() ? ClassDef.INSTANCE : 0);
      return new ClassDef(
          c.name(),
          c.parent() < 0 ? NONE : classRef(c.parent()),
          flags,
          fields,
          c.constructor() < 0 ? NONE : functions[c.constructor()],
          slots,
          List.of(),
          types.all(c.typeArguments()),
          c.origin() < 0 ? 0 : 1 + imports.get(c.origin()),
          c.statics().isEmpty() ? 0 : globals.get(c.statics().getFirst()),
          c.statics().size());
    }

    private int shape(IrClass.Imported c) {
      List<RType.Property> properties = new ArrayList<>();
      for (IrClass.Field field : c.fields()) {
        int flags =
            (field.readOnly() ? RType.Property.READ_ONLY : 0)
                | (field.isPrivate() ? ModuleSymbols.SHAPE_PRIVATE : 0);
        properties.add(new RType.Property(field.name(), types.of(field.type()), flags));
      }
      for (IrClass.Method method : c.methods()) {
        properties.add(
            new RType.Property(method.name(), types.of(method.type()), RType.Property.METHOD));
      }
      if (c.parent() != null) {
        properties.add(
            new RType.Property(
                ModuleSymbols.SHAPE_SUPER, types.of(c.parent()), RType.Property.READ_ONLY));
      }
      return builder.type(new RType.InterfaceType(c.name(), properties, List.of()));
    }

    private void module(int handle, IrModule module) {
      for (IrPackage.Dependency dependency : module.dependencies()) {
        if (dependency.imported()) {
          builder.dependsOnImport(handle, imports.get(dependency.number()));
        } else {
          builder.dependsOnModule(handle, modules.get(dependency.number()));
        }
      }
      for (IrExport export : module.exports()) {
        export(handle, export);
      }
      for (IrPackage.Declaration d : module.declarations()) {
        List<RbinModule.FreeName> names = new ArrayList<>();
        for (IrPackage.FreeName n : d.freeNames()) {
          int owner = n.imported() ? imports.get(n.module()) : modules.get(n.module());
          names.add(new RbinModule.FreeName(n.local(), n.imported() ? 1 : 0, owner, n.name()));
        }
        builder.decl(
            new RbinModule.Decl(handle, d.name(), d.template() ? 1 : 0, d.line(), d.text(), names));
        if (!d.doc().isEmpty()) {
          builder.doc(new RbinModule.Doc(handle, d.name(), d.doc()));
        }
      }
    }

    private void export(int module, IrExport export) {
      switch (export) {
        case IrExport.OfFunction e ->
            builder.export(
                module,
                e.name(),
                ExportKind.FUNCTION,
                functions[e.function()],
                flag(e.internal()),
                ExportGrants.of(program, e.function()));
        case IrExport.OfClass e ->
            builder.export(
                module, e.name(), ExportKind.CLASS, classRef(e.type()), flag(e.internal()), 0);
        case IrExport.OfGlobal e ->
            builder.export(
                module, e.name(), ExportKind.CONSTANT, global(e.global()), flag(e.internal()), 0);
        case IrExport.OfType e ->
            builder.export(
                module, e.name(), ExportKind.TYPE, types.of(e.type()), flag(e.internal()), 0);
        case IrExport.Again e ->
            builder.reExport(module, e.name(), imports.get(e.imported()), e.kind(), e.member());
      }
    }

    private static int flag(boolean internal) {
      return internal ? RbinModule.Export.INTERNAL : 0;
    }
  }
}
