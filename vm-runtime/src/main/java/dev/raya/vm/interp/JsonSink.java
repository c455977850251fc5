package dev.raya.vm.interp;

/**
 * Takes a json value piece by piece, outer ones before inner ones: as text ({@link JsonWriter}) or
 * as json values ({@link JsonTree}).
 */
interface JsonSink {
  /** A string, Double, Boolean, JsonAbsent, or an array or object that is already json. */
  void json(Object value);

  /** A number that json can hold. */
  void number(double value);

  void beginArray();

  void endArray();

  void beginObject();

  /** The name of the member whose value follows. */
  void name(String name);

  void endObject();
}
