import type { FieldOperators } from './Filter.ts';
import type { PathValue, Scalar, UpdatePath } from './DocumentPath.ts';

type WritablePath<T> = Exclude<UpdatePath<T>, '_id'>;
type ElementOf<V> = NonNullable<V> extends readonly (infer Element)[] ? Element : never;
type ArrayPath<T, P extends WritablePath<T>> = [ElementOf<PathValue<T, P>>] extends [never] ? never : P;
type NumberPath<T, P extends WritablePath<T>> = [Extract<PathValue<T, P>, number>] extends [never] ? never : P;

type Values<T> = { [P in WritablePath<T>]?: PathValue<T, P> };
type Elements<T> = {
  [P in WritablePath<T> as ArrayPath<T, P>]?:
    | ElementOf<PathValue<T, P>>
    | { $each: readonly ElementOf<PathValue<T, P>>[] };
};
type ElementFilter<E> = E extends Scalar
  ? E | FieldOperators<E>
  : { [K in keyof E]?: Extract<E[K], Scalar> | FieldOperators<E[K]> };

/** MongoDB's update operators. A value of `undefined` is ignored. Arrays are written as a whole, or by $push, $pull and $addToSet. */
export interface Update<T> {
  $set?: Values<T>;
  $unset?: { [P in WritablePath<T>]?: '' | 1 | true };
  $inc?: { [P in WritablePath<T> as NumberPath<T, P>]?: number };
  $max?: Values<T>;
  $min?: Values<T>;
  $push?: Elements<T>;
  $addToSet?: Elements<T>;
  $pull?: { [P in WritablePath<T> as ArrayPath<T, P>]?: ElementFilter<ElementOf<PathValue<T, P>>> };
  /** Applied only when an upsert inserts a document. Only here may `_id` be given. */
  $setOnInsert?: Values<T> & { _id?: string };
}
