package dev.raya.tuf.client;

import dev.raya.cache.digest.Digest;
import dev.raya.tuf.TufException;
import dev.raya.tuf.TufException.Code;
import dev.raya.tuf.role.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The search for a target through the delegations (specification, section 5.6.7): depth first, in
 * the order in which they are listed, no role twice, and nothing else once a terminating one
 * matched.
 */
final class TargetSearch {
  /** Most delegated roles that one search visits. */
  static final int MAX_ROLES = 32;

  private final Roles roles;

  /** Gives verified roles. */
  interface Roles {
    /** A role as the snapshot names it, verified by the word of this delegator and no other. */
    Role.Targets verified(String role, Delegator delegator)
        throws TufException, IOException, InterruptedException;
  }

  private record Step(String role, Delegator delegator, boolean terminating) {}

  TargetSearch(Roles roles) {
    this.roles = roles;
  }

  Optional<Role.TargetFile> find(String path, Role.Targets top)
      throws TufException, IOException, InterruptedException {
    Deque<Step> ahead = new ArrayDeque<>();
    Set<String> visited = new HashSet<>();
    Role.Targets role = top;
    boolean named = false;
    while (true) {
      Role.TargetFile target = role.targets().get(path);
      if (target != null) {
        return Optional.of(target);
      }
      Role.Delegations delegations = role.delegations();
      if (delegations != null) {
        List<Step> steps = steps(path, delegations, named);
        if (!steps.isEmpty() && steps.getLast().terminating()) {
          ahead.clear();
        }
        steps.reversed().forEach(ahead::push);
      }
      Step next = ahead.poll();
      while (next != null && visited.contains(next.role())) {
        next = ahead.poll();
      }
      if (next == null) {
        return Optional.empty();
      }
      visited.add(next.role());
      if (visited.size() > MAX_ROLES) {
        throw new TufException(
            Code.METADATA_REFUSED,
            "more than " + MAX_ROLES + " delegated roles may speak for the target " + path);
      }
      role = roles.verified(next.role(), next.delegator());
      named = next.delegator().named();
    }
  }

  /**
   * The delegations that match, up to the first that is terminating.
   *
   * @param named whether the delegating role's file had to say its name: then theirs have to
   */
  private static List<Step> steps(String path, Role.Delegations delegations, boolean named) {
    Digest digest = Digest.of(path.getBytes(StandardCharsets.UTF_8));
    Role.HashBins bins = delegations.bins();
    if (bins != null) {
      Delegator delegator = new Delegator(delegations.keys(), bins.signers(), bins, named);
      return List.of(new Step(bin(digest, bins), delegator, true));
    }
    List<Step> steps = new ArrayList<>();
    for (Role.DelegatedRole role : delegations.roles()) {
      boolean matches =
          role.paths().stream().anyMatch(pattern -> PathPattern.matches(pattern, path))
              || role.pathHashPrefixes().stream().anyMatch(digest.hex()::startsWith);
      if (matches) {
        Delegator delegator =
            new Delegator(delegations.keys(), role.signers(), null, named || role.named());
        steps.add(new Step(role.name(), delegator, role.terminating()));
        if (role.terminating()) {
          break;
        }
      }
    }
    return steps;
  }

  /** The name of the bin that the path falls into (TAP 15): the first bits of its SHA-256. */
  static String bin(String path, Role.HashBins bins) {
    return bin(Digest.of(path.getBytes(StandardCharsets.UTF_8)), bins);
  }

  private static String bin(Digest digest, Role.HashBins bins) {
    long first = Long.parseLong(digest.hex().substring(0, 8), 16);
    long number = first >>> (Integer.SIZE - bins.bitLength());
    int digits = Long.toHexString((1L << bins.bitLength()) - 1).length();
    String hex = Long.toHexString(number);
    return bins.namePrefix() + '-' + "0".repeat(digits - hex.length()) + hex;
  }
}
