/**
 * A program that records a lecture at ten times its speed until it is killed: `node recordUntilKilled.ts <folder>
 * <lectureId> <flv> <startedAtMs>`. Prints the number of written segments after each frame.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openSqliteDatabase, systemClock } from '#engine/kernel';
import { silentLogger } from '#engine/testing';
import { recorderConfig } from '../config.ts';
import { createRecorder } from '../createRecorder.ts';
import { openFolderObjectStore } from '../storage/FolderObjectStore.ts';
import { interleaved, shifted } from './encodedMedia.ts';
import { FakeLecture } from './FakeLecture.ts';
import { readFlv } from './readFlv.ts';

const [folder = '', lectureId = '', flv = '', startedAt = ''] = process.argv.slice(2);
const { video, audio } = readFlv(await readFile(flv));
if (!video || !audio) throw new Error('no media');

const database = await openSqliteDatabase({ path: path.join(folder, 'lectern.db') });
const store = await openFolderObjectStore(path.join(folder, 'objects'));
const recorder = await createRecorder({ database, store, clock: systemClock, logger: silentLogger, config: recorderConfig.parse({}), dataFolder: folder });
const lecture = new FakeLecture(Number(startedAt), lectureId);
const { recordingId } = await recorder.attach(lecture);
const videoTap = lecture.publish('video', 'program', { format: video.format }).frames;
const audioTap = lecture.publish('audio', 'program', { format: audio.format }).frames;

const firstMs = systemClock.nowMs();
const frames = interleaved([
  { tag: videoTap, frames: shifted(video.frames, firstMs) },
  { tag: audioTap, frames: shifted(audio.frames, firstMs) },
]);
for (const { tag, frame } of frames) {
  // Ten times as fast as a lecture, to keep the test short.
  const waitMs = (frame.decodeTimeUs / 1000 - firstMs) / 10 - (systemClock.nowMs() - firstMs);
  if (waitMs > 5) await new Promise((resolve) => setTimeout(resolve, waitMs));
  tag.frame(frame);
  const written = (await recorder.recordings.segments(recordingId)).length;
  process.stdout.write(`${JSON.stringify({ recordingId, written })}\n`);
}
