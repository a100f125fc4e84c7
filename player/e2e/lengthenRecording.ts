import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { LectureId } from '#engine/contract';
import { newId } from '#engine/kernel';

interface Lengthened {
  dataFolder: string;
  lectureId: LectureId;
  hours: number;
  /** The interval of chat messages. */
  messageEverySeconds: number;
}

type Document = Record<string, unknown> & { _id: string };
interface Segment extends Document {
  key: string;
  track: string;
  state: string;
  startMs: number;
  durationMs: number;
}

/** The number of segments with files, at the beginning and at the end. */
const playableEnds = 100;

/**
 * Makes a lecture that has just begun one of several hours, in the data of a stopped server: it began earlier, one of its
 * segments is repeated in every track up to now, it has a screen, and a chat. From there on the server records as ever.
 */
export function lengthenRecording({ dataFolder, lectureId, hours, messageEverySeconds }: Lengthened): void {
  const database = new DatabaseSync(path.join(dataFolder, 'lectern.db'));
  const rows = <T extends Document>(table: string): T[] => database.prepare(`SELECT doc FROM "${table}"`).all().map(({ doc }) => JSON.parse(String(doc)) as T);
  const insert = (table: string, row: Document) => database.prepare(`INSERT INTO "${table}" (_id, doc) VALUES (?, ?)`).run(row._id, JSON.stringify(row));
  const update = (table: string, row: Document) => database.prepare(`UPDATE "${table}" SET doc = ? WHERE _id = ?`).run(JSON.stringify(row), row._id);
  const folder = (row: { state: unknown; key: unknown }) => path.join(dataFolder, row.state === 'stored' ? 'objects' : 'spool', String(row.key));
  const store = (key: string, bytes: Buffer) => {
    const file = path.join(dataFolder, 'objects', key);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    return { key, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), state: 'stored' };
  };
  const earlier = (instant: unknown) => new Date(Date.parse(String(instant)) - hours * 3_600_000).toISOString();
  const [recording] = rows('recordings').filter((row) => row.lectureId === lectureId);
  const [lecture] = rows('lectures').filter((row) => row._id === lectureId);
  if (!recording || !lecture) throw new Error('the lecture is recorded');

  const lengthenTrack = (track: string, like: string) => {
    const template = rows<Segment>('segments').findLast((row) => row.track === like && row.isFiller === false && row.isIndependent === true && row.durationMs > 1900);
    const init = rows('initSegments').findLast((row) => row.track === like && row.isFiller === false);
    if (!template || !init) throw new Error(`${like} has a whole segment`);
    const [bytes, initBytes] = [readFileSync(folder(template)), readFileSync(folder({ state: init.state, key: init.key }))];
    const ticksPerMs = like === 'main-audio' ? 48 : 90;
    const durationTicks = Math.round(template.durationMs * ticksPerMs);
    const prefix = `recordings/${recording._id}/${track}`;
    const count = Math.floor((hours * 3_600_000 * ticksPerMs) / durationTicks);
    const made: Document[] = [];
    for (let sequence = 0; sequence < count; sequence += 1) {
      bytes.writeBigUInt64BE(BigInt(sequence * durationTicks), bytes.indexOf('tfdt') + 8);
      const startMs = Math.round((sequence * durationTicks * 1000) / ticksPerMs) / 1000;
      const key = `${prefix}/${String(sequence).padStart(6, '0')}.m4s`;
      const file = sequence < playableEnds || sequence >= count - playableEnds ? store(key, bytes) : { key, state: 'stored' };
      made.push({ ...template, ...file, _id: newId('seg'), track, sequence, epoch: 0, startMs, durationMs: durationTicks / ticksPerMs });
    }
    const madeInit = { ...init, ...store(`${prefix}/init-0.mp4`, initBytes), _id: newId('seg'), track, epoch: 0 };
    return { made, madeInit };
  };
  const tracks = [lengthenTrack('main-video', 'main-video'), lengthenTrack('main-audio', 'main-audio'), lengthenTrack('screen-video', 'main-video')];

  const events = rows('lectureEvents').filter((row) => row.lectureId === lectureId);
  const said = events.find(({ type }) => type === 'chat.posted') as (Document & { data: { message: object } }) | undefined;
  let seq = Math.max(...events.map((row) => Number(row.seq)));

  database.exec('BEGIN');
  database.prepare(`DELETE FROM "segments"`).run();
  database.prepare(`DELETE FROM "initSegments"`).run();
  for (const { made, madeInit } of tracks) {
    insert('initSegments', madeInit);
    for (const row of made) insert('segments', row);
  }
  update('recordings', { ...recording, startedAt: earlier(recording.startedAt), epochs: { main: [{ epoch: 0, startMs: 0 }], screen: [{ epoch: 0, startMs: 0 }] } });
  update('lectures', { ...lecture, startedAt: earlier(lecture.startedAt) });
  for (let atMs = 60_000; said && atMs < hours * 3_600_000; atMs += messageEverySeconds * 1000) {
    seq += 1;
    insert('lectureEvents', { ...said, _id: `${lectureId}:${seq}`, seq, atMs, data: { message: { ...said.data.message, id: newId('msg'), atMs } } });
  }
  database.exec('COMMIT');
  database.close();
}
