import type { ObjectHead } from './ObjectStore.ts';

/** Whether an object has that content, as far as its store can tell without reading it. */
export function isSameObject(head: ObjectHead, expected: { bytes: number; sha256: string }): boolean {
  return head.bytes === expected.bytes && (head.sha256 === null || head.sha256 === expected.sha256);
}
