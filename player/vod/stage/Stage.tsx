import { Expand } from 'lucide-preact';
import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button, IconButton } from '../../design/index.ts';
import { text } from '../../text/index.ts';
import type { ChosenTracks } from '../playback/chooseTracks.ts';
import type { ReplayPlayer } from '../playback/ReplayPlayer.ts';
import { MediaController } from './chrome.ts';
import { ControlBar } from './ControlBar.tsx';
import { KeyboardHelp } from './KeyboardHelp.tsx';
import type { Picture, Place, StagePreference } from './stageLayout.ts';
import { placesOf, rearranged, rememberedPreference, rememberPreference, swapped } from './stageLayout.ts';
import { StageOverlay } from './StageOverlay.tsx';
import { useKeyboard } from './useKeyboard.ts';
import './stage.css';

interface StageProps {
  tracks: ChosenTracks;
  posterUrl: string | null;
  player: ReplayPlayer | undefined;
  main: RefObject<HTMLVideoElement>;
  second: RefObject<HTMLVideoElement>;
  controller: RefObject<HTMLElement>;
  isHelpOpen: boolean;
  onHelp: (isOpen: boolean) => void;
  /** What stands in the top corner. */
  top: ComponentChildren;
}

const flashMs = 700;

/** media-chrome hides everything else with the controls. */
const alwaysShown = { noautohide: '' };

/** The picture, or both, with the controls on them. */
export function Stage({ tracks, posterUrl, player, main, second, controller, isHelpOpen, onHelp, top }: StageProps) {
  const [preference, setPreference] = usePreference();
  const [flash, setFlash] = useFlash();
  const { places, hasTwo, isSoundOnly } = picturesOf(tracks, player, preference);
  const onSwap = () => setPreference(swapped(preference));
  const onArrange = () => setPreference(rearranged(preference));
  useKeyboard({ player, controller, main, onSwap, onArrange, onHelp: () => onHelp(true), onDone: setFlash });

  return (
    <MediaController controllerRef={controller} class={`stage stage--${hasTwo ? preference.arrangement : 'single'}`} nohotkeys="" aria-label={text.watch.stage}>
      <video slot="media" ref={main} class={`stage__picture stage__picture--${places.main}`} playsInline preload="auto" />
      {tracks.second ? (
        <video slot="media" ref={second} class={`stage__picture stage__picture--${places.second}`} muted playsInline disablePictureInPicture preload="auto" tabIndex={-1} />
      ) : null}
      <Poster url={posterUrl} player={player} />
      {hasTwo ? <SwapTargets tracks={tracks} places={places} onSwap={onSwap} onEnlarge={(large) => setPreference({ arrangement: 'inset', large })} /> : null}
      <div slot="top-chrome" class="stage__top" {...alwaysShown}>
        {top}
        <SecondFailed player={player} />
      </div>
      <div slot="centered-chrome" class="stage__middle" {...alwaysShown}>
        {isSoundOnly ? <span class="stage__note">{text.watch.soundOnly}</span> : null}
        <StageOverlay player={player} flash={flash} />
      </div>
      <ControlBar player={player} isSideBySide={preference.arrangement === 'side'} onArrange={hasTwo ? onArrange : undefined} />
      {isHelpOpen ? <KeyboardHelp onClose={() => onHelp(false)} /> : null}
    </MediaController>
  );
}

function picturesOf(tracks: ChosenTracks, player: ReplayPlayer | undefined, preference: StagePreference) {
  const problem = player?.secondProblem.value;
  const hasFailed = problem !== undefined && problem !== 'network';
  const isSecondShown = tracks.second !== undefined && !hasFailed && (player?.isSecondPresent.value ?? true);
  const hasVideo = tracks.main.hasVideo && !hasNothingToShow(player);
  return {
    places: placesOf(preference, { main: hasVideo, second: isSecondShown }),
    hasTwo: hasVideo && isSecondShown,
    isSoundOnly: !tracks.main.hasVideo && !isSecondShown,
  };
}

/** It failed before there was a picture. */
function hasNothingToShow(player: ReplayPlayer | undefined): boolean {
  return player?.problem.value !== undefined && player.durationSeconds.value === 0;
}

function Poster({ url, player }: { url: string | null; player: ReplayPlayer | undefined }) {
  if (!url || player?.hasStarted.value) return null;
  return <img slot="poster" class="stage__poster" src={url} alt="" />;
}

interface SwapTargetsProps {
  tracks: ChosenTracks;
  places: Record<Picture, Place>;
  onSwap: () => void;
  onEnlarge: (large: Picture) => void;
}

/** Where a click changes which picture is large. */
function SwapTargets({ tracks, places, onSwap, onEnlarge }: SwapTargetsProps) {
  const names: Record<Picture, string> = {
    main: text.watch.pictures[tracks.main.source],
    second: text.watch.pictures[tracks.second?.source ?? 'screen'],
  };
  if (places.main === 'inset' || places.second === 'inset') {
    const label = text.watch.enlarge(names[places.main === 'inset' ? 'main' : 'second']);
    return <button type="button" class="stage__inset-target" aria-label={label} title={label} {...alwaysShown} onClick={onSwap} />;
  }
  return (
    <>
      {(['main', 'second'] as const).map((picture) => (
        <div key={picture} class={`stage__enlarge stage__enlarge--${places[picture]}`}>
          <IconButton label={text.watch.enlarge(names[picture])} onClick={() => onEnlarge(picture)}>
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
    <div class="stage__chip" role="status">
      <span>{text.watch.secondFailed}</span>
      <Button variant="quiet" onClick={() => player.retry()}>
        {text.actions.tryAgain}
      </Button>
    </div>
  );
}

function usePreference(): [StagePreference, (next: StagePreference) => void] {
  const [preference, setPreference] = useState(rememberedPreference);
  return [
    preference,
    (next) => {
      rememberPreference(next);
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
