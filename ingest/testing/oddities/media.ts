import { nalUnits, parseAvcConfig } from '#engine/media';
import type { MediaTag } from '../OddEncoder.ts';
import type { Oddity } from './oddity.ts';

const sequenceHeader = 0;
const isConfig = ({ body }: MediaTag) => body[1] === sequenceHeader;
const isKeyframe = ({ kind, body }: MediaTag) => kind === 'video' && body[0] === 0x17 && body[1] === 1;
const withBody = (tag: MediaTag, ...parts: Uint8Array[]): MediaTag => ({ ...tag, body: Buffer.concat(parts) });
const changing = (title: string, change: (tag: MediaTag, encoder: { tags: readonly MediaTag[] }) => readonly MediaTag[], more: Partial<Oddity> = {}): Oddity => ({
  title,
  clip: (encoder) => encoder.clip((tag) => change(tag, encoder)),
  ...more,
});

/** Frame type, AVCPacketType and composition time. */
const videoHead = (tag: MediaTag) => tag.body.subarray(0, 5);
const videoPayload = (tag: MediaTag) => tag.body.subarray(5);
const audioPayload = (tag: MediaTag) => tag.body.subarray(2);
const startCode = Buffer.of(0, 0, 0, 1);
const shortStartCode = Buffer.of(0, 0, 1);
const byteStream = (units: Iterable<Uint8Array>, code: Buffer) => Buffer.concat([...units].flatMap((unit) => [code, unit]));
const prefixed = (units: Iterable<Uint8Array>) => Buffer.concat([...units].flatMap((unit) => [Buffer.of(0, 0, unit.length >> 8, unit.length & 255), unit]));

function parameterSets(tags: readonly MediaTag[]): { sps: Uint8Array[]; pps: Uint8Array[] } {
  const { spsUnits, ppsUnits } = parseAvcConfig(videoPayload(tags.find((tag) => tag.kind === 'video' && isConfig(tag))!));
  return { sps: [...spsUnits], pps: [...ppsUnits] };
}

/** An ADTS header for AAC-LC, 48 kHz, stereo. */
function adts(payload: Uint8Array): Buffer {
  const bytes = payload.length + 7;
  return Buffer.from([0xff, 0xf1, 0x4c, 0x80 | (bytes >> 11), (bytes >> 3) & 255, ((bytes & 7) << 5) | 0x1f, 0xfc]);
}

/** H.264 and AAC, and where their configuration comes from. */
export const mediaOddities: Oddity[] = [
  changing('sends a byte stream with the parameter sets in its frames, and an empty configuration', (tag, { tags }) => {
    if (tag.kind === 'audio') return [tag];
    if (isConfig(tag)) return [withBody(tag, videoHead(tag))];
    const { sps, pps } = parameterSets(tags);
    return [withBody(tag, videoHead(tag), byteStream([...(isKeyframe(tag) ? [...sps, ...pps] : []), ...nalUnits(videoPayload(tag))], startCode))];
  }),
  changing('sends a byte stream with start codes of three bytes, and no configuration', (tag, { tags }) => {
    if (tag.kind === 'audio') return [tag];
    if (isConfig(tag)) return [];
    const { sps, pps } = parameterSets(tags);
    return [withBody(tag, videoHead(tag), byteStream([...(isKeyframe(tag) ? [...sps, ...pps] : []), ...nalUnits(videoPayload(tag))], shortStartCode))];
  }),
  changing('sends its configuration as a byte stream', (tag, { tags }) => {
    const { sps, pps } = parameterSets(tags);
    return [tag.kind === 'video' && isConfig(tag) ? withBody(tag, videoHead(tag), byteStream([...sps, ...pps], startCode)) : tag];
  }),
  changing('sends a bad configuration first', (tag) => {
    const isVideoConfig = tag.kind === 'video' && isConfig(tag);
    return isVideoConfig ? [withBody(tag, videoHead(tag), Buffer.of(1, 66, 0, 30, 0xff, 0xe1, 0, 99)), withBody(tag, videoHead(tag), Buffer.of(0xff)), tag] : [tag];
  }),
  changing('sends a bad configuration in mid-stream', (tag) => (isKeyframe(tag) ? [tag, withBody(tag, Buffer.of(0x17, 0, 0, 0, 0), Buffer.of(7, 7))] : [tag])),
  changing('sends SPS and PPS in frames of their own, one after the other', (tag, { tags }) => {
    if (tag.kind === 'audio') return [tag];
    const { sps, pps } = parameterSets(tags);
    return isConfig(tag) ? [sps, pps].map((units) => withBody(tag, Buffer.of(0x17, 1, 0, 0, 0), prefixed(units))) : [tag];
  }),
  changing('leaves the PPS out of its configuration and sends it in the first frame', (tag, { tags }) => {
    const { sps, pps } = parameterSets(tags);
    if (tag.kind === 'video' && isConfig(tag)) {
      const [unit] = sps;
      return [withBody(tag, videoHead(tag), Buffer.from([1, unit![1]!, unit![2]!, unit![3]!, 0xff, 0xe1, unit!.length >> 8, unit!.length & 255]), unit!, Buffer.of(0))];
    }
    return [isKeyframe(tag) ? withBody(tag, videoHead(tag), prefixed(pps), videoPayload(tag)) : tag];
  }),
  changing('repeats its configuration before each frame', (tag, { tags }) => (isConfig(tag) ? [tag] : [{ ...tags.find((each) => each.kind === tag.kind && isConfig(each))!, timestampMs: tag.timestampMs }, tag])),
  changing('adds delimiters, SEI and filler to its frames', (tag) => {
    if (tag.kind === 'audio' || isConfig(tag)) return [tag];
    return [withBody(tag, videoHead(tag), prefixed([Uint8Array.of(9, 0xf0), Uint8Array.of(12, 0xff, 0x80)]), videoPayload(tag))];
  }),
  changing('sends AAC with ADTS headers and no configuration', (tag) => {
    if (tag.kind === 'video') return [tag];
    return isConfig(tag) ? [] : [withBody(tag, tag.body.subarray(0, 2), adts(audioPayload(tag)), audioPayload(tag))];
  }),
  changing('sends a bad audio configuration first', (tag) => (tag.kind === 'audio' && isConfig(tag) ? [withBody(tag, tag.body.subarray(0, 2), Buffer.of(0xff)), tag] : [tag])),
  changing('sends empty messages, video commands and an end of sequence', (tag) => {
    const command = Buffer.of(0x57, 0);
    return [withBody(tag, Buffer.alloc(0)), tag, withBody(tag, tag.kind === 'video' ? command : Buffer.of(0xaf)), ...(tag.kind === 'video' ? [withBody(tag, Buffer.of(0x17, 2, 0, 0, 0))] : [])];
  }),
  changing('sends H.264 and AAC in the headers of Enhanced RTMP', (tag) => [enhanced(tag, (head) => head)]),
  changing('sends nanoseconds in Enhanced RTMP', (tag) => {
    return [enhanced(tag, (head) => Buffer.concat([Buffer.of((head[0]! & 0xf0) | 7, 2, 0, 1, 2, head[0]! & 15), head.subarray(1)]))];
  }),
  changing('sends its only track as a track of many in Enhanced RTMP', (tag) => {
    const multitrack = tag.kind === 'video' ? 6 : 5;
    return [enhanced(tag, (head) => Buffer.concat([Buffer.of((head[0]! & 0xf0) | multitrack, head[0]! & 15), head.subarray(1), Buffer.of(0)]))];
  }),
];

/** With the FourCC header of Enhanced RTMP, which `wrap` may change. */
function enhanced(tag: MediaTag, wrap: (head: Buffer) => Buffer): MediaTag {
  const packetType = isConfig(tag) ? 0 : 1;
  if (tag.kind === 'audio') return withBody(tag, wrap(Buffer.concat([Buffer.of(0x90 | packetType), Buffer.from('mp4a')])), audioPayload(tag));
  const frameType = tag.body[0]! & 0x70;
  const head = wrap(Buffer.concat([Buffer.of(0x80 | frameType | packetType), Buffer.from('avc1')]));
  return withBody(tag, head, packetType === 0 ? videoPayload(tag) : tag.body.subarray(2));
}
