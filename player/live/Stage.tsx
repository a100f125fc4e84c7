import 'media-chrome/lang/es';
import 'media-chrome/media-control-bar';
import 'media-chrome/media-controller';
import 'media-chrome/media-fullscreen-button';
import 'media-chrome/media-mute-button';
import 'media-chrome/media-pip-button';
import 'media-chrome/media-volume-range';
import { ArrowLeftRight, Columns2, PictureInPicture, Volume2 } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { courseHue } from '../courses/courseHue.ts';
import { IconButton } from '../design/index.ts';
import { text } from '../text/index.ts';
import { rearranged, swapped } from '../vod/stage/stageLayout.ts';
import type { Arrangement } from '../vod/stage/stageLayout.ts';
import { Inset, styleOf } from './Inset.tsx';
import { layoutStage } from './layoutStage.ts';
import type { Size } from './layoutStage.ts';
import { othersOnAir } from './onAir.ts';
import { QualityMenu } from './QualityMenu.tsx';
import type { RoomConnection } from './RoomConnection.ts';
import type { RoomState } from './roomState.ts';
import { presenterOf, SpeakerBadge } from './SpeakerBadge.tsx';
import './stage.css';
import { StageNote } from './StageNote.tsx';
import { planVideos, stagePlan } from './stagePlan.ts';
import type { StagePlan } from './stagePlan.ts';
import type { ReceivedTrack } from './TrackReceiver.ts';
import { useAudioPlayback } from './useAudioPlayback.ts';
import { useElementSize, useVideoShape } from './useSize.ts';
import { useStagePreference } from './useStagePreference.ts';
import { useAudioIn, useVideoIn } from './useTrackIn.ts';
import type { ShownVideo } from './useTrackIn.ts';

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
/** Before the first frame tells it. */
const widescreen: Size = { width: 16, height: 9 };

/** The videos of the room with audio and controls; a designed state for everything that can be missing. */
export function Stage({ connection, room, badges, isMutedAtFirst, presenterTexts }: StageProps) {
  const [stage, video, still] = [useRef<HTMLDivElement>(null), useRef<HTMLVideoElement>(null), useRef<HTMLCanvasElement>(null)];
  const [preference, setPreference] = useStagePreference();
  const [isSecondHidden, setSecondHidden] = useState(false);
  const { main, second, audioTracks } = planVideos(connection.receiver.tracks.value.values(), preference);
  const [mainAudio, ...extraAudioTracks] = audioTracks;
  const plan = planOf(connection, room, main !== undefined);
  const shown = useVideoIn({ video, still }, main?.track, plan.lastFrame === 'hidden');
  useAudioIn(video, mainAudio?.track);
  const audioPlayback = useAudioPlayback(video, [main?.track, mainAudio?.track]);
  const { shownSecond, boxes, setSecondShape } = useSecond({ stage, video, second: isSecondHidden ? undefined : second, arrangement: preference.arrangement });
  const swap = () => setPreference(swapped(preference));

  return (
    <div ref={stage} class="stage" id="stage" style={{ '--course-hue': String(courseHue(room.lecture.courseId)) }}>
      <media-controller class="stage__player" lang={text.locale} gesturesdisabled hotkeys="nospace nok noarrowleft noarrowright noc" fullscreenelement="stage" autohide="3">
        <video ref={video} slot="media" class={videoClass(plan)} style={styleOf(shownSecond && boxes?.main)} autoplay playsInline muted={isMutedAtFirst} />
        <canvas ref={still} class={stillClass(shown, plan)} {...alwaysShown} aria-hidden="true" />
        <media-control-bar class="stage__bar">
          <media-mute-button />
          <media-volume-range />
          <span class="grow" />
          <TwoVideoControls hasTwo={second !== undefined} isHidden={isSecondHidden} isSideBySide={preference.arrangement === 'side'} onHide={() => setSecondHidden(!isSecondHidden)} onArrange={() => setPreference(rearranged(preference))} onSwap={swap} />
          <QualityMenu receiver={connection.receiver} received={main} />
          <media-pip-button />
          <media-fullscreen-button />
        </media-control-bar>
      </media-controller>
      {shownSecond ? <Inset received={shownSecond} box={boxes?.second} onShape={setSecondShape} onSwap={swap} /> : null}
      {extraAudioTracks.map(({ track, publication }) => (
        <ExtraAudio key={publication.id} track={track} leader={video} />
      ))}
      <div class="stage__badges">
        {badges}
        <Presenter room={room} audio={mainAudio} />
      </div>
      <StageNote connection={connection} room={room} state={plan.state} audio={mainAudio} presenterTexts={presenterTexts} />
      <SoundButton isShown={audioPlayback.isBlocked && mainAudio !== undefined} onUnlock={audioPlayback.unlock} />
    </div>
  );
}

function planOf(connection: RoomConnection, room: RoomState, hasVideo: boolean): StagePlan {
  const { receiver, reachability, hasWebRtc } = connection;
  const phase = connection.phase.value;
  return stagePlan({
    lectureState: room.lecture.state,
    hasBroadcast: room.hasBroadcast,
    publications: othersOnAir(room),
    hasVideo,
    lost: phase.name === 'reconnecting' ? { isServerRestarting: phase.isServerRestarting } : undefined,
    hasWebRtc: hasWebRtc.value,
    isFull: receiver.isFull.value,
    isBlocked: reachability.recv.isBlocked.value,
    unsupported: receiver.unsupported.value,
  });
}

interface BoxesOptions {
  stage: { current: HTMLDivElement | null };
  video: { current: HTMLVideoElement | null };
  /** The second video, unless it is hidden. */
  second: ReceivedTrack | undefined;
  arrangement: Arrangement;
}

/** The second video and the places of both, which follow the size of the stage and the shapes of the videos. */
function useSecond({ stage, video, second, arrangement }: BoxesOptions) {
  const size = useElementSize(stage);
  const main = useVideoShape(video);
  const [secondShape, setSecondShape] = useState(widescreen);
  const boxes = size && layoutStage({ stage: size, main, second: second && secondShape, arrangement });
  return { shownSecond: second, boxes, setSecondShape };
}

function Presenter({ room, audio }: { room: RoomState; audio: ReceivedTrack | undefined }) {
  const others = othersOnAir(room);
  const presenter = presenterOf(room, others);
  return presenter ? <SpeakerBadge name={presenter.displayName} publications={others} audio={audio} /> : null;
}

function videoClass({ lastFrame }: StagePlan): string {
  return `stage__video ${lastFrame === 'dimmed' ? 'stage__video--dimmed' : ''}`;
}

function stillClass(shown: ShownVideo, { lastFrame }: StagePlan): string {
  const gone = shown === 'frames' ? 'stage__still--gone' : '';
  const empty = shown === 'nothing' ? 'stage__still--empty' : '';
  return `stage__still ${gone} ${empty} ${lastFrame === 'dimmed' ? 'stage__still--dimmed' : ''}`;
}

interface TwoVideoControlsProps {
  hasTwo: boolean;
  isHidden: boolean;
  isSideBySide: boolean;
  onHide: () => void;
  onArrange: () => void;
  onSwap: () => void;
}

function TwoVideoControls({ hasTwo, isHidden, isSideBySide, onHide, onArrange, onSwap }: TwoVideoControlsProps) {
  if (!hasTwo) return null;
  return (
    <>
      <IconButton class="stage__button" label={text.room.swap} onClick={onSwap}>
        <ArrowLeftRight aria-hidden="true" />
      </IconButton>
      <IconButton class="stage__button" label={text.watch.sideBySide} isPressed={isSideBySide} onClick={onArrange}>
        <Columns2 aria-hidden="true" />
      </IconButton>
      <IconButton class="stage__button" label={isHidden ? text.room.showInset : text.room.hideInset} onClick={onHide}>
        <PictureInPicture aria-hidden="true" />
      </IconButton>
    </>
  );
}

/** The browser plays no audio before a tap. */
function SoundButton({ isShown, onUnlock }: { isShown: boolean; onUnlock: () => void }) {
  if (!isShown) return null;
  return (
    <button type="button" class="stage__sound" onClick={onUnlock}>
      <span class="button button--primary button--large">
        <Volume2 aria-hidden="true" />
        {text.room.turnOnSound}
      </span>
    </button>
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
