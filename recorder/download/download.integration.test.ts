import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layOutMovie } from './layOutMovie.ts';
import type { SourceSegment, SourceTrack, VirtualMovie } from './layOutMovie.ts';
import { boxHead, viewOf } from './readBoxes.ts';
import { readMovie } from './readMovie.ts';
import type { FilePart } from './TrackLayout.ts';

const run = promisify(execFile);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-download-'));
});
afterAll(() => rm(folder, { recursive: true }));

const read = async ({ file, offset, bytes }: FilePart): Promise<Uint8Array> => (await readFile(path.join(folder, file))).subarray(offset, offset + bytes);

/** Splits a fragmented MP4 of ffmpeg: what is before the first `moof`, and one segment for each `moof`. */
async function splitFile(name: string, init = 0): Promise<{ init: FilePart; segments: SourceSegment[] }> {
  const bytes = await readFile(path.join(folder, name));
  const starts: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const head = boxHead(viewOf(bytes), at);
    if (!head) throw new Error('the file ends early');
    if (head.type === 'moof') starts.push(at);
    at += head.bytes;
  }
  const segments = starts.map((offset, index) => ({ file: name, offset, bytes: (starts[index + 1] ?? bytes.length) - offset, init }));
  return { init: { file: name, offset: 0, bytes: starts[0] ?? 0 }, segments };
}

interface Wanted {
  name: string;
  seconds: number;
}

const fragmented = ['-movflags', '+frag_keyframe+empty_moov+default_base_moof+delay_moov', '-f', 'mp4'];

/** Moving video with B-frames, and a tone. */
async function encode({ name, seconds }: Wanted): Promise<{ video: SourceTrack; audio: SourceTrack }> {
  const input = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=30', '-f', 'lavfi', '-i', 'sine=440:beep_factor=4:r=48000', '-t', String(seconds)];
  const video = ['-map', '0:v', '-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-g', '60', '-pix_fmt', 'yuv420p', ...fragmented, path.join(folder, `${name}-video.mp4`)];
  const audio = ['-map', '1:a', '-t', String(seconds), '-c:a', 'aac', '-frag_duration', '2000000', ...fragmented, path.join(folder, `${name}-audio.mp4`)];
  await run('ffmpeg', ['-v', 'error', '-y', ...input, ...video, ...audio]);
  const [ofVideo, ofAudio] = [await splitFile(`${name}-video.mp4`), await splitFile(`${name}-audio.mp4`)];
  return { video: { inits: [ofVideo.init], segments: ofVideo.segments }, audio: { inits: [ofAudio.init], segments: ofAudio.segments } };
}

async function wholeFile(movie: VirtualMovie, name: string): Promise<string> {
  const file = path.join(folder, name);
  const bytes = await buffer(readMovie(movie, { first: 0, last: movie.bytes - 1 }, read));
  expect(bytes.length).toBe(movie.bytes);
  await writeFile(file, bytes);
  return file;
}

async function probe(file: string): Promise<{ streams: Record<string, string>[]; format: Record<string, string> }> {
  return JSON.parse((await run('ffprobe', ['-v', 'error', '-count_frames', '-show_streams', '-show_format', '-of', 'json', file])).stdout) as never;
}

async function warnings(file: string): Promise<string> {
  return (await run('ffmpeg', ['-v', 'warning', '-i', file, '-map', '0', '-f', 'null', '-'])).stderr;
}

/** The hash of all frames, with their times. */
async function frames(file: string, stream: 'v' | 'a', inputs: string[] = []): Promise<string> {
  const { stdout } = await run('ffmpeg', ['-v', 'error', ...inputs, '-i', file, '-map', `0:${stream}`, '-fps_mode', 'passthrough', '-f', 'framemd5', '-'], { maxBuffer: 2 ** 24 });
  return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(',').at(-1)?.trim()).join('\n');
}

describe('A download', () => {
  it('is one MP4 with the same frames at the same times, its index first', async () => {
    const { video, audio } = await encode({ name: 'film', seconds: 7 });
    const movie = await layOutMovie([video, audio], read);
    const file = await wholeFile(movie, 'film.mp4');
    expect(await warnings(file)).toBe('');
    const { streams, format } = await probe(file);
    expect(streams).toMatchObject([{ codec_name: 'h264', width: 320, height: 180, nb_read_frames: '210' }, { codec_name: 'aac' }]);
    expect(Math.abs(Number(format.duration) - 7)).toBeLessThan(0.05);
    expect(streams.map(({ start_time }) => Number(start_time))).toEqual([0, 0]);
    expect(await frames(file, 'v')).toBe(await frames(path.join(folder, 'film-video.mp4'), 'v'));
    // Without the first frame, which is before the start: the encoder's priming.
    const ofSource = await frames(path.join(folder, 'film-audio.mp4'), 'a');
    expect(ofSource.endsWith(`\n${await frames(file, 'a')}`)).toBe(true);
    expect(boxHead(viewOf(movie.head), 0)?.type).toBe('ftyp');
    expect(boxHead(viewOf(movie.head), 32)?.type).toBe('moov');
  });

  it('answers every range with the bytes of the whole', async () => {
    const { video, audio } = await encode({ name: 'ranges', seconds: 4 });
    const movie = await layOutMovie([video, audio], read);
    const whole = await buffer(readMovie(movie, { first: 0, last: movie.bytes - 1 }, read));
    const borders = [0, 1, movie.head.length - 1, movie.head.length, movie.head.length + 1, ...movie.pieces.flatMap(({ at }) => [at - 1, at]), movie.bytes - 1];
    for (const first of borders) {
      for (const last of [first, Math.min(first + 1000, movie.bytes - 1), movie.bytes - 1]) {
        const part = await buffer(readMovie(movie, { first, last }, read));
        expect(part.equals(whole.subarray(first, last + 1))).toBe(true);
      }
    }
  });

  it('keeps audio and video in sync over a lost segment of each', async () => {
    const small = await encode({ name: 'small', seconds: 6 });
    const without = (track: SourceTrack, lost: number): SourceTrack => ({ ...track, segments: track.segments.filter((_, index) => index !== lost) });
    const [video, audio] = [without(small.video, 1), without(small.audio, 1)];
    const movie = await layOutMovie([video, audio], read);
    const file = await wholeFile(movie, 'gap.mp4');
    const { streams, format } = await probe(file);
    expect(Math.abs(Number(format.duration) - 6)).toBeLessThan(0.05);
    expect(Math.abs(Number(streams[0]?.duration) - Number(streams[1]?.duration))).toBeLessThan(0.05);
    // The last two seconds are those of the source.
    const tail = ['-ss', '4.5'];
    expect(await frames(file, 'v', tail)).toBe(await frames(path.join(folder, 'small-video.mp4'), 'v', tail));
    // Silence where the segment is lost.
    const { stderr } = await run('ffmpeg', ['-ss', '2.2', '-t', '1.4', '-i', file, '-map', '0:a', '-af', 'volumedetect', '-f', 'null', '-']);
    expect(Number(/max_volume: (-?[\d.]+) dB/.exec(stderr)?.[1])).toBeLessThan(-60);
  });

  it('is refused when the codec changes in between', async () => {
    const { audio } = await encode({ name: 'codec', seconds: 2 });
    await run('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'sine=880:r=48000', '-t', '2', '-c:a', 'libopus', ...fragmented, path.join(folder, 'opus.mp4')]);
    const opus = await splitFile('opus.mp4', 1);
    const mixed = { inits: [...audio.inits, opus.init], segments: [...audio.segments, ...opus.segments] };
    await expect(layOutMovie([mixed], read)).rejects.toMatchObject({ code: 'video.mixedFormats' });
  });
});
