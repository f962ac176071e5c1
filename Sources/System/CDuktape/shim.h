#include <duktape.h>

/* Duktape's entry points are macros, which Swift cannot see; these are the few that the engine needs as functions. */

/* A heap with default allocators; NULL when out of memory. */
static inline duk_context *offprint_duk_create(void) { return duk_create_heap_default(); }

/* Evaluates source text; 0 on success, with the result or the error on the stack top either way. */
static inline int offprint_duk_eval(duk_context *context, const char *source, size_t length) {
  return (int)duk_peval_lstring(context, source, (duk_size_t)length);
}

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
