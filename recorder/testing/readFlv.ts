import { FlvReader, parseAudioConfig, parseAvcConfig, readAccessUnit, readAudioTag, readVideoTag } from '#engine/media';
import type { EncodedFrame, FlvTag, TrackFormat } from '#engine/media';

/** One track of a media file. Times count from 0. */
export interface EncodedTrack<Format extends TrackFormat = TrackFormat> {
  format: Format;
  frames: EncodedFrame[];
}

export interface FlvMedia {
  video?: EncodedTrack;
  audio?: EncodedTrack;
}

/** Reads H.264 and AAC from an FLV file written by ffmpeg. For tests only. */
export function readFlv(file: Buffer): FlvMedia {
  const media: FlvMedia = {};
  new FlvReader((tag) => (tag.kind === 'video' ? readVideo(media, tag) : tag.kind === 'audio' ? readAudio(media, tag) : undefined)).push(file);
  return media;
}

function readVideo(media: FlvMedia, { body, timestampMs }: FlvTag): void {
  const tag = readVideoTag(body);
  if (tag.type === 'config') media.video = { format: parseAvcConfig(tag.record).format, frames: [] };
  if (tag.type !== 'frame') return;
  const decodeTimeUs = timestampMs * 1000;
  const { data, hasIdr } = readAccessUnit(tag.payload);
  media.video?.frames.push({ decodeTimeUs, presentationTimeUs: decodeTimeUs + tag.compositionTimeMs * 1000, isKeyframe: hasIdr, data });
}

function readAudio(media: FlvMedia, { body, timestampMs }: FlvTag): void {
  const tag = readAudioTag(body);
  if (tag.type === 'config') media.audio = { format: parseAudioConfig(tag.config), frames: [] };
  if (tag.type !== 'frame') return;
  const timeUs = timestampMs * 1000;
  media.audio?.frames.push({ decodeTimeUs: timeUs, presentationTimeUs: timeUs, isKeyframe: true, data: Uint8Array.from(tag.payload) });
}
