import { CodedError } from '#engine/contract';

export function archivedObject(key: string, cause?: unknown): CodedError {
  return new CodedError('object.archived', `${key} is in the archive. Restore it first.`, { details: { key }, ...(cause === undefined ? {} : { cause }) });
}
