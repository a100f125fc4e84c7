import { describe, expect, it } from 'vitest';
import { ParticipantId, PublicationId, UserId } from '#engine/contract';
import type { Participant, Publication } from '#engine/contract';
import { isEncoderOnStandby, isRecordingMedia, mainOnAir, othersOnAir } from './onAir.ts';
import type { RoomState } from './roomState.ts';

const participant = (last: number): Participant => ({
  id: ParticipantId.parse(`prt_${String(last).padStart(20, '0')}`),
  userId: UserId.parse(`usr_${String(last).padStart(20, '0')}`),
  displayName: `Person ${last}`,
  kind: 'presenter',
  role: 'owner',
  joinedAtMs: 0,
  isHandRaised: false,
  handRaisedAtMs: null,
  isChatMuted: false,
});

const [self, other, encoder] = [participant(1), participant(2), participant(3)];
let count = 0;
function publication({ id: participantId }: Participant, source: Publication['source'], isStandby = false): Publication {
  count += 1;
  return { id: PublicationId.parse(`pub_${String(count).padStart(20, '0')}`), participantId, source, kind: 'video', isPaused: false, isSimulcast: false, isStandby };
}
const room = (...publications: Publication[]) => ({ self, participants: [self, other], publications });

describe('on the air', () => {
  it('are the publications of others that are not on standby', () => {
    const [own, camera, program] = [publication(self, 'camera'), publication(other, 'camera'), publication(encoder, 'program', true)];
    expect(othersOnAir(room(own, camera, program))).toEqual([camera]);
  });

  it('is the encoder, another presenter or nobody, no matter who shares a screen', () => {
    expect(mainOnAir(room(publication(encoder, 'program'), publication(other, 'screen')))).toEqual({ kind: 'encoder' });
    expect(mainOnAir(room(publication(encoder, 'program', true), publication(other, 'camera')))).toEqual({ kind: 'presenter', presenter: other });
    expect(mainOnAir(room(publication(encoder, 'camera')))).toEqual({ kind: 'presenter', presenter: undefined });
    expect(mainOnAir(room(publication(self, 'camera'), publication(other, 'screen')))).toBeUndefined();
  });

  it('knows an encoder that is connected and on standby', () => {
    expect(isEncoderOnStandby(room(publication(encoder, 'program', true)))).toBe(true);
    expect(isEncoderOnStandby(room(publication(encoder, 'program')))).toBe(false);
  });

  it('is recorded while the recorder can write and the lecture is not interrupted', () => {
    const [own, waiting] = [publication(self, 'camera'), publication(encoder, 'program', true)];
    const isRecorded = (recording: RoomState['recording'], publications: Publication[], state: RoomState['lecture']['state'] = 'live') =>
      isRecordingMedia({ recording, publications, lecture: { state } as RoomState['lecture'] });
    expect((['recording', 'behind', 'failing', 'off', 'finished'] as const).map((recording) => isRecorded(recording, [own]))).toEqual([true, true, false, false, false]);
    expect([isRecorded('recording', []), isRecorded('recording', [waiting]), isRecorded('recording', [own], 'interrupted')]).toEqual([false, false, false]);
  });
});
