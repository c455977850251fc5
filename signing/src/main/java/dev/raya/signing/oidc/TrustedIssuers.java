package dev.raya.signing.oidc;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The issuers whose tokens a registry takes: the document {@code trust/oidc.json}, {@code
 * {"issuers":[{"issuer","service"}],"schema":"raya/oidc/1"}}.
 *
 * @param issuers each URL once
 */
public record TrustedIssuers(List<Issuer> issuers) {
  /** The schema's name. */
  public static final String SCHEMA = "raya/oidc/1";

  private static final int MAX_ISSUERS = 100;

  /**
   * An issuer.
   *
   * @param url as its tokens write it in {@code iss}
   * @param service how its claims are to be read
   */
  public record Issuer(String url, CiService service) {
    /**
     * Checks the URL.
     *
     * @throws IllegalArgumentException if it is neither of https nor of http on loopback
     */
    public Issuer {
      if (!url.matches("https://[^\\s?#@]{1,500}")
          && !url.matches("http://(127\\.0\\.0\\.1|localhost)(:[0-9]{1,5})?(/[^\\s?#@]{0,200})?")) {
        throw new IllegalArgumentException("expected an https URL, found " + url);
      }
    }
  }

  /**
   * Copies the list in.
   *
   * @throws IllegalArgumentException if an issuer is there twice, or there are more than 100
   */
  public TrustedIssuers {
    issuers = List.copyOf(issuers);
    if (issuers.stream().map(Issuer::url).distinct().count() != issuers.size()
        || issuers.size() > MAX_ISSUERS) {
      throw new IllegalArgumentException("expected each issuer once, at most " + MAX_ISSUERS);
    }
  }

  /** The issuer of that URL, compared as it is written. */
  public Optional<Issuer> find(String url) {
    return issuers.stream().filter(issuer -> issuer.url().equals(url)).findFirst();
  }

  /** The canonical bytes. */
  public byte[] bytes() {
    List<Json> list = new ArrayList<>();
    for (Issuer issuer : issuers) {
      list.add(
          Json.object().put("issuer", issuer.url()).put("service", issuer.service().id()).build());
    }
    return CanonicalJson.bytes(
        Json.object().put("schema", SCHEMA).put("issuers", Json.array(list)).build());
  }

  /**
   * Reads the document.
   *
   * @throws IdTokenException if it is malformed
   */
  public static TrustedIssuers read(byte[] document) throws IdTokenException {
    try {
      JsonFields root = JsonFields.root(JsonReader.read(document));
      root.only(Set.of("schema", "issuers"));
      if (!root.string("schema").equals(SCHEMA)) {
        throw root.fault("schema", "expected " + SCHEMA);
      }
      List<Issuer> issuers = new ArrayList<>();
      for (JsonFields fields : root.list("issuers")) {
        fields.only(Set.of("issuer", "service"));
        CiService service =
            CiService.of(fields.string("service"))
                .orElseThrow(() -> fields.fault("service", "expected github, gitlab or forgejo"));
        issuers.add(new Issuer(fields.string("issuer"), service));
      }
      return new TrustedIssuers(issuers);
    } catch (JsonException | IllegalArgumentException malformed) {
      throw new IdTokenException("malformed list of issuers: " + malformed.getMessage(), malformed);
    }
  }
}
