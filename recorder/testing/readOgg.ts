import { opusFormat } from '#engine/media';
import type { AudioFormat } from '#engine/media';
import type { EncodedTrack } from './readFlv.ts';

/** Reads 20 ms Opus packets from an Ogg file written by ffmpeg (RFC 3533, RFC 7845). For tests only. */
export function readOgg(file: Buffer): EncodedTrack {
  const [head, , ...packets] = packetsOf(file);
  if (!head) throw new Error('the Ogg file has no packets');
  const frames = packets.map((data, index) => ({ decodeTimeUs: index * 20_000, presentationTimeUs: index * 20_000, isKeyframe: true, data: new Uint8Array(data) }));
  return { format: formatOf(head), frames };
}

function packetsOf(file: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  let parts: Buffer[] = [];
  for (let page = 0; page < file.length; ) {
    const laces = file.subarray(page + 27, page + 27 + file.readUInt8(page + 26));
    let offset = page + 27 + laces.length;
    for (const length of laces) {
      parts.push(file.subarray(offset, offset + length));
      offset += length;
      if (length === 255) continue;
      packets.push(Buffer.concat(parts));
      parts = [];
    }
    page = offset;
  }
  return packets;
}

/** RFC 7845 §5.1: OpusHead is little-endian. */
function formatOf(head: Buffer): AudioFormat {
  return opusFormat({ channelCount: head.readUInt8(9), preSkipSamples: head.readUInt16LE(10), inputSampleRateHz: head.readUInt32LE(12) });
}
