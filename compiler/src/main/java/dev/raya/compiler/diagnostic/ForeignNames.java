package dev.raya.compiler.diagnostic;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names that programs in TypeScript use and Raya does not have, with what is written here. */
public final class ForeignNames {
  private static final String UTILITY = "there are no utility types; write the type out";

  private ForeignNames() {}

  /** What is written in the place of a value; null if the name is none of TypeScript's. */
  public static @Nullable String insteadOfValue(String name) {
    return switch (name) {
      case "undefined" -> "use 'null'";
      case "arguments" -> "declare a rest parameter, '...args: string[]'";
      case "module", "exports" -> "write 'export' before the declaration";
      case "Object" -> "use a Map for keys that vary, 'clone' and 'deepEquals' of \"raya:std\"";
      case "Function" -> "write an arrow function";
      case "process" -> "import 'args', 'exit', 'getEnv' from \"raya:process\"";
      case "Promise" ->
          "call an async function for a Task, and 'all', 'race' or 'allSettled' of \"raya:std\"";
      case "setTimeout", "setImmediate", "setInterval" ->
          "call an async function that awaits 'sleep' of \"raya:std\"";
      case "queueMicrotask" -> "use 'spawn' of \"raya:std\"";
      case "structuredClone" -> "use 'clone' of \"raya:std\"";
      case "WeakMap", "WeakSet" -> "use a Map or a Set, or 'WeakRef' of \"raya:std\"";
      case "BigInt" -> "use 'int' or 'number'";
      case "Buffer" -> "use Uint8Array, and \"raya:encoding\"";
      case "Int8Array", "Uint16Array", "Int16Array", "Uint32Array", "Int32Array" ->
          "use Uint8Array or 'int[]'";
      case "Float32Array", "Float64Array" -> "use 'number[]'";
      case "btoa" -> "use 'base64Encode' of \"raya:encoding\"";
      case "atob" -> "use 'base64Decode' of \"raya:encoding\"";
      case "encodeURIComponent" -> "use 'urlEncode' of \"raya:encoding\"";
      case "decodeURIComponent" -> "use 'urlDecode' of \"raya:encoding\"";
      case "TextEncoder" -> "use 'utf8Encode' of \"raya:encoding\"";
      case "TextDecoder" -> "use 'utf8Decode' of \"raya:encoding\"";
      case "URL" -> "use 'parseUrl' of \"raya:encoding\"";
      case "URLSearchParams" -> "use 'parseQuery' of \"raya:encoding\"";
      case "performance" -> "use 'monotonic' of \"raya:time\"";
      default -> null;
    };
  }

  /** What is written in the place of a type; null if the name is none of TypeScript's. */
  public static @Nullable String insteadOfType(String name) {
    return switch (name) {
      case "undefined" -> "use 'null'";
      case "unknown" -> "use 'json' or a type parameter";
      case "bigint" -> "use 'int' or 'number'";
      case "object" -> "write the type of the object, or 'json'";
      case "Function" -> "write the type of the function, '(x: int) => string'";
      case "Record" -> "use 'Map<K, V>', or write the type of the object";
      case "Partial",
          "Required",
          "Readonly",
          "Pick",
          "Omit",
          "Exclude",
          "Extract",
          "NonNullable",
          "Parameters",
          "ReturnType",
          "InstanceType",
          "Awaited" ->
          UTILITY;
      case "AsyncIterable", "AsyncGenerator", "AsyncIterator" -> "use 'Channel<T>'";
      case "WeakMap", "WeakSet", "Buffer" -> insteadOfValue(name);
      default -> null;
    };
  }

  /** What a member that other libraries call so may be called here, the likeliest first. */
  public static List<String> membersFor(String name) {
    return switch (name) {
      case "size", "count", "len" -> List.of("length", "size");
      case "length" -> List.of("size");
      case "contains" -> List.of("includes", "has");
      case "has" -> List.of("includes");
      case "includes" -> List.of("has");
      case "append", "add" -> List.of("push", "set");
      case "push" -> List.of("add", "send");
      case "put", "insert" -> List.of("set", "add");
      case "remove" -> List.of("delete", "splice");
      case "substr" -> List.of("slice");
      case "first", "last", "get" -> List.of("at");
      default -> List.of();
    };
  }
}
