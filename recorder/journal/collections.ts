// The collections of the journal, for all who read and write them.
import type { CollectionDefinition } from '#engine/kernel';
import type { InitSegmentRow, RecordingRow, SegmentRow } from './rows.ts';

export const recordingsDefinition = {
  name: 'recordings',
  indexes: [{ keys: { lectureId: 1 }, unique: true }, { keys: { state: 1, isStored: 1 } }, { keys: { isShown: 1 } }, { keys: { startedAt: 1, _id: 1 } }, { keys: { isFolded: 1, startedAt: 1 } }],
} satisfies CollectionDefinition<RecordingRow>;

export const initsDefinition = {
  name: 'initSegments',
  indexes: [{ keys: { recordingId: 1, track: 1, epoch: 1 }, unique: true }, { keys: { nodeId: 1, state: 1, writtenAt: 1 } }, { keys: { recordingId: 1, entry: -1 } }, { keys: { key: 1 } }],
} satisfies CollectionDefinition<InitSegmentRow>;

export const segmentsDefinition = {
  name: 'segments',
  indexes: [
    { keys: { recordingId: 1, track: 1, sequence: 1 }, unique: true },
    { keys: { nodeId: 1, state: 1, writtenAt: 1 } },
    { keys: { recordingId: 1, state: 1 } },
    { keys: { recordingId: 1, entry: -1 } },
    { keys: { key: 1 } },
  ],
} satisfies CollectionDefinition<SegmentRow>;

/** The recording, if it is finished and no other owner has continued it. */
export function asFinished({ _id, fence }: RecordingRow) {
  return { _id, state: 'finished', ...(fence === undefined ? { fence: { $exists: false } } : { fence }) } as const;
}
