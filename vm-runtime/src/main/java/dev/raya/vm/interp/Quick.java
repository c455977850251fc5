package dev.raya.vm.interp;

/**
 * The instructions of predecoded code (vm.md 3.1): register form over the cells of a frame, locals
 * first, then the operand stack. {@code d} is the cell written; {@code a}, {@code b}, {@code o},
 * {@code i} cells read; {@code k} an immediate, or an index into the words or references of the
 * code. Branches end in {@code target, cost when taken, cost when not}.
 *
 * <p>Numbers below {@link #COLD} are run by the main loop, the others by {@link ColdInstructions}:
 * a method over 8 000 bytes would not be compiled by HotSpot (vm.md 0).
 */
final class Quick {
  static final int MOV_W = 0; // d a
  static final int MOV_R = 1;
  static final int MOV_V = 2;
  static final int K_I = 3; // d k
  static final int K_W = 4;
  static final int K_R = 5;
  static final int CHECK_SET = 6; // a k: k is 0 for a local or capture
  static final int JMP = 7; // target cost
  static final int CHARGE = 8; // cost
  static final int IADD = 9; // d a b
  static final int ISUB = 10;
  static final int IMUL = 11;
  static final int IDIV = 12;
  static final int IMOD = 13;
  static final int IAND = 14;
  static final int IOR = 15;
  static final int IXOR = 16;
  static final int ISHL = 17;
  static final int ISHR = 18;
  static final int IUSHR = 19;
  static final int IADD_K = 20; // d a k
  static final int IMUL_K = 21;
  static final int IDIV_K = 22; // k is not 0
  static final int IMOD_K = 23; // k is not 0
  static final int IAND_K = 24;
  static final int ISHL_K = 25;
  static final int ISHR_K = 26;
  static final int INEG = 27; // d a
  static final int FADD = 28; // d a b
  static final int FSUB = 29;
  static final int FMUL = 30;
  static final int FDIV = 31;
  static final int FADD_K = 32; // d a k
  static final int FSUB_K = 33;
  static final int FMUL_K = 34;
  static final int FDIV_K = 35;
  static final int FRSUB_K = 36; // d = k - a
  static final int FRDIV_K = 37; // d = k / a
  static final int FNEG = 38; // d a
  static final int FSQRT = 39;
  static final int I2N = 40;
  static final int N2I = 41;
  static final int F2I = 42;
  static final int IF_IEQ = 43; // a b ->
  static final int IF_INE = 44;
  static final int IF_ILT = 45;
  static final int IF_ILE = 46;
  static final int IF_IEQ_K = 47; // a k ->
  static final int IF_INE_K = 48;
  static final int IF_ILT_K = 49;
  static final int IF_ILE_K = 50;
  static final int IF_IGT_K = 51;
  static final int IF_IGE_K = 52;
  static final int IF_FEQ = 53; // a b ->
  static final int IF_FNE = 54;
  static final int IF_FLT = 55;
  static final int IF_FLE = 56;
  static final int IF_NOT_FLT = 57;
  static final int IF_NOT_FLE = 58;
  static final int IF_TRUE = 59; // a ->
  static final int IF_FALSE = 60;
  static final int IF_NULL = 61;
  static final int IF_SET = 62;
  static final int RETURN_W = 63; // a
  static final int RETURN_R = 64;
  static final int RETURN_V = 65;
  static final int RETURN_VOID = 66;
  static final int CALL = 67; // k argc base d
  static final int CALL_METHOD = 68; // k argc base d
  static final int CALL_IFACE = 69; // k argc base d
  static final int CALL_CLOSURE = 70; // k argc base d
  static final int GETF_W = 71; // d o word k: k names the field
  static final int GETF_R = 72; // d o ref k
  static final int GETF_RC = 73; // as GETF_R, traps if unset
  static final int GETF_V = 74; // d o word ref k checked
  static final int PUTF_W = 75; // o word a k
  static final int PUTF_R = 76; // o ref a k
  static final int PUTF_V = 77; // o word ref a k
  static final int ALOAD_I = 78; // d a i
  static final int ALOAD_B = 79;
  static final int ALOAD_F = 80;
  static final int ALOAD_R = 81;
  static final int ALOAD_RC = 82;
  static final int ASTORE_I = 83; // a i v
  static final int ASTORE_B = 84;
  static final int ASTORE_F = 85;
  static final int ASTORE_R = 86;
  static final int ALEN = 87; // d a
  static final int GGET_W = 88; // d k
  static final int GGET_R = 89;
  static final int GGET_RC = 90;
  static final int GPUT_W = 91; // k a
  static final int GPUT_R = 92;
  static final int CAPTURE_W = 93; // d i
  static final int CAPTURE_R = 94;
  static final int CAPTURE_RC = 95;
  static final int CELL_W = 96; // d o
  static final int CELL_R = 97;
  static final int CELL_RC = 98;
  static final int CELL_PUT_W = 99; // o a
  static final int CELL_PUT_R = 100;
  static final int NEW = 101; // d k
  static final int BUILTIN = 102; // k argc base d
  static final int IF_REQ = 103; // a b ->
  static final int IF_RNE = 104;
  static final int LENGTH = 105; // d a: of a string

  /** The first instruction that the main loop hands over. */
  static final int COLD = 120;

  static final int BOOL_I = 120; // d a b k: k is a comparison 0..5
  static final int BOOL_F = 121; // d a b k
  static final int BOOL_S = 122; // d a b k
  static final int INOT = 123; // d a
  static final int FMOD = 124; // d a b
  static final int FABS = 125; // d a
  static final int FFLOOR = 126;
  static final int FCEIL = 127;
  static final int FROUND = 128;
  static final int FTRUNC = 129;
  static final int F2I_BITS = 130;
  static final int NOT = 131;
  static final int TO_BOOL = 132; // d a k: k is a type
  static final int TYPEOF = 133; // d a k: k is a type
  static final int CONVERT = 134; // d a k: k is an adaptation of one value
  static final int IF_VNULL = 135; // a -> (handled by the cold branches)
  static final int IF_VSET = 136;
  static final int IF_JNULL = 137;
  static final int IF_JSET = 138;
  static final int IF_ARG = 139; // k ->
  static final int SWITCH = 140; // a k
  static final int SWITCH_STR = 141; // a k
  static final int TRAP = 142; // k
  static final int THROW = 143; // a
  static final int RETHROW = 144; // a
  static final int GGET_V = 145; // d k
  static final int GPUT_V = 146; // k a
  static final int CAPTURE_V = 147; // d i
  static final int CAPTURE_PUT = 148; // i a
  static final int CELL_V = 149; // d o
  static final int CELL_PUT_V = 150; // o a
  static final int NEW_CELL = 151; // d a k: k is a type
  static final int CLOSURE = 152; // d k
  static final int CLOSE_VAR = 153; // o i a
  static final int NEW_ARRAY = 154; // d a k: k is an array type
  static final int ARRAY_OF = 155; // d k base n: k is an array type
  static final int OBJECT_OF = 156; // d k base n: k is a class
  static final int ALOAD_V = 157; // d a i
  static final int ALOAD_X = 158; // d a i k: k is the static element type
  static final int ASTORE_V = 159; // a i v
  static final int APUSH = 160; // a v
  static final int APOP = 161; // d a k: k is the result type
  static final int TUPLE_GET = 162; // d o i k: k is the static element type
  static final int OPTIONAL_FIELD = 163; // d o field k: k is the result type
  static final int GETF_NAMED =
      164; // k argc base d: k is a site; a call if the property is an accessor
  static final int PUTF_NAMED = 165; // k argc base d
  static final int OPTIONAL_NAMED = 166; // k argc base d
  static final int CHECK_CAST = 167; // d a k: k is a cast
  static final int INSTANCE_OF = 168; // d a k: k is a type test
  static final int IS =
      169; // d a k: k is 0 null 1 int 2 number 3 string 4 bool 5 object 6 array; of kind in the
  // next
  static final int NON_NULL_R = 170; // d a
  static final int NON_NULL_V = 171; // d a k: k is an adaptation
  static final int IUSHR_N = 172; // d a b
  static final int EQUAL = 173; // d a b k: k is an equality
  static final int SCONCAT = 174; // d a b
  static final int SCONCAT_N = 175; // d base n
  static final int TO_STRING = 176; // d a k: k is a type
  static final int SLEN_BYTES = 177; // d a
  static final int SAFEPOINT = 178;
  static final int HALT = 179; // k: k is the result type
  static final int TAIL_CALL = 180; // k argc base
  static final int SPAWN = 181; // k argc base d
  static final int SPAWN_CLOSURE = 182; // k argc base d: k is a site
  static final int AWAIT = 183; // k base d: k is a task site
  static final int YIELD = 184;
  static final int TASK_ALL = 185; // k base d
  static final int TASK_RACE = 186;
  static final int SLEEP = 187; // a
  static final int TASK_CANCEL = 188; // a
  static final int CHAN_NEW = 189; // d a k: k is an element type
  static final int CHAN_SEND = 190; // k argc base d: k is the method of a derived class
  static final int CHAN_RECV = 191; // k argc base d: k is the method of a derived class
  static final int CHAN_CLOSE = 192; // k argc base d: k is the method of a derived class
  static final int CHAN_SELECT = 193; // k base d: k are flags
  static final int AWAIT_TIMEOUT = 194; // k base d
  static final int CANCEL_REQUESTED = 195; // d
  static final int NEW_MUTEX = 196; // d
  static final int MUTEX_LOCK = 197; // k argc base d: k is the method of a derived class
  static final int MUTEX_UNLOCK = 198; // k argc base d: k is the method of a derived class
  static final int MUTEX_TRY_LOCK = 199; // k argc base d: k is the method of a derived class
  static final int PROBE = 200; // k
  static final int IUSHR_K = 201; // d a k
  static final int CHECK_NULL = 202; // a k: receiver of a constructor
  static final int JSON_GET = 203; // d a k: k is a name
  static final int JSON_INDEX = 204; // d a b
  static final int JSON_CAST = 205; // d a k: k is a plan
  static final int JSON_FROM = 206; // d a k: k is a site
  static final int BLOCKING = 207; // k argc base d: as BUILTIN, may block
  static final int JSON_DECODE = 208; // d a k: k is a plan, a the text
  static final int JSON_ENCODE = 209; // d a k: k is a site
  static final int MEMBER = 210; // k argc base d: as BUILTIN, or a derived class's method

  private Quick() {}
}
