package dev.raya.vm.bytecode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RoundTripTest {
  private static List<RbinModule> corpus() throws RbinException {
    return List.of(Modules.hello(), Modules.rich());
  }

  @Test
  void readingWhatWasWrittenGivesTheSameModule() throws RbinException {
    for (RbinModule module : corpus()) {
      assertThat(RbinReader.read(RbinWriter.write(module))).isEqualTo(module);
    }
  }

  @Test
  void writingWhatWasReadGivesTheSameBytes() throws RbinException {
    for (RbinModule module : corpus()) {
      byte[] bytes = RbinWriter.write(module);
      assertThat(RbinWriter.write(RbinReader.read(bytes))).isEqualTo(bytes);
    }
  }

  @Test
  void everyModuleOfTheCorpusVerifies() throws RbinException {
    for (RbinModule module : corpus()) {
      assertThat(Verifier.verify(RbinWriter.write(module)).module()).isEqualTo(module);
    }
  }

  @Test
  void buildingTwiceGivesTheSameBytes() throws RbinException {
    assertThat(RbinWriter.write(Modules.rich())).isEqualTo(RbinWriter.write(Modules.rich()));
  }
}
