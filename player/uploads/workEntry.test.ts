import { expect, it } from 'vitest';
import { afterLook, isOngoing } from './workEntry.ts';
import type { WorkEntry, WorkLook } from './workEntry.ts';

const entry: WorkEntry = { videoId: 'vid_1', courseId: 'crs_1', title: 'Waves', uploadId: 'upl_1', phase: { kind: 'checking', note: null }, isAnnounced: false };
const video = (state: string, work: { stage: string; share: number } | null = null, failure: { code: string; message: string } | null = null): WorkLook => ({
  upload: undefined,
  video: { title: 'Waves', state, work, failure },
});

it('tells once that a video can be watched, and goes on until everything is made', () => {
  const probing = afterLook(entry, video('processing', { stage: 'probing', share: 0.5 }));
  expect(probing).toMatchObject({ news: undefined, entry: { phase: { kind: 'working', isPlayable: false }, uploadId: null } });
  const playable = afterLook(probing?.entry ?? entry, video('ready', { stage: 'encoding', share: 0.1 }));
  expect(playable?.news).toEqual({ kind: 'playable' });
  const done = afterLook(playable?.entry ?? entry, video('ready'));
  expect(done).toMatchObject({ news: undefined, entry: { phase: { kind: 'ready' } } });
  expect(done && isOngoing(done.entry)).toBe(false);
});

it('says why the file was refused, and what delays its check', () => {
  const problem = { code: 'upload.notScanned', message: 'The scanner is away.' };
  expect(afterLook(entry, { upload: { state: 'checking', problem }, video: undefined })).toMatchObject({ news: undefined, entry: { phase: { kind: 'checking', note: 'The scanner is away.' } } });
  const refused = afterLook(entry, { upload: { state: 'refused', problem: { code: 'upload.infected', message: 'Eicar' } }, video: undefined });
  expect(refused).toMatchObject({ news: { kind: 'failed' }, entry: { phase: { kind: 'failed', code: 'upload.infected' } } });
  expect(refused && afterLook(refused.entry, { upload: { state: 'refused', problem }, video: undefined })?.news).toBeUndefined();
});

it('waits for the new file of a video that can be watched as it was', () => {
  const replaced = { ...entry, isAnnounced: false };
  const look: WorkLook = { ...video('ready'), upload: { state: 'checking', problem: null } };
  expect(afterLook(replaced, look)).toMatchObject({ news: undefined, entry: { phase: { kind: 'checking' } } });
});

it('keeps an upload that has just arrived, and forgets a video that was deleted', () => {
  const nothing: WorkLook = { upload: undefined, video: undefined };
  expect(afterLook(entry, nothing)?.entry.phase.kind).toBe('checking');
  expect(afterLook({ ...entry, uploadId: null, phase: { kind: 'working', stage: 'encoding', share: 0.4, isPlayable: true } }, nothing)).toBeUndefined();
});

it('tells why a video has failed', () => {
  expect(afterLook(entry, video('failed', null, { code: 'video.noStreams', message: 'No video.' }))).toMatchObject({ news: { kind: 'failed' }, entry: { phase: { message: 'No video.' } } });
});
