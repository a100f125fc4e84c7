import { messageBytes, messageChunks } from '../rtmpBytes.ts';
import type { MediaTag, OddEncoder } from '../OddEncoder.ts';
import type { Oddity } from './oddity.ts';

const type = { abort: 2, acknowledgement: 3, windowSize: 5, peerBandwidth: 6, flexStream: 15, data: 18, sharedObject: 19, aggregate: 22, unknown: 99 } as const;
const uint32 = (value: number) => Buffer.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
/** Above this, a timestamp is extended. */
const maxShortTime = 0xff_ffff;

/** Sends all messages after the first of each kind with a delta: type 1, then 2, or 3 where length and delta repeat. */
function sendDeltas(encoder: OddEncoder, tags: readonly MediaTag[]): void {
  const last = new Map<string, { tag: MediaTag; deltaMs: number }>();
  for (const tag of tags) {
    const before = last.get(tag.kind);
    const deltaMs = before ? (tag.timestampMs - before.tag.timestampMs + 2 ** 32) % 2 ** 32 : 0;
    const isSameLength = before?.tag.body.length === tag.body.length;
    const header = !before ? 0 : !isSameLength ? 1 : before.deltaMs === deltaMs ? 3 : 2;
    encoder.write(messageBytes({ ...encoder.messageOf(tag), header, deltaMs }));
    last.set(tag.kind, { tag, deltaMs: header === 0 ? -1 : deltaMs });
  }
}

const withChunkSize = (title: string, { bytes, stated }: { bytes: number; stated: number }): Oddity => ({
  title,
  connect: (encoder) => {
    encoder.setChunkSize(bytes, stated);
    encoder.connect();
  },
});

const extended = (title: string, startMs: number, extendedIn: 'every' | 'first'): Oddity => ({
  title,
  clip: (encoder) => {
    encoder.startMs = startMs;
    encoder.style = { ...encoder.style, extendedIn };
    encoder.clip();
  },
});

function aggregateOf(tags: readonly MediaTag[]): Buffer {
  const parts = tags.flatMap(({ kind, timestampMs, body }) => {
    const header = Buffer.alloc(11);
    header[0] = kind === 'audio' ? 8 : 9;
    header.writeUIntBE(body.length, 1, 3);
    header.writeUIntBE(timestampMs + 5000, 4, 3);
    return [header, body, uint32(11 + body.length)];
  });
  return Buffer.concat(parts);
}

/** Chunks, timestamps and the other messages. */
export const chunkOddities: Oddity[] = [
  withChunkSize('states a chunk size of 0x7fffffff', { bytes: 0xff_ffff, stated: 0x7fff_ffff }),
  withChunkSize('states a chunk size with the first bit set', { bytes: 0xff_ffff, stated: 0x8000_1000 }),
  withChunkSize('sends chunks of one byte', { bytes: 1, stated: 1 }),
  {
    title: 'changes the chunk size between messages',
    clip: (encoder) => {
      for (const [index, tag] of encoder.tags.entries()) {
        encoder.setChunkSize(100 + index * 37);
        encoder.tag(tag);
      }
    },
  },
  {
    title: 'numbers its chunk streams in two and three bytes',
    clip: (encoder) => {
      Object.assign(encoder.chunkStreams, { audio: 300, video: 65_000 });
      encoder.clip();
    },
  },
  {
    title: 'sends audio and video on one chunk stream',
    clip: (encoder) => {
      Object.assign(encoder.chunkStreams, { audio: 4, video: 4 });
      encoder.clip();
    },
  },
  {
    title: 'sends audio between the chunks of a video frame',
    clip: (encoder) => {
      let pending: Buffer[] = [];
      for (const tag of encoder.tags) {
        if (tag.kind === 'video') {
          encoder.write(Buffer.concat(pending));
          pending = messageChunks(encoder.messageOf(tag));
          encoder.write(pending.shift() ?? Buffer.alloc(0));
        } else {
          encoder.tag(tag);
        }
      }
      encoder.write(Buffer.concat(pending));
    },
  },
  { title: 'sends deltas', clip: (encoder) => sendDeltas(encoder, encoder.tags) },
  {
    title: 'steps back by 5 ms once, in a delta',
    clip: (encoder) => sendDeltas(encoder, encoder.tags.map((tag, index) => (tag.kind === 'audio' && index > 40 ? { ...tag, timestampMs: tag.timestampMs - 26 } : tag))),
    hasOtherTimes: true,
  },
  extended('repeats the extended timestamp in every chunk', maxShortTime + 5000, 'every'),
  extended('sends the extended timestamp in the first chunk only', maxShortTime + 5000, 'first'),
  extended('begins at 0xfffff0, with the extended timestamp in the first chunk only', 0xff_fff0, 'first'),
  extended('continues at 0 after 2^32 ms', 2 ** 32 - 700, 'every'),
  {
    title: 'aborts a message and sends another',
    clip: (encoder) => {
      const [first] = messageChunks({ ...encoder.messageOf(encoder.tags[0]!), body: Buffer.alloc(5000) });
      encoder.write(first!);
      encoder.message({ type: type.abort, chunkStream: 2, body: uint32(encoder.chunkStreams[encoder.tags[0]!.kind]) });
      encoder.clip();
    },
  },
  {
    title: 'sends its frames in aggregate messages',
    clip: (encoder) => {
      const { tags } = encoder;
      for (let at = 0; at < tags.length; at += 10) {
        const some = tags.slice(at, at + 10);
        encoder.message({ type: type.aggregate, streamId: 1, timestampMs: some[0]!.timestampMs, chunkStream: 6, body: aggregateOf(some) });
      }
    },
  },
  {
    title: 'sends large metadata, shared objects and messages of unknown types',
    clip: (encoder) => {
      for (const each of [type.data, type.flexStream, type.sharedObject, type.unknown]) encoder.message({ type: each, streamId: 1, chunkStream: 5, body: Buffer.alloc(100_000, 1) });
      encoder.clip();
    },
  },
  {
    title: 'sets windows and acknowledges',
    connect: (encoder) => {
      for (const each of [type.windowSize, type.acknowledgement, type.peerBandwidth]) encoder.message({ type: each, chunkStream: 2, body: Buffer.concat([uint32(1000), Buffer.of(2)]) });
      for (const each of [type.windowSize, type.peerBandwidth, type.abort]) encoder.message({ type: each, chunkStream: 2, body: Buffer.of(1) });
      encoder.connect();
    },
  },
];
