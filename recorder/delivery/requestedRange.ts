import type { ByteRange } from '../storage/ObjectStore.ts';

/**
 * The part that a Range header asks for (RFC 9110 §14.1.2); undefined for all of it, which is also the answer to several
 * ranges and to what is not understood.
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
