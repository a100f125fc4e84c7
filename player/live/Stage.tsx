import 'media-chrome/lang/es';
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
import { othersOnAir } from './onAir.ts';
import { QualityMenu } from './QualityMenu.tsx';
import type { RoomConnection } from './RoomConnection.ts';
import type { RoomState } from './roomState.ts';
import './stage.css';
import { StageNote } from './StageNote.tsx';
import { isVideoOff, planStage } from './stagePlan.ts';
import { useAudioIn, useVideoIn, useVideoOff } from './useTrackIn.ts';
import { useAudioPlayback } from './useAudioPlayback.ts';

interface StageProps {
  connection: RoomConnection;
  room: RoomState;
  /** Badges in the corner of the video. */
  badges?: ComponentChildren;
  /** For an instructor: the audio would feed back into the microphone. */
  isMutedAtFirst?: boolean;
  /** Texts for the presenter: while nothing is published, and after the broadcast was interrupted. */
  presenterTexts?: { empty: string; interrupted: string };
}

/** Without it, media-chrome hides an element together with the controls. */
const alwaysShown = { noautohide: '' };

/** The videos of the room, one large and one small, with audio and controls. */
export function Stage({ connection, room, badges, isMutedAtFirst, presenterTexts }: StageProps) {
  const isSwapped = useSignal(false);
  const isInsetHidden = useSignal(false);
  const video = useRef<HTMLVideoElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const { main, inset, audioTracks } = planStage(connection.receiver.tracks.value.values(), isSwapped.value);
  const [mainAudio, ...extraAudioTracks] = audioTracks;
  const hasFrames = useVideoIn({ video, still }, main?.track);
  const isOff = isVideoOff(othersOnAir(room));
  useVideoOff({ video, still }, { isOff, track: main?.track });
  useAudioIn(video, mainAudio?.track);
  const audioPlayback = useAudioPlayback(video, [main?.track, mainAudio?.track]);
  const swap = () => (isSwapped.value = !isSwapped.value);

  return (
    <div class="stage" id="stage">
      <media-controller class="stage__player" lang={text.locale} gesturesdisabled hotkeys="nospace nok noarrowleft noarrowright noc" fullscreenelement="stage" autohide="3">
        <video ref={video} slot="media" class="stage__video" autoplay playsInline muted={isMutedAtFirst} />
        <canvas ref={still} class={stillClass(hasFrames, isOff)} {...alwaysShown} aria-hidden="true" />
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
      {extraAudioTracks.map(({ track, publication }) => (
        <ExtraAudio key={publication.id} track={track} leader={video} />
      ))}
      <div class="stage__badges">{badges}</div>
      <StageNote connection={connection} room={room} hasVideo={main !== undefined} presenterTexts={presenterTexts} />
      {audioPlayback.isBlocked && mainAudio ? (
        <button type="button" class="stage__sound" onClick={audioPlayback.unlock}>
          <span class="button button--primary button--large">
            <Volume2 aria-hidden="true" />
            {text.room.turnOnSound}
          </span>
        </button>
      ) : null}
    </div>
  );
}

function stillClass(hasFrames: boolean, isOff: boolean): string {
  return `stage__still ${hasFrames ? 'stage__still--gone' : ''} ${isOff ? 'stage__still--black' : ''}`;
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

/** A second audio track, at the volume of the first. */
function ExtraAudio({ track, leader }: { track: MediaStreamTrack; leader: { current: HTMLVideoElement | null } }) {
  const audio = useRef<HTMLAudioElement>(null);
  useAudioIn(audio, track);
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
