package dev.raya.registry.http;

/** The kinds of refusal that the API answers with (spec: cli.md section 5, area REG). */
public enum Problem {
  /** The request is not what the API asks for. */
  MALFORMED("RAYA-REG-001", 400, "the request is malformed"),
  /** There is no token, or it is unknown, expired or revoked. */
  NOT_SIGNED_IN("RAYA-REG-002", 401, "not signed in"),
  /** The account may not do this. */
  FORBIDDEN("RAYA-REG-003", 403, "not permitted"),
  /** There is nothing of this name. */
  NOT_FOUND("RAYA-REG-004", 404, "not found"),
  /** The version exists, and its bytes are others. */
  VERSION_EXISTS("RAYA-REG-005", 409, "the version exists with other bytes"),
  /** The name is too much like another one, or nobody may have it. */
  NAME_TAKEN("RAYA-REG-006", 409, "the name collides or is reserved"),
  /** Somebody else changed it meanwhile. */
  CHANGED("RAYA-REG-007", 412, "changed meanwhile"),
  /** More bytes than allowed. */
  TOO_LARGE("RAYA-REG-008", 413, "too large"),
  /** The archive breaks a rule, or its bytecode does not verify. */
  ARCHIVE_REFUSED("RAYA-REG-009", 422, "the archive is refused"),
  /** metadata.json breaks a rule or disagrees with what was announced. */
  MANIFEST_REFUSED("RAYA-REG-010", 422, "the manifest is refused"),
  /** The publish statement is missing, bad, or from somebody who may not publish. */
  STATEMENT_REFUSED("RAYA-REG-011", 422, "the publish statement is refused"),
  /** The API change does not fit the version. */
  API_CHANGE("RAYA-REG-012", 422, "the API change does not fit the version"),
  /** Too many requests. */
  TOO_MANY_REQUESTS("RAYA-REG-013", 429, "too many requests"),
  /** It was taken down. */
  TAKEN_DOWN("RAYA-REG-014", 451, "taken down"),
  /** The registry takes no writes now, or is too busy. */
  BUSY("RAYA-REG-015", 503, "read-only or busy"),
  /** A fault of the registry. */
  INTERNAL("RAYA-REG-016", 500, "internal fault"),
  /** A body that came too slowly. */
  TOO_SLOW("RAYA-REG-017", 408, "too slow");

  private final String code;
  private final int status;
  private final String title;

  Problem(String code, int status, String title) {
    this.code = code;
    this.status = status;
    this.title = title;
  }

  /** The stable code. */
  public String code() {
    return code;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** What happened, in general. */
  public String title() {
    return title;
  }
}
