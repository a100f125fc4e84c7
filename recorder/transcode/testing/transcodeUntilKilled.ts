// A process that transcodes until a test kills it: node transcodeUntilKilled.ts <folder> <ffmpeg>
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { InProcessBus, JobQueue, JobWorker, openSqliteDatabase, systemClock } from '#engine/kernel';
import { silentLogger as logger } from '#engine/testing';
import { VideoStore } from '../../library/VideoStore.ts';
import { openFolderObjectStore } from '../../storage/FolderObjectStore.ts';
import { openTranscoding } from '../openTranscoding.ts';
import { noBrake } from '../tools/Brake.ts';

const [folder = '', ffmpegPath = ''] = process.argv.slice(2);
const database = await openSqliteDatabase({ path: path.join(folder, 'lectern.db') });
const store = await openFolderObjectStore(path.join(folder, 'objects'));
const bus = new InProcessBus({ clock: systemClock, logger });
const jobs = new JobQueue({ database, bus, clock: systemClock });
const worker = new JobWorker({ queue: jobs, bus, clock: systemClock, logger, maxJobs: 1 });
const workFolder = path.join(folder, 'work');
await mkdir(workFolder, { recursive: true });
const config = { LECTERN_TRANSCODES: 1, LECTERN_TRANSCODE_THREADS: 1, LECTERN_TRANSCODE_YIELDS: false, LECTERN_LANGUAGE: 'en' };
const recordings = { segments: async () => [], locate: async () => undefined };
const { handlers } = await openTranscoding({ config, ffmpegPath, database, videos: new VideoStore(database), recordings, store, jobs, workFolder, environment: process.env, isLectureLive: async () => false, clock: systemClock, logger, brake: noBrake });
worker.handle(handlers[0]);
worker.handle(handlers[1]);
await worker.start();
process.stdout.write('working\n');
