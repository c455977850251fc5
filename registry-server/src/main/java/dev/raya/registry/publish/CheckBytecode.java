package dev.raya.registry.publish;

import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.resolver.metadata.BytecodeLevel;
import dev.raya.vm.bytecode.Capabilities;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinReader;
import dev.raya.vm.bytecode.Verifier;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * module.rbin verifies, belongs to this package and version, and needs what metadata.json says it
 * needs: a claim in a file is only compared.
 */
final class CheckBytecode implements PublishStep {
  @Override
  public void run(Publication publication) throws RegistryException {
    RbinModule module;
    try {
      module = RbinReader.read(publication.content().module());
      publication.verified(Verifier.verify(module));
    } catch (RbinException e) {
      throw new RegistryException(
          Problem.ARCHIVE_REFUSED,
          "module.rbin: " + e.getMessage() + " (" + e.code() + ')',
          "build it again with rayac; raya-pm explain " + e.code());
    }
    same("name", publication.announcement().name().text(), module.meta().packageName());
    same("version", publication.announcement().version().text(), module.meta().version());
    same("capabilities", publication.capabilities(), List.copyOf(Capabilities.of(module)));
    BytecodeLevel stated = publication.metadata().bytecode();
    same("bytecode", stated, level(publication.content().module(), module));
  }

  private static BytecodeLevel level(byte[] bytes, RbinModule module) {
    // The format's version is the second word of the header; the reader has checked it.
    int version = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
    return new BytecodeLevel(
        version >>> 16, version & 0xffff, module.minVm(), module.meta().languageLevel());
  }

  private static void same(String what, Object stated, Object found) throws RegistryException {
    if (!stated.equals(found)) {
      throw new RegistryException(
          Problem.MANIFEST_REFUSED,
          "metadata.json: " + what + ": stated " + stated + ", module.rbin has " + found,
          "pack it again with raya-pm pack");
    }
  }
}
