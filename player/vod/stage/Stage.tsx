import { Expand } from 'lucide-preact';
import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { CaptionsOverlay } from '../../captions/CaptionsOverlay.tsx';
import type { Captions } from '../../captions/Captions.ts';
import { Button, IconButton } from '../../design/index.ts';
import { text } from '../../text/index.ts';
import type { ViewedChapter } from '../chapters/chapterAt.ts';
import { useChapterTrack } from '../chapters/useChapterTrack.ts';
import type { ChosenTracks } from '../playback/chooseTracks.ts';
import type { ReplayPlayer } from '../playback/ReplayPlayer.ts';
import { MediaController, previewImages } from './chrome.ts';
import { ControlBar } from './ControlBar.tsx';
import { KeyboardHelp } from './KeyboardHelp.tsx';
import type { VideoSlot, Place, StagePreference } from './stageLayout.ts';
import { placesOf, rearranged, storedPreference, storePreference, swapped } from './stageLayout.ts';
import { StageOverlay } from './StageOverlay.tsx';
import { useKeyboard } from './useKeyboard.ts';
import './stage.css';

interface StageProps {
  tracks: ChosenTracks;
  posterUrl: string | null;
  /** Of the preview images on the seek bar. Default: it has none. */
  storyboardUrl?: string | null;
  /** Copies a link to the moment. Default: there is no such key. */
  onCopyLink?: () => void;
  chapters: readonly ViewedChapter[];
  player: ReplayPlayer | undefined;
  main: RefObject<HTMLVideoElement>;
  second: RefObject<HTMLVideoElement>;
  controller: RefObject<HTMLElement>;
  /** Undefined: the video has none, or the browser shows them itself. */
  captions?: Captions | undefined;
  isHelpOpen: boolean;
  onHelp: (isOpen: boolean) => void;
  /** Shown in the top corner. */
  top: ComponentChildren;
}

const flashMs = 700;

/** Without it, media-chrome hides an element together with the controls. */
const alwaysShown = { noautohide: '' };

/** One or two videos with the controls over them. The dialog is beside the controller, which would hide it together with the controls. */
export function Stage({ tracks, posterUrl, storyboardUrl, onCopyLink, chapters, player, main, second, controller, captions, isHelpOpen, onHelp, top }: StageProps) {
  const [preference, setPreference] = usePreference();
  const [flash, setFlash] = useFlash();
  const { places, hasTwo, isAudioOnly } = layoutOf(tracks, player, preference);
  const onSwap = () => setPreference(swapped(preference));
  const onArrange = () => setPreference(rearranged(preference));
  useChapterTrack(main, player, chapters);
  useKeyboard({ player, chapters, controller, main, onSwap, onArrange, onCopyLink, onHelp: () => onHelp(true), onCaptions: captions && (() => captions.toggle(text.locale)), onDone: setFlash });

  return (
    <>
      <MediaController controllerRef={controller} class={`replay-stage replay-stage--${hasTwo ? preference.arrangement : 'single'}`} nohotkeys="" lang={text.locale} aria-label={text.watch.stage}>
        <video slot="media" ref={main} class={`replay-stage__picture replay-stage__picture--${places.main}`} playsInline preload="auto">
          {storyboardUrl ? <track key={storyboardUrl} {...previewImages} src={storyboardUrl} /> : null}
        </video>
        {tracks.second ? (
          <video slot="media" ref={second} class={`replay-stage__picture replay-stage__picture--${places.second}`} muted playsInline disablePictureInPicture preload="auto" tabIndex={-1} />
        ) : null}
        <Poster url={posterUrl} player={player} />
        {captions ? <CaptionsOverlay captions={captions} player={player} /> : null}
        {hasTwo ? <SwapTargets tracks={tracks} places={places} onSwap={onSwap} onEnlarge={(large) => setPreference({ arrangement: 'inset', large })} /> : null}
        <div slot="top-chrome" class="replay-stage__top" {...alwaysShown}>
          {top}
          <SecondFailed player={player} />
        </div>
        <div slot="centered-chrome" class="replay-stage__middle" {...alwaysShown}>
          {isAudioOnly ? <span class="replay-stage__note">{text.watch.audioOnly}</span> : null}
          <StageOverlay player={player} flash={flash} />
        </div>
        <ControlBar player={player} captions={captions} chapters={chapters} isSideBySide={preference.arrangement === 'side'} onArrange={hasTwo ? onArrange : undefined} />
      </MediaController>
      {isHelpOpen ? <KeyboardHelp onClose={() => onHelp(false)} /> : null}
    </>
  );
}

function layoutOf(tracks: ChosenTracks, player: ReplayPlayer | undefined, preference: StagePreference) {
  const problem = player?.secondProblem.value;
  const hasFailed = problem !== undefined && problem !== 'network';
  const isSecondShown = tracks.second !== undefined && !hasFailed && (player?.isSecondPresent.value ?? true);
  const hasVideo = tracks.main.hasVideo && !hasNothingToShow(player);
  return {
    places: placesOf(preference, { main: hasVideo, second: isSecondShown }),
    hasTwo: hasVideo && isSecondShown,
    isAudioOnly: !tracks.main.hasVideo && !isSecondShown,
  };
}

/** It failed before any video was loaded. */
function hasNothingToShow(player: ReplayPlayer | undefined): boolean {
  return player?.problem.value !== undefined && player.durationSeconds.value === 0;
}

function Poster({ url, player }: { url: string | null; player: ReplayPlayer | undefined }) {
  if (!url || player?.hasStarted.value) return null;
  return <img slot="poster" class="replay-stage__poster" src={url} alt="" />;
}

interface SwapTargetsProps {
  tracks: ChosenTracks;
  places: Record<VideoSlot, Place>;
  onSwap: () => void;
  onEnlarge: (large: VideoSlot) => void;
}

/** The buttons that swap or enlarge a video. */
function SwapTargets({ tracks, places, onSwap, onEnlarge }: SwapTargetsProps) {
  const names: Record<VideoSlot, string> = {
    main: text.watch.sources[tracks.main.source],
    second: text.watch.sources[tracks.second?.source ?? 'screen'],
  };
  if (places.main === 'inset' || places.second === 'inset') {
    const label = text.watch.enlarge(names[places.main === 'inset' ? 'main' : 'second']);
    return <button type="button" class="replay-stage__inset-target" aria-label={label} title={label} {...alwaysShown} onClick={onSwap} />;
  }
  return (
    <>
      {(['main', 'second'] as const).map((slot) => (
        <div key={slot} class={`replay-stage__enlarge replay-stage__enlarge--${places[slot]}`}>
          <IconButton label={text.watch.enlarge(names[slot])} onClick={() => onEnlarge(slot)}>
            <Expand aria-hidden="true" size={20} />
          </IconButton>
        </div>
      ))}
    </>
  );
}

function SecondFailed({ player }: { player: ReplayPlayer | undefined }) {
  if (!player?.secondProblem.value || player.problem.value) return null;
  return (
    <div class="replay-stage__chip" role="status">
      <span>{text.watch.secondFailed}</span>
      <Button variant="quiet" onClick={() => player.retry()}>
        {text.actions.tryAgain}
      </Button>
    </div>
  );
}

function usePreference(): [StagePreference, (next: StagePreference) => void] {
  const [preference, setPreference] = useState(storedPreference);
  return [
    preference,
    (next) => {
      storePreference(next);
      setPreference(next);
    },
  ];
}

function useFlash(): [string | undefined, (what: string) => void] {
  const [flash, setFlash] = useState<{ what: string }>();
  useEffect(() => {
    if (!flash) return;
    const timer = setTimeout(() => setFlash(undefined), flashMs);
    return () => clearTimeout(timer);
  }, [flash]);
  return [flash?.what, (what) => setFlash({ what })];
}
