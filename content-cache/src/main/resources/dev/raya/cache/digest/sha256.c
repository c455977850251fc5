/*
 * The compression function of SHA-256 (FIPS 180-4, section 6.2.2) for the class NativeSha256: with the processor's
 * own instructions where it has them. What java.security offers is as fast only once it has been compiled by the
 * second compiler, which no command of the package manager lives to see (docs/decisions/0410).
 */
#include <stdint.h>
#include <string.h>

static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t turn(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void plain(uint32_t h[8], const unsigned char *p, int blocks) {
  for (; blocks > 0; blocks--) {
    uint32_t w[64], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], k = h[7];
    for (int i = 0; i < 16; i++, p += 4)
      w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    for (int i = 16; i < 64; i++)
      w[i] = w[i - 16] + (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3) + w[i - 7] +
             (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10);
    for (int i = 0; i < 64; i++) {
      uint32_t s = k + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i];
      uint32_t t = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      k = g, g = f, f = e, e = d + s, d = c, c = b, b = a, a = s + t;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e, h[5] += f, h[6] += g, h[7] += k;
  }
}

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

/* Two registers hold the state, as the instructions want it: a b e f and c d g h. */
__attribute__((target("sha,sse4.1,ssse3"))) static void quick(uint32_t h[8], const unsigned char *p,
                                                              int blocks) {
  const __m128i big = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  __m128i abcd = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)h), 0xB1);
  __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(h + 4)), 0x1B);
  __m128i abef = _mm_alignr_epi8(abcd, efgh, 8), cdgh = _mm_blend_epi16(efgh, abcd, 0xF0);
  for (; blocks > 0; blocks--, p += 64) {
    const __m128i abef_before = abef, cdgh_before = cdgh;
    __m128i w[4];
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) {
      __m128i *now = w + (i & 3);
      const __m128i last = w[(i + 3) & 3];
      if (i < 4)
        *now = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(p + 16 * i)), big);
      else
        *now = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(*now, w[(i + 1) & 3]),
                                                  _mm_alignr_epi8(last, w[(i + 2) & 3], 4)),
                                    last);
      __m128i sum = _mm_add_epi32(*now, _mm_loadu_si128((const __m128i *)(K + 4 * i)));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
    }
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }
  const __m128i feba = _mm_shuffle_epi32(abef, 0x1B), dchg = _mm_shuffle_epi32(cdgh, 0xB1);
  _mm_storeu_si128((__m128i *)h, _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128((__m128i *)(h + 4), _mm_alignr_epi8(dchg, feba, 8));
}

static int has_instructions(void) {
  unsigned a, b, c, d;
  return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_1) && (c & bit_SSSE3) &&
         __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & 1u << 29);
}
#else
#define quick plain
static int has_instructions(void) { return 0; }
#endif

/* A pointer to Java's table of functions; which is which, the JNI specification numbers (chapter 4). */
typedef void *const **Env;
typedef void *(*GetCritical)(Env, void *, unsigned char *);
typedef void (*ReleaseCritical)(Env, void *, void *, int32_t);
enum { GET_PRIMITIVE_ARRAY_CRITICAL = 222, RELEASE_PRIMITIVE_ARRAY_CRITICAL = 223, ABORT = 2 };

/* static native boolean compress(int[] state, byte[] data, int offset, int blocks) */
__attribute__((visibility("default"))) unsigned char
Java_dev_raya_cache_digest_NativeSha256_compress(Env env, void *type, void *state, void *data,
                                                 int32_t offset, int32_t blocks) {
  static int instructions = -1;
  const GetCritical get = (GetCritical)(*env)[GET_PRIMITIVE_ARRAY_CRITICAL];
  const ReleaseCritical release = (ReleaseCritical)(*env)[RELEASE_PRIMITIVE_ARRAY_CRITICAL];
  (void)type;
  if (instructions < 0) instructions = has_instructions();
  uint32_t *h = get(env, state, NULL);
  if (!h) return 0;
  unsigned char *bytes = get(env, data, NULL);
  if (bytes) {
    (instructions ? quick : plain)(h, bytes + offset, blocks);
    release(env, data, bytes, ABORT);
  }
  release(env, state, h, 0);
  return bytes != NULL;
}
