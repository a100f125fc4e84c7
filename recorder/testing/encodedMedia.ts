import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { EncodedFrame } from '#engine/media';
import { readFlv } from './readFlv.ts';
import type { EncodedTrack } from './readFlv.ts';
import { readOgg } from './readOgg.ts';

const run = promisify(execFile);

export interface ProgramOptions {
  folder: string;
  name: string;
  seconds: number;
  size?: string;
  bFrames?: number;
  keyframeEveryFrames?: number;
  /** Frames per second, as ffmpeg writes it. */
  frameRate?: string;
  channels?: number;
}

export interface Program {
  video: EncodedTrack;
  audio: EncodedTrack;
}

/** Moving video and a tone, as OBS sends them over RTMP: H.264 and AAC. */
export async function encodeProgram(options: ProgramOptions): Promise<Program> {
  const { folder, name, seconds, size = '320x180', bFrames = 2, keyframeEveryFrames = 60, frameRate = '30', channels = 2 } = options;
  const file = path.join(folder, `${name}.flv`);
  const source = ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${frameRate}`, '-f', 'lavfi', '-i', 'sine=440:r=48000', '-t', String(seconds)];
  const h264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', String(bFrames), '-g', String(keyframeEveryFrames), '-keyint_min', String(keyframeEveryFrames), '-sc_threshold', '0', '-pix_fmt', 'yuv420p'];
  await run('ffmpeg', ['-v', 'error', '-y', ...source, ...h264, '-c:a', 'aac', '-ac', String(channels), '-f', 'flv', file]);
  const { video, audio } = readFlv(await readFile(file));
  if (!video || !audio) throw new Error('ffmpeg wrote no video or no audio');
  return { video, audio };
}

/** A tone as a browser sends it: Opus. */
export async function encodeOpus(options: { folder: string; name: string; seconds: number }): Promise<EncodedTrack> {
  const file = path.join(options.folder, `${options.name}.ogg`);
  await run('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'sine=880:r=48000', '-t', String(options.seconds), '-c:a', 'libopus', '-ac', '2', file]);
  return readOgg(await readFile(file));
}

/** The frames, `byMs` later. */
export function shifted(frames: readonly EncodedFrame[], byMs: number): EncodedFrame[] {
  const byUs = Math.round(byMs * 1000);
  return frames.map((frame) => ({ ...frame, decodeTimeUs: frame.decodeTimeUs + byUs, presentationTimeUs: frame.presentationTimeUs + byUs }));
}

/** The frames of several tracks in the order of their arrival. */
export function interleaved<Tag>(tracks: readonly { tag: Tag; frames: readonly EncodedFrame[] }[]): { tag: Tag; frame: EncodedFrame }[] {
  const all = tracks.flatMap(({ tag, frames }) => frames.map((frame) => ({ tag, frame })));
  return all.sort((a, b) => a.frame.decodeTimeUs - b.frame.decodeTimeUs);
}
