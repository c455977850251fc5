package dev.raya.vm.bytecode;

import java.util.ArrayList;
import java.util.List;

/**
 * The rows of {@link Builtins} from 300 on, those of the standard library, one a line: id, name,
 * signature, then after a bar whether it may block ({@code block}), the grants it is guarded by,
 * and the traps it may raise besides those of every built-in of a library (RangeError for bad
 * counts, NativeError for the errors that {@code stdlib.md} names).
 */
final class LibraryRows {
  private static final String TABLE =
      """
      300 json.parse (string) -> json
      301 json.stringify (any, number?) -> string
      302 json.encode (any) -> string
      303 json.toJson (any) -> json
      304 json.kind (json) -> string
      305 json.keys (json) -> string[]
      306 json.items (json) -> json[]
      307 json.get (json, string) -> json
      308 json.member (json, string) -> json
      309 json.number (json) -> number
      310 json.boolean (json) -> bool
      311 json.text (json) -> string
      330 uint8array.new (number) -> bytes
      331 uint8array.of (readonly number[]) -> bytes
      332 uint8array.view (ArrayBuffer, number?, number?) -> bytes
      333 uint8array.concat (readonly bytes[]) -> bytes
      334 uint8array.buffer (bytes) -> ArrayBuffer
      335 uint8array.byteOffset (bytes) -> int
      336 uint8array.length (bytes) -> int
      337 uint8array.slice (bytes, number?, number?) -> bytes
      338 uint8array.subarray (bytes, number?, number?) -> bytes
      339 uint8array.set (bytes, bytes, number?) -> void
      340 uint8array.fill (bytes, number, number?, number?) -> bytes
      341 uint8array.indexOf (bytes, number, number?) -> int
      342 uint8array.equals (bytes, bytes) -> bool
      343 uint8array.toArray (bytes) -> int[]
      344 uint8array.at (bytes, int) -> int
      345 uint8array.put (bytes, int, int) -> void
      346 arraybuffer.new (number) -> ArrayBuffer
      347 arraybuffer.byteLength (ArrayBuffer) -> int
      348 arraybuffer.slice (ArrayBuffer, number?, number?) -> ArrayBuffer
      360 dataview.new (ArrayBuffer, number?, number?) -> DataView
      361 dataview.byteLength (DataView) -> int
      362 dataview.getInt8 (DataView, number) -> int
      363 dataview.setInt8 (DataView, number, number) -> void
      364 dataview.getUint8 (DataView, number) -> int
      365 dataview.setUint8 (DataView, number, number) -> void
      366 dataview.getInt16 (DataView, number, bool?) -> int
      367 dataview.setInt16 (DataView, number, number, bool?) -> void
      368 dataview.getUint16 (DataView, number, bool?) -> int
      369 dataview.setUint16 (DataView, number, number, bool?) -> void
      370 dataview.getInt32 (DataView, number, bool?) -> int
      371 dataview.setInt32 (DataView, number, number, bool?) -> void
      372 dataview.getUint32 (DataView, number, bool?) -> number
      373 dataview.setUint32 (DataView, number, number, bool?) -> void
      374 dataview.getFloat32 (DataView, number, bool?) -> number
      375 dataview.setFloat32 (DataView, number, number, bool?) -> void
      376 dataview.getFloat64 (DataView, number, bool?) -> number
      377 dataview.setFloat64 (DataView, number, number, bool?) -> void
      400 regexp.new (string, string?) -> RegExp
      401 regexp.source (RegExp) -> string
      402 regexp.flags (RegExp) -> string
      403 regexp.test (RegExp, string) -> bool
      404 regexp.exec (RegExp, string) -> RegExpMatch|null
      405 regexp.execAll (RegExp, string) -> RegExpMatch[]
      406 regexp.replace (RegExp, string, string) -> string
      407 regexp.split (RegExp, string, number?) -> string[]
      408 regexp.escape (string) -> string
      409 regexpmatch.text (RegExpMatch) -> string
      410 regexpmatch.index (RegExpMatch) -> int
      411 regexpmatch.groups (RegExpMatch) -> (string|null)[]
      412 regexpmatch.named (RegExpMatch) -> Map<string, string>
      413 string.search (string, RegExp) -> int
      414 string.replaceAllPattern (string, RegExp, string) -> string
      415 string.replacePattern (string, RegExp, string) -> string
      416 string.splitPattern (string, RegExp, number?) -> string[]
      417 string.match (string, RegExp) -> RegExpMatch|null
      418 string.matchAll (string, RegExp) -> RegExpMatch[]
      420 date.new () -> Date | time
      421 date.now () -> number | time
      422 date.parse (string) -> number
      423 date.utc (number, number, number?, number?, number?, number?, number?) -> number
      424 date.getTime (Date) -> number
      425 date.getFullYear (Date) -> int
      426 date.getMonth (Date) -> int
      427 date.getDate (Date) -> int
      428 date.getDay (Date) -> int
      429 date.getHours (Date) -> int
      430 date.getMinutes (Date) -> int
      431 date.getSeconds (Date) -> int
      432 date.getMilliseconds (Date) -> int
      433 date.getUTCFullYear (Date) -> int
      434 date.getUTCMonth (Date) -> int
      435 date.getUTCDate (Date) -> int
      436 date.getUTCDay (Date) -> int
      437 date.getUTCHours (Date) -> int
      438 date.getUTCMinutes (Date) -> int
      439 date.getUTCSeconds (Date) -> int
      440 date.getUTCMilliseconds (Date) -> int
      441 date.getTimezoneOffset (Date) -> int
      442 date.toISOString (Date) -> string
      443 date.of (number) -> Date
      444 date.toString (Date) -> string
      445 date.init (Date, number) -> void
      446 date.initNow (Date) -> void | time
      450 channel.length (channel<T>) -> int
      451 channel.capacity (channel<T>) -> int
      452 channel.isClosed (channel<T>) -> bool
      453 channel.trySend (channel<T>, T) -> bool
      454 channel.tryReceive (channel<T>) -> T|null
      455 channel.take (channel<T>) -> T[] | block
      456 task.id (task<T>) -> int
      457 task.isDone (task<T>) -> bool
      458 task.isCancelled (task<T>) -> bool
      459 task.detach (task<T>) -> void
      460 task.asTimer (task<T>) -> void
      461 mutex.isLocked (mutex) -> bool
      462 channel.select (readonly any[], readonly bool[], any[], number, bool) -> int | block
      463 task.current () -> int
      464 test.virtualTime (bool) -> void
      465 test.advance (number) -> void | block
      466 test.unawaited () -> string[]
      467 channel.fail (channel<T>, any) -> void
      468 mutex.init (Mutex) -> void
      469 mutex.self (mutex) -> mutex
      470 std.deepEquals (any, any) -> bool
      471 std.hash (any) -> int
      472 std.clone (T) -> T
      473 std.weak (any) -> foreign
      474 std.weakTarget (foreign) -> any
      475 std.typeName (any) -> string
      476 channel.init (Channel<T>, int) -> void
      477 channel.self (channel<T>) -> channel<T>
      480 encoding.utf8Encode (string) -> bytes
      481 encoding.utf8Decode (bytes, bool) -> string
      482 encoding.hexEncode (bytes) -> string
      483 encoding.hexDecode (string) -> bytes
      484 encoding.base64Encode (bytes, bool) -> string
      485 encoding.base64Decode (string) -> bytes
      490 crypto.hash (string, bytes) -> bytes
      491 crypto.hmac (string, bytes, bytes) -> bytes
      492 crypto.constantTimeEqual (bytes, bytes) -> bool
      493 crypto.randomBytes (number) -> bytes | random
      494 crypto.hkdf (string, bytes, bytes, bytes, number) -> bytes
      495 crypto.pbkdf2 (string, string, bytes, number, number) -> bytes | block
      496 crypto.keyPair () -> bytes | random
      497 crypto.sign (bytes, bytes) -> bytes
      498 crypto.verify (bytes, bytes, bytes) -> bool
      499 crypto.encrypt (bytes, bytes, bytes, bytes) -> bytes
      500 crypto.decrypt (bytes, bytes, bytes, bytes) -> bytes
      501 crypto.hasher (string) -> foreign
      502 crypto.update (foreign, bytes) -> void
      503 crypto.digest (foreign) -> bytes
      504 time.format (number, string, string) -> string
      505 time.parse (string, string, string) -> number
      520 fs.readFile (string) -> bytes | block fs.read
      521 fs.readText (string) -> string | block fs.read
      522 fs.writeFile (string, bytes, string) -> void | block fs.write
      523 fs.exists (string) -> bool | block fs.read
      524 fs.stat (string, bool) -> number[] | block fs.read
      525 fs.readDir (string) -> string[] | block fs.read
      526 fs.realPath (string) -> string | block fs.read
      527 fs.mkdir (string, bool) -> void | block fs.write
      528 fs.remove (string, bool) -> void | block fs.write
      529 fs.rename (string, string) -> void | block fs.write
      530 fs.copy (string, string) -> void | block fs.read fs.write
      531 fs.symlink (string, string) -> void | block fs.write
      532 fs.chmod (string, int) -> void | block fs.write
      533 fs.makeTempDir (string) -> string | block fs.write
      534 fs.openRead (string) -> foreign | block fs.read
      535 fs.openWrite (string, bool) -> foreign | block fs.write
      536 fs.openUpdate (string) -> foreign | block fs.read fs.write
      537 fs.readSome (foreign, int) -> bytes | block
      538 fs.writeSome (foreign, bytes) -> int | block
      539 fs.seek (foreign, number) -> void | block
      540 fs.size (foreign) -> number | block
      541 fs.sync (foreign) -> void | block
      542 fs.close (foreign) -> void | block
      543 fs.readLine (foreign) -> string|null | block
      550 process.readLine () -> string|null | block process
      551 process.readInput () -> bytes | block process
      552 process.run (string, readonly string[], readonly string[], string, bytes, number, bool) -> foreign | block process
      553 process.resultCode (foreign) -> int | block
      554 process.resultOutput (foreign) -> bytes | block
      555 process.resultErrors (foreign) -> bytes | block
      556 process.setEnv (string, string, bool) -> void | env
      557 process.envNames () -> string[] | env
      558 process.openSignal (string) -> foreign | block process
      559 process.awaitSignal (foreign) -> void | block
      560 http.fetch (string, string, readonly string[], bytes, number, string, number) -> foreign | block net
      561 http.status (foreign) -> int | block
      562 http.headers (foreign) -> string[] | block
      563 http.body (foreign) -> bytes | block
      564 http.url (foreign) -> string | block
      565 http.listen (string, number, number, string, string) -> foreign | block net
      566 http.port (foreign) -> int | block
      567 http.accept (foreign) -> foreign | block
      568 http.request (foreign) -> string[] | block
      569 http.requestHeaders (foreign) -> string[] | block
      570 http.requestBody (foreign) -> bytes | block
      571 http.respond (foreign, int, readonly string[], bytes) -> void | block
      572 http.stop (foreign, number) -> void | block
      573 http.isRequest (foreign) -> bool | block
      """;

  private LibraryRows() {}

  static void add(List<Builtin> rows) {
    TABLE.lines().forEach(line -> rows.add(row(line)));
  }

  private static Builtin row(String line) {
    String[] words = line.split(" ", 3);
    int bar = words[2].indexOf(" | ");
    String signature = bar < 0 ? words[2] : words[2].substring(0, bar);
    List<Trap> traps = new ArrayList<>(List.of(Trap.NATIVE_ERROR, Trap.RANGE_ERROR));
    boolean mayBlock = false;
    int grants = 0;
    if (bar >= 0) {
      for (String word : words[2].substring(bar + 3).split(" ")) {
        if (word.equals("block")) {
          mayBlock = true;
          traps.add(Trap.CANCELLED);
          traps.add(Trap.AWAIT_UNDER_LOCK);
        } else {
          grants |= Capabilities.bit(word);
        }
      }
    }
    return new Builtin(Integer.parseInt(words[0]), words[1], signature, 1, traps, mayBlock, grants);
  }
}
