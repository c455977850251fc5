package dev.raya.compiler.run;

import dev.raya.vm.bytecode.Capabilities;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.VerifiedModule;
import dev.raya.vm.bytecode.Verifier;
import dev.raya.vm.context.ModuleLoader;
import dev.raya.vm.context.RayaRuntime;
import dev.raya.vm.context.VmErrorKind;
import dev.raya.vm.context.VmException;
import dev.raya.vm.context.VmOptions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Runs files of bytecode in the VM: bytes are read, verified, linked and interpreted. */
public final class Running {
  private Running() {}

  /** What a run gave. */
  public record Outcome(int exitCode, String output, String errors) {}

  /**
   * Runs a file.
   *
   * @param files bytes by package specifier; the program itself is {@code main}
   */
  public static Outcome run(Map<String, byte[]> files, List<String> arguments) throws VmException {
    return run(files, new RecordingHost(arguments));
  }

  static Outcome run(Map<String, byte[]> files, RecordingHost host) throws VmException {
    ModuleLoader loader =
        new ModuleLoader() {
          @Override
          public Resolved resolve(String importerKey, String specifier) throws VmException {
            if (files.containsKey(specifier)) {
              return new Resolved(specifier, "");
            }
            for (String name : files.keySet()) {
              if (specifier.startsWith(name + "/")) {
                return new Resolved(name, specifier.substring(name.length() + 1));
              }
            }
            throw new VmException(VmErrorKind.FUNCTION_NOT_FOUND, "no module " + specifier);
          }

          @Override
          public VerifiedModule load(String packageKey) {
            byte[] bytes = files.get(packageKey);
            try {
              return Verifier.verify(java.util.Objects.requireNonNull(bytes));
            } catch (RbinException e) {
              throw new AssertionError(packageKey + " does not verify", e);
            }
          }

          @Override
          public Set<String> grants(String packageKey) {
            return new TreeSet<>(Capabilities.NAMES);
          }

          @Override
          public String displayName(String packageKey) {
            return packageKey;
          }
        };
    try (RayaRuntime runtime = new RayaRuntime(host, "1.0.0")) {
      int code = runtime.run(loader, "main", VmOptions.defaults()).exitCode();
      return new Outcome(code, host.output(), host.errors());
    }
  }
}
