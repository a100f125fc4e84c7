/**
 * A live process without sockets and media workers: it opens lectures that it can own, sends them a program and chat, and
 * records them. `node runLectureNode.ts <data folder> <store folder> <database URL> <flv>`. Reads commands from stdin
 * (`start <lecture>`, `end <lecture>`, `stop`), and prints an event on each line (`NodeEvent`).
 */
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { LectureRegistry } from '#engine';
import type { LiveLecture } from '#engine';
import { LectureId, UserId } from '#engine/contract';
import { LeaseKeeper, newId, openNodeFolder, systemClock } from '#engine/kernel';
import { FakeMediaPlane, openRemoteDatabase, silentLogger } from '#engine/testing';
import { recordLiveLectures } from '../../capture/recordLiveLectures.ts';
import { recorderConfig } from '../../config.ts';
import { createRecorder } from '../../createRecorder.ts';
import { openFolderObjectStore } from '../../storage/FolderObjectStore.ts';
import { interleaved, shifted } from '../encodedMedia.ts';
import { FakeTap } from '../FakeLecture.ts';
import { readFlv } from '../readFlv.ts';
import type { NodeEvent } from './NodeEvent.ts';

const [dataFolder = '', storeFolder = '', databaseUrl = '', flv = ''] = process.argv.slice(2);
const print = (event: NodeEvent) => process.stdout.write(`${JSON.stringify(event)}\n`);
const { video, audio } = readFlv(await readFile(flv));
if (!video || !audio) throw new Error('no media');
const media = { video, audio };

const [clock, logger] = [systemClock, silentLogger];
const node = openNodeFolder(dataFolder);
const database = await openRemoteDatabase(databaseUrl);
const leases = new LeaseKeeper({ database, nodeId: node.nodeId, isShared: true, clock, logger });
const registry = LectureRegistry.create({ database, plane: new FakeMediaPlane(), clock, logger, graceMs: 300_000, leases });
const store = await openFolderObjectStore(storeFolder);
const isOnAir = (lectureId: string) => registry.isOnAir(LectureId.parse(lectureId));
const recorder = await createRecorder({ database, store, clock, logger, config: recorderConfig.parse({}), dataFolder, leases, isOnAir });
const recording = recordLiveLectures({ registry, recorder, clock, logger });
registry.onLive((lecture) => {
  print({ event: 'owner', lectureId: lecture.id, fence: lecture.fence });
  const stops = [sendProgram(lecture), sendChat(lecture)];
  lecture.onNotification(({ type }) => {
    if (type !== 'lecture.moved' && type !== 'lecture.ended') return;
    for (const stop of stops) stop();
    print({ event: type === 'lecture.moved' ? 'letGo' : 'ended', lectureId: lecture.id });
  });
});
await registry.recover();
await recorder.finishAbandoned();
print({ event: 'ready', nodeId: node.nodeId });

createInterface({ input: process.stdin }).on('line', (line) => {
  const [command, lectureId] = line.split(' ');
  if (command === 'stop') void stop();
  else if (command === 'start') registry.start(LectureId.parse(lectureId)).catch((err: unknown) => print({ event: 'refused', message: String(err) }));
  else if (command === 'end') registry.end(LectureId.parse(lectureId), 'presenter').catch((err: unknown) => print({ event: 'refused', message: String(err) }));
});

async function stop(): Promise<void> {
  recording.stop();
  await recorder.close();
  await registry.close();
  await leases.close();
  await database.close();
  node.close();
  process.exit(0);
}

/** Plays the program again and again, as an encoder does. */
function sendProgram(lecture: LiveLecture): () => void {
  const taps = { video: new FakeTap(), audio: new FakeTap() };
  const encoder = lecture.attachEncoder('OBS');
  for (const kind of ['video', 'audio'] as const) {
    taps[kind].format(media[kind].format);
    const frameSource = { frames: taps[kind], hasMedia: true, onMedia: (listener: () => void) => (listener(), () => undefined) };
    lecture.publish(encoder, { source: 'program', kind, frameSource, track: undefined, isPaused: false });
  }
  let frames: ReturnType<typeof interleaved<FakeTap>> = [];
  const timer = setInterval(() => {
    const nowUs = clock.nowMs() * 1000;
    if (frames.length === 0) frames = interleaved((['video', 'audio'] as const).map((kind) => ({ tag: taps[kind], frames: shifted(media[kind].frames, clock.nowMs()) })));
    while (frames[0] && frames[0].frame.decodeTimeUs <= nowUs) {
      const next = frames.shift();
      next?.tag.frame(next.frame);
    }
  }, 40);
  return () => clearInterval(timer);
}

/** Somebody comes, writes and goes, ten times a second. */
function sendChat(lecture: LiveLecture): () => void {
  let count = 0;
  const timer = setInterval(() => {
    // Its end is being stored.
    if (lecture.view.state === 'ended') return;
    count += 1;
    const text = `${lecture.fence}-${count}`;
    const person = lecture.enter({ userId: UserId.parse(newId('usr')), displayName: 'Ada', kind: 'viewer', role: 'student' });
    lecture.chat.post(person, text).then(
      () => print({ event: 'stored', text }),
      // Refused: another process owns the lecture.
      () => undefined,
    );
    lecture.leave(person.id, 'left');
  }, 100);
  return () => clearInterval(timer);
}
