import type { FilterPath, PathValue, Scalar } from './DocumentPath.ts';

/** A value that a field can equal. `null` also matches a missing field. A scalar also matches an array that contains it. */
type Matchable<V> = V extends undefined
  ? null
  : V extends readonly (infer Element)[]
    ? Extract<Element, Scalar> | V
    : Extract<V, Scalar>;

type Orderable<V> = Extract<Matchable<V>, string | number>;

/** MongoDB's query operators for one field. All given operators must match. */
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
  /** Only the flags `i`, `m` and `u` are supported. */
  $regex?: RegExp;
}

/** A MongoDB filter by dotted paths. All conditions must match; `{}` matches every document. A value of `undefined` is a TypeError. */
export type Filter<T> = { [P in FilterPath<T>]?: Matchable<PathValue<T, P>> | FieldOperators<PathValue<T, P>> } & {
  $and?: readonly Filter<T>[];
  $or?: readonly Filter<T>[];
};

/** 1 is ascending, -1 descending. The first key is the most significant. */
export type Sort<T> = { [P in FilterPath<T>]?: 1 | -1 };
