import 'media-chrome/media-control-bar';
import 'media-chrome/media-controller';
import 'media-chrome/media-fullscreen-button';
import 'media-chrome/media-mute-button';
import 'media-chrome/media-pip-button';
import 'media-chrome/media-volume-range';
import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { ArrowLeftRight, PictureInPicture, Volume2 } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { IconButton } from '../design/index.ts';
import { text } from '../text/index.ts';
import { Inset } from './Inset.tsx';
import { QualityMenu } from './QualityMenu.tsx';
import type { RoomConnection } from './RoomConnection.ts';
import type { RoomState } from './roomState.ts';
import './stage.css';
import { StageNote } from './StageNote.tsx';
import { planStage } from './stagePlan.ts';
import { usePictureIn, useSoundIn } from './useTrackIn.ts';
import { useSound } from './useSound.ts';

interface StageProps {
  connection: RoomConnection;
  room: RoomState;
  /** Small facts in the corner of the picture. */
  badges?: ComponentChildren;
  /** For an instructor, whose own sound would come back into the microphone. */
  isSilentAtFirst?: boolean;
  /** What to say to whoever sends: while nothing is sent at all, and after it broke off. */
  senderWords?: { empty: string; interrupted: string };
}

/** The picture of the room: one large, one small, the sound, and the controls over them. */
export function Stage({ connection, room, badges, isSilentAtFirst, senderWords }: StageProps) {
  const isSwapped = useSignal(false);
  const isInsetHidden = useSignal(false);
  const video = useRef<HTMLVideoElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const { main, inset, sounds } = planStage(connection.receiver.tracks.value.values(), isSwapped.value);
  const [firstSound, ...otherSounds] = sounds;
  const isMoving = usePictureIn({ video, still }, main?.track);
  useSoundIn(video, firstSound?.track);
  const sound = useSound(video, [main?.track, firstSound?.track]);
  const swap = () => (isSwapped.value = !isSwapped.value);

  return (
    <div class="stage" id="stage">
      <media-controller class="stage__player" gesturesdisabled hotkeys="nospace nok noarrowleft noarrowright noc" fullscreenelement="stage" autohide="3">
        <video ref={video} slot="media" class="stage__video" autoplay playsInline muted={isSilentAtFirst} />
        <canvas ref={still} class={stillClass(isMoving, { main, sounds })} aria-hidden="true" />
        <media-control-bar class="stage__bar">
          <media-mute-button />
          <media-volume-range />
          <span class="grow" />
          {inset ? <InsetControls isInsetHidden={isInsetHidden} onSwap={swap} /> : null}
          <QualityMenu receiver={connection.receiver} received={main} />
          <media-pip-button />
          <media-fullscreen-button />
        </media-control-bar>
      </media-controller>
      {inset && !isInsetHidden.value ? <Inset received={inset} onSwap={swap} /> : null}
      {otherSounds.map(({ track, publication }) => (
        <FurtherSound key={publication.id} track={track} leader={video} />
      ))}
      <div class="stage__badges">{badges}</div>
      <StageNote connection={connection} room={room} hasPicture={main !== undefined} hasSound={firstSound !== undefined} senderWords={senderWords} />
      {sound.isBlocked && firstSound ? (
        <button type="button" class="stage__sound" onClick={sound.unlock}>
          <span class="button button--primary button--large">
            <Volume2 aria-hidden="true" />
            {text.room.tapForSound}
          </span>
        </button>
      ) : null}
    </div>
  );
}

/** Sound without a picture is a camera switched off: what it last saw is nobody's business. */
function stillClass(isMoving: boolean, { main, sounds }: { main: unknown; sounds: readonly unknown[] }): string {
  const wasSwitchedOff = main === undefined && sounds.length > 0;
  return isMoving || wasSwitchedOff ? 'stage__still stage__still--gone' : 'stage__still';
}

function InsetControls({ isInsetHidden, onSwap }: { isInsetHidden: Signal<boolean>; onSwap: () => void }) {
  return (
    <>
      <IconButton class="stage__button" label={text.room.swap} onClick={onSwap}>
        <ArrowLeftRight aria-hidden="true" />
      </IconButton>
      <IconButton
        class="stage__button"
        label={isInsetHidden.value ? text.room.showInset : text.room.hideInset}
        onClick={() => (isInsetHidden.value = !isInsetHidden.value)}
      >
        <PictureInPicture aria-hidden="true" />
      </IconButton>
    </>
  );
}

/** A second sound, as loud as the first. */
function FurtherSound({ track, leader }: { track: MediaStreamTrack; leader: { current: HTMLVideoElement | null } }) {
  const audio = useRef<HTMLAudioElement>(null);
  useSoundIn(audio, track);
  useEffect(() => {
    const main = leader.current;
    if (!main) return;
    const follow = () => {
      if (!audio.current) return;
      audio.current.muted = main.muted;
      audio.current.volume = main.volume;
    };
    follow();
    main.addEventListener('volumechange', follow);
    return () => main.removeEventListener('volumechange', follow);
  }, []);
  return <audio ref={audio} autoplay />;
}
