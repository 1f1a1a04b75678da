/** What the schema engine's glue needs and no types tell: WebAssembly (Node's types leave it to the DOM's) and two exports. */
declare namespace WebAssembly {
  function instantiate(
    code: Uint8Array,
    imports: Record<string, object>,
  ): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
}

declare module '@prisma/schema-engine-wasm/schema_engine_bg' {
  export * from '@prisma/schema-engine-wasm';
  export function __wbg_set_wasm(exports: object): void;
}
