package dev.raya.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RayaHomeTest {
  @TempDir Path folder;

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void homeAndItsPartsAreMadePrivate() throws IOException {
    RayaHome home = new RayaHome(folder.resolve("a/.raya")).prepare();
    for (Path part :
        new Path[] {
          home.root(), home.cache(), home.tmp(), home.keys(), home.locks(), home.registry()
        }) {
      assertThat(mode(part)).as(part.toString()).isEqualTo("rwx------");
    }
    home.prepare();
    home.check();
  }

  @Test
  void permissionsOfOthersAreTakenAway() throws IOException {
    Path root = Files.createDirectory(folder.resolve("home"));
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxrwx"));
    new RayaHome(root).prepare();
    assertThat(mode(root)).isEqualTo("rwx------");
  }

  @Test
  void namingAHomeTouchesNothing() throws IOException {
    RayaHome home = new RayaHome(folder.resolve("none"));
    home.check();
    assertThat(home.root()).doesNotExist();
  }

  @Test
  void linksWhereFoldersShouldBeAreRefused() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    assertThatThrownBy(() -> new RayaHome(link).prepare())
        .isInstanceOfSatisfying(
            CacheException.UnsafeHome.class,
            e -> {
              assertThat(e.code()).isEqualTo("RAYA-PKG-017");
              assertThat(e.path()).isEqualTo(link);
            });
    assertThatThrownBy(() -> new RayaHome(link).check())
        .isInstanceOf(CacheException.UnsafeHome.class);

    RayaHome home = new RayaHome(folder.resolve("home")).prepare();
    for (Path part : new Path[] {home.cache(), home.tmp(), home.keys()}) {
      Files.delete(part);
      Files.createSymbolicLink(part, real);
      assertThatThrownBy(home::prepare).isInstanceOf(CacheException.UnsafeHome.class);
      Files.delete(part);
      home.prepare();
    }
  }

  @Test
  void aFileIsNoHome() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> new RayaHome(file).prepare())
        .isInstanceOf(CacheException.UnsafeHome.class)
        .hasMessageContaining("is not a folder");
    assertThatThrownBy(() -> new RayaHome(file.resolve("below")).prepare())
        .isInstanceOf(CacheException.UnsafeHome.class)
        .hasMessageContaining("cannot be made");
  }

  @Test
  void linkThatLeadsNowhereIsRefusedLikeAnyOther() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("home"), folder.resolve("nowhere"));
    assertThatThrownBy(() -> new RayaHome(link).prepare())
        .isInstanceOf(CacheException.UnsafeHome.class)
        .hasMessageContaining("is a symbolic link");
    assertThat(folder.resolve("nowhere")).doesNotExist();
  }

  @Test
  void homeOfSomebodyElseIsRefused() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root can give files away");
    for (String part : new String[] {"", "cache", "keys"}) {
      RayaHome home = new RayaHome(folder.resolve("home-" + part)).prepare();
      Path given = home.root().resolve(part);
      Files.setAttribute(given, "unix:uid", 65_534);
      assertThatThrownBy(home::prepare)
          .isInstanceOfSatisfying(
              CacheException.UnsafeHome.class,
              e -> {
                assertThat(e.path()).isEqualTo(given);
                assertThat(e.getMessage()).contains("belongs to");
              });
    }
  }
}
