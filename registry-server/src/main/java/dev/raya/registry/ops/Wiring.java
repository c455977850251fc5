package dev.raya.registry.ops;

import dev.raya.cache.blob.DirectoryBlobStore;
import dev.raya.registry.settings.RegistrySettings;
import dev.raya.registry.signer.LocalWitness;
import dev.raya.registry.signer.Signer;
import dev.raya.registry.signer.SignerClient;
import dev.raya.registry.signer.WitnessClient;
import dev.raya.registry.storage.DirectoryStaticTree;
import dev.raya.registry.storage.StaticTree;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;

/** The real clock, randomness and stores, for the application. */
@ApplicationScoped
public class Wiring {
  @Produces
  @Singleton
  InstantSource clock() {
    return InstantSource.system();
  }

  @Produces
  @Singleton
  SecureRandom random() {
    return new SecureRandom();
  }

  @Produces
  @Singleton
  Signer signer(RegistrySettings settings) {
    return new SignerClient(settings.signer());
  }

  @Produces
  @Singleton
  LocalWitness witness(RegistrySettings settings) {
    return new WitnessClient(settings.witness());
  }

  @Produces
  @Singleton
  StaticTree staticTree(RegistrySettings settings) {
    return new DirectoryStaticTree(settings.directory().tree());
  }

  @Produces
  @Singleton
  DirectoryBlobStore blobs(RegistrySettings settings) throws IOException {
    return new DirectoryBlobStore(settings.directory().tree().resolve("blobs"));
  }
}
