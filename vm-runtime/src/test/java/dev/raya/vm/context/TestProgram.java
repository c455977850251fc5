package dev.raya.vm.context;

import dev.raya.vm.bytecode.FunctionBuilder;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.PredefinedType;
import dev.raya.vm.bytecode.RType;
import dev.raya.vm.bytecode.RbinBuilder;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.FieldDef;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.Meta;
import dev.raya.vm.bytecode.RbinModule.Slot;
import dev.raya.vm.bytecode.RbinWriter;
import dev.raya.vm.bytecode.Sha256;
import dev.raya.vm.bytecode.VerifiedModule;
import dev.raya.vm.bytecode.Verifier;
import java.util.List;
import java.util.Set;

/** Assembles a program of one module and runs it through writer, reader, verifier and loader. */
final class TestProgram {
  static final int INT = PredefinedType.INT;
  static final int NUMBER = PredefinedType.NUMBER;
  static final int STRING = PredefinedType.STRING;
  static final int BOOL = PredefinedType.BOOL;
  static final int VOID = PredefinedType.VOID;
  static final int NULL = PredefinedType.NULL;
  static final int ERROR = PredefinedType.ERROR;

  final RbinBuilder builder;
  final int module;

  /** What a run wrote and returned. */
  record Result(int exitCode, String out, String err, VmStats stats) {}

  TestProgram() {
    builder =
        new RbinBuilder(
            new Meta("", "", "main", "test", 1, 0, 0, Sha256.ZERO, Sha256.ZERO, Sha256.ZERO));
    module = builder.module("main", false);
  }

  FunctionBuilder function(String name, int result, int... params) {
    return builder.function(module, name, type(result, params), 0);
  }

  int type(int result, int... params) {
    List<Integer> list = new java.util.ArrayList<>();
    for (int p : params) {
      list.add(p);
    }
    return builder.type(new RType.FunctionType(list, result));
  }

  /** The function main, which prints and ends with RETURN_VOID of the caller's making. */
  FunctionBuilder main() {
    return builder.function(module, "main", type(VOID), FunctionDef.ENTRY);
  }

  /** A function main with an exit code. */
  FunctionBuilder mainInt() {
    return builder.function(module, "main", type(INT), FunctionDef.ENTRY);
  }

  /** Emits code that prints the text of the value on top of the stack. */
  static FunctionBuilder print(FunctionBuilder f) {
    return f.emit(Opcode.TO_STRING).builtin("console.log", 1);
  }

  int importCoreClass(int importHandle, String name, RbinModule core) {
    return builder.importClass(importHandle, name);
  }

  /** Defines a class with fields and methods of its own and no parent. */
  void define(
      int handle,
      String name,
      int parent,
      List<FieldDef> fields,
      int constructor,
      List<Slot> vtable) {
    builder.defineClass(
        handle,
        new ClassDef(name, parent, 0, fields, constructor, vtable, List.of(), List.of(), 0, 0, 0));
  }

  VerifiedModule verified() {
    try {
      byte[] bytes = RbinWriter.write(builder.build());
      return Verifier.verify(bytes);
    } catch (RbinException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  Result run() {
    return run(VmOptions.defaults());
  }

  Result run(VmOptions options, String... arguments) {
    return run(verified(), options, arguments);
  }

  static Result run(VerifiedModule verified, VmOptions options, String... arguments) {
    TestHost host = new TestHost(arguments);
    try (RayaRuntime runtime = new RayaRuntime(host, "1.0.0")) {
      RayaRuntime.ProgramResult result = runtime.run(new OneModule(verified), "test", options);
      return new Result(
          result.exitCode(), host.out.toString(), host.err.toString(), result.stats());
    } catch (VmException e) {
      throw new AssertionError(e.code() + " " + e.getMessage(), e);
    }
  }

  /** A loader of one file, which has every grant. */
  record OneModule(VerifiedModule module) implements ModuleLoader {
    @Override
    public Resolved resolve(String importerKey, String specifier) throws VmException {
      throw new VmException(VmErrorKind.IO_ERROR, "no module " + specifier);
    }

    @Override
    public VerifiedModule load(String packageKey) {
      return module;
    }

    @Override
    public Set<String> grants(String packageKey) {
      return VmOptions.defaults().grants();
    }

    @Override
    public String displayName(String packageKey) {
      return packageKey;
    }
  }
}
