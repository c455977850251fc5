package dev.raya.vm.value;

/** The two json values that are not data: Undefined (nothing there) and null (language.md 13). */
public enum JsonAbsent {
  UNDEFINED("undefined"),
  NULL("null");

  private final String text;

  JsonAbsent(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
