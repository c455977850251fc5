package dev.raya.cli.pm.conformance;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.signing.SigningException;
import dev.raya.signing.sigstore.ExpectedSigner;
import dev.raya.signing.sigstore.ExpectedSigner.CertificateIdentity;
import dev.raya.signing.sigstore.ExpectedSigner.ManagedKey;
import dev.raya.signing.sigstore.SignedArtifact;
import dev.raya.signing.sigstore.SigstoreBundle;
import dev.raya.signing.sigstore.SigstoreVerifier;
import dev.raya.signing.sigstore.TrustedRoot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Hands a Sigstore bundle to the verifier: {@code sigstore verify-bundle}. */
final class SigstoreDoor {
  private static final String BUNDLE = "--bundle";
  private static final String KEY = "--key";
  private static final String IDENTITY = "--certificate-identity";
  private static final String ISSUER = "--certificate-oidc-issuer";
  private static final String ROOT = "--trusted-root";
  private static final String ARTIFACT = "ARTIFACT";
  private static final String DIGEST = "sha256:";
  private static final int MAX_KEY = 64 << 10;
  private static final int REFUSED = 1;

  private SigstoreDoor() {}

  static CommandSpec spec() {
    return CommandSpec.named("sigstore", "verify Sigstore bundles offline")
        .subcommand(
            CommandSpec.named("verify-bundle", "verify a bundle for a file or its digest")
                .options(
                    OptionSpec.value(BUNDLE, "BUNDLE", "the bundle"),
                    OptionSpec.value(KEY, "PEM", "the signer's public key"),
                    OptionSpec.value(IDENTITY, "NAME", "the name in the signer's certificate"),
                    OptionSpec.value(ISSUER, "URL", "the OIDC issuer in the certificate"),
                    OptionSpec.value(ROOT, "JSON", "the trusted root"))
                .positional(ARTIFACT, PositionalSpec.Arity.ONE, "a file, or sha256:HEX")
                .runs(SigstoreDoor::verify)
                .build())
        .build();
  }

  private static int verify(Arguments arguments, Console console) {
    Path directory = arguments.environment().directory();
    String bundle = arguments.value(BUNDLE);
    String root = arguments.value(ROOT);
    try {
      ExpectedSigner signer = signer(arguments, directory);
      if (bundle == null || root == null || signer == null) {
        console.notice(
            "expected "
                + BUNDLE
                + ", "
                + ROOT
                + " and either "
                + KEY
                + " or "
                + IDENTITY
                + " with "
                + ISSUER);
        return REFUSED;
      }
      new SigstoreVerifier(TrustedRoot.read(bytes(directory.resolve(root), TrustedRoot.MAX_BYTES)))
          .verify(
              SigstoreBundle.read(bytes(directory.resolve(bundle), SigstoreBundle.MAX_BYTES)),
              artifact(arguments.required(ARTIFACT), directory),
              signer);
      return ExitCode.OK;
    } catch (SigningException refused) {
      console.notice(refused.code() + ": " + refused.getMessage());
      return REFUSED;
    } catch (IOException | IllegalArgumentException unreadable) {
      console.notice(String.valueOf(unreadable));
      return REFUSED;
    }
  }

  private static @Nullable ExpectedSigner signer(Arguments arguments, Path directory)
      throws IOException {
    String key = arguments.value(KEY);
    String identity = arguments.value(IDENTITY);
    String issuer = arguments.value(ISSUER);
    if (key != null) {
      return identity == null && issuer == null
          ? new ManagedKey(
              new String(bytes(directory.resolve(key), MAX_KEY), StandardCharsets.UTF_8))
          : null;
    }
    return identity == null || issuer == null ? null : new CertificateIdentity(identity, issuer);
  }

  private static SignedArtifact artifact(String text, Path directory) throws IOException {
    return text.startsWith(DIGEST)
        ? SignedArtifact.ofDigest(Digest.parse(text))
        : SignedArtifact.ofFile(directory.resolve(text));
  }

  /** Reads one byte more than the reader's bound at most, so that the reader refuses. */
  private static byte[] bytes(Path file, int bound) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(bound + 1);
    }
  }
}
