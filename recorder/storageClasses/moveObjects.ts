// The objects of one video, and their class in the store.
import type { StorageClass } from '../contract/index.ts';
import { recordingPrefix } from '../journal/keys.ts';
import type { VideoRow } from '../library/VideoRow.ts';
import { parallelMoves } from '../limits.ts';
import type { ListedObject, ObjectStore } from '../storage/index.ts';
import { mayMove } from './classRules.ts';

/** The folders of the object store that belong to a video. */
export function prefixesOf({ _id, recordingId }: Pick<VideoRow, '_id' | 'recordingId'>): string[] {
  return [...(recordingId === null ? [] : [recordingPrefix(recordingId)]), `videos/${_id}/`];
}

/** Pages of the objects of a video that are not in this class and may be. */
export async function* objectsOutside(video: Pick<VideoRow, '_id' | 'recordingId'>, { store, storageClass }: { store: ObjectStore; storageClass: StorageClass }): AsyncGenerator<ListedObject[]> {
  for (const prefix of prefixesOf(video)) {
    for (let after: string | undefined; ; ) {
      const page = await store.list(prefix, { after });
      yield page.objects.filter((object) => object.storageClass !== storageClass && mayMove(object.key));
      if (page.next === null) break;
      after = page.next;
    }
  }
}

/** Does something to each object, several at a time. Stops at the first failure. */
export async function forEachObject(objects: readonly ListedObject[], act: (object: ListedObject) => Promise<void>): Promise<void> {
  let next = 0;
  let isFailed = false;
  const worker = async () => {
    for (let object = objects[next++]; object && !isFailed; object = objects[next++]) {
      try {
        await act(object);
      } catch (err) {
        isFailed = true;
        throw err;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: parallelMoves }, worker));
  for (const outcome of ended) if (outcome.status === 'rejected') throw outcome.reason;
}
