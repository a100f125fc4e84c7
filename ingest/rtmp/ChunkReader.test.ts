import { describe, expect, it } from 'vitest';
import { ChunkReader } from './ChunkReader.ts';

const audio = 8;
const basic = (type: number, id: number) => (id < 64 ? Buffer.of((type << 6) | id) : id < 320 ? Buffer.of(type << 6, id - 64) : Buffer.of((type << 6) | 1, (id - 64) & 255, (id - 64) >> 8));
const u24 = (value: number) => Buffer.of(value >> 16, (value >> 8) & 255, value & 255);
const u32 = (value: number) => Buffer.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
/** A timestamp in the 3 bytes of the header, and behind the header if it does not fit. */
const time = (value: number) => ({ short: u24(Math.min(value, 0xff_ffff)), extended: value >= 0xff_ffff ? u32(value) : Buffer.alloc(0) });

function chunk0(timestampMs: number, body: Buffer, { id = 4, type = audio } = {}): Buffer {
  const { short, extended } = time(timestampMs);
  return Buffer.concat([basic(0, id), short, u24(body.length), Buffer.of(type, 1, 0, 0, 0), extended, body]);
}
function chunk1(deltaMs: number, body: Buffer, { id = 4, type = audio } = {}): Buffer {
  const { short, extended } = time(deltaMs);
  return Buffer.concat([basic(1, id), short, u24(body.length), Buffer.of(type), extended, body]);
}
function chunk2(deltaMs: number, body: Buffer, id = 4): Buffer {
  const { short, extended } = time(deltaMs);
  return Buffer.concat([basic(2, id), short, extended, body]);
}
const chunk3 = (body: Buffer, { id = 4, extended = Buffer.alloc(0) } = {}) => Buffer.concat([basic(3, id), extended, body]);

function readAll(bytes: Buffer, pieceBytes = bytes.length) {
  const messages: { timestampMs: number; text: string }[] = [];
  const reader = new ChunkReader(({ timestampMs, body }) => messages.push({ timestampMs, text: body.toString('latin1') }));
  reader.isPublishing = true;
  for (let at = 0; at < bytes.length; at += pieceBytes) reader.push(bytes.subarray(at, at + pieceBytes));
  return messages;
}
const timesOf = (...chunks: Buffer[]) => readAll(Buffer.concat(chunks)).map(({ timestampMs }) => timestampMs);
const [a, b, c] = [Buffer.from('a'), Buffer.from('b'), Buffer.from('c')];
/** A message of three chunks, the last of which is short. */
const long = Buffer.from('0123456789'.repeat(30));
const pieces = [long.subarray(0, 128), long.subarray(128, 256), long.subarray(256)] as const;

describe('ChunkReader', () => {
  it('reads timestamps and deltas', () => {
    expect(timesOf(chunk0(1000, a), chunk1(20, b), chunk2(30, c), chunk3(a))).toEqual([1000, 1020, 1050, 1080]);
  });

  it('takes the timestamp of a whole header for the delta of a header without fields, as the specification says', () => {
    expect(timesOf(chunk0(20, a), chunk3(b), chunk3(c))).toEqual([20, 40, 60]);
  });

  it('reads a step back, which is a delta modulo 2^32', () => {
    expect(timesOf(chunk0(1000, a), chunk2(20, b), chunk2(0xffff_fffb, c), chunk2(20, a), chunk3(b))).toEqual([1000, 1020, 1015, 1035, 1055]);
  });

  it('continues at 0 after 2^32 ms', () => {
    expect(timesOf(chunk0(0xffff_fff0, a), chunk2(20, b), chunk3(c))).toEqual([0xffff_fff0, 4, 24]);
  });

  it.each([
    ['repeats the extended timestamp in every chunk', u32(0x0100_0000)],
    ['leaves it out after the first chunk', Buffer.alloc(0)],
  ])('reads a message whose sender %s, in pieces of any size', (_, extended) => {
    const next = chunk2(20, long.subarray(0, 128));
    const bytes = Buffer.concat([
      chunk0(0x0100_0000, long).subarray(0, -long.length), pieces[0], chunk3(pieces[1], { extended }), chunk3(pieces[2], { extended }),
      next, chunk3(pieces[1]), chunk3(pieces[2]),
    ]);
    for (const size of [1, 2, 3, 5, 7, 100, 128, 1000]) {
      expect(readAll(bytes, size)).toEqual([{ timestampMs: 0x0100_0000, text: long.toString() }, { timestampMs: 0x0100_0014, text: long.toString() }]);
    }
  });

  it('reads an extended delta that a sender repeats as the time of the message', () => {
    const message = [chunk2(0x0100_0000, pieces[0]), chunk3(pieces[1], { extended: u32(0x0100_0400) }), chunk3(pieces[2], { extended: u32(0x0100_0400) })];
    const first = [chunk0(0x400, long).subarray(0, -long.length), pieces[0], chunk3(pieces[1]), chunk3(pieces[2])];
    expect(readAll(Buffer.concat([...first, ...message]))).toMatchObject([{ timestampMs: 0x400 }, { timestampMs: 0x0100_0400, text: long.toString() }]);
  });

  it('reads chunk streams with ids in one, two and three bytes, interleaved', () => {
    const start = (id: number) => Buffer.concat([chunk0(id, long, { id }).subarray(0, -long.length), pieces[0]]);
    const ids = [2, 63, 64, 319, 320, 65_599];
    const bytes = Buffer.concat([...ids.map(start), ...ids.map((id) => chunk3(pieces[1], { id })), ...ids.map((id) => chunk3(pieces[2], { id }))]);
    expect(readAll(bytes, 11)).toEqual(ids.map((id) => ({ timestampMs: id, text: long.toString() })));
  });

  it('begins a chunk stream with a header without message stream', () => {
    expect(timesOf(chunk1(7, a))).toEqual([7]);
  });

  it('reads messages without a body', () => {
    expect(readAll(Buffer.concat([chunk0(1, Buffer.alloc(0)), chunk0(2, b)]))).toEqual([{ timestampMs: 1, text: '' }, { timestampMs: 2, text: 'b' }]);
  });

  it('takes a chunk size above the length of any message for that length', () => {
    const texts: string[] = [];
    const reader = new ChunkReader(({ body }) => texts.push(body.toString()));
    reader.setChunkSize(0x7fff_ffff);
    reader.push(chunk0(0, long));
    expect(texts).toEqual([long.toString()]);
  });

  it('discards the message in progress of an aborted chunk stream', () => {
    const texts: string[] = [];
    const reader = new ChunkReader(({ body }) => texts.push(body.toString()));
    reader.push(Buffer.concat([chunk0(0, long).subarray(0, -long.length), pieces[0]]));
    reader.abort(4);
    reader.abort(99);
    reader.push(Buffer.concat([chunk0(10, b), chunk1(20, c)]));
    expect(texts).toEqual(['b', 'c']);
  });

  it('skips large metadata without holding it', () => {
    const messages: string[] = [];
    const reader = new ChunkReader(({ body }) => messages.push(body.toString()));
    reader.setChunkSize(0xff_ffff);
    reader.push(Buffer.concat([chunk0(0, Buffer.alloc(1_000_000), { id: 5, type: 18 }), chunk0(0, b)]));
    expect(messages).toEqual(['b']);
  });

  it('stops after the message during which it was paused, and continues with the next', () => {
    const texts: string[] = [];
    const reader = new ChunkReader(({ body }) => {
      texts.push(body.toString());
      reader.isPaused = true;
    });
    reader.push(Buffer.concat([chunk0(0, a), chunk0(0, b)]));
    reader.push(chunk0(0, c));
    expect(texts).toEqual(['a']);
    for (const expected of [['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c']]) {
      reader.isPaused = false;
      reader.push(Buffer.alloc(0));
      expect(texts).toEqual(expected);
    }
  });

  it.each([
    ['a chunk stream that begins without a header', chunk3(a), 'begins without a message header'],
    ['a message inside another', Buffer.concat([chunk0(0, long).subarray(0, -long.length), pieces[0], chunk0(0, a)]), 'begins within another'],
    ['a command of 16 MB', Buffer.concat([basic(0, 3), u24(0), u24(0xff_ffff), Buffer.of(20, 0, 0, 0, 0)]), 'too long'],
    ['65 chunk streams', Buffer.concat(Array.from({ length: 65 }, (_, index) => chunk0(0, a, { id: 2 + index }))), 'too many chunk streams'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readAll(bytes)).toThrow(message);
  });

  it('refuses a chunk size of zero', () => {
    expect(() => new ChunkReader(() => undefined).setChunkSize(0)).toThrow('the chunk size is out of bounds');
  });
});
