package dev.raya.toolchain.bundle;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The launcher contract: how a program of a toolchain reaches the private runtime.
 *
 * <ul>
 *   <li>The home is the parent of the launcher's folder, links followed; it reaches the program as
 *       the system property {@value #HOME_PROPERTY}. Nothing else depends on where the toolchain
 *       lies.
 *   <li>The caller's Java settings ({@code JAVA_TOOL_OPTIONS} and the like) do not leak into the
 *       private runtime; {@code RAYA_JAVA_OPTIONS} is there for who needs to.
 *   <li>What the JVM itself has to say goes to stderr: stdout belongs to the program.
 *   <li>The start-up cache is used if it is there and fits, else ignored without a word.
 * </ul>
 */
public final class Launcher {
  /** System property that names the toolchain's home. */
  public static final String HOME_PROPERTY = "raya.toolchain.home";

  /** The start-up cache, relative to the home. */
  public static final String AOT_CACHE = "lib/aot/raya.aot";

  /** The start-up cache of commands that bring packages in. */
  static final String INSTALL_CACHE = "lib/aot/install.aot";

  /** The start-up cache of an install that seems to have nothing to do. */
  static final String IDLE_CACHE = "lib/aot/idle.aot";

  /** The start-up cache of {@code rayac check}. */
  static final String CHECK_CACHE = "lib/aot/check.aot";

  /** The start-up cache of what makes bytecode and ends. */
  static final String COMPILE_CACHE = "lib/aot/compile.aot";

  /**
   * The native library of zstd-jni, relative to the home, so that it is not unpacked at each start.
   */
  public static final String ZSTD_LIBRARY = "lib/native/libzstd-jni.so";

  /** JVM options of all programs; the same for training and use, or the cache would be refused. */
  static final List<String> COMMON_OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          // The classes for newer Java in a jar such as zstd-jni's bind native code by method
          // handles, whose start costs a third of a command; the plain ones use JNI.
          "-Djdk.util.jar.enableMultiRelease=false",
          "-XX:+DisplayVMOutputToStderr",
          "-Xlog:disable",
          "-Xlog:all=error:stderr",
          "--enable-native-access=ALL-UNNAMED",
          "-Dfile.encoding=UTF-8",
          "-Dstdout.encoding=UTF-8",
          "-Dstderr.encoding=UTF-8");

  /** What answers a plain {@code raya-pm install} with nothing to do, if it could be built. */
  public static final String FRONT = "lib/front/raya-pm";

  /** The native part of SHA-256, if it could be built. */
  public static final String SHA256_LIBRARY = "lib/front/libraya-sha256.so";

  /** System property that names {@link #SHA256_LIBRARY}. */
  static final String SHA256_PROPERTY = "raya.sha256.library";

  private static final String FRONT_ROUTE =
      """
      if [ "${1-}" = install ] && [ -x "$home/%1$s" ]; then
        "$home/%1$s" "$@" && exit 0
      fi
      """
          .formatted(FRONT);

  /** A wrong guess costs time alone. */
  private static final String PACKAGES_ROUTE =
      """
      case ${1-} in
        add|remove|update|verify) aot=%1$s ;;
        install)
          aot=%1$s
          case " $* " in
            *" --verify "*) ;;
            *)
              if [ -e .raya/install.json ]; then
                # Written last: what is newer has changed since.
                [ raya.toml -nt .raya/install.json ] || [ raya.lock -nt .raya/install.json ] || aot=%2$s
              fi
              ;;
          esac
          ;;
      esac
      """
          .formatted(INSTALL_CACHE, IDLE_CACHE);

  private static final String COMPILER_ROUTE =
      """
      case ${1-} in
        check) aot=%1$s ;;
        compile|build) aot=%2$s ;;
      esac
      """
          .formatted(CHECK_CACHE, COMPILE_CACHE);

  private Launcher() {}

  /**
   * The jars of a toolchain in the order of its class path. Those that hold texts come first, since
   * a text is looked for in one jar after the other, and each has to be opened for that.
   *
   * @throws IOException if the folder cannot be read
   */
  static List<Path> jars(Path home) throws IOException {
    List<Path> jars = new ArrayList<>();
    List<Path> others = new ArrayList<>();
    for (Path jar : FolderFiles.files(home.resolve("lib/modules"))) {
      String name = jar.getFileName().toString();
      (name.startsWith("compiler-") || name.startsWith("pkg-cli-") ? jars : others).add(jar);
    }
    jars.addAll(others);
    return jars;
  }

  /**
   * The POSIX shell launcher of a program. It starts no other process and ends in {@code exec}, so
   * that signals and the exit code are the program's own.
   *
   * @param program what to start
   * @param classPath jars relative to the home, in order
   */
  public static String shell(Program program, List<String> classPath) {
    List<String> jars = new ArrayList<>();
    for (String jar : classPath) {
      jars.add("$home/" + jar);
    }
    List<String> options = new ArrayList<>(COMMON_OPTIONS);
    options.addAll(program.options());
    return """
        #!/bin/sh
        # Starts %1$s from the toolchain that this file lies in.
        self=$0
        while [ -L "$self" ]; do
          link=$(readlink "$self")
          case $link in
            /*) self=$link ;;
            *) self=${self%%/*}/$link ;;
          esac
        done
        bin=${self%%/*}
        case $bin in
          */bin) home=${bin%%/bin} ;;
          bin) home=. ;;
          "$self") home=.. ;;
          *) home=$bin/.. ;;
        esac
        case $home in
          /*) ;;
          *) home=$PWD/$home ;;
        esac
        %8$s
        unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS
        # File names outside ASCII need it: the plain C locale has no letters for them.
        case ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} in
          C|POSIX)
            LC_CTYPE=C.UTF-8
            export LC_CTYPE
            [ -z "${LC_ALL-}" ] || LC_ALL=C.UTF-8
            ;;
        esac
        aot=%2$s
        %13$s[ -r "$home/$aot" ] || aot=%2$s
        [ -r "$home/$aot" ] && aot=-XX:AOTCache=$home/$aot || aot=
        %9$sexec "$home/lib/runtime/bin/java" %3$s%10$s \\
          ${aot:+"$aot"} "-D%4$s=$home" "-DZstdNativePath=$home/%5$s" \\
          "-D%11$s=$home/%12$s" ${RAYA_JAVA_OPTIONS-} \\
          -cp "%6$s" %7$s "$@"
        """
        .formatted(
            program.name(),
            AOT_CACHE,
            String.join(" ", options),
            HOME_PROPERTY,
            ZSTD_LIBRARY,
            String.join(":", jars),
            program.mainClass(),
            program.name().equals("raya-pm") ? FRONT_ROUTE : "",
            briefRoute(program),
            program.brief().isEmpty() ? "" : " $brief",
            SHA256_PROPERTY,
            SHA256_LIBRARY,
            cacheRoute(program));
  }

  /** Chooses the start-up cache by the command. */
  private static String cacheRoute(Program program) {
    return switch (program.name()) {
      case "raya-pm" -> PACKAGES_ROUTE;
      case "rayac" -> COMPILER_ROUTE;
      default -> "";
    };
  }

  /** Sets the options of commands that soon end, before the JVM is started. */
  private static String briefRoute(Program program) {
    return program.brief().isEmpty()
        ? ""
        : "brief='%s'\ncase ${1-} in %s) brief= ;; esac\n"
            .formatted(String.join(" ", program.brief()), String.join("|", program.lasting()));
  }
}
