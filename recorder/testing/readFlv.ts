import type { EncodedFrame, TrackFormat } from '#engine/media';

/** What an FLV file holds, as the engine's frames; times count from 0. */
export interface FlvTrack<Format extends TrackFormat = TrackFormat> {
  format: Format;
  frames: EncodedFrame[];
}

export interface FlvMedia {
  video?: FlvTrack;
  audio?: FlvTrack;
}

const audioTag = 8;
const videoTag = 9;

/** Reads H.264 and AAC out of an FLV file that ffmpeg wrote (Adobe FLV 10.1, annex E). For tests only. */
export function readFlv(file: Uint8Array): FlvMedia {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const media: FlvMedia = {};
  let offset = view.getUint32(5) + 4;
  while (offset + 11 <= file.length) {
    const type = view.getUint8(offset);
    const size = view.getUint32(offset) & 0xffffff;
    const timestampMs = (view.getUint32(offset + 4) >>> 8) + view.getUint8(offset + 7) * 2 ** 24;
    const body = file.subarray(offset + 11, offset + 11 + size);
    if (type === videoTag) readVideo(media, body, timestampMs);
    if (type === audioTag) readAudio(media, body, timestampMs);
    offset += 11 + size + 4;
  }
  return media;
}

function readVideo(media: FlvMedia, body: Uint8Array, timestampMs: number): void {
  const [head = 0, packetType = 0, c0 = 0, c1 = 0, c2 = 0] = body;
  const data = body.slice(5);
  if (packetType === 0) {
    media.video = { format: videoFormat(data), frames: [] };
  } else if (packetType === 1) {
    const compositionMs = ((c0 << 24) | (c1 << 16) | (c2 << 8)) >> 8;
    const decodeTimeUs = timestampMs * 1000;
    media.video?.frames.push({ decodeTimeUs, presentationTimeUs: decodeTimeUs + compositionMs * 1000, isKeyframe: head >> 4 === 1, data });
  }
}

function readAudio(media: FlvMedia, body: Uint8Array, timestampMs: number): void {
  const data = body.slice(2);
  if (body[1] === 0) {
    media.audio = { format: aacFormat(data), frames: [] };
  } else {
    const decodeTimeUs = timestampMs * 1000;
    media.audio?.frames.push({ decodeTimeUs, presentationTimeUs: decodeTimeUs, isKeyframe: true, data });
  }
}

function videoFormat(decoderConfig: Uint8Array): TrackFormat {
  const profile = [...decoderConfig.subarray(1, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const spsLength = ((decoderConfig[6] ?? 0) << 8) | (decoderConfig[7] ?? 0);
  return { kind: 'video', codec: 'h264', codecString: `avc1.${profile}`, decoderConfig, ...pictureSize(decoderConfig.subarray(8, 8 + spsLength)) };
}

function aacFormat(decoderConfig: Uint8Array): TrackFormat {
  const [first = 0, second = 0] = decoderConfig;
  const rates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000];
  const sampleRateHz = rates[((first & 7) << 1) | (second >> 7)] ?? 48000;
  return { kind: 'audio', codec: 'aac', codecString: `mp4a.40.${first >> 3}`, decoderConfig, sampleRateHz, channelCount: (second >> 3) & 15 };
}

/** Rec. ITU-T H.264 §7.3.2.1.1, as far as 4:2:0 without scaling lists goes, which is what x264 makes in these tests. */
function pictureSize(sps: Uint8Array): { widthPx: number; heightPx: number } {
  const bits = [...sps].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  let at = 32;
  const take = (count: number) => parseInt(bits.slice(at, (at += count)), 2);
  const golomb = () => {
    const zeros = bits.indexOf('1', at) - at;
    at += zeros;
    return take(zeros + 1) - 1;
  };
  golomb();
  if ([100, 110, 122, 244].includes(sps[1] ?? 0)) {
    golomb(); golomb(); golomb(); take(1); take(1);
  }
  golomb();
  const orderType = golomb();
  if (orderType === 0) golomb();
  golomb(); take(1);
  const widthMbs = golomb() + 1;
  const heightMbs = golomb() + 1;
  if (take(1) === 0) take(1);
  take(1);
  const [left, right, top, bottom] = take(1) === 1 ? [golomb(), golomb(), golomb(), golomb()] : [0, 0, 0, 0];
  return { widthPx: widthMbs * 16 - 2 * (left + right), heightPx: heightMbs * 16 - 2 * (top + bottom) };
}
