import { maxChunkStreams, maxCommandBytes, maxHeldBytes, maxMediaMessageBytes } from '../limits.ts';

/** Message types: RTMP specification §5.4, §6.2 and §7.1. */
export const messageType = {
  setChunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  userControl: 4,
  windowSize: 5,
  peerBandwidth: 6,
  audio: 8,
  video: 9,
  amf3Command: 17,
  command: 20,
  aggregate: 22,
} as const;

export interface RtmpMessage {
  type: number;
  streamId: number;
  /** Milliseconds modulo 2^32. */
  timestampMs: number;
  /** Valid only during the call. */
  body: Buffer;
}

/** The state of one chunk stream: what later chunk headers leave out, and the message in progress. */
interface ChunkStream {
  timestampMs: number;
  /** The timestamp of a type 0 header or the delta of a type 1 or 2 header, which a type 3 header repeats. */
  timestampField: number;
  isExtended: boolean;
  lengthBytes: number;
  type: number;
  streamId: number;
  /** Bytes of the message that have not arrived. 0 between two messages. */
  missingBytes: number;
  /** Empty for messages that nobody reads. */
  body: Buffer;
}

interface Chunk {
  stream: ChunkStream;
  missingBytes: number;
}

/** Chunk header types, §5.3.1.2: with message stream, with length and type, with a delta only, without a message header. */
const headerBytes = [11, 7, 3, 0] as const;
const wholeHeader = 0;
const deltaHeader = 2;
const noHeader = 3;
/** The value in the 3 bytes of a timestamp that stands for an extended timestamp. */
const extendedMark = 0xff_ffff;
/** A message has at most this many bytes, so a larger chunk size has the same meaning: §5.4.1. */
const maxChunkBytes = 0xff_ffff;
const initialChunkBytes = 128;
const nothing = Buffer.alloc(0);

const mediaTypes = new Set<number>([messageType.audio, messageType.video, messageType.aggregate]);
const readTypes = new Set<number>([...Object.values(messageType)].filter((type) => type !== messageType.acknowledgement));

/**
 * Reads messages from the chunks of a connection (RTMP specification §5.3), whose pieces may end anywhere. Messages that nobody
 * reads, such as metadata, are skipped and take no memory.
 */
export class ChunkReader {
  readonly #onMessage: (message: RtmpMessage) => void;
  readonly #streams = new Map<number, ChunkStream>();
  #chunkBytes = initialChunkBytes;
  #chunk: Chunk | undefined;
  #unread: Buffer = nothing;
  #heldBytes = 0;
  /** Until it publishes, a client may send commands only. */
  isPublishing = false;
  /** Set while messages are delivered, it stops the delivery after the current one. `push` continues it. */
  isPaused = false;

  constructor(onMessage: (message: RtmpMessage) => void) {
    this.#onMessage = onMessage;
  }

  /** @throws RangeError when the bytes are no chunks, or exceed a limit. The reader cannot be used after that. */
  push(bytes: Buffer): void {
    const input = this.#unread.length > 0 ? Buffer.concat([this.#unread, bytes]) : bytes;
    let at = 0;
    for (let next: number | undefined = 0; next !== undefined; ) {
      at = next;
      if (this.isPaused) break;
      next = this.#chunk ? this.#readPayload(this.#chunk, input, at) : this.#readHeader(input, at);
    }
    this.#unread = at < input.length ? Buffer.from(input.subarray(at)) : nothing;
  }

  /** §5.4.1. @throws RangeError for a size of zero */
  setChunkSize(bytes: number): void {
    if (bytes === 0) throw new RangeError('the chunk size is out of bounds');
    this.#chunkBytes = Math.min(bytes, maxChunkBytes);
  }

  /** Discards the message in progress of a chunk stream: §5.4.2. */
  abort(chunkStreamId: number): void {
    const stream = this.#streams.get(chunkStreamId);
    if (stream) this.#release(stream);
  }

  /** The position after the header; undefined while it is incomplete. */
  #readHeader(input: Buffer, start: number): number | undefined {
    const basic = readBasicHeader(input, start);
    if (!basic) return undefined;
    const { type, id } = basic;
    const fieldsAt = basic.end;
    const fieldsEnd = fieldsAt + headerBytes[type];
    if (fieldsEnd > input.length) return undefined;
    const stream = this.#streamOf(id, type);
    const isContinued = stream.missingBytes > 0;
    if (isContinued && type !== noHeader) throw new RangeError('a message begins within another');
    const time = readTime(stream, type, { input, fieldsAt, fieldsEnd });
    if (!time) return undefined;
    if (type < deltaHeader) {
      stream.lengthBytes = input.readUIntBE(fieldsAt + 3, 3);
      stream.type = input.readUInt8(fieldsAt + 6);
    }
    if (type === wholeHeader) stream.streamId = input.readUInt32LE(fieldsAt + 7);
    this.#streams.set(id, stream);
    if (!isContinued) {
      stream.isExtended = time.isExtended;
      stream.timestampField = time.field;
      stream.timestampMs = type === wholeHeader ? time.field : (stream.timestampMs + time.field) % 2 ** 32;
      return this.#begin(stream, input, time.end);
    }
    this.#chunk = { stream, missingBytes: Math.min(stream.missingBytes, this.#chunkBytes) };
    return time.end;
  }

  #streamOf(id: number, headerType: number): ChunkStream {
    const known = this.#streams.get(id);
    if (known) return known;
    if (headerType >= deltaHeader) throw new RangeError('a chunk stream begins without a message header');
    if (this.#streams.size >= maxChunkStreams) throw new RangeError('there are too many chunk streams');
    return { timestampMs: 0, timestampField: 0, isExtended: false, lengthBytes: 0, type: 0, streamId: 0, missingBytes: 0, body: nothing };
  }

  /** Begins a message. One that is complete in `input` is delivered without a copy. */
  #begin(stream: ChunkStream, input: Buffer, at: number): number {
    const { lengthBytes, type } = stream;
    const isRead = readTypes.has(type);
    if (isRead && lengthBytes > (this.isPublishing && mediaTypes.has(type) ? maxMediaMessageBytes : maxCommandBytes)) throw new RangeError('a message is too long');
    if (lengthBytes <= this.#chunkBytes && at + lengthBytes <= input.length) {
      this.#deliver(stream, input.subarray(at, at + lengthBytes));
      return at + lengthBytes;
    }
    stream.missingBytes = lengthBytes;
    if (isRead) {
      if (this.#heldBytes + lengthBytes > maxHeldBytes[this.isPublishing ? 'publishing' : 'opening']) throw new RangeError('too many incomplete messages');
      stream.body = Buffer.allocUnsafe(lengthBytes);
      this.#heldBytes += lengthBytes;
    }
    this.#chunk = { stream, missingBytes: Math.min(lengthBytes, this.#chunkBytes) };
    return at;
  }

  /** The position after the payload of the chunk; undefined when the input holds nothing of it. */
  #readPayload(chunk: Chunk, input: Buffer, at: number): number | undefined {
    const { stream } = chunk;
    const count = Math.min(chunk.missingBytes, input.length - at);
    if (count === 0) return undefined;
    if (stream.body.length > 0) input.copy(stream.body, stream.lengthBytes - stream.missingBytes, at, at + count);
    stream.missingBytes -= count;
    chunk.missingBytes -= count;
    if (chunk.missingBytes > 0) return at + count;
    this.#chunk = undefined;
    if (stream.missingBytes === 0) {
      const { body } = stream;
      this.#release(stream);
      this.#deliver(stream, body);
    }
    return at + count;
  }

  #deliver({ type, streamId, timestampMs }: ChunkStream, body: Buffer): void {
    if (readTypes.has(type)) this.#onMessage({ type, streamId, timestampMs, body });
  }

  #release(stream: ChunkStream): void {
    this.#heldBytes -= stream.body.length;
    stream.body = nothing;
    stream.missingBytes = 0;
  }
}

/** Header type and chunk stream, in one to three bytes: §5.3.1.1. Undefined while it is incomplete. */
function readBasicHeader(input: Buffer, at: number): { type: 0 | 1 | 2 | 3; id: number; end: number } | undefined {
  const [first, second, third] = [input[at], input[at + 1], input[at + 2]];
  if (first === undefined) return undefined;
  const type = (first >> 6) as 0 | 1 | 2 | 3;
  const id = first & 63;
  if (id > 1) return { type, id, end: at + 1 };
  if (second === undefined || (id === 1 && third === undefined)) return undefined;
  return id === 0 ? { type, id: 64 + second, end: at + 2 } : { type, id: 64 + second + 256 * (third ?? 0), end: at + 3 };
}

/** Timestamp or delta, with the extended one. Undefined while it is incomplete. */
function readTime(stream: ChunkStream, type: number, at: { input: Buffer; fieldsAt: number; fieldsEnd: number }): { field: number; isExtended: boolean; end: number } | undefined {
  const { input, fieldsAt, fieldsEnd } = at;
  if (type === noHeader) {
    const { timestampField: field, isExtended } = stream;
    const extraBytes = isExtended ? repeatedTimestampBytes(stream, input, fieldsEnd) : 0;
    return extraBytes === undefined ? undefined : { field, isExtended, end: fieldsEnd + extraBytes };
  }
  const field = input.readUIntBE(fieldsAt, 3);
  if (field !== extendedMark) return { field, isExtended: false, end: fieldsEnd };
  if (fieldsEnd + 4 > input.length) return undefined;
  return { field: input.readUInt32BE(fieldsEnd), isExtended: true, end: fieldsEnd + 4 };
}

/**
 * Whether a chunk without a message header repeats the extended timestamp, as §5.3.1.3 demands: 4 bytes if so, else 0. Some
 * encoders leave it out, and some write the time of the message instead of its delta. Undefined while too little has arrived.
 */
function repeatedTimestampBytes(stream: ChunkStream, input: Buffer, at: number): 4 | 0 | undefined {
  const found = input.subarray(at, at + 4);
  const isPossible = [stream.timestampField, stream.timestampMs].some((value) => {
    const expected = Buffer.alloc(4);
    expected.writeUInt32BE(value);
    return expected.subarray(0, found.length).equals(found);
  });
  if (!isPossible) return 0;
  return found.length === 4 ? 4 : undefined;
}
