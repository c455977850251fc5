/*
 * raya/module.h: what a native module of Raya is written against. C99 and C++; nothing to link.
 *
 * A module is a shared library that exports two functions, raya_module_bind_NAME and
 * raya_module_init_NAME. RAYA_MODULE_INIT(NAME) defines the first and begins the second:
 *
 *     #include <raya/module.h>
 *
 *     static RayaValue *add(RayaContext *ctx, RayaValue **args, size_t count) {
 *       (void)count;
 *       return raya_value_from_number(
 *           ctx, raya_value_to_number(args[0]) + raya_value_to_number(args[1]));
 *     }
 *
 *     RAYA_MODULE_INIT(sums) {
 *       RayaModuleBuilder *module = raya_module_builder_new("sums", "1.0.0");
 *       raya_module_add_function(module, "add", add, 2);
 *       return raya_module_builder_finish(module);
 *     }
 *
 * A RayaValue* is a handle of the current call. It lives until the call returns; one that is kept
 * longer is refused when it is used, never followed. Functions must not call back into Raya.
 * Nothing here is thread-safe beyond the call that it was handed to.
 *
 * The table of the host is only ever appended to: a module built against an older header runs on
 * a newer host, and one built against a newer header asks `size` before it uses what is new.
 */
#ifndef RAYA_MODULE_H
#define RAYA_MODULE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Major in the upper, minor in the lower half: another major does not load. */
#define RAYA_ABI_VERSION 0x00010000u

typedef struct RayaContext RayaContext;
typedef struct RayaValue RayaValue;
typedef struct RayaModule RayaModule;
typedef struct RayaModuleBuilder RayaModuleBuilder;

/* Gives the result, an error object to throw, or NULL where an error is pending. */
typedef RayaValue *(*RayaNativeFunction)(RayaContext *ctx, RayaValue **args, size_t count);
typedef void (*RayaDrop)(void *state);

/* What the host offers, in the order in which it grows. */
typedef struct RayaHostApi {
  uint32_t size; /* bytes of the table that the host fills */
  uint32_t abi;
  /* UTF-8, NUL-terminated, valid until the call returns; NULL if it is no string */
  const char *(*value_to_string)(RayaValue *value);
  /* bytes or a string with its length; may hold NULs */
  const char *(*value_to_bytes)(RayaValue *value, size_t *length);
  /* 0 and a pending TypeError if it is of another type; so the next two */
  double (*value_to_number)(RayaValue *value);
  int32_t (*value_to_i32)(RayaValue *value);
  int (*value_to_bool)(RayaValue *value);
  /* 0 or 1; so the next seven */
  int (*value_is_null)(RayaValue *value);
  int (*value_is_string)(RayaValue *value);
  int (*value_is_number)(RayaValue *value);
  int (*value_is_i32)(RayaValue *value);
  int (*value_is_bool)(RayaValue *value);
  int (*value_is_array)(RayaValue *value);
  int (*value_is_object)(RayaValue *value);
  int (*value_is_error)(RayaValue *value);
  /* copied; NULL and a pending error where the heap is full or the text is no UTF-8 */
  RayaValue *(*value_from_string)(RayaContext *ctx, const char *text);
  RayaValue *(*value_from_bytes)(RayaContext *ctx, const void *bytes, size_t length);
  RayaValue *(*value_from_number)(RayaContext *ctx, double number);
  RayaValue *(*value_from_i32)(RayaContext *ctx, int32_t number);
  RayaValue *(*value_from_bool)(RayaContext *ctx, int truth);
  RayaValue *(*value_null)(RayaContext *ctx);
  /* returning it throws it */
  RayaValue *(*error_new)(RayaContext *ctx, const char *message);
  RayaValue *(*error_new_kind)(RayaContext *ctx, const char *kind, const char *message);
  size_t (*array_length)(RayaValue *array);
  /* out of range: NULL, and a pending IndexOutOfBounds */
  RayaValue *(*array_get)(RayaValue *array, size_t index);
  RayaValue *(*array_new)(RayaContext *ctx, size_t length);
  /* 1 on success; checks the element type */
  int (*array_set)(RayaValue *array, size_t index, RayaValue *value);
  /* absent: NULL without an error */
  RayaValue *(*object_get)(RayaValue *object, const char *key);
  RayaValue *(*object_new)(RayaContext *ctx);
  /* 1 on success */
  int (*object_set)(RayaValue *object, const char *key, RayaValue *value);
  int (*object_has)(RayaValue *object, const char *key);
  /* state of the module; drop runs once, on a worker */
  RayaValue *(*foreign_new)(RayaContext *ctx, void *state, RayaDrop drop);
  /* NULL unless it was made with this drop */
  void *(*foreign_get)(RayaValue *value, RayaDrop drop);
  /* one for each context and module */
  void *(*context_data)(RayaContext *ctx);
  void (*context_set_data)(RayaContext *ctx, void *state, RayaDrop drop);
  RayaModuleBuilder *(*module_builder_new)(const char *name, const char *version);
  /* faults are reported by module_builder_finish */
  void (*module_add_function)(RayaModuleBuilder *builder, const char *name, RayaNativeFunction function, int arity);
  /* runs off the workers; for what waits */
  void (*module_add_blocking_function)(RayaModuleBuilder *builder, const char *name, RayaNativeFunction function, int arity);
  /* NULL for a name given twice, more than 255 parameters or no function */
  RayaModule *(*module_builder_finish)(RayaModuleBuilder *builder);
  /* the host's */
  uint32_t (*abi_version)(void);
} RayaHostApi;

#if defined(_WIN32)
#define RAYA_EXPORT __declspec(dllexport)
#define RAYA_HIDDEN
#elif defined(__GNUC__)
#define RAYA_EXPORT __attribute__((visibility("default")))
#define RAYA_HIDDEN __attribute__((visibility("hidden")))
#else
#define RAYA_EXPORT
#define RAYA_HIDDEN
#endif

#ifdef __cplusplus
#define RAYA_EXTERN extern "C"
#else
#define RAYA_EXTERN extern
#endif

/* Shared by the C files of a module; RAYA_MODULE_INIT defines it, in one of them. */
extern RAYA_HIDDEN const RayaHostApi *raya_host;

#define RAYA_MODULE_INIT(name)                                                     \
  RAYA_HIDDEN const RayaHostApi *raya_host;                                        \
  RAYA_EXTERN RAYA_EXPORT uint32_t raya_module_bind_##name(const RayaHostApi *api); \
  RAYA_EXTERN RAYA_EXPORT RayaModule *raya_module_init_##name(void);               \
  uint32_t raya_module_bind_##name(const RayaHostApi *api) {                       \
    raya_host = api;                                                               \
    return RAYA_ABI_VERSION;                                                       \
  }                                                                                \
  RayaModule *raya_module_init_##name(void)

static inline const char *raya_value_to_string(RayaValue *value) {
  return raya_host->value_to_string(value);
}

static inline const char *raya_value_to_bytes(RayaValue *value, size_t *length) {
  return raya_host->value_to_bytes(value, length);
}

static inline double raya_value_to_number(RayaValue *value) {
  return raya_host->value_to_number(value);
}

static inline int32_t raya_value_to_i32(RayaValue *value) {
  return raya_host->value_to_i32(value);
}

static inline int raya_value_to_bool(RayaValue *value) {
  return raya_host->value_to_bool(value);
}

static inline int raya_value_is_null(RayaValue *value) {
  return raya_host->value_is_null(value);
}

static inline int raya_value_is_string(RayaValue *value) {
  return raya_host->value_is_string(value);
}

static inline int raya_value_is_number(RayaValue *value) {
  return raya_host->value_is_number(value);
}

static inline int raya_value_is_i32(RayaValue *value) {
  return raya_host->value_is_i32(value);
}

static inline int raya_value_is_bool(RayaValue *value) {
  return raya_host->value_is_bool(value);
}

static inline int raya_value_is_array(RayaValue *value) {
  return raya_host->value_is_array(value);
}

static inline int raya_value_is_object(RayaValue *value) {
  return raya_host->value_is_object(value);
}

static inline int raya_value_is_error(RayaValue *value) {
  return raya_host->value_is_error(value);
}

static inline RayaValue *raya_value_from_string(RayaContext *ctx, const char *text) {
  return raya_host->value_from_string(ctx, text);
}

static inline RayaValue *raya_value_from_bytes(RayaContext *ctx, const void *bytes, size_t length) {
  return raya_host->value_from_bytes(ctx, bytes, length);
}

static inline RayaValue *raya_value_from_number(RayaContext *ctx, double number) {
  return raya_host->value_from_number(ctx, number);
}

static inline RayaValue *raya_value_from_i32(RayaContext *ctx, int32_t number) {
  return raya_host->value_from_i32(ctx, number);
}

static inline RayaValue *raya_value_from_bool(RayaContext *ctx, int truth) {
  return raya_host->value_from_bool(ctx, truth);
}

static inline RayaValue *raya_value_null(RayaContext *ctx) {
  return raya_host->value_null(ctx);
}

static inline RayaValue *raya_error_new(RayaContext *ctx, const char *message) {
  return raya_host->error_new(ctx, message);
}

static inline RayaValue *raya_error_new_kind(
    RayaContext *ctx, const char *kind, const char *message) {
  return raya_host->error_new_kind(ctx, kind, message);
}

static inline size_t raya_array_length(RayaValue *array) {
  return raya_host->array_length(array);
}

static inline RayaValue *raya_array_get(RayaValue *array, size_t index) {
  return raya_host->array_get(array, index);
}

static inline RayaValue *raya_array_new(RayaContext *ctx, size_t length) {
  return raya_host->array_new(ctx, length);
}

static inline int raya_array_set(RayaValue *array, size_t index, RayaValue *value) {
  return raya_host->array_set(array, index, value);
}

static inline RayaValue *raya_object_get(RayaValue *object, const char *key) {
  return raya_host->object_get(object, key);
}

static inline RayaValue *raya_object_new(RayaContext *ctx) {
  return raya_host->object_new(ctx);
}

static inline int raya_object_set(RayaValue *object, const char *key, RayaValue *value) {
  return raya_host->object_set(object, key, value);
}

static inline int raya_object_has(RayaValue *object, const char *key) {
  return raya_host->object_has(object, key);
}

static inline RayaValue *raya_foreign_new(RayaContext *ctx, void *state, RayaDrop drop) {
  return raya_host->foreign_new(ctx, state, drop);
}

static inline void *raya_foreign_get(RayaValue *value, RayaDrop drop) {
  return raya_host->foreign_get(value, drop);
}

static inline void *raya_context_data(RayaContext *ctx) {
  return raya_host->context_data(ctx);
}

static inline void raya_context_set_data(RayaContext *ctx, void *state, RayaDrop drop) {
  raya_host->context_set_data(ctx, state, drop);
}

static inline RayaModuleBuilder *raya_module_builder_new(const char *name, const char *version) {
  return raya_host->module_builder_new(name, version);
}

static inline void raya_module_add_function(
    RayaModuleBuilder *builder, const char *name, RayaNativeFunction function, int arity) {
  raya_host->module_add_function(builder, name, function, arity);
}

static inline void raya_module_add_blocking_function(
    RayaModuleBuilder *builder, const char *name, RayaNativeFunction function, int arity) {
  raya_host->module_add_blocking_function(builder, name, function, arity);
}

static inline RayaModule *raya_module_builder_finish(RayaModuleBuilder *builder) {
  return raya_host->module_builder_finish(builder);
}

static inline uint32_t raya_abi_version(void) {
  return raya_host->abi_version();
}

#ifdef __cplusplus
}
#endif

#endif
