import type { FlvTag } from '#engine/media';
import { commandBody, handshakeBytes, messageBytes, publishBytes } from '../../../../ingest/testing/index.ts';

/** Numbers from 0 to 1. */
export type Chance = () => number;

export const upTo = (chance: Chance, limit: number) => Math.floor(chance() * limit);
const bytes = (chance: Chance, length: number) => Buffer.from(Array.from({ length }, () => upTo(chance, 256)));
const oneOf = <T>(chance: Chance, values: readonly T[]) => values[upTo(chance, values.length)] as T;

/** Random bytes, which may begin like RTMP. */
export function noise(chance: Chance): Buffer {
  const made = bytes(chance, 1 + upTo(chance, 5000));
  if (chance() < 0.6) made[0] = 3;
  return chance() < 0.4 ? Buffer.concat([handshakeBytes(), made]) : made;
}

/** The beginning of a valid session, without the rest. */
export function stalled(chance: Chance, key: string): Buffer {
  const whole = Buffer.concat([handshakeBytes(), publishBytes({ app: 'live', name: key })]);
  return whole.subarray(0, oneOf(chance, [0, 1, upTo(chance, 1537), 1537, 1537 + upTo(chance, 1536), 3073, 3073 + upTo(chance, whole.length - 3073)]));
}

const lengths = [0, 1, 127, 128, 129, 0xffff, 0x10000, 0x10001, 0x7fffff, 0xffffff];
const chunkSizes = [0, 1, 2, 127, 0xffff, 0xffffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** Chunk headers of all forms, with wrong lengths and chunk sizes. */
export function wrongLengths(chance: Chance): Buffer {
  const parts = [handshakeBytes()];
  for (let count = 1 + upTo(chance, 30); count > 0; count -= 1) {
    const form = upTo(chance, 6);
    const body = bytes(chance, upTo(chance, 300));
    const type = oneOf(chance, [1, 2, 3, 4, 5, 6, 8, 9, 15, 17, 18, 20, 22, upTo(chance, 256)]);
    if (form === 0) {
      const size = Buffer.alloc(4);
      size.writeUInt32BE(oneOf(chance, chunkSizes));
      parts.push(messageBytes({ type: oneOf(chance, [1, 5]), streamId: 0, timestampMs: 0, body: size.subarray(upTo(chance, 2) * upTo(chance, 4)) }));
    } else if (form === 1) {
      parts.push(Buffer.concat([Buffer.of(upTo(chance, 256)), body]));
    } else {
      const chunkStream = oneOf(chance, [2, 3, 4, 5, 2 + upTo(chance, 61)]);
      const timestampMs = oneOf(chance, [0, 0xffffff, upTo(chance, 0xffffff)]);
      parts.push(messageBytes({ type, streamId: upTo(chance, 3), timestampMs, body, chunkStream, statedBytes: oneOf(chance, [...lengths, body.length]) }));
    }
  }
  return Buffer.concat(parts);
}

const uint32 = (value: number) => Buffer.of((value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
const name = (text: string) => Buffer.concat([Buffer.of(text.length >> 8, text.length & 255), Buffer.from(text)]);

/** AMF0 values that are expensive to parse, or of an unexpected type. */
function bomb(chance: Chance): Buffer {
  const depth = 1 + upTo(chance, 12_000);
  const many = 1 + upTo(chance, 12_000);
  switch (upTo(chance, 9)) {
    case 0:
      return Buffer.concat(Array.from({ length: depth }, () => Buffer.of(0x0a, 0, 0, 0, 1)));
    case 1:
      return Buffer.concat(Array.from({ length: Math.ceil(depth / 2) }, () => Buffer.of(3, 0, 1, 0x61)));
    case 2:
      return Buffer.concat([Buffer.of(0x0a), uint32(0xffffffff), Buffer.alloc(many, 5)]);
    case 3:
      return Buffer.concat([Buffer.of(8), uint32(0xffffffff), ...Array.from({ length: many >> 2 }, (_, index) => Buffer.concat([name(`k${index}`), Buffer.of(5)])), Buffer.of(0, 0, 9)]);
    case 4:
      return Buffer.concat([Buffer.of(3), name('self'), Buffer.of(7, 0, 0), name('__proto__'), Buffer.of(3), name('polluted'), Buffer.of(1, 1, 0, 0, 9, 0, 0, 9)]);
    case 5:
      return Buffer.concat([Buffer.of(0x0c), uint32(oneOf(chance, [0xffffffff, 0x7fffffff, 60_000])), bytes(chance, 100)]);
    case 6:
      return Buffer.concat([Buffer.of(0x10), name('Class'), name('a'), Buffer.of(0x0b), bytes(chance, 10), Buffer.of(0, 0, 9)]);
    case 7:
      return Buffer.concat([Buffer.of(3), ...['app', 'tcUrl', 'objectEncoding'].map((key) => Buffer.concat([name(key), oneOf(chance, [Buffer.of(5), Buffer.of(1, 1), Buffer.of(6), bytes(chance, 20)])])), Buffer.of(0, 0, 9)]);
    default:
      return bytes(chance, upTo(chance, 2000));
  }
}

/** Commands with an invalid value in one of their arguments. */
export function amfBomb(chance: Chance): Buffer {
  const parts = [handshakeBytes()];
  if (chance() < 0.5) parts.push(publishBytes({ app: 'live', name: 'x' }).subarray(0, upTo(chance, 2) * 240));
  for (let count = 1 + upTo(chance, 3); count > 0; count -= 1) {
    const command = oneOf(chance, ['connect', 'createStream', 'publish', 'deleteStream', 'releaseStream', 'FCPublish', 'toString', '__proto__', 'onStatus']);
    const values = [commandBody([command]), bomb(chance), chance() < 0.5 ? commandBody([null]) : bomb(chance), bomb(chance)];
    const body = Buffer.concat(chance() < 0.1 ? [bomb(chance)] : values).subarray(0, 63_000);
    parts.push(messageBytes({ type: oneOf(chance, [20, 20, 20, 17, 18, 15]), streamId: upTo(chance, 2), timestampMs: 0, body }));
  }
  return Buffer.concat(parts);
}

/** A session with a valid key and damaged media. */
export function damagedMedia(chance: Chance, key: string, tags: readonly FlvTag[]): Buffer {
  const parts = [handshakeBytes(), publishBytes({ app: 'live', name: key })];
  const from = chance() < 0.7 ? 0 : upTo(chance, tags.length);
  for (const { kind, timestampMs, body } of tags.slice(from, from + 1 + upTo(chance, 60))) {
    if (kind !== 'video' && kind !== 'audio') continue;
    const damaged = chance() < 0.35 ? mutatedBytes(chance, Buffer.from(body)) : Buffer.from(body);
    const atMs = chance() < 0.05 ? upTo(chance, 0xffffff) : timestampMs;
    parts.push(messageBytes({ type: kind === 'video' ? 9 : 8, streamId: 1, timestampMs: atMs, body: damaged, chunkStream: kind === 'video' ? 6 : 4 }));
  }
  return Buffer.concat(parts);
}

/** One to five mutations, more often near the beginning than near the end. */
export function mutatedBytes(chance: Chance, given: Buffer): Buffer {
  let made = Buffer.from(given);
  for (let mutations = 1 + upTo(chance, 5); mutations > 0 && made.length > 0; mutations -= 1) {
    const at = Math.floor(chance() ** 3 * made.length);
    const length = 1 + upTo(chance, Math.min(64, made.length - at));
    switch (upTo(chance, 6)) {
      case 0:
        made[at] = (made[at] ?? 0) ^ (1 << upTo(chance, 8));
        break;
      case 1:
        made.fill(oneOf(chance, [0, 0xff, 0x7f, upTo(chance, 256)]), at, at + length);
        break;
      case 2:
        made = Buffer.concat([made.subarray(0, at), made.subarray(at + length)]);
        break;
      case 3:
        made = Buffer.concat([made.subarray(0, at), bytes(chance, length), made.subarray(at)]);
        break;
      case 4:
        made = Buffer.concat([made.subarray(0, at + length), made.subarray(at, at + length), made.subarray(at + length)]);
        break;
      default:
        made = Buffer.concat([made.subarray(0, at), made.subarray(at, at + length).reverse(), made.subarray(at + length)]);
    }
  }
  return chance() < 0.1 ? made.subarray(0, upTo(chance, made.length)) : made;
}
