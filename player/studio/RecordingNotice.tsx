import type { RecordingNote } from '#engine/contract';
import { Notice } from '../design/index.ts';
import { formatBytes, formatMoment } from '../text/format.ts';
import { text } from '../text/index.ts';

const texts = text.studio.recordingTrouble;

/** What is wrong with the recording, and what to do: the worst of it first. */
export function RecordingNotice({ note }: { note: RecordingNote | null }) {
  if (!note) return null;
  const { disk, diskMinutesLeft, upload } = note;
  return (
    <div class="studio__notices">
      {disk ? <Notice tone="danger">{texts.disk[disk]}</Notice> : null}
      {!disk && diskMinutesLeft !== null ? <Notice tone="warning">{texts.diskSoonFull(diskMinutesLeft)}</Notice> : null}
      {upload ? (
        <Notice tone="warning">
          <div>{texts.upload(formatMoment(upload.waitingSince), formatBytes(upload.waitingBytes))}</div>
          <div>{texts.store[upload.trouble ?? 'slow']}</div>
        </Notice>
      ) : null}
    </div>
  );
}
