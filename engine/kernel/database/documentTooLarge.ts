import { CodedError } from '../../contract/errors.ts';

/** Largest document, in bytes: MongoDB's limit, of its own encoding. https://www.mongodb.com/docs/manual/reference/limits/ */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

export function documentTooLarge(collection: string, cause?: unknown): CodedError {
  return new CodedError('request.tooLarge', 'This is larger than the 16 MB that can be stored in one piece.', { cause, details: { collection, maxBytes: MAX_DOCUMENT_BYTES } });
}
