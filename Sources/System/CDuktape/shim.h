#include <duktape.h>
#include <string.h>

/* Duktape's entry points are macros, which Swift cannot see; these are the few that the engine needs as functions. */

/* A heap with default allocators; NULL when out of memory. */
static inline duk_context *offprint_duk_create(void) { return duk_create_heap_default(); }

/* Evaluates source text; 0 on success, with the result or the error on the stack top either way. */
static inline int offprint_duk_eval(duk_context *context, const char *source, size_t length) {
  return (int)duk_peval_lstring(context, source, (duk_size_t)length);
}

/* Compiles source text to a function on the stack top; 0 on success, with the error there otherwise. */
static inline int offprint_duk_compile(duk_context *context, const char *source, size_t length) {
  return (int)duk_pcompile_lstring(context, 0, source, (duk_size_t)length);
}

/* Bytecode of the function on the stack top, pushed as a buffer; it lives as long as it stays on the stack. */
static inline const void *offprint_duk_dump(duk_context *context, size_t *length) {
  duk_size_t count = 0;
  duk_dup_top(context);
  duk_dump_function(context);
  const void *bytes = duk_get_buffer_data(context, -1, &count);
  *length = (size_t)count;
  return bytes;
}

/* Pushes the function that bytecode holds. The bytes must be what offprint_duk_dump gave for this version of the library:
   they are not validated. */
static inline void offprint_duk_load(duk_context *context, const void *bytes, size_t length) {
  void *copy = duk_push_fixed_buffer(context, (duk_size_t)length);
  memcpy(copy, bytes, length);
  duk_load_function(context);
}

/* Version of the library that is linked, as 10000 * major + 100 * minor + patch. */
static inline long offprint_duk_version(void) { return (long)DUK_VERSION; }

/* Calls the function below `arguments` values on the stack; 0 on success. */
static inline int offprint_duk_call(duk_context *context, int arguments) {
  return (int)duk_pcall(context, (duk_idx_t)arguments);
}

/* The stack top as text, never throwing. */
static inline const char *offprint_duk_text(duk_context *context, size_t *length) {
  duk_size_t count = 0;
  const char *text = duk_safe_to_lstring(context, -1, &count);
  *length = (size_t)count;
  return text;
}
