package dev.raya.signing.log;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.SigningException;
import dev.raya.signing.SigningException.Code;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code proof.json} beside a cache entry: what each registry that gave it said about it, so that
 * it can be checked again without a network (security.md, "Offline, step by step").
 *
 * @param proofs one for each registry
 */
public record ProofFile(List<Proof> proofs) {
  /** Name of the file. */
  public static final String FILE = "proof.json";

  /** Value of the member {@code schema}. */
  public static final String SCHEMA = "raya/proof/1";

  /** Largest file that is read. */
  public static final int MAX_BYTES = 8 << 20;

  private static final int MAX_PROOFS = 64;

  /**
   * What one registry said.
   *
   * @param origin the registry's own name for itself
   * @param root digest of its {@code 1.root.json}
   * @param leaf the canonical bytes of its {@code publish} record, as text
   * @param proof a tlog-proof of the leaf, or null where the registry's log has no checkpoints
   * @param attestations the bundles that the leaf names, as text, in its order
   */
  public record Proof(
      String origin, Digest root, String leaf, @Nullable String proof, List<String> attestations) {
    /** Copies the list in. */
    public Proof {
      attestations = List.copyOf(attestations);
    }
  }

  /** Copies the list in. */
  public ProofFile {
    proofs = List.copyOf(proofs);
  }

  /**
   * The file with one registry's proof put in or replaced.
   *
   * @param fresh the proof; an older one of the same root goes away
   */
  public ProofFile with(Proof fresh) {
    List<Proof> all = new ArrayList<>();
    for (Proof proof : proofs) {
      if (!proof.root().equals(fresh.root())) {
        all.add(proof);
      }
    }
    all.add(fresh);
    return new ProofFile(all);
  }

  /**
   * The canonical bytes.
   *
   * @throws SigningException if a leaf is no JSON
   */
  public byte[] bytes() throws SigningException {
    List<Json> list = new ArrayList<>();
    for (Proof proof : proofs) {
      Json leaf;
      try {
        leaf = JsonReader.read(proof.leaf());
      } catch (JsonException e) {
        throw new SigningException(Code.PROOF_REFUSED, "malformed leaf: " + e.getMessage(), e);
      }
      list.add(
          Json.object()
              .put("origin", proof.origin())
              .put("root", proof.root().hex())
              .put("leaf", leaf)
              .putUnlessEmpty("proof", proof.proof())
              .put("attestations", Json.strings(proof.attestations()))
              .build());
    }
    return CanonicalJson.bytes(
        Json.object().put("schema", SCHEMA).put("proofs", Json.array(list)).build());
  }

  /**
   * Reads the file; says nothing about what it proves.
   *
   * @throws SigningException with {@link Code#PROOF_REFUSED} if it is too large or malformed
   */
  public static ProofFile read(byte[] document) throws SigningException {
    if (document.length > MAX_BYTES) {
      throw new SigningException(
          Code.PROOF_REFUSED,
          FILE + ": expected at most " + MAX_BYTES + " bytes, found " + document.length);
    }
    try {
      JsonFields root = JsonFields.root(JsonReader.read(document));
      if (!root.string("schema").equals(SCHEMA)) {
        throw root.fault("schema", "expected " + SCHEMA);
      }
      List<JsonFields> list = root.list("proofs");
      if (list.size() > MAX_PROOFS) {
        throw root.fault("proofs", "more than " + MAX_PROOFS);
      }
      List<Proof> proofs = new ArrayList<>();
      for (JsonFields proof : list) {
        String hex = proof.string("root");
        if (!Digest.isHex(hex)) {
          throw proof.fault("root", "expected 64 lower-case hexadecimal digits");
        }
        String inclusion = proof.optionalString("proof");
        if (inclusion != null && inclusion.isEmpty()) {
          throw proof.fault("proof", "expected a proof, or no member");
        }
        proofs.add(
            new Proof(
                proof.string("origin"),
                new Digest(hex),
                CanonicalJson.text(proof.fields("leaf").object()),
                inclusion,
                proof.strings("attestations")));
      }
      return new ProofFile(proofs);
    } catch (JsonException e) {
      throw new SigningException(Code.PROOF_REFUSED, FILE + ": " + e.getMessage(), e);
    }
  }
}
