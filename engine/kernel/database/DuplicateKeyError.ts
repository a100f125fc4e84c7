/** A unique index already has a document with the same key. Nothing was written. */
export class DuplicateKeyError extends Error {
  override readonly name = 'DuplicateKeyError';
  readonly collection: string;
  /** Name of the index in MongoDB's format: `email_1`, `courseId_1_position_-1`, `_id_`. */
  readonly index: string;

  constructor(collection: string, index: string, options?: ErrorOptions) {
    super(`${collection} already has a document with the same key in ${index}`, options);
    this.collection = collection;
    this.index = index;
  }
}
