import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import hlsParser from 'hls-parser';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteDatabase, systemClock } from '#engine/kernel';
import type { Database } from '#engine/kernel';
import { silentLogger, until } from '#engine/testing';
import { recorderConfig } from './config.ts';
import { createRecorder } from './createRecorder.ts';
import type { Recorder } from './Recorder.ts';
import type { RecorderEvent } from './RecorderEvent.ts';
import { openFolderObjectStore } from './storage/FolderObjectStore.ts';
import type { ObjectStore } from './storage/ObjectStore.ts';
import { encodeOpus, encodeProgram, interleaved, shifted } from './testing/encodedMedia.ts';
import type { Program } from './testing/encodedMedia.ts';
import { FakeLecture } from './testing/FakeLecture.ts';
import { filesOf, playInChromium } from './testing/playInChromium.ts';
import { recordFrames } from './testing/recordFrames.ts';
import type { EncodedTrack } from './testing/readFlv.ts';

const run = promisify(execFile);
const startedAtMs = Date.UTC(2030, 0, 1);

let mediaFolder: string;
let small: Program;
let large: Program;
let opus: EncodedTrack;
let folder: string;
let database: Database;
let store: ObjectStore;
let recorder: Recorder;
let events: RecorderEvent[];

beforeAll(async () => {
  mediaFolder = await mkdtemp(path.join(tmpdir(), 'lectern-media-'));
  small = await encodeProgram({ folder: mediaFolder, name: 'small', seconds: 12 });
  large = await encodeProgram({ folder: mediaFolder, name: 'large', seconds: 12, size: '640x360', bFrames: 0, keyframeEveryFrames: 30 });
  opus = await encodeOpus({ folder: mediaFolder, name: 'opus', seconds: 12 });
});
afterAll(() => rm(mediaFolder, { recursive: true }));

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-recorder-'));
  await openAll();
});
afterEach(async () => {
  await closeAll();
  await rm(folder, { recursive: true });
});

async function openAll(): Promise<void> {
  events = [];
  database = await openSqliteDatabase({ path: path.join(folder, 'lectern.db') });
  store = await openFolderObjectStore(path.join(folder, 'objects'));
  recorder = await createRecorder({ database, store, clock: systemClock, logger: silentLogger, config: recorderConfig.parse({}), dataFolder: folder });
  recorder.onEvent((event) => events.push(event));
}

async function closeAll(): Promise<void> {
  await recorder.close();
  await store.close();
  await database.close();
}

/** Video with B-frames and one keyframe that pauses for 22 s after 4 s, and audio without a pause. */
async function pausingProgram(): Promise<Program> {
  const { video } = await encodeProgram({ folder: mediaFolder, name: 'one-keyframe', seconds: 12, keyframeEveryFrames: 1000 });
  const { audio } = await encodeProgram({ folder: mediaFolder, name: 'audio', seconds: 34, frameRate: '1' });
  const firstUs = video.frames[0]?.decodeTimeUs ?? 0;
  const isSettled = (at: number) => video.frames.slice(at).every(({ presentationTimeUs }) => video.frames.slice(0, at).every((earlier) => earlier.presentationTimeUs < presentationTimeUs));
  const pauseAt = video.frames.findIndex(({ decodeTimeUs }, at) => decodeTimeUs - firstUs > 4e6 && isSettled(at));
  return { video: { ...video, frames: [...video.frames.slice(0, pauseAt), ...shifted(video.frames.slice(pauseAt), 22_000)] }, audio };
}

interface Broadcast {
  atMs: number;
  program: Program;
  audio?: EncodedTrack;
}

/** Records several broadcasters, one after the other. */
async function record(lecture: FakeLecture, broadcasts: readonly Broadcast[]): Promise<string> {
  const recording = await recorder.attach(lecture);
  for (const { atMs, program, audio = program.audio } of broadcasts) {
    const videoTrack = lecture.publish('video', 'program', { format: program.video.format });
    const audioTrack = lecture.publish('audio', 'program', { format: audio.format });
    const firstMs = (program.video.frames[0]?.presentationTimeUs ?? 0) / 1000;
    await recordFrames([
      { tap: videoTrack.frames, frames: shifted(program.video.frames, startedAtMs + atMs - firstMs) },
      { tap: audioTrack.frames, frames: shifted(audio.frames, startedAtMs + atMs - (audio === program.audio ? firstMs : 0)) },
    ]);
    videoTrack.frames.ended();
    lecture.unpublish(audioTrack);
  }
  await recording.finish();
  return recording.recordingId;
}

async function stored(recordingId: string): Promise<string> {
  await until('everything in the store', () => events.some((event) => event.type === 'recording.stored' && event.recordingId === recordingId), 20_000);
  return path.join(folder, 'objects', 'recordings', recordingId);
}

/** The warnings of ffmpeg about a file. */
async function warnings(file: string): Promise<string> {
  return (await run('ffmpeg', ['-v', 'warning', '-i', file, '-map', '0', '-f', 'null', '-'])).stderr;
}

/** The errors of ffmpeg about a file, with the times of the source at any frame rate. */
async function errors(file: string): Promise<string> {
  return (await run('ffmpeg', ['-v', 'error', '-i', file, '-map', '0', '-fps_mode', 'passthrough', '-enc_time_base:v', '1:90000', '-f', 'null', '-'])).stderr;
}

async function probe(file: string, select: string): Promise<{ frames: number; durationSeconds: number }> {
  const args = ['-v', 'error', '-select_streams', select, '-count_frames', '-show_entries', 'stream=nb_read_frames:format=duration', '-of', 'json', file];
  const { streams, format } = JSON.parse((await run('ffprobe', args)).stdout) as { streams: { nb_read_frames: string }[]; format: { duration: string } };
  return { frames: Number(streams[0]?.nb_read_frames), durationSeconds: Number(format.duration) };
}

async function mediaPlaylist(file: string) {
  return hlsParser.parse(await readFile(file, 'utf8')) as hlsParser.types.MediaPlaylist;
}

describe('A recording', () => {
  it('of an encoder with B-frames plays in ffmpeg without warnings and with all frames', async () => {
    const id = await record(new FakeLecture(startedAtMs), [{ atMs: 0, program: small }]);
    const at = await stored(id);
    expect(await warnings(path.join(at, 'main.m3u8'))).toBe('');
    const video = await probe(path.join(at, 'main-video.m3u8'), 'v');
    expect(video.frames).toBe(small.video.frames.length);
    expect(Math.abs(video.durationSeconds - 12)).toBeLessThan(0.1);
    // The audio begins a few frames before the first video frame, which is the start of the lecture here.
    expect(small.audio.frames.length - (await probe(path.join(at, 'main-audio.m3u8'), 'a')).frames).toBeLessThanOrEqual(3);
    const variants = hlsParser.parse(await readFile(path.join(at, 'main.m3u8'), 'utf8')) as hlsParser.types.MasterPlaylist;
    expect(variants.variants[0]).toMatchObject({ resolution: { width: 320, height: 180 }, frameRate: 30, uri: 'main-video.m3u8' });
    expect(variants.variants[0]?.codecs).toMatch(/^avc1\.6400[0-9a-f]{2},mp4a\.40\.2$/);
  });

  it('of an encoder with B-frames begins at the time of its first frame in ffprobe, frame by frame', async () => {
    const id = await record(new FakeLecture(startedAtMs), [{ atMs: 0, program: small }]);
    const at = await stored(id);
    const fragment = path.join(folder, 'fragment.mp4');
    await writeFile(fragment, Buffer.concat([await readFile(path.join(at, 'main-video/init-0.mp4')), await readFile(path.join(at, 'main-video/000000.m4s'))]));
    const args = ['-v', 'error', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', fragment];
    const shown = (await run('ffprobe', args)).stdout.trim().split('\n').map((line) => Math.round(Number.parseFloat(line) * 1000)).sort((a, b) => a - b);
    const firstUs = small.video.frames[0]?.presentationTimeUs ?? 0;
    const sent = small.video.frames.map(({ presentationTimeUs }) => Math.round((presentationTimeUs - firstUs) / 1000)).sort((a, b) => a - b);
    expect(shown.slice(0, 30)).toEqual(sent.slice(0, 30));
  });

  it('has an I-frame playlist whose byte ranges are keyframes', async () => {
    const at = await stored(await record(new FakeLecture(startedAtMs), [{ atMs: 0, program: small }]));
    const { segments } = await mediaPlaylist(path.join(at, 'main-video-iframes.m3u8'));
    expect(segments.length).toBeGreaterThan(3);
    for (const { uri, byterange } of segments) {
      const file = path.join(folder, 'keyframe.mp4');
      await writeFile(file, Buffer.concat([await readFile(path.join(at, 'main-video/init-0.mp4')), (await readFile(path.join(at, uri))).subarray(0, byterange?.length)]));
      const { stdout } = await run('ffmpeg', ['-v', 'quiet', '-i', file, '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'], { encoding: 'buffer', maxBuffer: 2 ** 24 });
      expect(stdout.length).toBe(320 * 180);
    }
  });

  it.each([
    ['a frame in 5 s, one keyframe, and 5.1 audio', { frameRate: '1/5', bFrames: 0, keyframeEveryFrames: 250, channels: 6, seconds: 24 }],
    ['a frame a second with B-frames, and a keyframe every 250 frames', { frameRate: '1', bFrames: 2, keyframeEveryFrames: 250, seconds: 24 }],
  ])('of a source with %s plays in a browser to its end', async (_, options) => {
    const program = await encodeProgram({ folder: mediaFolder, name: `sparse-${options.frameRate.length}`, ...options });
    const id = await record(new FakeLecture(startedAtMs), [{ atMs: 3500, program }]);
    const at = await stored(id);
    expect(await errors(path.join(at, 'main.m3u8'))).toBe('');
    for (const track of ['main-video', 'main-audio']) expect((await mediaPlaylist(path.join(at, `${track}.m3u8`))).segments.some(({ gap }) => gap)).toBe(false);
    const presence = await recorder.recordings.presence(id, 'main-video');
    expect(presence).toHaveLength(1);
    expect(presence[0]?.endMs).toBeGreaterThan(26_000);
    const played = await playInChromium({ file: filesOf(at), playlist: 'main.m3u8', playbackRate: 4 });
    expect(played).toMatchObject({ hasEnded: true, problems: [], jumps: [], widthPx: 320 });
    expect(played.durationSeconds).toBeCloseTo(27.5, 0);
  }, 120_000);

  it('of a source with B-frames that pauses for 22 s shows its last frame meanwhile, and plays in a browser to its end', async () => {
    const at = await stored(await record(new FakeLecture(startedAtMs), [{ atMs: 0, program: await pausingProgram() }]));
    expect(await errors(path.join(at, 'main.m3u8'))).toBe('');
    const { segments } = await mediaPlaylist(path.join(at, 'main-video.m3u8'));
    expect(segments.some(({ discontinuity }) => discontinuity)).toBe(false);
    const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', path.join(at, 'main-video.m3u8'), '-vf', 'fps=1,signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-', '-f', 'null', '-']);
    const brightness = [...stdout.matchAll(/YAVG=([\d.]+)/g)].map(([, value]) => Number(value));
    expect(brightness.length).toBeGreaterThan(30);
    // Black has 16.
    expect(Math.min(...brightness)).toBeGreaterThan(60);
    const played = await playInChromium({ file: filesOf(at), playlist: 'main.m3u8', playbackRate: 4 });
    expect(played).toMatchObject({ hasEnded: true, problems: [], jumps: [], widthPx: 320 });
    expect(played.durationSeconds).toBeCloseTo(34, 0);
  }, 120_000);

  it('has a finished playlist when it has ended, before it is stored', async () => {
    const lecture = new FakeLecture(startedAtMs);
    const recording = await recorder.attach(lecture);
    const videoTrack = lecture.publish('video', 'camera', { format: large.video.format });
    await recordFrames([{ tap: videoTrack.frames, frames: shifted(large.video.frames, startedAtMs) }]);
    await until('a first segment', () => recorder.recordings.playlist(recording.recordingId, 'main-video.m3u8'));
    const live = await recorder.recordings.playlist(recording.recordingId, 'main-video.m3u8');
    expect(live?.text).toContain('#EXT-X-PLAYLIST-TYPE:EVENT');
    await recording.finish();
    const ended = await recorder.recordings.playlist(recording.recordingId, 'main-video.m3u8');
    expect(ended?.isFinished).toBe(true);
    expect(ended?.text).toContain('#EXT-X-ENDLIST');
    const liveEntries = live?.text.slice(live.text.indexOf('#EXT-X-MAP')) ?? '';
    expect(ended?.text).toContain(liveEntries);
    expect(lecture.states).toEqual(['recording', 'finished']);
    expect(events.map((event) => event.type)).toContain('recording.finished');
  });

  it('continues with another resolution and another audio codec, fills the outage with black, and plays in a browser', async () => {
    const id = await record(new FakeLecture(startedAtMs), [
      { atMs: 4500, program: small },
      { atMs: 46_500, program: large, audio: opus },
    ]);
    const at = await stored(id);
    for (const track of ['main-video', 'main-audio']) {
      const { segments } = await mediaPlaylist(path.join(at, `${track}.m3u8`));
      expect(segments.filter((segment) => segment.discontinuity)).toHaveLength(3);
      expect(segments.some((segment) => segment.gap)).toBe(false);
      expect(segments.reduce((sum, segment) => sum + segment.duration, 0)).toBeCloseTo(58.5, 0);
    }
    expect(await recorder.recordings.presence(id, 'main-video')).toEqual([
      { startMs: 4500, endMs: expect.closeTo(16_500, -1) as number },
      { startMs: 46_500, endMs: expect.closeTo(58_500, -1) as number },
    ]);
    const played = await playInChromium({ file: filesOf(at), playlist: 'main.m3u8', playbackRate: 4 });
    expect(played).toMatchObject({ hasEnded: true, problems: [], jumps: [] });
    expect(played.durationSeconds).toBeCloseTo(58.5, 0);
    expect(played.widthPx).toBe(640);
  }, 120_000);

  it('of a screen and a camera has both on one clock', async () => {
    const lecture = new FakeLecture(startedAtMs);
    const recording = await recorder.attach(lecture);
    const camera = lecture.publish('video', 'camera', { format: small.video.format });
    const screen = lecture.publish('video', 'screen', { format: large.video.format });
    await recordFrames([
      { tap: camera.frames, frames: shifted(small.video.frames, startedAtMs) },
      { tap: screen.frames, frames: shifted(large.video.frames, startedAtMs + 6000) },
    ]);
    await recording.finish();
    const at = await stored(recording.recordingId);
    const segments = (await recorder.recordings.segments(recording.recordingId)).filter((segment) => segment.track === 'screen-video');
    expect(segments.find((segment) => !segment.isFiller)?.startMs).toBeCloseTo(6000, -2);
    expect(await playInChromium({ file: filesOf(at), playlist: 'screen.m3u8', playbackRate: 4 })).toMatchObject({ hasEnded: true, problems: [] });
  });

  it('can be watched from its start while it is live, across a change of broadcaster, and up to its end', async () => {
    const startMs = Math.floor(systemClock.nowMs());
    const lecture = new FakeLecture(startMs);
    const recording = await recorder.attach(lecture);
    const { recordingId } = recording;
    const broadcast = async (program: Program, audio: EncodedTrack, seconds: number) => {
      const [videoTrack, audioTrack] = [lecture.publish('video', 'program', { format: program.video.format }), lecture.publish('audio', 'program', { format: audio.format })];
      const fromMs = systemClock.nowMs();
      const frames = interleaved([{ tag: videoTrack.frames, frames: shifted(program.video.frames, fromMs) }, { tag: audioTrack.frames, frames: shifted(audio.frames, fromMs) }]);
      for (const { tag, frame } of frames.filter((one) => one.frame.decodeTimeUs / 1000 - fromMs < seconds * 1000)) {
        await until('its time', () => systemClock.nowMs() >= frame.decodeTimeUs / 1000, 20_000);
        tag.frame(frame);
      }
      lecture.unpublish(videoTrack);
      lecture.unpublish(audioTrack);
    };
    const ended = broadcast(small, small.audio, 7)
      .then(() => new Promise((resolve) => setTimeout(resolve, 5000)))
      .then(() => broadcast(large, opus, 8))
      .then(() => recording.finish());
    await until('a playlist', async () => (await recorder.recordings.playlist(recordingId, 'main.m3u8'))?.text.includes('AUDIO='), 20_000);
    const file = async (name: string) => {
      const playlist = await recorder.recordings.playlist(recordingId, name);
      if (playlist) return playlist.text;
      const location = await recorder.recordings.locate(recordingId, name);
      if (!location) throw new Error(`no ${name}`);
      return readFile(location.kind === 'file' ? location.file : path.join(folder, 'objects', location.key));
    };
    const played = await playInChromium({ file, playlist: 'main.m3u8', playbackRate: 1 });
    await ended;
    expect(played).toMatchObject({ hasEnded: true, jumps: [], widthPx: 640 });
    expect(played.problems).toEqual([]);
    expect(played.durationSeconds).toBeGreaterThan(19);
  }, 120_000);
});
