import { concat } from '#engine/media';

/** Writes ISO base media file format boxes (ISO/IEC 14496-12 §4.2). */

export function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

export function u16(value: number): Uint8Array {
  return bytes((value >>> 8) & 255, value & 255);
}

export function u32(value: number): Uint8Array {
  return bytes((value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

export function u64(value: number): Uint8Array {
  return concat([u32(Math.floor(value / 2 ** 32)), u32(value % 2 ** 32)]);
}

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

export function box(type: string, ...content: Uint8Array[]): Uint8Array {
  const size = 8 + content.reduce((sum, part) => sum + part.length, 0);
  return concat([u32(size), text(type), ...content]);
}

export interface FullBoxHead {
  version?: number;
  flags?: number;
}

export function fullBox(type: string, head: FullBoxHead, ...content: Uint8Array[]): Uint8Array {
  const flags = head.flags ?? 0;
  return box(type, bytes(head.version ?? 0, (flags >>> 16) & 255, (flags >>> 8) & 255, flags & 255), ...content);
}
