import { Mic, MicOff } from 'lucide-preact';
import { useRef } from 'preact/hooks';
import type { Participant, Publication } from '#engine/contract';
import { text } from '../text/index.ts';
import type { RoomState } from './roomState.ts';
import { isMuted } from './stagePlan.ts';
import { useAudioLevel } from './useAudioLevel.ts';
import type { LevelSource } from './useAudioLevel.ts';

/** The presenter who is seen or heard; undefined for an encoder. */
export function presenterOf(room: Pick<RoomState, 'participants'>, publications: readonly Publication[]): Participant | undefined {
  const senders = new Set(publications.map(({ participantId }) => participantId));
  return room.participants.find(({ id }) => senders.has(id));
}

/** Who presents, and whether they speak or are muted. */
export function SpeakerBadge({ name, publications, audio }: { name: string; publications: readonly Publication[]; audio: LevelSource | undefined }) {
  const meter = useRef<HTMLSpanElement>(null);
  const isSpeaking = useAudioLevel(audio, meter);
  const isSilent = isMuted(publications);
  const state = isSilent ? text.room.isMuted : isSpeaking ? text.room.isSpeaking : '';
  return (
    <span class={`badge badge--stage speaker ${isSpeaking && !isSilent ? 'speaker--speaking' : ''}`} title={state || name}>
      <span ref={meter} class="speaker__mic">
        {isSilent ? <MicOff aria-hidden="true" /> : <Mic aria-hidden="true" />}
      </span>
      <bdi class="speaker__name">{name}</bdi>
      {isSilent ? <span class="unseen">{text.room.isMuted}</span> : null}
    </span>
  );
}
