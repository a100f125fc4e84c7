import { AudioLines, MicOff } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { Participant } from '#engine/contract';
import { PersonAvatar } from '../people/LecturePictures.tsx';
import { text } from '../text/index.ts';
import { useAudioLevel } from './useAudioLevel.ts';
import type { LevelSource } from './useAudioLevel.ts';

/** The presenter while the camera is off: the person, and by the ring around the picture, what is heard. */
export function PresenterCover({ presenter, isMuted, audio }: { presenter: Participant | undefined; isMuted: boolean; audio: LevelSource | undefined }) {
  const ring = useRef<HTMLSpanElement>(null);
  useAudioLevel(isMuted ? undefined : audio, ring);
  return (
    <Cover
      figure={
        <span ref={ring} class={`cover__ring ${isMuted ? 'cover__ring--muted' : ''}`}>
          {presenter ? <PersonAvatar userId={presenter.userId} name={presenter.displayName} isLarge /> : <AudioLines aria-hidden="true" />}
        </span>
      }
      title={presenter ? <bdi>{presenter.displayName}</bdi> : undefined}
    >
      {isMuted ? <MicOff aria-hidden="true" size={18} /> : null}
      <span>{isMuted ? text.room.cameraOffMuted : text.room.audioOnly}</span>
    </Cover>
  );
}

/** An encoder that sends audio alone. */
export function AudioCover({ audio }: { audio: LevelSource | undefined }) {
  const ring = useRef<HTMLSpanElement>(null);
  useAudioLevel(audio, ring);
  return (
    <Cover
      figure={
        <span ref={ring} class="cover__ring">
          <AudioLines aria-hidden="true" />
        </span>
      }
    >
      <span>{text.room.audioOnly}</span>
    </Cover>
  );
}

/** A figure, a title and a sentence in the middle of the stage. */
export function Cover({ figure, title, children, action }: { figure?: ComponentChildren; title?: ComponentChildren; children: ComponentChildren; action?: ComponentChildren }) {
  return (
    <span class="cover">
      {figure}
      {title ? <strong class="cover__title">{title}</strong> : null}
      <span class="cover__words">{children}</span>
      {action}
    </span>
  );
}
