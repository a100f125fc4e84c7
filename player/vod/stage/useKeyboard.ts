import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { background } from '../../app/background.ts';
import { formatNumber } from '../../text/format.ts';
import { chapterIndexAt, chapterStartBy } from '../chapters/chapterAt.ts';
import type { ViewedChapter } from '../chapters/chapterAt.ts';
import type { ReplayPlayer } from '../playback/ReplayPlayer.ts';
import { stepSpeed } from '../playback/speeds.ts';
import type { PlayerCommand } from './keyboardMap.ts';
import { commandOf } from './keyboardMap.ts';
import { focusedControl } from './focusedControl.ts';

export interface KeyboardTargets {
  player: ReplayPlayer | undefined;
  chapters: readonly ViewedChapter[];
  controller: RefObject<HTMLElement>;
  main: RefObject<HTMLVideoElement>;
  onSwap: () => void;
  onArrange: () => void;
  onCopyLink?: (() => void) | undefined;
  onHelp: () => void;
  /** Undefined: the browser shows captions itself. */
  onCaptions: (() => void) | undefined;
  /** Shows briefly what a key did. */
  onDone: (what: string) => void;
}

/** Controls the player by keyboard, except in text inputs and for keys that the focused control uses. */
export function useKeyboard(targets: KeyboardTargets): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
      const command = commandOf({ key: event.key, hasModifier, focused: focusedControl(event) });
      if (!command) return;
      event.preventDefault();
      runCommand(command, targets);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  });
}

function runCommand(command: PlayerCommand, targets: KeyboardTargets): void {
  const { player, controller, onSwap, onArrange, onHelp } = targets;
  switch (command.kind) {
    case 'help':
      return onHelp();
    case 'copyLink':
      return targets.onCopyLink?.();
    case 'swap':
      return onSwap();
    case 'arrange':
      return onArrange();
    case 'fullscreen':
      return request(controller.current, isFullscreen(controller.current) ? 'mediaexitfullscreenrequest' : 'mediaenterfullscreenrequest');
    case 'captions':
      return targets.onCaptions ? targets.onCaptions() : request(controller.current, 'mediatogglesubtitlesrequest');
    case 'chapterBy':
      return goToChapter(command.step, targets);
    default:
      if (player) runPlayerCommand(command, player, targets);
  }
}

function runPlayerCommand(command: PlayerCommand, player: ReplayPlayer, { main, onDone }: KeyboardTargets): void {
  switch (command.kind) {
    case 'toggle':
      if (player.isPaused.value) background(player.play());
      else player.pause();
      return;
    case 'seekBy':
      player.seekBy(command.seconds);
      return onDone(`${command.seconds > 0 ? '+' : '−'}${Math.abs(command.seconds)} s`);
    case 'seekToPart':
      return player.seekTo(player.durationSeconds.value * command.part);
    case 'faster':
    case 'slower':
      player.rate.value = stepSpeed(player.rate.value, command.kind === 'faster' ? 1 : -1);
      return onDone(`${formatNumber(player.rate.value, 2)}×`);
    case 'mute':
    case 'volumeBy':
      return onDone(changeVolume(command, main.current));
  }
}

function goToChapter(step: 1 | -1, { player, chapters, onDone }: KeyboardTargets): void {
  const startSeconds = player && chapterStartBy(chapters, { positionSeconds: player.positionSeconds.value, step });
  if (startSeconds === undefined) return;
  player?.seekTo(startSeconds);
  onDone(chapters[chapterIndexAt(chapters, startSeconds)]?.title ?? '');
}

function changeVolume(command: PlayerCommand, media: HTMLVideoElement | null): string {
  if (!media) return '';
  if (command.kind === 'volumeBy') {
    media.volume = Math.round(Math.max(0, Math.min(1, media.volume + command.amount)) * 100) / 100;
    media.muted = media.volume === 0;
  } else media.muted = !media.muted;
  return `${media.muted ? 0 : Math.round(media.volume * 100)} %`;
}

function isFullscreen(controller: HTMLElement | null): boolean {
  return controller?.hasAttribute('mediaisfullscreen') ?? false;
}

function request(controller: HTMLElement | null, type: string): void {
  controller?.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true }));
}
