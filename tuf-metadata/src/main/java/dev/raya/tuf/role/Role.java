package dev.raya.tuf.role;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The signed part of a metadata file (TUF 1.0, section 4). Immutable. */
public sealed interface Role {

  /** The four top-level roles. */
  enum Kind {
    ROOT,
    TARGETS,
    SNAPSHOT,
    TIMESTAMP;

    /** The value of {@code _type}. */
    public String id() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Which role it is; a delegated role's is {@link Kind#TARGETS}. */
  Kind kind();

  /** A positive number that only grows. */
  long version();

  /** From when on it must not be used. */
  Instant expires();

  /**
   * Which keys sign the top-level roles.
   *
   * @param version see {@link Role#version}
   * @param expires see {@link Role#expires}
   * @param consistentSnapshot whether file names carry versions and digests
   * @param keys keyid to key
   * @param roles who signs each top-level role
   */
  record Root(
      long version,
      Instant expires,
      boolean consistentSnapshot,
      Map<String, TufKey> keys,
      Map<Kind, RoleKeys> roles)
      implements Role {
    /** Copies the maps in, keeping their order. */
    public Root {
      keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
      roles = Collections.unmodifiableMap(new LinkedHashMap<>(roles));
    }

    @Override
    public Kind kind() {
      return Kind.ROOT;
    }

    /** Who signs a role; every root names all four. */
    public RoleKeys signers(Kind role) {
      RoleKeys signers = roles.get(role);
      if (signers == null) {
        throw new IllegalStateException("a root names every top-level role");
      }
      return signers;
    }
  }

  /**
   * Which snapshot is current.
   *
   * @param version see {@link Role#version}
   * @param expires see {@link Role#expires}
   * @param snapshot the file it names
   */
  record Timestamp(long version, Instant expires, MetaFile snapshot) implements Role {
    @Override
    public Kind kind() {
      return Kind.TIMESTAMP;
    }
  }

  /**
   * Which versions of the targets metadata belong together.
   *
   * @param version see {@link Role#version}
   * @param expires see {@link Role#expires}
   * @param files metadata file name to what is known of it
   */
  record Snapshot(long version, Instant expires, Map<String, MetaFile> files) implements Role {
    /** Copies the map in, keeping its order. */
    public Snapshot {
      files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    }

    @Override
    public Kind kind() {
      return Kind.SNAPSHOT;
    }
  }

  /**
   * Target files and who may name further ones.
   *
   * @param version see {@link Role#version}
   * @param expires see {@link Role#expires}
   * @param targets target path to file
   * @param delegations to whom which paths are handed on, or null
   * @param name of the role that the file says it is of ({@code x-raya-role}), or null if it does
   *     not say
   */
  record Targets(
      long version,
      Instant expires,
      Map<String, TargetFile> targets,
      @Nullable Delegations delegations,
      @Nullable String name)
      implements Role {
    /** Copies the map in, keeping its order. */
    public Targets {
      targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
    }

    /** A file that does not say which role it is of. */
    public Targets(
        long version,
        Instant expires,
        Map<String, TargetFile> targets,
        @Nullable Delegations delegations) {
      this(version, expires, targets, delegations, null);
    }

    @Override
    public Kind kind() {
      return Kind.TARGETS;
    }
  }

  /**
   * A metadata file as timestamp and snapshot name it.
   *
   * @param version of the role in it
   * @param length in bytes, or null where it is not stated
   * @param hashes algorithm to hexadecimal digits, possibly empty
   */
  record MetaFile(long version, @Nullable Long length, Map<String, String> hashes) {
    /** Copies the map in, keeping its order. */
    public MetaFile {
      hashes = Collections.unmodifiableMap(new LinkedHashMap<>(hashes));
    }
  }

  /**
   * A target file.
   *
   * @param length in bytes
   * @param hashes algorithm to hexadecimal digits, at least one
   */
  record TargetFile(long length, Map<String, String> hashes) {
    /** Copies the map in, keeping its order. */
    public TargetFile {
      hashes = Collections.unmodifiableMap(new LinkedHashMap<>(hashes));
    }
  }

  /**
   * Delegations of a targets role: named ones, or succinct hash bins (TAP 15), never both.
   *
   * @param keys keyid to key
   * @param roles named delegations in the order in which they are asked
   * @param bins succinct delegations, or null
   */
  record Delegations(Map<String, TufKey> keys, List<DelegatedRole> roles, @Nullable HashBins bins) {
    /** Copies the collections in, keeping their order. */
    public Delegations {
      keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
      roles = List.copyOf(roles);
    }
  }

  /**
   * A named delegation.
   *
   * @param name of the delegated role
   * @param signers who signs it
   * @param paths patterns in which {@code *} never crosses {@code /}; empty if hash prefixes are
   *     used
   * @param pathHashPrefixes prefixes of the SHA-256 of target paths; empty if patterns are used
   * @param terminating whether the search ends here
   * @param named whether a file of this role, and of those that it hands on to, only counts if it
   *     says which role it is of ({@code x-raya-named})
   */
  record DelegatedRole(
      String name,
      RoleKeys signers,
      List<String> paths,
      List<String> pathHashPrefixes,
      boolean terminating,
      boolean named) {
    /** Copies the lists in. */
    public DelegatedRole {
      paths = List.copyOf(paths);
      pathHashPrefixes = List.copyOf(pathHashPrefixes);
    }

    /** A delegation to files that need not say which role they are of. */
    public DelegatedRole(
        String name,
        RoleKeys signers,
        List<String> paths,
        List<String> pathHashPrefixes,
        boolean terminating) {
      this(name, signers, paths, pathHashPrefixes, terminating, false);
    }
  }

  /**
   * Succinct delegation to 2^bitLength bins named {@code prefix-xyz}.
   *
   * @param signers who signs every bin
   * @param bitLength 1 to 32
   * @param namePrefix of the bins' names
   */
  record HashBins(RoleKeys signers, int bitLength, String namePrefix) {}
}
