package dev.raya.vm.bytecode.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is read from the text of declarations. */
final class DeclarationTokensTest {
  private static final String BOX =
      """
      export class Box < T extends { length : int } > extends Base {
        private hidden : T [ ] = [ { a : 1 } ] ;
        value : { a : T , b : "x { y" } ;
        constructor ( value : T = make ( ) , private n : int ) { this . value = value ; }
        get ( f : ( x : T ) => boolean ) : T | null { if ( f ( 1 ) ) { return null ; } return this . value ; }
        private secret ( ) : void { }
      }""";

  @Test
  void theHeadOfATemplateIsWhatCallersSee() {
    assertThat(new DeclarationTokens(BOX).head())
        .isEqualTo(
            "export class Box < T extends { length : int } > extends Base { "
                + "value : { a : T , b : \"x { y\" } ; "
                + "constructor ( value : T = , private n : int ) "
                + "get ( f : ( x : T ) => boolean ) : T | null }");
    assertThat(
            new DeclarationTokens(
                    "export function f < T > ( a : T = 5 ) : { x : T } { return g ( ) ; }")
                .head())
        .isEqualTo("export function f < T > ( a : T = ) : { x : T }");
    assertThat(new DeclarationTokens("export type Pair < T > = { a : T } ;").head())
        .isEqualTo("export type Pair < T > = { a : T } ;");
    assertThat(new DeclarationTokens("export interface Seq < T > { at ( i : int ) : T ; }").head())
        .isEqualTo("export interface Seq < T > { at ( i : int ) : T ; }");
  }

  @Test
  void modifiersOfMembersAreRead() {
    DeclarationTokens text =
        new DeclarationTokens(
            """
            export abstract class A { constructor ( n : int ) ; protected tags : string [ ] ;\
             static readonly K : { a : int ; } ; abstract get size ( ) : int ;\
             get ( k : string ) : void ; readonly : int ; }""");

    assertThat(text.isAbstractClass()).isTrue();
    assertThat(text.members())
        .containsEntry("constructor", Set.of())
        .containsEntry("tags", Set.of("protected"))
        .containsEntry("static K", Set.of("static", "readonly"))
        .containsEntry("get size", Set.of("abstract"))
        .containsEntry("get", Set.of())
        .containsEntry("readonly", Set.of());
  }

  @Test
  void anyTextIsReadWithoutAFault() {
    Random random = new Random(20261128);
    String[] words = BOX.split("[ \n]+");
    for (int round = 0; round < 5_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(40); i > 0; i--) {
        text.append(words[random.nextInt(words.length)]).append(random.nextBoolean() ? " " : "\n");
      }
      DeclarationTokens tokens = new DeclarationTokens(text.toString());
      assertThat(tokens.head()).isNotNull();
      assertThat(tokens.members()).isNotNull();
    }
  }
}
