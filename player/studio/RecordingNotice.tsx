import type { RecordingNote } from '#engine/contract';
import { Notice } from '../design/index.ts';
import { formatBytes, formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';

/** Problems of the recording and what to do about them, most serious first. */
export function RecordingNotice({ note }: { note: RecordingNote | null }) {
  if (!note) return null;
  const { disk, diskMinutesLeft, upload, unreadable } = note;
  return (
    <div class="studio__notices">
      {disk ? <Notice tone="danger">{text.studio.recordingTrouble.disk[disk]}</Notice> : null}
      {unreadable.map((kind) => (
        <Notice key={kind} tone="danger">{text.studio.recordingTrouble.unreadable[kind]}</Notice>
      ))}
      {!disk && diskMinutesLeft !== null ? <Notice tone="warning">{text.studio.recordingTrouble.diskSoonFull(diskMinutesLeft)}</Notice> : null}
      {upload ? (
        <Notice tone="warning">
          <div>{text.studio.recordingTrouble.upload(formatDateTime(upload.waitingSince), formatBytes(upload.waitingBytes))}</div>
          <div>{text.studio.recordingTrouble.store[upload.trouble ?? 'slow']}</div>
        </Notice>
      ) : null}
    </div>
  );
}
