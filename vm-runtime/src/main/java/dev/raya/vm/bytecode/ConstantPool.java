package dev.raya.vm.bytecode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Constants in canonical order ({@code rbin.md} 3.2): strings, ints, numbers, each sorted. */
final class ConstantPool {
  static final Comparator<Constant> ORDER = ConstantPool::compare;

  private final Map<Constant, Integer> indices = new HashMap<>();
  private final List<Constant> ordered = new ArrayList<>();

  void add(Constant constant) {
    indices.putIfAbsent(constant, -1);
  }

  void freeze() {
    ordered.addAll(indices.keySet());
    ordered.sort(ORDER);
    for (int i = 0; i < ordered.size(); i++) {
      indices.put(ordered.get(i), i);
    }
  }

  List<Constant> constants() {
    return ordered;
  }

  int index(Constant constant) {
    Integer index = indices.get(constant);
    if (index == null) {
      throw new IllegalStateException("constant " + constant + " was not collected");
    }
    return index;
  }

  private static int compare(Constant a, Constant b) {
    return switch (a) {
      case Constant.Str x ->
          b instanceof Constant.Str y ? Wtf8.ORDER.compare(x.value(), y.value()) : -1;
      case Constant.I32 x ->
          switch (b) {
            case Constant.Str y -> 1;
            case Constant.I32 y -> Integer.compareUnsigned(x.value(), y.value());
            case Constant.F64 y -> -1;
          };
      case Constant.F64 x ->
          b instanceof Constant.F64 y
              ? Long.compareUnsigned(
                  Double.doubleToLongBits(x.value()), Double.doubleToLongBits(y.value()))
              : 1;
    };
  }
}
