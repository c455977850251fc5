package dev.raya.cli.pm.publish;

import dev.raya.cli.pm.http.RequestBody;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A {@code multipart/form-data} body of known length (RFC 7578), streamed from memory and files. It
 * can be sent again: each sending opens its files anew.
 */
final class MultipartBody {
  private final String boundary;
  private final List<Piece> pieces = new ArrayList<>();

  /** A stretch of the body. */
  private sealed interface Piece {
    long length();

    InputStream open() throws IOException;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Bytes(byte[] bytes) implements Piece {
      @Override
      public long length() {
        return bytes.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }
    }

    record OfFile(Path file, long length) implements Piece {
      @Override
      public InputStream open() throws IOException {
        return Files.newInputStream(file);
      }
    }
  }

  /**
   * An empty body.
   *
   * @param boundary a token that occurs in no part; a digest of the parts is one
   */
  MultipartBody(String boundary) {
    this.boundary = boundary;
  }

  /** Adds a part from memory. */
  MultipartBody part(String name, String contentType, byte[] bytes) {
    head(name, contentType);
    pieces.add(new Piece.Bytes(bytes));
    return this;
  }

  /** Adds a part from a file. */
  MultipartBody part(String name, String contentType, Path file) throws IOException {
    head(name, contentType);
    pieces.add(new Piece.OfFile(file, Files.size(file)));
    return this;
  }

  private void head(String name, String contentType) {
    String lead = pieces.isEmpty() ? "--" : "\r\n--";
    String head =
        lead
            + boundary
            + "\r\nContent-Disposition: form-data; name=\""
            + name
            + "\"; filename=\""
            + name
            + "\"\r\nContent-Type: "
            + contentType
            + "\r\n\r\n";
    pieces.add(new Piece.Bytes(head.getBytes(StandardCharsets.US_ASCII)));
  }

  /** The content type of the request. */
  String contentType() {
    return "multipart/form-data; boundary=" + boundary;
  }

  /** The body, with its length. */
  RequestBody body() {
    List<Piece> all = new ArrayList<>(pieces);
    all.add(new Piece.Bytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII)));
    long length = 0;
    for (Piece piece : all) {
      length += piece.length();
    }
    return new Joined(all, length);
  }

  /** The pieces, one after the other. */
  private record Joined(List<Piece> pieces, long length) implements RequestBody {
    @Override
    public InputStream open() throws IOException {
      List<InputStream> streams = new ArrayList<>();
      for (Piece piece : pieces) {
        streams.add(piece.open());
      }
      return new SequenceInputStream(Collections.enumeration(streams));
    }
  }
}
