export type Scalar = string | number | boolean | null | undefined;

/** How deep dotted paths are typed; each entry is the depth below its index. */
type DepthBelow = [never, 0, 1, 2, 3, 4];

/** Dotted paths of a document; an array is seen through, as filters and sorts see it. */
export type FilterPath<T, Depth extends number = 4> = Depth extends 0
  ? never
  : T extends Scalar
    ? never
    : T extends readonly (infer Element)[]
      ? FilterPath<Element, Depth>
      : { [K in keyof T & string]-?: K | `${K}.${FilterPath<T[K], DepthBelow[Depth]>}` }[keyof T & string];

/** Dotted paths that an update may write: an array is written as a whole. */
export type UpdatePath<T, Depth extends number = 4> = Depth extends 0
  ? never
  : T extends Scalar | readonly unknown[]
    ? never
    : { [K in keyof T & string]-?: K | `${K}.${UpdatePath<T[K], DepthBelow[Depth]>}` }[keyof T & string];

/** What a document holds at a dotted path. */
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
