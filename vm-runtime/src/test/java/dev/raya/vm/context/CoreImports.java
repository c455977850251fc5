package dev.raya.vm.context;

import dev.raya.vm.bytecode.CoreModule;
import dev.raya.vm.bytecode.PredefinedType;
import dev.raya.vm.bytecode.RType;
import dev.raya.vm.bytecode.RbinModule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Imports error classes of raya:core into a test program, with their shapes copied from the module
 * itself.
 */
final class CoreImports {
  private final TestProgram program;
  private final int importHandle;
  private final RbinModule core = CoreModule.build();
  private final Map<Integer, Integer> types = new HashMap<>();
  private final Map<String, Integer> classes = new HashMap<>();

  CoreImports(TestProgram program, int importHandle) {
    this.program = program;
    this.importHandle = importHandle;
  }

  int classOf(String name) {
    Integer known = classes.get(name);
    if (known != null) {
      return known;
    }
    int handle = program.builder.importClass(importHandle, name);
    classes.put(name, handle);
    program.builder.classShape(handle, type(export(name, RbinModule.ExportKind.CLASS).type()));
    return handle;
  }

  int constructorOf(String name) {
    String member = name + "#constructor";
    return program.builder.importFunction(
        importHandle, member, type(export(member, RbinModule.ExportKind.FUNCTION).type()));
  }

  private RbinModule.Export export(String name, int kind) {
    return core.modules().getFirst().exports().stream()
        .filter(e -> e.name().equals(name) && e.kind() == kind)
        .findFirst()
        .orElseThrow();
  }

  private int type(int index) {
    if (index < PredefinedType.FIRST_STORED) {
      return index;
    }
    Integer known = types.get(index);
    if (known != null) {
      return known;
    }
    int made =
        switch (core.type(index)) {
          case RType.FunctionType f ->
              program.builder.type(
                  new RType.FunctionType(
                      all(f.params()), type(f.result()), f.optional(), f.rest()));
          case RType.UnionType u -> program.builder.unionOf(all(u.members()));
          case RType.InterfaceType i -> {
            List<RType.Property> properties = new ArrayList<>();
            for (RType.Property p : i.properties()) {
              properties.add(new RType.Property(p.name(), type(p.type()), p.flags()));
            }
            yield program.builder.type(
                new RType.InterfaceType(i.name(), properties, all(i.arguments())));
          }
          // Shapes name no class of raya:core but Error, which is the predefined type.
          case RType.ClassType c when core.classes().get(c.ref()).name().equals("Error") ->
              PredefinedType.ERROR;
          default -> throw new AssertionError("unexpected type in raya:core: " + core.type(index));
        };
    types.put(index, made);
    return made;
  }

  private List<Integer> all(List<Integer> indices) {
    List<Integer> made = new ArrayList<>();
    for (int index : indices) {
      made.add(type(index));
    }
    return made;
  }
}
