import type { ObjectHead } from './ObjectStore.ts';

/** True when an object has the expected content, as far as its head shows. */
export function isSameObject(head: ObjectHead, expected: { bytes: number; sha256: string }): boolean {
  return head.bytes === expected.bytes && (head.sha256 === null || head.sha256 === expected.sha256);
}
