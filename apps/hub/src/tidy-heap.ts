/** What a start leaves behind in the heap is thrown away before the first request, not during the first minute of traffic. */

/**
 * Collects all garbage at once (about 0.15 s), where Node was started with `--expose-gc`; otherwise does nothing.
 *
 * It is not for the memory alone. Making validators and serializers leaves some 1,500 throwaway objects whose first key is a name in generated code
 * (`data17`, `_errs4`, `__fjs_root_96`), and V8 knows at most 1,536 first keys of plain objects (kMaxNumberOfTransitions in src/objects/transitions.h).
 * With those taken by dead ones, each map of headers made for a message was given hidden classes of its own: some 40 a message, 8 KB of the old
 * generation, and no inline cache that fits. As a last resort, because V8 otherwise may keep classes without objects for two more collections
 * (`--retain-maps-for-n-gc`).
 */
export function tidyHeap(): void {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
