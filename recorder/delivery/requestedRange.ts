import type { ByteRange } from '../storage/ObjectStore.ts';

/**
 * The range of a Range header (RFC 9110 §14.1.2). Undefined, which means the whole file, without a header, for several ranges
 * and for a malformed header.
 */
export function requestedRange(header: string | undefined, bytes: number): ByteRange | 'unsatisfiable' | undefined {
  const match = header === undefined ? null : /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim());
  const [, from = '', to = ''] = match ?? [];
  if (from === '') return to === '' ? undefined : lastBytes(Number(to), bytes);
  const first = Number(from);
  const last = to === '' ? bytes - 1 : Number(to);
  if (to !== '' && last < first) return undefined;
  return first >= bytes ? 'unsatisfiable' : { first, last: Math.min(last, bytes - 1) };
}

function lastBytes(wanted: number, bytes: number): ByteRange | 'unsatisfiable' {
  const length = Math.min(wanted, bytes);
  return length === 0 ? 'unsatisfiable' : { first: bytes - length, last: bytes - 1 };
}
