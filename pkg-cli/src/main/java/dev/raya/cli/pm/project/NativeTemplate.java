package dev.raya.cli.pm.project;

import dev.raya.toolchain.bundle.NativeHeader;
import dev.raya.toolchain.platform.Target;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of a new package with a native module: its source in C, the header, a script that
 * builds the library for the machine it runs on, and a manifest that names the library of one
 * target.
 *
 * @param name the package's name
 * @param target the target in the manifest, or null if Raya is not built for this machine
 */
record NativeTemplate(String name, @Nullable Target target) {
  /** The native module's name: the package's, without scope, in the letters that C allows. */
  String module() {
    return name.substring(name.indexOf('/') + 1).replace('-', '_');
  }

  /** Path to content, in the order they are written; the manifest last. */
  Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(".gitignore", "/.raya/\n");
    files.put("README.md", readme());
    files.put("native/include/" + NativeHeader.NAME, NativeHeader.text());
    files.put("native/" + module() + ".c", source());
    files.put("native/build.sh", script());
    files.put(
        "src/index.raya",
        """
        /** The sum of two numbers; native/%s.c has the same for native:%s. */
        export function add(a: number, b: number): number {
          return a + b;
        }
        """
            .formatted(module(), module()));
    files.put(
        "src/index.test.raya",
        """
        import { assertEqual, it } from "raya:test";
        import { add } from "./index";

        it("adds", () => {
          assertEqual(add(2.0, 3.0), 5.0);
        });
        """);
    files.put(ProjectFolder.MANIFEST, manifest());
    return files;
  }

  private String readme() {
    return """
        # %1$s

        A package with the native module `native:%2$s`, written in C.

        `sh native/build.sh` builds its library for this machine and prints the path, which stands
        under `[native.%2$s]` in `raya.toml`. `CC` and `CFLAGS` choose another compiler. For Windows:

            cl /LD /I native\\include native\\%2$s.c /Fe:native\\windows-x64\\%2$s.dll

        Then `raya-pm pack` packs the package. Libraries are published beside the archive, one for
        each target, and whoever installs the package fetches only that of the own machine.

        This version of the virtual machine loads no native modules yet, and the compiler knows no
        `import … from "native:%2$s"`: until then `src/index.raya` does the work.
        """
        .formatted(name, module());
  }

  private String source() {
    return """
        #include <raya/module.h>

        /* add(a: number, b: number): number */
        static RayaValue *add(RayaContext *ctx, RayaValue **args, size_t count) {
          (void)count; /* the host has checked it against the 2 below */
          double a = raya_value_to_number(args[0]);
          double b = raya_value_to_number(args[1]);
          return raya_value_from_number(ctx, a + b);
        }

        RAYA_MODULE_INIT(%1$s) {
          RayaModuleBuilder *module = raya_module_builder_new("%1$s", "0.1.0");
          raya_module_add_function(module, "add", add, 2);
          return raya_module_builder_finish(module);
        }
        """
        .formatted(module());
  }

  private String script() {
    return """
        #!/bin/sh
        # Builds native:%1$s for this machine. CC and CFLAGS are taken from the environment.
        set -eu
        cd "$(dirname "$0")"
        case "$(uname -s)-$(uname -m)" in
          Linux-x86_64)
            target=linux-x64
            if [ -e /lib/ld-musl-x86_64.so.1 ] && [ ! -e /lib64/ld-linux-x86-64.so.2 ]; then
              target=linux-musl-x64
            fi
            file=lib%1$s.so ;;
          Linux-aarch64) target=linux-arm64 file=lib%1$s.so ;;
          Darwin-x86_64) target=macos-x64 file=lib%1$s.dylib ;;
          Darwin-arm64) target=macos-arm64 file=lib%1$s.dylib ;;
          *) echo "Raya is not built for $(uname -s) on $(uname -m)" >&2; exit 1 ;;
        esac
        mkdir -p "$target"
        # CFLAGS may hold several words.
        # shellcheck disable=SC2086
        "${CC:-cc}" -std=c99 ${CFLAGS:--O2 -Wall -Wextra} -shared -fPIC -fvisibility=hidden \\
          -I include -o "$target/$file" %1$s.c
        echo "native/$target/$file"
        """
        .formatted(module());
  }

  private String manifest() {
    String artifacts =
        target == null
            ? ""
            : target.id()
                + " = \"native/"
                + target.id()
                + "/"
                + target.libraryFile(module())
                + "\" ";
    return ProjectTemplate.manifest(name, "A Raya package with a native module", "src/index.raya")
        + """

        [native.%s]
        abi = "1"
        artifacts = { %s}
        """
            .formatted(module(), artifacts);
  }
}
