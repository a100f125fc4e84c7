import { concat } from '../bits/concat.ts';
import { withEmulationPrevention, withoutEmulationPrevention } from './emulationPrevention.ts';

/** Payload types of SEI messages (H.264 §D.1.1). */
export const seiType = { recoveryPoint: 6 } as const;

const trailingBits = 0x80;

/**
 * An SEI NAL unit without its messages of a type (H.264 §7.3.2.3.1): the same unit if it has none or is damaged, undefined if
 * nothing else is in it.
 */
export function withoutSeiMessages(nalUnit: Uint8Array, type: number): Uint8Array | undefined {
  const bytes = withoutEmulationPrevention(nalUnit.subarray(1));
  const kept: Uint8Array[] = [];
  let at = 0;
  const number = () => {
    let value = 0;
    while (bytes[at] === 0xff) [value, at] = [value + 0xff, at + 1];
    return value + (bytes[at++] ?? 0);
  };
  let isFound = false;
  while (at < bytes.length && !(at === bytes.length - 1 && bytes[at] === trailingBits)) {
    const from = at;
    const [messageType, size] = [number(), number()];
    at += size;
    if (at >= bytes.length) return nalUnit;
    if (messageType === type) isFound = true;
    else kept.push(bytes.subarray(from, at));
  }
  if (!isFound) return nalUnit;
  return kept.length === 0 ? undefined : concat([nalUnit.subarray(0, 1), withEmulationPrevention(concat([...kept, Uint8Array.of(trailingBits)]))]);
}
