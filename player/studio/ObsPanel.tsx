import { may } from '#engine/contract';
import type { CourseRole } from '#engine/contract';
import { StreamKeyFields } from '../courses/StreamKeyFields.tsx';
import { Notice } from '../design/index.ts';
import { isEncoderOnStandby, mainOnAir } from '../live/onAir.ts';
import type { RoomState } from '../live/roomState.ts';
import { text } from '../text/index.ts';
import { IngestHealthView } from './IngestHealthView.tsx';

interface ObsPanelProps {
  courseId: string;
  role: CourseRole;
  room: RoomState | undefined;
}

/** For streaming from OBS: the state of the stream, and the stream key, which is folded away while OBS is connected. */
export function ObsPanel({ courseId, role, room }: ObsPanelProps) {
  const isConnected = room?.ingestHealth?.state === 'running';
  return (
    <div class="studio__obs">
      {room ? (
        <div class="stack-tight">
          {isEncoderOnStandby(room) ? <Notice tone="warning">{mainOnAir(room) ? text.studio.encoderBehindOther : text.studio.encoderStandby}</Notice> : null}
          <IngestHealthView health={room.ingestHealth} />
        </div>
      ) : (
        <Notice>{text.studio.obs.startFirst}</Notice>
      )}
      {may(role, 'streamKey.manage') ? (
        <details class="section" open={!isConnected}>
          <summary>{text.studio.obs.keyTitle}</summary>
          <p>{text.studio.obs.intro}</p>
          <StreamKeyFields courseId={courseId} />
        </details>
      ) : null}
    </div>
  );
}
