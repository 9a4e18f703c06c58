/** The little of WebAssembly that is used here: Node has it, its types do not, and the whole DOM library would be too much. */
declare namespace WebAssembly {
  function instantiate(
    bytes: Uint8Array,
    imports: Readonly<Record<string, object>>,
  ): Promise<{ instance: { exports: Readonly<Record<string, unknown>> } }>;
}
