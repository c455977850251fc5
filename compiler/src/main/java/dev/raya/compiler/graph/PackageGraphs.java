package dev.raya.compiler.graph;

import dev.raya.compiler.ir.Block;
import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrText;
import dev.raya.compiler.ir.Terminator;
import dev.raya.compiler.types.ModuleId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The graphs of {@code rayac graph}, read off the code of a package. A symbol's id is its module's
 * path, {@code #} and its name; several of one name (closures, instances of generics) are told
 * apart by {@code ~2} and so on in the order of the source.
 */
public final class PackageGraphs {
  private final IrPackage program;
  private final List<String> ids = new ArrayList<>();

  /** The graphs of a package. */
  public PackageGraphs(IrPackage program) {
    this.program = program;
    Map<String, Integer> used = new HashMap<>();
    for (IrFunction function : program.functions()) {
      String base =
          switch (function) {
            case IrFunction.Local local -> module(local.module()) + "#" + named(local.name());
            case IrFunction.Declared declared ->
                module(declared.module()) + "#" + named(declared.name());
            case IrFunction.Imported imported ->
                program.imports().get(imported.imported()).specifier() + "#" + imported.name();
          };
      int count = used.merge(base, 1, Integer::sum);
      ids.add(count == 1 ? base : base + "~" + count);
    }
  }

  private static String named(String name) {
    return name.isEmpty() ? "(anonymous)" : name;
  }

  private String module(int number) {
    String path = program.modules().get(number).path();
    return path.isEmpty() ? "." : path;
  }

  /** Modules and what they import. */
  public Graph dependencies() {
    List<Graph.Node> nodes = new ArrayList<>();
    List<Graph.Edge> edges = new ArrayList<>();
    for (int i = 0; i < program.modules().size(); i++) {
      String from = module(i);
      nodes.add(new Graph.Node(from, "module", from));
      for (IrPackage.Dependency dependency : program.modules().get(i).dependencies()) {
        String to =
            dependency.imported()
                ? program.imports().get(dependency.number()).specifier()
                : module(dependency.number());
        nodes.add(new Graph.Node(to, dependency.imported() ? "package" : "module", to));
        edges.add(new Graph.Edge(from, to, "imports"));
      }
    }
    return new Graph("deps", nodes, edges);
  }

  /** Functions, what they are written in, what they call, and what code elsewhere they use. */
  public Graph symbols() {
    List<Graph.Node> nodes = new ArrayList<>();
    List<Graph.Edge> edges = new ArrayList<>();
    for (int i = 0; i < program.functions().size(); i++) {
      String id = ids.get(i);
      switch (program.functions().get(i)) {
        case IrFunction.Declared declared ->
            nodes.add(new Graph.Node(id, "function", named(declared.name())));
        case IrFunction.Imported imported ->
            nodes.add(new Graph.Node(id, "imported", imported.name()));
        case IrFunction.Local local -> {
          String kind =
              local.is(IrFunction.Trait.INIT)
                  ? "initialiser"
                  : local.is(IrFunction.Trait.CONSTRUCTOR)
                      ? "constructor"
                      : local.is(IrFunction.Trait.METHOD)
                          ? "method"
                          : local.is(IrFunction.Trait.CLOSURE) ? "closure" : "function";
          nodes.add(new Graph.Node(id, kind, named(local.name())));
          String module = module(local.module());
          nodes.add(new Graph.Node(module, "module", module));
          if (local.container() >= 0) {
            edges.add(new Graph.Edge(ids.get(local.container()), id, "contains"));
          } else {
            edges.add(new Graph.Edge(module, id, "contains"));
          }
          uses(local, id, nodes, edges);
        }
      }
    }
    return new Graph("symbols", nodes, edges);
  }

  private void uses(
      IrFunction.Local function, String id, List<Graph.Node> nodes, List<Graph.Edge> edges) {
    for (Block block : function.blocks()) {
      for (Instruction instruction : block.instructions()) {
        switch (instruction) {
          case Instruction.Call call ->
              edges.add(new Graph.Edge(id, ids.get(call.function()), "calls"));
          case Instruction.CallBuiltin call -> {
            String builtin = "raya:core#" + call.name();
            nodes.add(new Graph.Node(builtin, "builtin", call.name()));
            edges.add(new Graph.Edge(id, builtin, "calls"));
          }
          case Instruction.CallNative call -> {
            String member = ModuleId.HOST + call.module() + "#" + call.name();
            nodes.add(new Graph.Node(member, "capability", call.name()));
            if (!member.equals(id)) { // which is what the function of a capability does
              edges.add(new Graph.Edge(id, member, "calls"));
            }
          }
          case Instruction.CallMethod call -> {
            // The class decides at run time which method this is.
          }
          default -> {}
        }
      }
    }
  }

  /**
   * The basic blocks of functions and how control passes between them; dashed in meaning: {@code
   * handles} leads from a block in a protected region to its handler.
   *
   * @param wanted the function's name or id; all functions if empty
   */
  public Graph controlFlow(String wanted) {
    List<Graph.Node> nodes = new ArrayList<>();
    List<Graph.Edge> edges = new ArrayList<>();
    IrText text = IrText.reader(program);
    for (int i = 0; i < program.functions().size(); i++) {
      boolean chosen =
          wanted.isEmpty()
              || ids.get(i).equals(wanted)
              || program.functions().get(i).name().equals(wanted);
      if (chosen && program.functions().get(i) instanceof IrFunction.Local local) {
        for (Block block : local.blocks()) {
          String from = ids.get(i) + ":" + block.number();
          nodes.add(new Graph.Node(from, "block", from + "\n" + text.of(block)));
          for (int target : block.end().targets()) {
            edges.add(new Graph.Edge(from, ids.get(i) + ":" + target, word(block.end(), target)));
          }
          if (block.region() >= 0) {
            int handler = local.regions().get(block.region()).handler();
            edges.add(new Graph.Edge(from, ids.get(i) + ":" + handler, "handles"));
          }
        }
      }
    }
    return new Graph("cfg", nodes, edges);
  }

  private static String word(Terminator end, int target) {
    return switch (end) {
      case Terminator.Jump _ -> "jump";
      case Terminator.Branch branch -> branch.taken() == target ? "taken" : "otherwise";
      case Terminator.ArgumentBranch branch -> branch.given() == target ? "given" : "missing";
      case Terminator.IntSwitch choice -> choice.otherwise() == target ? "otherwise" : "case";
      case Terminator.StringSwitch choice -> choice.otherwise() == target ? "otherwise" : "case";
      case Terminator.Leave _ -> "leave";
      case Terminator.Raise _ -> "raise";
    };
  }
}
