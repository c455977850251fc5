package dev.raya.vm.bytecode;

/** A place in the code of the {@link FunctionBuilder} that made it. */
public final class Label {
  final int id;

  Label(int id) {
    this.id = id;
  }
}
