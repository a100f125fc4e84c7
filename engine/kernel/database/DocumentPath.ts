export type Scalar = string | number | boolean | null | undefined;

/** Limits the recursion of the path types: `DepthBelow[n]` is n − 1. */
type DepthBelow = [never, 0, 1, 2, 3, 4];

/** Dotted paths for filters, sorts and indexes, up to 4 levels deep. A path through an array leads to the fields of its elements. */
export type FilterPath<T, Depth extends number = 4> = Depth extends 0
  ? never
  : T extends Scalar
    ? never
    : T extends readonly (infer Element)[]
      ? FilterPath<Element, Depth>
      : { [K in keyof T & string]-?: K | `${K}.${FilterPath<T[K], DepthBelow[Depth]>}` }[keyof T & string];

/** Dotted paths for updates, up to 4 levels deep. A path does not lead through an array, which is written as a whole. */
export type UpdatePath<T, Depth extends number = 4> = Depth extends 0
  ? never
  : T extends Scalar | readonly unknown[]
    ? never
    : { [K in keyof T & string]-?: K | `${K}.${UpdatePath<T[K], DepthBelow[Depth]>}` }[keyof T & string];

/** Type of the value at a dotted path. */
export type PathValue<T, P extends string> = T extends Scalar
  ? never
  : T extends readonly (infer Element)[]
    ? PathValue<Element, P>
    : P extends keyof T
      ? T[P]
      : P extends `${infer K}.${infer Rest}`
        ? K extends keyof T
          ? PathValue<T[K], Rest>
          : never
        : never;
