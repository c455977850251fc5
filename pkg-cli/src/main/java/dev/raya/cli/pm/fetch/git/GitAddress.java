package dev.raya.cli.pm.fetch.git;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.settings.RegistryAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a git repository that may be used: {@code https}, {@code ssh}, {@code http} to
 * this machine itself, and {@code file} where this machine's owner wrote it. Nothing in it can be
 * taken for an option or a command, and it holds no credentials, since it goes into manifest and
 * lockfile; of {@code ssh} it may name the account, which is no secret.
 *
 * @param uri the address
 */
public record GitAddress(URI uri) {
  private static final int ID_DIGITS = 32;
  private static final int MAX_LENGTH = 1024;
  private static final String EXAMPLE = "it looks like https://example.com/exp.git";
  private static final String SSH_EXAMPLE = "it looks like ssh://git@example.com/exp.git";

  /** What git and its hosts show as {@code git@example.com:exp.git}. */
  private static final Pattern SHORT_SSH =
      Pattern.compile("((?:\\w[\\w.-]*@)?\\w[\\w.-]*):(?!//)/?(\\S+)");

  private static final Pattern SSH_ACCOUNT = Pattern.compile("[\\w][\\w.-]*");
  private static final String MALFORMED = "RAYA-PKG-001";

  /**
   * Reads an address.
   *
   * @param ownWord whether a manifest on this machine names it, whose word is enough to read a
   *     repository of this machine
   * @throws CommandException RAYA-PKG-001 if it is none that may be used
   */
  public static GitAddress parse(String text, boolean ownWord) throws CommandException {
    URI uri;
    Matcher shortSsh = SHORT_SSH.matcher(text);
    if (text.length() <= MAX_LENGTH && shortSsh.matches()) {
      throw refused(text, "write ssh://" + shortSsh.group(1) + "/" + shortSsh.group(2));
    }
    try {
      if (text.length() > MAX_LENGTH) {
        throw refused(text, "it is longer than " + MAX_LENGTH + " characters");
      }
      uri = new URI(text);
    } catch (URISyntaxException malformed) {
      throw refused(text, EXAMPLE);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme();
    if (uri.getQuery() != null || uri.getFragment() != null) {
      throw refused(text, "it has no ? and no #; tag, branch or rev are keys of their own");
    }
    if (uri.getRawUserInfo() != null && !(scheme.equals("ssh") && isAccount(uri))) {
      throw refused(
          text.replace(uri.getRawUserInfo() + "@", ""),
          scheme.equals("ssh")
              ? "it holds no password: ssh asks its agent for the key"
              : "it holds no user and no password: manifest and lockfile are for everybody to"
                  + " read; write [\"ORIGIN\"] token = \"…\" into credentials.toml");
    }
    switch (scheme) {
      case "https", "ssh" -> requireHost(text, uri);
      case "http" -> {
        requireHost(text, uri);
        if (!RegistryAddress.isLoopback(uri)) {
          throw refused(text, "plain http is for this machine's own addresses only; use https");
        }
      }
      case "file" -> {
        if (!ownWord) {
          throw refused(text, "a package from elsewhere cannot name a repository of this machine");
        }
        boolean local = uri.getAuthority() == null || uri.getAuthority().isEmpty();
        if (!local || uri.getPath() == null || !uri.getPath().startsWith("/")) {
          throw refused(text, "it looks like file:///home/me/exp.git");
        }
      }
      default -> throw refused(text, "https, ssh and file are supported");
    }
    return new GitAddress(uri);
  }

  private static void requireHost(String text, URI uri) throws CommandException {
    String host = uri.getHost();
    boolean plain = uri.getPath().chars().noneMatch(Character::isISOControl);
    if (host == null || host.startsWith("-") || uri.getPath().length() < 2 || !plain) {
      throw refused(text, "ssh".equals(uri.getScheme()) ? SSH_EXAMPLE : EXAMPLE);
    }
  }

  private static boolean isAccount(URI uri) {
    return SSH_ACCOUNT.matcher(uri.getRawUserInfo()).matches();
  }

  private static CommandException refused(String text, String why) {
    String shown = text.length() <= 120 ? text : text.substring(0, 120) + "…";
    return new CommandException(
        MALFORMED, "not the address of a git repository that may be used: " + shown, why);
  }

  /** The name of its folder below {@code git/}: 32 hex digits of the SHA-256 of its text. */
  public String id() {
    return Digest.of(uri.toString().getBytes(StandardCharsets.UTF_8)).hex().substring(0, ID_DIGITS);
  }

  @Override
  public String toString() {
    return uri.toString();
  }
}
