import type { FilterPath, PathValue, Scalar } from './DocumentPath.ts';

/** A value that a field can equal. `null` also matches a missing field; a scalar also matches an array holding it. */
type Matchable<V> = V extends undefined
  ? null
  : V extends readonly (infer Element)[]
    ? Extract<Element, Scalar> | V
    : Extract<V, Scalar>;

type Orderable<V> = Extract<Matchable<V>, string | number>;

export interface FieldOperators<V> {
  $eq?: Matchable<V>;
  $ne?: Matchable<V>;
  $gt?: Orderable<V>;
  $gte?: Orderable<V>;
  $lt?: Orderable<V>;
  $lte?: Orderable<V>;
  $in?: readonly Extract<Matchable<V>, Scalar>[];
  $nin?: readonly Extract<Matchable<V>, Scalar>[];
  $exists?: boolean;
  /** Flags `i`, `m` and `u` only. */
  $regex?: RegExp;
}

export type Filter<T> = { [P in FilterPath<T>]?: Matchable<PathValue<T, P>> | FieldOperators<PathValue<T, P>> } & {
  $and?: readonly Filter<T>[];
  $or?: readonly Filter<T>[];
};

/** The order of the keys is the order of importance. */
export type Sort<T> = { [P in FilterPath<T>]?: 1 | -1 };
