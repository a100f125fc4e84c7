import { text } from '../text/index.ts';
import type { Uploads } from './uploads.ts';
import { isOngoing } from './workEntry.ts';
import { UploadRow } from './UploadRow.tsx';
import { WorkRow } from './WorkRow.tsx';

/** The files that are uploaded, then the videos that are made of them. */
export function UploadLists({ uploads, canRename }: { uploads: Uploads; canRename: boolean }) {
  const { queue, watch } = uploads;
  const works = [...watch.entries.value].reverse().sort((a, b) => Number(isOngoing(b)) - Number(isOngoing(a)));
  return (
    <ul class="uploads" aria-label={text.uploads.list}>
      {queue.items.value.map((item) => (
        <UploadRow key={item.key} item={item} queue={queue} canRename={canRename} />
      ))}
      {works.map((entry) => (
        <WorkRow key={entry.videoId} entry={entry} watch={watch} />
      ))}
    </ul>
  );
}
