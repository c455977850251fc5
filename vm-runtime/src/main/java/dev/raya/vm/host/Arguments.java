package dev.raya.vm.host;

import java.util.List;

/** The arguments of a call, whose types the table of built-ins vouches for; handles are checked. */
record Arguments(List<Object> values) {
  String text(int i) {
    return (String) values.get(i);
  }

  byte[] bytes(int i) {
    return (byte[]) values.get(i);
  }

  double number(int i) {
    return (Double) values.get(i);
  }

  int integer(int i) {
    return (Integer) values.get(i);
  }

  boolean flag(int i) {
    return (Boolean) values.get(i);
  }

  @SuppressWarnings("unchecked") // Arrays of text are the only lists.
  List<String> texts(int i) {
    return (List<String>) values.get(i);
  }

  <T> T handle(int i, Class<T> type) throws HostFailure {
    Object value = values.get(i);
    if (!type.isInstance(value)) {
      throw new HostFailure("IOError", "ECLOSED", null, "stale handle");
    }
    return type.cast(value);
  }
}
