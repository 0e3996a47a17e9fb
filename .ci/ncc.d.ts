declare module '@vercel/ncc' {
  interface Options {
    readonly cache: false;
    readonly quiet: boolean;
    readonly target: string;
    readonly esm: boolean;
    readonly sourceMap: boolean;
  }
  interface Bundle {
    readonly code: string;
    readonly assets: Readonly<Record<string, { readonly source: string | Uint8Array }>>;
    readonly stats: {
      toJson(options: Readonly<Record<string, unknown>>): { readonly modules?: readonly unknown[] };
    };
  }
  export default function ncc(entry: string, options: Options): Promise<Bundle>;
}
