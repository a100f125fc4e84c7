import { messageType } from './ChunkReader.ts';
import type { RtmpMessage } from './ChunkReader.ts';

/** Type, length, timestamp and its upper byte, message stream: RTMP specification §7.1.6, the header of an FLV tag. */
const headerBytes = 11;
/** The length of header and body, repeated after them. */
const backPointerBytes = 4;

/**
 * The messages inside an aggregate message, §7.1.6. Their times count from the first of them, which has the time of the
 * aggregate. An incomplete message and what follows it are left out.
 */
export function* readAggregate({ streamId, timestampMs, body }: RtmpMessage): Generator<RtmpMessage> {
  let firstMs: number | undefined;
  for (let at = 0; at + headerBytes <= body.length; ) {
    const type = body.readUInt8(at);
    const end = at + headerBytes + body.readUIntBE(at + 1, 3);
    const partMs = body.readUIntBE(at + 4, 3) + body.readUInt8(at + 7) * 2 ** 24;
    if (end > body.length) return;
    firstMs ??= partMs;
    if (isMedia(type)) yield { type, streamId, timestampMs: (timestampMs + partMs - firstMs + 2 ** 32) % 2 ** 32, body: body.subarray(at + headerBytes, end) };
    at = end + backPointerBytes;
  }
}

function isMedia(type: number): boolean {
  return type === messageType.audio || type === messageType.video;
}
